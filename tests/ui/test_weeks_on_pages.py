"""Weeks on the report pages: trends, changes of share and place, an organization's weeks, staff; demo and archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from test_archive import APRIL_4, PROFILE, save, text_of

from sferum_core import compare_municipalities, region_total
from sferum_core.trend_sums import REGION_KEY
from sferum_ui import cache, history, library
from sferum_ui.views import by_weeks, organization_weeks, staff
from sferum_ui.views.compared_weeks import changes_of_board
from sferum_ui.views.comparison import Asked, build_comparison

Start = Callable[..., AppTest]
WEEK = dt.timedelta(days=7)
KEY = "chelyabinsk-2024"
MAIN = "teachers_10_messages"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("**", "")


def opened(week_id: str) -> cache.Dataset:
    found = cache.lookup(week_id)
    assert found is not None
    return found


def test_trend_lines_of_the_demo_with_a_chosen_municipality(app: Start) -> None:
    test = app("municipality_comparison", data="demo", mun_tab="По неделям", mun_lines="г. Лугоборск")
    assert not test.exception
    assert test.multiselect(key="mun_lines").value == ["г. Лугоборск"]
    text = plain(text_of(test))
    assert "С недели 23.02–29.02 по неделю 29.03–04.04 «10 сообщений за неделю» по региону" in text
    shown = [frame.value for frame in test.dataframe if "share_1" in frame.value.columns]
    assert shown[0]["week"].tolist()[0] == "29.03–04.04"
    assert len(shown[0]) == 6
    assert "весенние каникулы" in " ".join(shown[0]["note"].dropna())


def test_a_missing_week_is_a_gap_and_no_change_is_told_over_it(app: Start) -> None:
    save(APRIL_4 - 3 * WEEK, active=1)
    save(APRIL_4 - WEEK, active=2)
    dataset = opened(save(APRIL_4, active=4).week.id)
    stamp = history.stamp(history.earlier(dataset, by_weeks.SPANS["Год"]))
    trend = cache.compute(by_weeks.trend_of, dataset.id, KEY, MAIN, None, "Год", stamp)
    region = trend[trend["municipality_key"] == REGION_KEY]
    assert region["known"].tolist() == [True, False, True, True]
    assert region["change"].isna().tolist() == [True, True, True, False]
    shown = cache.compute(by_weeks.weeks_shown, dataset.id, KEY, MAIN, None, "Год", stamp, ())
    assert shown["note"].tolist()[2] == "недели нет"
    assert pd.isna(shown["share_0"].tolist()[2])


def test_without_an_earlier_week_the_pages_say_what_to_do_and_show_no_changes(app: Start) -> None:
    saved = save(APRIL_4).week
    test = app("municipality_comparison", data=saved.id, mun_tab="По неделям")
    assert not test.exception
    assert "Пока есть только эта неделя" in test.info[0].value
    assert "за неделю</span>" not in text_of(test)
    assert "change" not in test.dataframe[0].value.columns


@pytest.mark.parametrize(
    ("before", "words"), [(WEEK, "за неделю"), (2 * WEEK, "с недели 15.03–21.03")], ids=["next", "older"]
)
def test_the_ranking_tells_against_which_week(app: Start, before: dt.timedelta, words: str) -> None:
    save(APRIL_4 - before, active=1)
    saved = save(APRIL_4, active=15).week
    test = app("municipality_comparison", data=saved.id, mun_type="ДОО")
    assert not test.exception
    text = plain(text_of(test))
    assert f"п. п. {words}</span>" in text
    assert ("Прошлой недели нет" in text) == (before != WEEK)
    shown = test.dataframe[0].value
    assert plain(shown["change"].tolist()[0]).startswith("▲ +")


def test_changes_from_stored_sums_equal_those_from_the_rows(app: Start) -> None:
    save(APRIL_4 - WEEK, active=0)
    dataset = opened(save(APRIL_4, active=15).week.id)
    before = history.week_before(dataset)
    assert before is not None
    then = opened(before.id).export.table
    for kind in (None, "ДОО", "ОО"):
        found = cache.compute(changes_of_board, dataset.id, KEY, MAIN, kind, before.id)
        rows = compare_municipalities(
            dataset.export.table, PROFILE, MAIN, kind, compare_municipalities(then, PROFILE, MAIN, kind)
        ).set_index("municipality_key")
        told = found.municipalities.set_index("municipality_key").loc[rows.index]
        pd.testing.assert_series_equal(told["change"], rows["change"])
        pd.testing.assert_series_equal(told["rank_before"], rows["rank_before"])
        assert found.region_before == pytest.approx(float(region_total(then, PROFILE, MAIN, kind)["share"]))


def test_the_workbook_of_the_comparison_has_the_changes(app: Start, tmp_path) -> None:
    save(APRIL_4 - 2 * WEEK, active=0)
    dataset = opened(save(APRIL_4, active=15).week.id)
    (before,) = history.earlier(dataset)
    path = tmp_path / "comparison.xlsx"
    path.write_bytes(build_comparison(dataset, PROFILE, Asked(MAIN, "ДОО", before)))
    sheet = pd.read_excel(path, sheet_name="Муниципалитеты", header=None, engine="openpyxl")
    text = " ".join(map(str, sheet.to_numpy().ravel()))
    assert "Изменение доли с недели 15.03–21.03, процентных пунктов" in text
    assert "Место на неделе 15.03–21.03" in text


def test_the_strip_and_the_answer_of_organizations_tell_the_change(app: Start) -> None:
    save(APRIL_4 - WEEK, active=0)
    saved = save(APRIL_4, active=2).week
    test = app("organization_check", data=saved.id)
    assert not test.exception
    text = plain(text_of(test))
    assert "С прошлой недели (весенние каникулы, примерно) вышла из отстающих 1" in text
    assert "▼ −1 за неделю" in text
    assert "▲ +1 за неделю" in text
    narrowed = plain(text_of(app("organization_check", data=saved.id, org_municipality="г. Лесной")))
    assert "▼ −1 за неделю" not in narrowed


def test_the_page_says_once_who_left_those_behind(app: Start) -> None:
    save(APRIL_4 - WEEK, active=0)
    saved = save(APRIL_4, active=2).week
    test = app("organization_check", data=saved.id, org_tab="Что изменилось")
    assert not test.exception
    assert text_of(test).count("из отстающих **1**") == 1


def test_an_organization_has_its_weeks_on_the_card(app: Start) -> None:
    save(APRIL_4 - 3 * WEEK, active=1)
    save(APRIL_4 - WEEK, active=0)
    dataset = opened(save(APRIL_4, active=2).week.id)
    test = app("organization_check", data=dataset.id, org_card="Детский сад № 2 · 0002")
    assert not test.exception
    text = plain(text_of(test))
    assert "По неделям" in text
    assert "Было на неделе 22.03–28.03.2024: ▼ Ниже нормы" in text
    stamp = history.stamp(history.earlier(dataset, organization_weeks.SPAN))
    found = cache.compute(organization_weeks.weeks_of, dataset.id, KEY, 1, stamp)
    rows = organization_weeks.week_rows(found.trend)
    assert [plain(text) for text in rows["Числа"]] == ["2 из 20", "0 из 20", "–", "1 из 20"]
    assert rows["Статус"].tolist()[2] == "недели нет"
    assert plain(rows["За неделю"].tolist()[0]) == "▲ +10,0 п. п."
    assert rows["За неделю"].tolist()[1] == "–", "the week before that one is missing"


def test_a_week_judged_by_other_norms_is_judged_anew_on_the_card(app: Start) -> None:
    save(APRIL_4 - WEEK, active=2)
    dataset = opened(save(APRIL_4, active=2).week.id)
    test = app("organization_check", data=dataset.id, norms="tomsk-2024", org_card="Детский сад № 2 · 0002")
    assert not test.exception
    assert "Было на неделе 22.03–28.03.2024: ○ Норма не задана" in plain(text_of(test))


def test_the_card_of_the_demo_shows_its_six_weeks(app: Start) -> None:
    app("organization_check", data="demo")
    dataset = opened("demo")
    stamp = history.stamp(history.earlier(dataset, organization_weeks.SPAN))
    found = cache.compute(organization_weeks.weeks_of, dataset.id, KEY, 0, stamp)
    assert found.trend["known"].tolist() == [True] * 6
    assert found.trend["status"].notna().sum() >= 5


def test_staff_are_held_against_the_week_before_only(app: Start) -> None:
    save(APRIL_4 - WEEK, active=1)
    saved = save(APRIL_4, active=3).week
    test = app(
        "doo_staff", data=saved.id, doo_indicator="Доля педагогов, написавших не менее 10 сообщений за неделю"
    )
    assert not test.exception
    assert "п. за неделю</span>" in plain(text_of(test)) or "без изменений за неделю" in text_of(test)
    library.store().weeks.delete(history.earlier(opened(saved.id))[0].id)
    save(APRIL_4 - 2 * WEEK, active=1)
    assert history.week_before(opened(saved.id)) is None
    assert history.latest_before(opened(saved.id)) is not None
    assert staff.previous(opened(saved.id), MAIN) is None


def test_the_archive_is_not_read_as_a_whole_for_a_page(app: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    save(APRIL_4 - WEEK)
    dataset = opened(save(APRIL_4).week.id)
    asked: list[dt.date | None] = []
    weeks = library.store().weeks
    real = type(weeks).find

    def find(self, *args, **options):  # type: ignore[no-untyped-def]
        asked.append(options.get("since"))
        return real(self, *args, **options)

    monkeypatch.setattr(type(weeks), "find", find)
    assert history.latest_before(dataset) is not None
    assert asked and None not in asked
