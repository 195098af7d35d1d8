"""Every role on every page: what it may open, and that no foreign organization's name comes out anywhere."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sferum_core import load_profile
from sferum_core.access import ALLOWED, GIVEN_ROLES, Act, Role
from sferum_core.mailings import LetterKind, Mailing, Recipient
from sferum_core.model import ExportKind, Finding, Period, Severity
from sferum_core.waiting import organization_of
from sferum_store import Link, Store
from sferum_ui import access, cache, library, navigation
from tests.ui.conftest import PEOPLE, make_export, organizations_table, typed

OWN, FOREIGN = "Озёрный район", "г. Лесной"
MARK, FOREIGN_ID = "Чужаковская", "777000"
REGION = "Область проверок"
PAGES = [entry.name for entry in navigation.ALL_PAGES]
CLOSED = [entry.name for entry in navigation.ALL_PAGES if entry.act is not Act.READ]


def table() -> pd.DataFrame:
    """Two municipalities; organizations of the foreign one carry the mark in name and id."""
    frame = organizations_table()
    foreign = frame["municipality"].eq(FOREIGN)
    frame.loc[foreign, "organization"] = [f"{MARK} школа № {n}" for n in range(int(foreign.sum()))]
    frame.loc[foreign, "organization_id"] = [f"{FOREIGN_ID}{n}" for n in range(int(foreign.sum()))]
    frame.loc[3, "organization_type"] = "ДОО"
    return typed(frame)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
    """The builders of every download that a run offers."""
    found: list[Callable[[], Any]] = []
    before = st.download_button

    def offered(label: str, data: Any, *given: Any, **named: Any) -> Any:
        found.append(data)
        return before(label, data, *given, **named)

    monkeypatch.setattr(st, "download_button", offered)
    return found


@pytest.fixture
def weeks(signed: Callable[[str], None]) -> tuple[str, str]:
    """Two saved weeks of the region; the people have their roles."""
    store: Store = library.whole_store()
    store.access.put(PEOPLE[Role.MUNICIPALITY], Role.MUNICIPALITY, OWN)
    store.access.put(PEOPLE[Role.REGION], Role.REGION)
    store.office.change({"region": REGION})
    ids = []
    quoting = Finding(
        code="share_mismatch",
        severity=Severity.WARNING,
        message="Доля не сходится",
        row=5,
        value=f"{MARK} школа",
    )
    for end in (dt.date(2024, 3, 28), dt.date(2024, 4, 4)):
        export = make_export(
            table=table(), period=Period(start=end - dt.timedelta(days=6), end=end), findings=(quoting,)
        )
        saved = store.weeks.save(export, region=REGION, profile=load_profile("chelyabinsk-2024"))
        ids.append(saved.week.id)
    store.tasks.add(
        REGION, office=FOREIGN, text=f"Позвонить: {MARK}", due=None, period_end=dt.date(2024, 4, 4)
    )
    _keep_of_both(store)
    return ids[0], ids[1]


def _keep_of_both(store: Store) -> None:
    """A registry, answers, marks and a letter to schools: each of them names organizations of both municipalities."""
    known = table()
    registry = known[["organization_id", "organization", "organization_type", "municipality"]].iloc[1:]
    extra = registry.iloc[-1:].assign(organization=f"{MARK} гимназия № 9", organization_id=f"{FOREIGN_ID}9")
    listed = typed(pd.concat([registry, extra], ignore_index=True))
    store.registries.put(REGION, make_export(ExportKind.REGISTRY, listed))
    foreign = known[known["municipality"].eq(FOREIGN)].iloc[0]
    store.waiting.mark(REGION, [organization_of(foreign.to_dict())])
    named = {"platform_name": f"{MARK} школа № 0", "platform_municipality": FOREIGN, "registry_name": MARK}
    store.decisions.record(REGION, named, accepted=True)
    schools = [Recipient(name, name, municipality=FOREIGN) for name in known["organization"]]
    store.mailings.record(
        REGION, Mailing(LetterKind.SCHOOL, dt.date(2024, 4, 5), schools, "1"), week_end=dt.date(2024, 4, 4)
    )


def said(test: AppTest) -> str:
    """Everything a run sent to the browser, tables and charts too, as text; charts' escapes undone."""
    parts: list[str] = []

    def walk(node: Any) -> None:
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "SerializeToString"):
            parts.append(proto.SerializeToString().decode("utf-8", "ignore"))
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(test._tree)
    return "\n".join(parts)


def unpacked(content: bytes | str) -> str:
    """The text of a file, of every part where it is a zip."""
    raw = content.encode() if isinstance(content, str) else content
    if not raw.startswith(b"PK"):
        return raw.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "\n".join(unpacked(archive.read(name)) + name for name in archive.namelist())


def names(text: str) -> bool:
    """Whether a foreign organization is named, escaped or not."""
    return any(holds(text, one) for one in (MARK, FOREIGN_ID))


def holds(text: str, word: str) -> bool:
    """Whether the word is there, as it is or escaped as charts have it."""
    return word in text or json.dumps(word)[1:-1] in text


@pytest.mark.parametrize("page", PAGES)
def test_an_editor_of_a_municipality_meets_no_foreign_organization(
    page: str, app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app(page, data=weeks[1])
    assert not test.exception
    seen = said(test)
    assert not names(seen)
    for build in files:
        assert not names(unpacked(build()))
    entry = next(one for one in navigation.ALL_PAGES if one.name == page)
    if entry.kinds and ExportKind.ORGANIZATIONS in entry.kinds and Act.READ is entry.act:
        assert holds(seen, FOREIGN) or page != "municipality_comparison", "sums of the others are shown"
    if page == "organization_check":
        signed(PEOPLE[Role.REGION])
        assert names(said(app(page, data=weeks[1]))), "the region's editor sees them: the test would notice"


@pytest.mark.parametrize(
    "query",
    [
        {"org_tab": "Что изменилось"},
        {"org_tab": "Приложения"},
        {"org_tab": "Сверка с реестром"},
        {"org_tab": "Сверка с реестром", "rec_list": "only_registry"},
        {"org_tab": "Сверка с реестром", "rec_list": "waiting"},
        {"org_tab": "Отдельно"},
        {"org_search": MARK},
        {"org_municipality": FOREIGN},
    ],
)
def test_no_address_leads_to_a_foreign_organization(
    query: dict[str, str], app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app("organization_check", data=weeks[1], **query)
    assert not test.exception
    assert not names(
        said(test).replace(MARK, "", said(test).count(MARK) if query == {"org_search": MARK} else 0)
    )
    for build in files:
        assert not names(unpacked(build())) or "org_search" in query


@pytest.mark.parametrize("tab", ["По неделям", "Все показатели", "Лидеры", "Случайность"])
def test_sums_of_all_but_organizations_of_one(
    tab: str, app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app("municipality_comparison", data=weeks[1], mun_tab=tab)
    assert not test.exception
    assert not names(said(test))
    assert all(not names(unpacked(build())) for build in files)


@pytest.mark.parametrize("tab", ["Отправлено и ответы", "Посмотреть письмо", "Состав"])
def test_the_package_names_no_foreign_organization(
    tab: str, app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app("week_package", data=weeks[1], pkg_tab=tab)
    assert not test.exception
    assert not names(said(test))
    assert all(not names(unpacked(build())) for build in files)


@pytest.mark.parametrize("screen", range(1, 9))
def test_the_meeting_names_no_foreign_organization(
    screen: int, app: Any, weeks: tuple[str, str], signed: Any
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app("meeting", data=weeks[1], meet_step=str(screen))
    assert not test.exception
    assert not names(said(test))


@pytest.mark.parametrize("forged", ["", "@0123456789abcdef", ".0", "~0"])
def test_an_id_names_no_scope(forged: str, app: Any, weeks: tuple[str, str], signed: Any) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    assert not names(said(app("organization_check", data=weeks[1] + forged)))


def test_the_region_of_a_municipal_editor_is_summed_whole(
    app: Any, weeks: tuple[str, str], signed: Any
) -> None:
    figures = []
    for role in (Role.REGION, Role.MUNICIPALITY):
        signed(PEOPLE[role])
        test = app("doo_staff", data=weeks[1])
        figures.append(
            [block.value for block in test.markdown if "воспитател" in block.value or "ДОО" in block.value]
        )
    assert figures[0] == figures[1]


@pytest.mark.parametrize(
    ("role", "page"),
    [
        *itertools.product([Role.STRANGER], PAGES),
        *itertools.product([Role.VIEWER], [*CLOSED, "organization_check", "help"]),
        *itertools.product(GIVEN_ROLES, CLOSED),
    ],
)
def test_each_role_opens_its_pages_only(
    role: Role, page: str, app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE.get(role, ""))
    query = {"data": weeks[1]}
    if role is Role.VIEWER:
        query = {"link": str(made_link(weeks[1]).token)}
    test = app(page, **query)
    assert not test.exception
    entry = next(one for one in navigation.ALL_PAGES if one.name == page)
    opened = not any("не открыта" in one.value or one.value == "Войдите" for one in test.title)
    assert opened == (entry.act in ALLOWED[role])
    if not opened:
        assert files == []
        assert not names(said(test))


def made_link(week: str, **given: Any) -> Link:
    """A link as an office makes one."""
    return library.whole_store().links.make(
        maker="someone",
        page="organization_check",
        profile=load_profile("chelyabinsk-2024"),
        week_id=week,
        **given,
    )


def test_a_link_carries_the_scope_of_its_maker(
    app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.MUNICIPALITY])
    test = app("organization_check", data=weeks[1])
    test.session_state["share"] = True
    test.run()
    test.button(key="share_make").click().run()
    assert not test.exception
    token = test.code[0].value.rpartition("/")[2]
    files.clear()
    for email in ("", PEOPLE[Role.REGION]):
        signed(email)
        opened = app("organization_check", link=token)
        assert not opened.exception
        assert "Ёлочка" in said(opened)
        assert not names(said(opened))
        assert files
        assert not any(names(unpacked(build())) for build in files)


def test_a_link_of_the_region_shows_an_editor_no_more_than_a_page(
    app: Any, weeks: tuple[str, str], signed: Any
) -> None:
    token = str(made_link(weeks[1]).token)
    signed("")
    assert names(said(app("organization_check", link=token)))
    signed(PEOPLE[Role.MUNICIPALITY])
    assert not names(said(app("organization_check", link=token)))


def test_a_link_taken_back_or_over_opens_nothing(app: Any, weeks: tuple[str, str], signed: Any) -> None:
    signed("")
    store = library.whole_store()
    taken = made_link(weeks[1])
    store.links.revoke(taken.id)
    old = made_link(weeks[1], now=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    for link in (taken, old):
        test = app("organization_check", link=str(link.token))
        assert test.title[0].value == "Ссылка не открывается"
        assert "Ёлочка" not in said(test)


def test_a_role_taken_away_closes_an_open_page(app: Any, weeks: tuple[str, str], signed: Any) -> None:
    signed(PEOPLE[Role.REGION])
    test = app("organization_check", data=weeks[1])
    assert names(said(test))
    library.whole_store().access.remove(PEOPLE[Role.REGION])
    test.run()
    assert test.title[0].value == "Войдите"
    assert not names(said(test))


def test_without_sign_in_everything_is_allowed(app: Any) -> None:
    assert access.who().role is Role.ADMINISTRATOR
    assert access.scope() is None
    assert all(access.may(act) for act in Act)


def test_downloads_and_openings_are_in_the_journal_with_the_person(
    app: Any, weeks: tuple[str, str], signed: Any, files: list[Any]
) -> None:
    signed(PEOPLE[Role.REGION])
    app("organization_check", data=weeks[1])
    files[0]()
    entries = library.whole_store().audit.entries()
    done = {entry.action.value: entry.who for entry in entries}
    assert done["opened"] == done["downloaded"] == PEOPLE[Role.REGION]
    assert not any(names(entry.about + entry.subject) for entry in entries)
    assert cache.lookup(weeks[1]) is not None
