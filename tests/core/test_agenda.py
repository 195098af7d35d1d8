"""The agenda: one message a screen, in order, bounded, the same for the same facts, whatever is missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core import (
    assess_organizations,
    compare_municipalities,
    doo_staff,
    load_profile,
    read_export,
    region_total,
)
from sferum_core.agenda import MOST_SCREENS, Facts, Part, Picture, Screen, agenda, inactive_streaks
from sferum_core.changes import municipality_changes, what_changed
from sferum_core.charts.base import layout
from sferum_core.charts.enlarge import enlarged
from sferum_core.filtering import with_filter_columns
from sferum_core.model import Period

PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator
NOW = Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4))
BEFORE = Period(start=dt.date(2024, 3, 22), end=dt.date(2024, 3, 28))
Row = tuple[str, str, str, int, int, bool | None]
DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows of (ID, municipality, type, wrote ten messages, registered, stated active)."""
    columns = [
        "organization_id",
        "municipality",
        "organization_type",
        MAIN,
        "teachers_registered",
        "is_active",
    ]
    types = (
        dict.fromkeys(columns[:3], "str") | dict.fromkeys(columns[3:5], "Int64") | {"is_active": "boolean"}
    )
    frame = pd.DataFrame(list(rows), columns=columns).astype(types)
    return frame.assign(organization=("Школа " + frame["organization_id"]).astype("str"))


def facts(rows: Sequence[Row], before: Sequence[Row] | None = None, kind: str | None = "ОО") -> Facts:
    one = table(rows)
    assessed = with_filter_columns(assess_organizations(one, PROFILE))
    comparison = compare_municipalities(one, PROFILE, MAIN, kind)
    made = Facts(
        PROFILE,
        MAIN,
        assessed=assessed,
        comparison=comparison,
        region=region_total(one, PROFILE, MAIN, kind),
        staff=doo_staff(one),
    )
    if before is None:
        return made
    other = table(before)
    earlier = with_filter_columns(assess_organizations(other, PROFILE))
    return replace(
        made,
        places=municipality_changes(comparison, compare_municipalities(other, PROFILE, MAIN, kind)),
        since="С прошлой недели",
        changes=what_changed(assessed, earlier, PROFILE, period=NOW, before_period=BEFORE),
        streaks=inactive_streaks(assessed, [earlier]),
        weeks_known=2,
    )


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text).replace("**", "")


def keys(screens: Sequence[Screen]) -> list[str]:
    return [screen.key for screen in screens]


def by_key(screens: Sequence[Screen], key: str) -> Screen:
    return next(screen for screen in screens if screen.key == key)


REGION: list[Row] = [
    *((f"a{n}", "Озёрный район", "ОО", 1, 40, True) for n in range(6)),
    ("a9", "Озёрный район", "ОО", 0, 30, False),
    ("a8", "Озёрный район", "ОО", 0, 90, False),
    *((f"b{n}", "г. Лесной", "ОО", 12, 40, True) for n in range(6)),
    *((f"c{n}", "Северный район", "ОО", 6, 40, True) for n in range(6)),
    ("c9", "Северный район", "ОО", 3, 40, True),
]
EARLIER: list[Row] = [
    *((f"a{n}", "Озёрный район", "ОО", 8, 40, True) for n in range(6)),
    ("a9", "Озёрный район", "ОО", 0, 30, False),
    ("a8", "Озёрный район", "ОО", 9, 90, True),
    *((f"b{n}", "г. Лесной", "ОО", 2, 40, True) for n in range(6)),
    *((f"c{n}", "Северный район", "ОО", 6, 40, True) for n in range(6)),
    ("c9", "Северный район", "ОО", 3, 40, True),
]


def test_the_order_is_region_municipalities_organizations() -> None:
    screens = agenda(facts(REGION, EARLIER))
    assert keys(screens)[:3] == ["region", "changes", "ranking"]
    parts = [list(Part).index(screen.part) for screen in screens]
    assert parts == sorted(parts)
    assert len(set(keys(screens))) == len(screens) <= MOST_SCREENS


def test_the_worst_municipality_has_its_screen_with_its_organizations_and_office() -> None:
    screens = agenda(facts(REGION, EARLIER))
    one = next(screen for screen in screens if screen.office)
    assert one.title == one.office == "Озёрный район"
    assert plain(one.text) == (
        "2 из 8 организаций не активны, ещё 6 работают ниже нормы. Место в регионе – 3-е из 3: "
        "1,7 % (6 из 360), намного ниже случайного; с прошлой недели с 1-го на 3-е место."
    )
    assert [line.name for line in one.lines[:2]] == ["Школа a8", "Школа a9"]
    assert len(one.lines) + one.more == 8


def test_beyond_chance_is_said_only_of_what_is() -> None:
    worst = by_key(agenda(facts(REGION)), "worst")
    assert "больше, чем объясняет случай" in worst.text
    assert worst.picture is Picture.FUNNEL
    alike = [(f"{m}{n}", m, "ОО", 6, 40, True) for m in ("А район", "Б район", "В район") for n in range(3)]
    calm = by_key(agenda(facts(alike)), "worst")
    assert "не стоит никто" in calm.text
    assert calm.picture is Picture.NONE


def test_without_an_earlier_week_nothing_is_said_about_changes() -> None:
    screens = agenda(facts(REGION))
    assert not {"changes", "moves", "entered", "left"} & set(keys(screens))
    assert not any("прошлой недели" in screen.text for screen in screens)


def test_inactive_the_longest_come_first_then_the_largest() -> None:
    screen = by_key(agenda(facts(REGION, EARLIER)), "inactive")
    assert [line.name for line in screen.lines] == ["Школа a9", "Школа a8"]
    assert plain(screen.text) == (
        "Не активны 2 организации. Из них 1 молчит не первую неделю, дольше всего – не меньше 2 недель подряд. "
        "В них 120 педагогов: начать стоит с самых больших."
    )
    alone = by_key(agenda(facts(REGION)), "inactive")
    assert [line.name for line in alone.lines] == ["Школа a8", "Школа a9"]


def test_streaks_stop_at_the_first_active_week() -> None:
    now, calm, silent = (
        assess_organizations(table(rows), PROFILE)
        for rows in (
            [("1", "А", "ОО", 0, 9, False), ("2", "А", "ОО", 0, 9, False), ("3", "А", "ОО", 5, 9, True)],
            [("1", "А", "ОО", 0, 9, False), ("2", "А", "ОО", 5, 9, True), ("3", "А", "ОО", 0, 9, False)],
            [("1", "А", "ОО", 0, 9, False), ("2", "А", "ОО", 0, 9, False)],
        )
    )
    assert inactive_streaks(now, [calm, silent]).tolist() == [3, 1, 0]
    assert inactive_streaks(now, []).tolist() == [1, 1, 0]


def test_a_lower_place_with_a_higher_share_is_the_neighbours_doing() -> None:
    before = [*((f"a{n}", "А район", "ОО", 5, 40, True) for n in range(5)),
              *((f"b{n}", "Б район", "ОО", 2, 40, True) for n in range(5)),
              *((f"c{n}", "В район", "ОО", 1, 40, True) for n in range(5))]  # fmt: skip
    now = [*((f"a{n}", "А район", "ОО", 6, 40, True) for n in range(5)),
           *((f"b{n}", "Б район", "ОО", 20, 40, True) for n in range(5)),
           *((f"c{n}", "В район", "ОО", 1, 40, True) for n in range(5))]  # fmt: skip
    lines = {line.name: line.note for line in by_key(agenda(facts(now, before)), "moves").lines}
    assert lines == {"▲ Б район": "больше случайного", "▼ А район": "соседи выросли сильнее"}


def test_one_municipality_is_told_by_itself() -> None:
    screens = agenda(facts([row for row in REGION if row[1] == "Озёрный район"]))
    assert "ranking" not in keys(screens)
    assert any(screen.office == "Озёрный район" for screen in screens)


def test_narrowed_to_a_municipality_the_place_is_still_that_of_the_region() -> None:
    screens = agenda(replace(facts(REGION, EARLIER), municipalities=frozenset({"г. Лесной", "нет такого"})))
    assert plain(by_key(screens, "region").text).startswith("Из 6 организаций")
    assert "1-е из 3" in plain(next(screen.text for screen in screens if screen.office))
    assert all("Озёрный" not in screen.text for screen in screens)


def test_published_tables_without_organizations() -> None:
    rows = pd.DataFrame(
        {
            "municipality": ["А район", "Б район", "В район"],
            "teachers_total": [400, 500, 600],
            "teachers_registered": [300, 400, 500],
            "teachers_active": [3, 390, 100],
        }
    ).astype(
        {"municipality": "str"}
        | dict.fromkeys(("teachers_total", "teachers_registered", "teachers_active"), "Int64")
    )
    code = "teachers_active"
    made = Facts(
        PROFILE, code, comparison=compare_municipalities(rows, PROFILE, code),
        region=region_total(rows, PROFILE, code), staff=doo_staff(rows),
    )  # fmt: skip
    screens = agenda(made)
    assert keys(screens)[:4] == ["staff", "ranking", "worst", "best"]
    assert any(screen.office == "А район" and not screen.lines for screen in screens)


def test_nothing_at_all_is_one_screen_that_says_so() -> None:
    [screen] = agenda(Facts(PROFILE, MAIN))
    assert screen.key == "nothing"


MARKS = st.sampled_from(["А район", "г. Б", "В округ", "", "*Г* [x](y) $1$"])
ROWS = st.lists(
    st.tuples(MARKS, st.sampled_from(["ДОО", "ОО", "СПО"]), st.integers(0, 40), st.integers(0, 60),
              st.sampled_from([True, False, None])),
    max_size=25,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(ROWS, ROWS, st.sampled_from([None, "ДОО", "ОО"]))
def test_any_two_weeks_give_a_bounded_agenda_twice_the_same(
    now: list, before: list, kind: str | None
) -> None:
    weeks = [[(str(n), *row) for n, row in enumerate(rows)] for rows in (now, before)]
    first = agenda(facts(weeks[0], weeks[1], kind))
    assert first == agenda(facts(weeks[0], weeks[1], kind))
    assert 1 <= len(first) <= MOST_SCREENS
    for screen in first:
        assert screen.title and screen.text.count("**") % 2 == 0
        assert "nan" not in screen.text.lower() and "<NA>" not in screen.text
        assert len(screen.lines) <= 8 and screen.more >= 0


def test_the_demo_fills_a_meeting() -> None:
    one, two = (
        read_export(path.read_bytes(), path.name) for path in sorted(DEMO.glob("demo_2*.xlsx"))[-1:-3:-1]
    )
    tables = [with_filter_columns(assess_organizations(export.table, PROFILE)) for export in (one, two)]
    comparisons = [compare_municipalities(export.table, PROFILE, MAIN, "ОО") for export in (one, two)]
    made = Facts(
        PROFILE, MAIN, assessed=tables[0], comparison=comparisons[0], since="С прошлой недели",
        region=region_total(one.table, PROFILE, MAIN, "ОО"), places=municipality_changes(*comparisons),
        changes=what_changed(*tables, PROFILE, period=one.period, before_period=two.period),
        staff=doo_staff(one.table), about="ОО",
    )  # fmt: skip
    screens = agenda(made)
    assert 8 <= len(screens) <= MOST_SCREENS
    assert sum(bool(screen.office) for screen in screens) >= 2


def test_an_enlarged_figure_has_larger_type_and_is_another_one() -> None:
    import plotly.graph_objects as go  # noqa: PLC0415

    made = layout(go.Figure(go.Bar(x=[1], y=[2], marker={"line": {"width": 2}})), "light", 200)
    made.add_annotation(text="<span style='font-size:11px'>5</span>", x=0, y=0, font={"size": 12}, xshift=10)
    before = made.to_dict()
    after = enlarged(before, 1.5)
    assert (before["layout"]["height"], after["layout"]["height"]) == (200, 300)
    assert after["layout"]["font"]["size"] == before["layout"]["font"]["size"] * 1.5
    assert after["layout"]["margin"]["b"] == before["layout"]["margin"]["b"] * 1.5
    note = after["layout"]["annotations"][0]
    assert (note["font"]["size"], note["xshift"], note["x"]) == (18, 15, 0)
    assert "font-size:16px" in note["text"] or "font-size:17px" in note["text"]
    assert after["data"][0]["marker"]["line"]["width"] == 3
    assert list(after["data"][0]["x"]) == [1]
