"""«Архив» and «Поделиться»: weeks kept, opened, deleted; links that freeze a page, expire and are taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import ROOT, FakeReader, make_export, organizations_table, teachers_export
from streamlit.testing.v1 import AppTest

from sferum_core import Export, Period, load_profile
from sferum_store import GoneReason, LinkGone, SaveOutcome, StoreUnavailable
from sferum_ui import cache, library, sharing
from sferum_ui.views.archive import about_words, school_year, with_gaps, year_title
from sferum_ui.views.saving import words

Start = Callable[..., AppTest]
PROFILE = load_profile("chelyabinsk-2024")
REGION = "Пробная область"


def week(end: dt.date, active: int = 2) -> Export:
    table = organizations_table()
    table.loc[table.index[1], "teachers_10_messages"] = active
    period = Period(start=end - dt.timedelta(days=6), end=end)
    export = make_export(table=table, filename=f"week_{end}.xlsx", period=period)
    return replace(export, source=export.source.model_copy(update={"sha256": f"{end:%Y%m%d}{active}"}))


def save(end: dt.date, active: int = 2):
    return library.store().weeks.save(
        week(end, active), region=REGION, profile=PROFILE, verdict="Можно работать"
    )


def text_of(test: AppTest) -> str:
    parts = [
        element.value
        for kind in ("markdown", "caption", "title", "subheader", "success")
        for element in getattr(test, kind)
    ]
    return "\n".join([*map(str, parts), *(element.proto.body for element in test.get("html"))])


APRIL_4 = dt.date(2024, 4, 4)


def test_an_upload_outlives_the_servers_memory(app: Start, reader: FakeReader) -> None:
    reader.files["week.xlsx"] = make_export()
    test = app()
    test.file_uploader[0].set_value([("week.xlsx", b"x", "")]).run()
    named = test.query_params["data"]
    cache._shared_store()._memory.drop(named)
    again = app(data=named)
    assert "week.xlsx" in text_of(again)
    assert cache.lookup(named).export.table.equals(make_export().table)


def test_a_forgotten_file_is_gone_for_good(app: Start, reader: FakeReader) -> None:
    reader.files["week.xlsx"] = make_export()
    test = app()
    test.file_uploader[0].set_value([("week.xlsx", b"x", "")]).run()
    named = test.query_params["data"]
    test.button(key=f"forget_{named}").click().run()
    assert not test.exception
    assert "Файл не открыт" in text_of(test)
    assert cache.lookup(named) is None


def test_tables_with_names_never_reach_the_database(app: Start, reader: FakeReader) -> None:
    reader.files["teachers.xlsx"] = teachers_export()
    test = app()
    test.file_uploader[0].set_value([("teachers.xlsx", b"x", "")]).run()
    assert "она не сохраняется" in text_of(test)
    with library.store().database.read() as connection:
        tables = [row[0] for row in connection.exec_driver_sql("select content from payloads")]
    assert all("Ёлкина".encode() not in content for content in tables)


def test_the_archive_lists_weeks_with_their_gaps(app: Start) -> None:
    save(APRIL_4)
    save(APRIL_4 - dt.timedelta(days=21))
    test = app("archive")
    assert not test.exception
    text = text_of(test)
    assert "2\u00a0недели в архиве" in text
    assert "22.03–28.03.2024 – недели нет" in text
    assert "15.03–21.03.2024 – недели нет" in text
    assert text.index("29.03–04.04.2024") < text.index("08.03–14.03.2024"), "the latest first"


def test_a_week_of_the_archive_opens_and_is_deleted(app: Start) -> None:
    saved = save(APRIL_4).week
    test = app("archive")
    test.button(key=f"arc_open_{saved.id}").click().run()
    assert test.query_params["data"] == saved.id
    test.switch_page(str(ROOT / "pages" / "organization_check.py")).run()
    assert not test.exception
    assert any(REGION in str(element.proto.body) for element in test.get("html"))
    library.store().weeks.delete(saved.id)
    cache.drop_from_memory(saved.id)
    assert cache.lookup(saved.id) is None


def test_a_corrected_file_is_a_new_version_and_the_same_one_is_not_saved_again() -> None:
    first = save(APRIL_4)
    assert words(first) == "Неделя 29.03–04.04.2024 сохранена."
    again = save(APRIL_4)
    assert again.outcome is SaveOutcome.SAME
    corrected = save(APRIL_4, active=3)
    assert "версия 2" in words(corrected)
    assert cache.lookup(first.week.id) is not None, "the old version still opens"


def test_gaps_are_only_between_weeks() -> None:
    weeks = [
        save(APRIL_4).week,
        save(APRIL_4 - dt.timedelta(days=7)).week,
        save(APRIL_4 - dt.timedelta(days=21)).week,
    ]
    rows = with_gaps(weeks)
    assert [row.week is None for row in rows] == [False, False, True, False]
    assert rows[2].period == Period(start=dt.date(2024, 3, 15), end=dt.date(2024, 3, 21))


def test_school_years_begin_in_september() -> None:
    assert school_year(dt.date(2024, 8, 31)) == 2023
    assert school_year(dt.date(2024, 9, 1)) == 2024
    assert year_title(1999) == "1999/00 учебный год"


def test_the_journal_speaks_russian() -> None:
    assert (
        about_words("Пробная область, organizations, 2024-04-04/7")
        == "Пробная область, «Организации», неделя по 04.04.2024"
    )
    assert about_words("organization_check, term") == "«Проверка организаций», на полугодие"


# --- links -------------------------------------------------------------------------------------------------


def shared(dataset: cache.Dataset, **more: object):
    store = library.store()
    chosen = {"week_id": dataset.saved.id} if dataset.saved else {"draft_id": dataset.id}
    given = {"profile": PROFILE, **chosen, **more}
    return store.links.make(maker="m" * 22, page="organization_check", **given)


def test_a_link_shows_the_week_as_it_was_with_its_filters(app: Start) -> None:
    saved = save(APRIL_4).week
    link = shared(cache.lookup(saved.id), filters={"org_type": ["ОО"]})
    assert sharing.path_of(link, link.token) == f"organization_check?link={link.token}&org_type=%D0%9E%D0%9E"
    save(APRIL_4 + dt.timedelta(days=7), active=9)
    test = app("organization_check", link=link.token)
    assert not test.exception
    text = text_of(test)
    assert "Страница по ссылке" in text
    assert "С тех пор сохранена более новая неделя" in text
    assert "29.03–04.04.2024" in text
    test.button(key="link_live").click().run()
    assert "05.04–11.04.2024" in text_of(test)
    assert "link" not in test.query_params


def test_a_link_keeps_data_that_was_never_saved(app: Start) -> None:
    dataset = cache.keep_export(make_export())
    link = shared(dataset)
    cache.forget(dataset.id)
    test = app("organization_check", link=link.token)
    assert not test.exception
    assert "Страница по ссылке" in text_of(test)
    assert test.query_params.get("data", "") in ("", [""])


def test_a_link_keeps_the_norms_it_was_made_under(app: Start) -> None:
    own = PROFILE.model_copy(update={"title": "Наши нормы"})
    dataset = cache.keep_export(make_export())
    link = shared(dataset, profile=own, profile_key="own-x")
    test = app("organization_check", link=link.token)
    assert "нормы: Наши нормы" in text_of(test)


@pytest.mark.parametrize(
    "reason", [GoneReason.UNKNOWN, GoneReason.EXPIRED, GoneReason.REVOKED, GoneReason.DELETED]
)
def test_a_link_that_opens_nothing_says_so_and_shows_nothing_else(app: Start, reason: GoneReason) -> None:
    saved = save(APRIL_4).week
    store = library.store()
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    link = shared(cache.lookup(saved.id), **({"now": past} if reason is GoneReason.EXPIRED else {}))
    token = link.token
    if reason is GoneReason.REVOKED:
        store.links.revoke(link.id)
    if reason is GoneReason.DELETED:
        store.weeks.delete(saved.id)
    if reason is GoneReason.UNKNOWN:
        token = "x" * 22
    test = app("organization_check", link=token)
    assert not test.exception
    assert test.title[0].value == "Ссылка не открывается"
    text = text_of(test)
    assert LinkGone(reason).message.replace(".", "\\.") in text
    assert "29.03–04.04.2024" not in text and REGION not in text


def test_the_data_of_a_link_cannot_be_opened_without_it(app: Start) -> None:
    dataset = cache.keep_export(make_export())
    link = shared(dataset)
    app("organization_check", link=link.token)
    stranger = app("organization_check", data=library.LINKED + link.id)
    assert "Детский сад" not in text_of(stranger)
    assert "Файл не открыт" in text_of(stranger)


def test_links_are_listed_for_their_maker_only(app: Start) -> None:
    saved = save(APRIL_4).week
    shared(cache.lookup(saved.id), title="Для планёрки")
    test = app("archive", arc_tab="Мои ссылки")
    assert not test.exception
    assert "Для планёрки" not in text_of(test)


def test_without_a_database_the_reports_still_work(
    app: Start, reader: FakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreUnavailable("База не отвечает.", "Позовите администратора.")

    monkeypatch.setattr("sferum_ui.cache.open_store", broken)
    reader.files["week.xlsx"] = make_export()
    test = app()
    test.file_uploader[0].set_value([("week.xlsx", b"x", "")]).run()
    assert not test.exception
    assert "Организации · 29.03–04.04.2024" in text_of(test)
    test.switch_page(str(ROOT / "pages" / "archive.py")).run()
    assert not test.exception
    assert test.error[0].value.startswith("База не отвечает")
