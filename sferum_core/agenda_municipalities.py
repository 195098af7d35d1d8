"""Screens about municipalities: the ranking, who differs by more than chance, who moved, one screen each for the worst."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from sferum_core.agenda_facts import (
    MOST_BESIDE,
    MOST_LINES,
    MOST_MUNICIPALITIES,
    AgendaFigure,
    AgendaLine,
    Facts,
    Maker,
    Part,
    Picture,
    Screen,
    first_lines,
)
from sferum_core.answers import BEHIND, comparison_answer, escape_markdown, of_municipalities
from sferum_core.chance import Verdict, funnel_limits
from sferum_core.change_chance import ChangeVerdict
from sferum_core.change_words import places
from sferum_core.filtering import worst_first
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.rank_moves import rank_moves
from sferum_core.wording import NO_BREAK_SPACE, municipalities, number, percent, plural, points

_LOW = (Verdict.FAR_BELOW.value, Verdict.BELOW.value)
_HIGH = (Verdict.FAR_ABOVE.value, Verdict.ABOVE.value)
_EDGE = 5  # municipalities named when nobody differs by more than chance
Row = dict[Hashable, Any]


def heads(numerator: object, denominator: object) -> str:
    """«5 из 11», "" where either is missing."""
    if pd.isna(numerator) or pd.isna(denominator):  # type: ignore[call-overload]
        return ""
    return f"{number(numerator)} из {number(denominator)}"  # type: ignore[arg-type]


def in_brackets(text: str) -> str:
    """« (5 из 11)», "" for nothing."""
    return f" ({text})" if text else ""


def verdicts(facts: Facts) -> pd.DataFrame:
    """The comparison with places, statuses and the verdict of chance; limits are those of the whole region."""
    known = facts.known
    if facts.comparison is None or not len(known):
        return known
    table = facts.comparison.assign(verdict=funnel_limits(facts.comparison)["verdict"])
    return table.loc[known.index]


def _ranking(facts: Facts) -> Sequence[Screen]:
    known = facts.known
    if len(known) < 2 or facts.comparison is None or facts.region is None:
        return ()
    name = INDICATORS[facts.indicator].short_name
    shown = known if facts.keys else facts.comparison
    text = comparison_answer(shown, facts.region, facts.indicator)
    return (
        Screen(
            "ranking",
            Part.MUNICIPALITIES,
            f"Рейтинг: {name[0].lower()}{name[1:]}{facts.about_words}",
            text,
            figures=_region_figures(facts),
            picture=Picture.RANKING,
            keys=tuple(known["municipality_key"]),
        ),
    )


def _region_figures(facts: Facts) -> tuple[AgendaFigure, ...]:
    region = facts.region
    if region is None or pd.isna(region["share"]):
        return ()
    counts = heads(region["numerator"], region["denominator"])
    return (AgendaFigure("По региону", percent(region["share"]), hint=counts),)


def _outside(facts: Facts, marks: tuple[str, ...], *, worst: bool) -> tuple[pd.DataFrame, bool]:
    """Municipalities beyond chance on one side, the farthest first; without any, the end of the ranking."""
    table = verdicts(facts)
    if len(table) < 3:
        return table.head(0), False
    found = table[table["verdict"].isin(marks)]
    if len(found):
        order = found["verdict"].map({mark: place for place, mark in enumerate(marks)})
        found = found.assign(_mark=order, _side=found["share"] if worst else -found["share"])
        return found.sort_values(["_mark", "_side", "municipality"], kind="stable"), True
    edge = table.tail(_EDGE)[::-1] if worst else table.head(_EDGE)
    return edge, False


def _chance_screen(facts: Facts, *, worst: bool) -> Sequence[Screen]:
    found, beyond = _outside(facts, _LOW if worst else _HIGH, worst=worst)
    if found.empty:
        return ()
    total = len(facts.known)
    side = "ниже" if worst else "выше"
    if beyond:
        count, first = len(found), found.iloc[0]
        text = (
            f"{_bold(number(count))} из {of_municipalities(total)} {plural(count, 'стоит', 'стоят', 'стоят')} "
            f"{side} региона {_bold('больше, чем объясняет случай')}. {'Дальше всех' if count > 1 else 'Это'} "
            f"{'–' if count > 1 else ''} {escape_markdown(first['municipality'])}: {_bold(percent(first['share']))}"
            f"{in_brackets(heads(first['numerator'], first['denominator']))}."
        ).replace("  ", " ")
    else:
        word = "последние" if worst else "первые"
        text = (
            f"{side.capitalize()} региона больше случайного {_bold('не стоит никто')}: разницу объясняет размер "
            f"муниципалитетов. Ниже – {word} места рейтинга."
        )
    lines, more = first_lines(
        [_line(row) for row in found.to_dict("records")], MOST_BESIDE if worst and beyond else MOST_LINES
    )
    return (
        Screen(
            "worst" if worst else "best",
            Part.MUNICIPALITIES,
            "Ниже региона, и это не случайно"
            if worst and beyond
            else "Кто внизу"
            if worst
            else "Кто впереди",
            text,
            figures=(AgendaFigure("Муниципалитетов", number(len(found)), hint=f"из {number(total)}"),)
            if beyond
            else (),
            picture=Picture.FUNNEL if worst and beyond else Picture.NONE,
            lines=lines,
            more=more,
            keys=tuple(found["municipality_key"]),
        ),
    )


def _line(row: Row) -> AgendaLine:
    return AgendaLine(
        f"{number(row['rank'])}.{NO_BREAK_SPACE}{row['municipality']}",
        percent(row["share"]),
        str(row.get("verdict", "")),
        str(row["status"]),
        heads(row["numerator"], row["denominator"]),
    )


def _worst(facts: Facts) -> Sequence[Screen]:
    return _chance_screen(facts, worst=True)


def _best(facts: Facts) -> Sequence[Screen]:
    return _chance_screen(facts, worst=False)


def moves_table(facts: Facts) -> pd.DataFrame:
    """`rank_moves` of those who moved: beyond chance first, then the longest way."""
    moved = facts.moved()
    if facts.places is None or moved.empty:
        return pd.DataFrame()
    table = rank_moves(facts.places)
    table = table[table["municipality_key"].isin(moved["municipality_key"])]
    table = table[(table["rank_change"] != 0).to_numpy(dtype=bool)]
    order = {ChangeVerdict.BEYOND.value: 0, ChangeVerdict.POSSIBLE.value: 1}
    own = (table["rank_change"] > 0) == (table["change"] > 0)  # else the others moved more
    return table.assign(
        _own=own.fillna(False).astype(bool),
        _sure=table["verdict"].map(order).fillna(2).where(own.fillna(False), 3),
        _way=-table["rank_change"].abs(),
    ).sort_values(["_sure", "_way", "rank", "municipality"], kind="stable")


def _moves(facts: Facts) -> Sequence[Screen]:
    table = moves_table(facts)
    if table.empty or len(facts.known) < 2:
        return ()
    up, down = int((table["rank_change"] > 0).sum()), int((table["rank_change"] < 0).sum())
    sure = table[(table["_sure"] == 0).to_numpy(dtype=bool)]
    text = (
        f"{facts.since} {plural(up, 'поднялся', 'поднялись', 'поднялись')} {_bold(municipalities(up))}, "
        f"{plural(down, 'опустился', 'опустились', 'опустились')} {_bold(number(down))}. "
    )
    if len(sure):
        named = "; ".join(
            f"{_bold(escape_markdown(row['municipality']))} {places(row['rank_before'], row['rank'])}"
            for row in sure.head(2).to_dict("records")
        )
        text += f"Случайностью не объяснить {plural(len(sure), 'одну перемену', 'перемены', 'перемены')}: {named}."
        if len(sure) > 2:
            text = text[:-1] + f" и ещё {number(len(sure) - 2)}."
    else:
        text += "Ни одна из этих перемен не выходит за пределы случайного: делать выводы рано."
    lines, more = first_lines([_move_line(row) for row in table.to_dict("records")], MOST_BESIDE)
    return (
        Screen(
            "moves",
            Part.MUNICIPALITIES,
            "Чьё место изменилось",
            text,
            figures=(
                AgendaFigure("▲ Поднялись", number(up), status=Status.TARGET_MET.value),
                AgendaFigure("▼ Опустились", number(down), status=Status.BELOW_NORM.value),
            ),
            picture=Picture.SLOPE,
            lines=lines,
            more=more,
            keys=tuple(table["municipality_key"].head(MOST_LINES)),
        ),
    )


def _move_line(row: Row) -> AgendaLine:
    rise = int(row["rank_change"])
    status = Status.TARGET_MET if rise > 0 else Status.BELOW_NORM
    sign = "▲" if rise > 0 else "▼"
    return AgendaLine(
        f"{sign} {row['municipality']}",
        f"{number(row['rank_before'])} → {number(row['rank'])}",
        _why(row),
        status.value,
        points(row["change"]),
    )


def _why(row: Row) -> str:
    if row["_own"]:
        return str(row["verdict"])
    return "соседи снизились сильнее" if row["rank_change"] > 0 else "соседи выросли сильнее"


def outstanding(facts: Facts) -> list[str]:
    """Keys of the municipalities to speak about one by one: those asked for, else the worst by chance, by
    organizations that are not active and by a fall beyond chance."""
    if facts.keys:
        return sorted(facts.keys)[:MOST_MUNICIPALITIES]
    found, beyond = _outside(facts, _LOW, worst=True)
    chosen = found["municipality_key"].head(2).tolist() if beyond else []
    chosen += _most_silent(facts)
    table = moves_table(facts)
    if len(table):
        fallen = table[((table["rank_change"] < 0) & (table["_sure"] == 0)).to_numpy(dtype=bool)]
        chosen += fallen["municipality_key"].head(1).tolist()
    if not chosen:
        chosen = found["municipality_key"].head(1).tolist() or facts.known["municipality_key"].tolist()[:1]
    return list(dict.fromkeys(chosen))[:MOST_MUNICIPALITIES]


def _most_silent(facts: Facts) -> list[str]:
    table = facts.comparison
    if table is None or table["inactive"].isna().all():
        return []
    known = table[(table["municipality_key"] != UNKNOWN_KEY) & (table["inactive"] > 1).fillna(False)]
    known = known.sort_values(["inactive", "municipality"], ascending=[False, True], kind="stable")
    return known["municipality_key"].head(2).tolist()


def _each(facts: Facts) -> Sequence[Screen]:
    if facts.comparison is None:
        return ()
    table = facts.comparison.drop_duplicates("municipality_key")
    rows = {str(row["municipality_key"]): row for _, row in table.iterrows()}
    return [_one(facts, key, rows[key]) for key in outstanding(facts) if key in rows]


def _one(facts: Facts, key: str, row: pd.Series) -> Screen:
    rows = facts.rows_of(key)
    name = str(row["municipality"])
    sentences = [text for text in (_states(rows), _place(facts, key, row)) if text]
    ordered = worst_first(rows, facts.profile) if len(rows) else rows
    behind = ordered[ordered["status"].isin([s.value for s in BEHIND])] if len(ordered) else ordered
    lines, more = first_lines([organization_line(one, named=False) for one in behind.to_dict("records")])
    return Screen(
        f"municipality:{key}",
        Part.MUNICIPALITIES,
        name,
        " ".join(sentences) or "Данных по этому муниципалитету нет.",
        figures=_one_figures(facts, rows, row),
        lines=lines,
        more=more,
        keys=(key,),
        office=name,
    )


def _states(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    total = len(rows)
    silent = int((rows["status"] == Status.INACTIVE.value).sum())
    below = int(rows["status"].isin([Status.BELOW_NORM.value, Status.TARGET_MISSED.value]).sum())
    if not silent and not below:
        return f"Неактивных и отстающих организаций {_bold('нет')}: всего {number(total)}."
    parts = []
    if silent:
        parts.append(
            f"{_bold(heads(silent, total))} организаций не {plural(silent, 'активна', 'активны', 'активны')}"
        )
    if below:
        work = plural(below, "работает", "работают", "работают")
        parts.append(
            f"ещё {_bold(number(below))} {work} ниже нормы"
            if silent
            else f"{_bold(heads(below, total))} организаций {work} ниже нормы"
        )
    return f"{', '.join(parts)}."


def _place(facts: Facts, key: str, row: pd.Series) -> str:
    if pd.isna(row["rank"]):
        return ""
    table = verdicts(facts).set_index("municipality_key")
    total = int(facts.comparison["rank"].notna().sum()) if facts.comparison is not None else 0
    counts = in_brackets(heads(row["numerator"], row["denominator"]))
    text = f"{_bold(percent(row['share']))}{counts}"
    if total > 1:
        among = f" ({facts.about})" if facts.about else ""
        place = f"{number(row['rank'])}-е из {number(total)}"
        text = f"Место в регионе{among} – {_bold(place)}: {text}"
    verdict = str(table.loc[key, "verdict"]) if key in table.index and total > 2 else ""
    if verdict in (*_LOW, *_HIGH):
        text += f", {verdict}"
    moved = facts.moved()
    one = moved[moved["municipality_key"] == key] if len(moved) else moved
    if len(one) and int(one.iloc[0]["rank_change"]):
        before, now = int(one.iloc[0]["rank_before"]), int(one.iloc[0]["rank"])
        text += f"; {facts.since[0].lower()}{facts.since[1:]} {places(before, now)}"
    return f"{text}."


def _one_figures(facts: Facts, rows: pd.DataFrame, row: pd.Series) -> tuple[AgendaFigure, ...]:
    figures = []
    if len(rows):
        silent = int((rows["status"] == Status.INACTIVE.value).sum())
        below = int((rows["status"] == Status.BELOW_NORM.value).sum())
        figures = [
            AgendaFigure("Организаций", number(len(rows))),
            AgendaFigure("Не активны", number(silent), percent(silent / len(rows)), Status.INACTIVE.value),
            AgendaFigure("Ниже нормы", number(below), percent(below / len(rows)), Status.BELOW_NORM.value),
        ]
    status = str(row["status"])
    own = "" if status in (Status.NO_NORM.value, Status.NO_DATA.value) else status
    hint = " · ".join(
        part
        for part in (heads(row["numerator"], row["denominator"]), Status(status).label.lower() if own else "")
        if part
    )
    return (*figures, AgendaFigure(INDICATORS[facts.indicator].short_name, percent(row["share"]), hint=hint))


def organization_line(row: Row, *, named: bool = True, value: str = "", note: str = "") -> AgendaLine:
    """An organization in a list: its name or ID, its status, its share or what is missing."""
    name = next(
        (str(row[field]) for field in ("organization", "organization_id") if not _missing(row.get(field))),
        "Название не указано",
    )
    status = str(row["status"])
    share = "" if _missing(row.get("main_share")) else percent(row["main_share"])
    where = row.get("municipality_shown", row.get("municipality"))
    return AgendaLine(
        name,
        value or ("" if status == Status.INACTIVE.value else share),
        note or Status(status).label,
        status,
        str(where) if named and not _missing(where) else "",
    )


def _missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def _bold(text: str) -> str:
    return f"**{text}**"


MUNICIPALITY_SCREENS: tuple[Maker, ...] = (_ranking, _worst, _best, _moves, _each)
