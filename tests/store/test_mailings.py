"""Letters that were sent and their answers, the fields of a week's letter, case forms that are remembered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sferum_core.mailings import (
    LetterKind,
    Mailing,
    answers_words,
    match_answers,
    municipality_recipients,
    organization_recipients,
)
from sferum_core.names.cases import Case, in_case
from sferum_store import NotFound, NotSaved, Store, open_store, week_of_letters
from tests.store.samples import NOW, REGION

END = dt.date(2024, 4, 4)
SENT, DUE = dt.date(2024, 4, 9), dt.date(2024, 4, 19)
NAMES = ["г. Лесной", "Озёрский городской округ", "Озёрский район", "Лесной район"]
LETTER = Mailing(
    LetterKind.REGION, SENT, municipality_recipients(NAMES), "1151", DUE, ("Приложение 1",), "Почтой"
)


def test_what_was_sent_is_kept_with_its_week_and_answers_are_marked(url: str) -> None:
    store = open_store(url)
    kept = store.mailings.record(REGION, LETTER, week_end=END, by="Отдел", now=NOW)
    assert replace(kept, id="", made_by="", week_end=None) == replace(LETTER, recipients=kept.recipients)
    assert [one.name for one in kept.recipients] == sorted(NAMES, key=str.casefold)
    keys = [one.key for one in kept.recipients]
    assert store.mailings.mark(kept.id, keys[:2], dt.date(2024, 4, 12), note="№ 7", by="Отдел") == 2
    store.close()
    store = open_store(url)
    (again,) = store.mailings.for_week(REGION.upper(), END)
    assert [one.answered_on for one in again.recipients] == [dt.date(2024, 4, 12)] * 2 + [None] * 2
    assert (again.recipients[0].note, again.recipients[0].marked_by) == ("№ 7", "Отдел")
    assert store.mailings.mark(kept.id, keys, dt.date(2024, 4, 20)) == 2, "those who answered keep their day"
    assert store.mailings.mark(kept.id, keys[:1], None) == 1
    (again,) = store.mailings.for_week(REGION, END)
    assert [one.answered_on for one in again.recipients] == [None, dt.date(2024, 4, 12)] + [
        dt.date(2024, 4, 20)
    ] * 2
    assert answers_words(again, dt.date(2024, 4, 25)) == "ответили 3 из 4, срок прошёл у 1"
    assert store.mailings.for_week("Другая область", END) == []
    store.close()


def test_counts_for_lists_of_weeks_and_the_letter_before(store: Store) -> None:
    first = store.mailings.record(REGION, LETTER, week_end=END, now=NOW)
    store.mailings.mark(first.id, [first.recipients[0].key], SENT)
    store.mailings.record(
        REGION,
        replace(LETTER, kind=LetterKind.REMINDER, sent_on=dt.date(2024, 4, 22), deadline=None),
        week_end=END,
    )
    later = END + dt.timedelta(weeks=1)
    since = END - dt.timedelta(days=60)
    assert store.mailings.counts(REGION, since, later, DUE) == {END: (4, 1, 0)}, "the last day is in time"
    assert store.mailings.counts(REGION, since, later, dt.date(2024, 4, 20)) == {END: (4, 1, 3)}
    before = store.mailings.before(REGION, later, LetterKind.REGION)
    assert before is not None and (before.number, before.sent_on) == ("1151", SENT)
    assert store.mailings.before(REGION, END) is None
    assert store.mailings.remove(first.id) and not store.mailings.remove(first.id)
    assert store.mailings.before(REGION, later, LetterKind.REGION) is None
    with pytest.raises(NotFound):
        store.mailings.mark(first.id, [], SENT)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"recipients": ()}, "ни одного адресата"),
        ({"deadline": dt.date(2024, 4, 1)}, "срок ответа раньше"),
        ({"number": "я" * 300}, "Исходящий номер"),
    ],
)
def test_a_sending_that_cannot_be_says_why(store: Store, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(NotSaved, match=words):
        store.mailings.record(REGION, replace(LETTER, **wrong), week_end=END)  # type: ignore[arg-type]
    assert store.mailings.for_week(REGION, END) == []


def test_a_letter_to_3000_organizations_and_hostile_names(store: Store) -> None:
    rows = [(f"{place:06}", f"Школа № {place}", "Район") for place in range(3_000)]
    rows += [("", "a\x00'; DROP TABLE mailings; --", "р\ud800н"), ("", "", "")]
    letter = Mailing(LetterKind.SCHOOL, SENT, organization_recipients(rows), deadline=DUE)
    kept = store.mailings.record(REGION, letter, week_end=END)
    assert len(kept.recipients) == 3_002
    assert store.mailings.mark(kept.id, [one.key for one in kept.recipients], DUE) == 3_002
    assert store.mailings.get(kept.id).answered == 3_002


def test_fields_of_the_letter_outlive_the_session(url: str) -> None:
    about = week_of_letters(REGION, END)
    store = open_store(url)
    assert store.mailings.fields(about) is None
    store.mailings.keep_fields(about, {"number": "01-15/77"})
    store.mailings.keep_fields(about, {"number": "01-15/78", "deadline": "2024-04-19"})
    store.close()
    store = open_store(url)
    assert store.mailings.fields(week_of_letters(REGION.upper(), END)) == {
        "number": "01-15/78",
        "deadline": "2024-04-19",
    }
    assert store.mailings.fields("draft") is None
    store.close()


def test_a_case_form_is_remembered_in_every_case_and_taken_back(url: str) -> None:
    store = open_store(url)
    assert store.case_forms.correct("г. Пушкино", Case.DATIVE, "г. Пушкину", by="Отдел", now=NOW)
    assert not store.case_forms.correct("г.  Пушкино ", Case.DATIVE, "г. Пушкину")
    store.case_forms.correct("г. Пушкино", Case.GENITIVE, "г. Пушкина")
    store.case_forms.correct("г. Пушкино", Case.GENITIVE, "города Пушкино")
    store.close()
    store = open_store(url)
    own = store.case_forms.forms()
    form = in_case("г. Пушкино", Case.GENITIVE, own)
    assert (form.text, form.sure, form.corrected) == ("города Пушкино", True, True)
    assert in_case("Г. ПУШКИНО", Case.DATIVE, own).text == "г. Пушкину"
    assert not in_case("г. Пушкино", Case.PREPOSITIONAL, own).corrected
    assert store.case_forms.undo("г. Пушкино", Case.GENITIVE)
    assert not store.case_forms.undo("г. Пушкино", Case.GENITIVE)
    own = store.case_forms.forms()
    assert not in_case("г. Пушкино", Case.GENITIVE, own).corrected
    assert [(one.name, one.case, one.made_by) for one in store.case_forms.all()] == [
        ("г. Пушкино", Case.DATIVE, "Отдел")
    ]
    with pytest.raises(NotSaved):
        store.case_forms.correct("г. Пушкино", Case.GENITIVE, "  ")
    store.close()


def test_a_pasted_list_finds_recipients_and_tells_the_rest() -> None:
    people = municipality_recipients([*NAMES, "г. Орёл", "Орловский муниципальный округ"])
    text = """Ответили:
1. Лесной
2) Озерский ГО – 05.04, письмо № 3
• Орловский район (получено)
Озёрский муниципальный район; город Орел
Озёрнинский район
—
"""
    found = match_answers(text, people)
    names = {one.key: one.name for one in people}
    assert {names[key] for key in found.keys} == {
        "г. Лесной",
        "Озёрский городской округ",
        "Орловский муниципальный округ",
        "Озёрский район",
        "г. Орёл",
    }
    assert found.unknown == ("Ответили:", "Озёрнинский район")
    assert found.similar == {"Озёрнинский район": "Озёрский район"}
    assert match_answers("", people).keys == ()


def test_organizations_are_found_by_id_or_name_and_namesakes_are_doubtful() -> None:
    people = organization_recipients(
        [("0012", "СОШ № 1", "А"), ("0013", "СОШ № 1", "Б"), ("", "Сад «Ёлочка»", "А")]
    )
    found = match_answers("0013\nсош № 1\nСад Елочка\n0012345", people)
    assert found.keys == ("org:0013", people[2].key)
    assert (found.doubtful, found.unknown) == (("сош № 1",), ("0012345",))
