"""Saved weeks: kept whole, never twice, corrected by a new version, deleted with what they break told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from pandas.testing import assert_frame_equal

from sferum_core.model import ExportKind, Finding, Period, Severity, Source
from sferum_store import (
    Action,
    GoneReason,
    LinkGone,
    NotFound,
    NotSaved,
    PersonalData,
    SavedWeek,
    SaveOutcome,
    SaveResult,
    Store,
    follows,
    open_store,
)
from tests.store.samples import NOW, OTHER_PROFILE, PROFILE, REGION, demo, demo_teachers, week
from tests.store.test_payload import assert_equal_exports


def save(store: Store, export, **given) -> SaveResult:
    return store.weeks.save(export, **{"region": REGION, "profile": PROFILE, "now": NOW, **given})


def test_a_week_comes_back_with_everything(store: Store) -> None:
    finding = Finding(code="type_unknown", severity=Severity.WARNING, message="Тип не определён")
    export = replace(demo(), findings=(finding,))
    result = save(
        store, export, profile_key="own-1", verdict="Можно работать, но…", saved_by="Отдел статистики",
        original=b"PK...", original_name="неделя.xlsx", extra={"joined": 2},
    )  # fmt: skip
    opened = store.weeks.open(result.week.id)
    assert result.outcome is SaveOutcome.SAVED
    assert_equal_exports(opened.export, export)
    assert opened.profile == PROFILE
    assert opened.sources == (export.source,)
    assert opened.extra == {"joined": 2}
    assert opened.week == result.week == store.weeks.get(result.week.id)
    assert (opened.week.version, opened.week.replaces, opened.week.is_current) == (1, None, True)
    assert (opened.week.profile_key, opened.week.verdict, opened.week.saved_by) == (
        "own-1", "Можно работать, но…", "Отдел статистики",
    )  # fmt: skip
    assert (opened.week.saved_at, opened.week.period, opened.week.row_count) == (
        NOW,
        export.period,
        len(export.table),
    )
    assert opened.week.finding_counts == {Severity.WARNING: 1}
    assert opened.week.file_names == (export.source.filename,)
    assert opened.week.has_original
    assert store.weeks.original(result.week.id) == ("неделя.xlsx", b"PK...")
    assert store.weeks.findings([result.week.id, "нет"]) == {result.week.id: (finding,)}


def test_another_process_sees_it(url: str) -> None:
    first, second = open_store(url), open_store(url)
    saved = save(first, week()).week
    assert second.weeks.find(REGION) == [saved]


def test_ids_are_not_to_be_guessed(store: Store) -> None:
    ids = {save(store, week(number)).week.id for number in range(3)}
    assert len(ids) == 3
    assert all(len(name) >= 22 for name in ids)  # 128 bits in base64


def test_the_same_file_is_not_saved_twice(store: Store) -> None:
    first = save(store, week())
    again = save(store, week(), saved_by="другой")
    assert (again.outcome, again.week) == (SaveOutcome.SAME, first.week)
    assert len(store.weeks.find(all_versions=True)) == 1
    assert save(store, week(), anyway=True).week.version == 2


def test_a_corrected_file_makes_a_new_version_and_the_old_one_stays(store: Store) -> None:
    first = save(store, week())
    corrected = week(sha256="c" * 64, filename="исправлено.xlsx")
    second = save(store, corrected)
    assert (second.outcome, second.week.version, second.week.replaces) == (
        SaveOutcome.NEW_VERSION,
        2,
        first.week.id,
    )
    assert second.replaced == replace(first.week, is_current=False)
    assert [(found.version, found.is_current) for found in store.weeks.versions(first.week.id)] == [
        (2, True),
        (1, False),
    ]
    assert store.weeks.find() == [second.week]
    assert [found.version for found in store.weeks.find(all_versions=True)] == [2, 1]
    assert store.weeks.open(first.week.id).week.file_names == ("неделя.xlsx",)


def test_the_same_file_read_or_judged_otherwise_is_a_new_version(store: Store) -> None:
    save(store, week())
    other_table = replace(week(), table=week().table.assign(municipality="г. Другой"))
    assert save(store, other_table).week.version == 2
    assert save(store, other_table, profile=OTHER_PROFILE).week.version == 3
    assert save(store, other_table, profile=OTHER_PROFILE).outcome is SaveOutcome.SAME
    back = save(store, week())
    assert (back.outcome, back.week.version, back.week.is_current) == (SaveOutcome.SAME, 1, False)


def test_the_same_file_under_another_week_or_region_is_told(store: Store) -> None:
    first = save(store, week()).week
    shifted = Period(start=dt.date(2024, 4, 5), end=dt.date(2024, 4, 11))
    assert save(store, week(), period=shifted).elsewhere == (first,)
    assert {found.region for found in save(store, week(), region="Другая область").elsewhere} == {REGION}
    assert save(store, week(5)).elsewhere == ()


def test_seven_and_eight_days_are_one_week_a_month_is_not(store: Store) -> None:
    """domain.md: «A period may be 7 days (29.03–04.04) or be shown with both ends»."""
    save(store, week())
    eight = Period(start=dt.date(2024, 3, 28), end=dt.date(2024, 4, 4))
    month = Period(start=dt.date(2024, 3, 5), end=dt.date(2024, 4, 4))
    assert save(store, week(sha256="1" * 64), period=eight).week.version == 2
    assert save(store, week(sha256="2" * 64), period=month).week.version == 1


def test_regions_are_one_however_they_are_written(store: Store) -> None:
    save(store, week(), region="Орёл  и область ")
    assert save(store, week(sha256="1" * 64), region="орел и ОБЛАСТЬ").week.version == 2
    assert len(store.weeks.find("Орел и область")) == 1
    assert store.weeks.find("Орловская область") == []


def test_several_files_joined_are_one_week_in_any_order(store: Store) -> None:
    files = [Source(filename=f"{name}.xlsx", sha256=name * 64, format="xlsx") for name in "abc"]
    first = save(store, week(), sources=files)
    assert first.week.file_names == ("a.xlsx", "b.xlsx", "c.xlsx")
    assert save(store, week(), sources=files[::-1]).outcome is SaveOutcome.SAME
    assert save(store, week(), sources=files[:2]).outcome is SaveOutcome.NEW_VERSION
    assert len(store.weeks.open(first.week.id).sources) == 3


def test_the_week_before(store: Store) -> None:
    weeks = {number: save(store, week(number)).week for number in (0, 1, 3)}
    newer = save(store, week(1, sha256="1" * 64)).week
    save(store, week(2), region="Другая область")
    month = Period(start=dt.date(2024, 3, 1), end=dt.date(2024, 3, 31))
    save(store, week(9), period=month)
    assert store.weeks.previous(weeks[0].id) == newer
    assert follows(newer, weeks[0])
    assert store.weeks.previous(newer.id) == weeks[3]
    assert not follows(weeks[3], newer)
    assert store.weeks.previous(weeks[3].id) is None


def test_lists_are_by_period_and_can_be_narrowed(store: Store) -> None:
    for number in (2, 0, 1):
        save(store, week(number))
    save(store, week(0), region="Другая область")
    ends = [found.period.end.day for found in store.weeks.find(REGION)]
    assert ends == [4, 28, 21]
    assert len(store.weeks.find(since=dt.date(2024, 3, 28), until=dt.date(2024, 3, 28))) == 1
    assert store.weeks.find(kind=ExportKind.DOO_STAFF) == []


@pytest.mark.parametrize(
    ("change", "given", "words"),
    [
        ({"period": None}, {}, "период"),
        ({"table": week().table.head(0)}, {}, "нет строк"),
        ({}, {"region": "  "}, "чьи это данные"),
        ({}, {"region": "я" * 201}, "слишком длинный"),
    ],
)
def test_what_cannot_be_kept_says_why(store: Store, change, given, words: str) -> None:
    with pytest.raises(NotSaved, match=words):
        save(store, replace(week(), **change), **given)
    assert store.weeks.find() == []


def test_a_week_is_deleted_and_only_its_name_stays(store: Store) -> None:
    first = save(store, week(), original=b"file").week
    second = save(store, week(sha256="1" * 64), original=b"other").week
    left = store.weeks.delete(second.id, by="Отдел", now=NOW)
    assert (left.is_deleted, left.deleted_by, left.deleted_at, left.file_names, left.has_original) == (
        True, "Отдел", NOW, (), False,
    )  # fmt: skip
    for gone in (store.weeks.open, store.weeks.original, store.weeks.delete, store.weeks.previous):
        with pytest.raises(NotFound):
            gone(second.id)
    assert store.weeks.find() == [first]
    assert [found.id for found in store.weeks.find(with_deleted=True)] == [second.id, first.id]
    assert store.sums.read(week_ids=[second.id]).empty
    assert store.weeks.findings([second.id]) == {}
    assert save(store, week(sha256="1" * 64)).week.version == 3  # a number is never given twice
    assert_frame_equal(store.weeks.open(first.id).export.table, week().table)


def test_deleting_frees_the_space_but_not_of_what_others_hold(store: Store) -> None:
    from sferum_store.backup import contents  # noqa: PLC0415

    first = save(store, week()).week
    before = contents(store.database).payload_bytes
    same_table = save(store, week(), anyway=True).week
    assert contents(store.database).payload_bytes == before
    store.weeks.delete(first.id)
    assert contents(store.database).payload_bytes == before
    assert_frame_equal(store.weeks.open(same_table.id).export.table, week().table)
    store.weeks.delete(same_table.id)
    assert contents(store.database).payload_bytes == 0


def test_links_that_deleting_breaks_are_told_beforehand(store: Store) -> None:
    saved = save(store, week()).week
    make = {"maker": "m", "page": "organization_check", "profile": PROFILE, "week_id": saved.id, "now": NOW}
    kept, revoked = store.links.make(**make), store.links.make(**make)
    store.links.revoke(revoked.id)
    assert [link.id for link in store.weeks.links_broken_by(saved.id, now=NOW)] == [kept.id]
    store.weeks.delete(saved.id)
    with pytest.raises(LinkGone) as gone:
        store.links.open(kept.token, NOW)
    assert gone.value.reason is GoneReason.DELETED


def test_names_of_people_are_not_stored(store: Store) -> None:
    teachers = demo_teachers()
    with pytest.raises(PersonalData, match="имена людей"):
        save(store, teachers)
    unknown = replace(week(), kind=ExportKind.UNKNOWN)
    with pytest.raises(PersonalData):
        save(store, unknown)
    with pytest.raises(PersonalData):
        save(store, replace(week(), table=week().table.assign(full_name="Иванова Мария Петровна")))
    assert store.weeks.find() == []


def test_counts_per_organization_of_a_teachers_file_are_stored(store: Store) -> None:
    table = week().table[
        ["organization_id", "organization", "municipality", "teachers_registered", "teachers_10_messages"]
    ]
    counts = replace(week(), kind=ExportKind.TEACHERS, table=table)
    saved = save(store, counts).week
    assert store.weeks.open(saved.id).export.table.equals(table)
    assert all(not column.samples for column in store.weeks.open(saved.id).export.columns)
    with pytest.raises(PersonalData, match="Исходный файл"):
        save(store, counts, original=b"names", anyway=True)
    with pytest.raises(PersonalData):
        save(store, replace(counts, table=table.assign(role="teacher")))


def test_originals_are_kept_only_if_settings_say_so(url: str) -> None:
    store = open_store(url, keep_originals=False)
    saved = save(store, week(), original=b"file").week
    assert not saved.has_original
    with pytest.raises(NotFound, match="не хранится"):
        store.weeks.original(saved.id)


def test_hostile_names_are_kept_as_text(store: Store) -> None:
    name = "a\0b\ud800'; DROP TABLE weeks; --\u202e.xlsx"
    saved = save(store, week(filename=name), saved_by="x" * 5000, verdict="в" * 500).week
    assert saved.file_names == ("ab?'; DROP TABLE weeks; --\u202e.xlsx",)
    assert len(saved.saved_by) == 200
    assert store.weeks.open(saved.id).export.source.filename == name


def test_a_municipality_of_any_length_is_kept(store: Store) -> None:
    long = "Очень длинный муниципальный район " * 200
    table = week().table.assign(municipality=[f"{long}{number % 2}\0" for number in range(12)])
    saved = save(store, replace(week(), table=table)).week
    found = store.sums.read(week_ids=[saved.id], indicators=["teachers_10_messages"])
    assert found["municipality_key"].nunique() == 2
    assert found["organizations"].sum() == 12


def test_saving_and_deleting_are_in_the_list_of_deeds(store: Store) -> None:
    saved: SavedWeek = save(store, week(), saved_by="Отдел").week
    store.weeks.delete(saved.id, by="Отдел")
    deeds = store.audit.entries(subject=saved.id)
    assert [deed.action for deed in deeds] == [Action.DELETED, Action.SAVED]
    assert deeds[1].about == f"{REGION}, organizations, 2024-04-04/7"
    assert {deed.who for deed in deeds} == {"Отдел"}
