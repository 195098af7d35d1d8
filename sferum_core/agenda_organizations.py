"""Screens about the region as a whole and about organizations to discuss."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core.agenda_facts import (
    MOST_LINES,
    AgendaFigure,
    AgendaLine,
    Facts,
    Maker,
    Part,
    Picture,
    Screen,
    first_lines,
)
from sferum_core.agenda_municipalities import heads, organization_line
from sferum_core.answers import of_organizations, organizations_answer, staff_answer
from sferum_core.filtering import status_figures
from sferum_core.indicators import indicator_counts
from sferum_core.model import Status
from sferum_core.municipalities import organization_leaders
from sferum_core.pairing import pair_organizations
from sferum_core.waiting import WAITING, acting, is_waiting, waiting_words
from sferum_core.wording import counted, number, organizations, percent, plural, points, teachers

_SIZES = ("teachers_total", "teachers_registered")
_TITLES = {Status.INACTIVE: "Не активны", Status.TARGET_MET: "Цель", Status.LEADER: "Лидеры"}
LONG = 2  # weeks in a row


def inactive_streaks(now: pd.DataFrame, earlier: Sequence[pd.DataFrame]) -> pd.Series:
    """For how many weeks in a row each organization of `now` has not been active (Int64, by its index; 0: active).

    `earlier` are assessed tables of the weeks directly before, the latest first, without a gap. Organizations
    are matched as in `pair_organizations`; one that was not in the list breaks the row.
    """
    going = (now["status"] == Status.INACTIVE.value).to_numpy(dtype=bool).copy()
    weeks = going.astype("int64")
    for table in earlier:
        if not going.any():
            break
        pairs = pair_organizations(now, table).pairs
        silent = (table["status"] == Status.INACTIVE.value).to_numpy(dtype=bool)
        was = pd.Series(silent[pairs["before"].to_numpy()], index=pairs["now"].to_numpy())
        going &= was.reindex(range(len(now)), fill_value=False).to_numpy(dtype=bool)
        weeks += going
    return pd.Series(weeks, index=now.index, dtype="Int64")


def _region(facts: Facts) -> Sequence[Screen]:
    table = facts.assessed
    if table is None or table.empty:
        return ()
    figures = [AgendaFigure("Организаций", number(len(table)))]
    figures += [
        AgendaFigure(
            _TITLES.get(figure.main, figure.title) if len(figure.statuses) == 1 else figure.title,
            number(figure.count),
            percent(figure.share),
            figure.main.value,
        )
        for figure in status_figures(table, most=3)
        if figure.count
    ]
    region = facts.region
    if region is not None and not facts.keys and not pd.isna(region["share"]):
        figures.append(_share_figure(facts, region))
    return (
        Screen(
            "region",
            Part.REGION,
            "Муниципалитет за неделю"
            if len(facts.keys) == 1
            else "Регион за неделю"
            if not facts.keys
            else "Неделя",
            organizations_answer(table),
            figures=tuple(figures),
            picture=Picture.STATUSES,
        ),
    )


def _share_figure(facts: Facts, region: pd.Series) -> AgendaFigure:
    hint = heads(region["numerator"], region["denominator"])
    places = facts.places
    if places is not None:
        both = places[places["numerator"].notna() & places["numerator_before"].notna()]
        above, below = both["numerator_before"].sum(), both["denominator_before"].sum()
        if below:
            hint = (
                f"{points(region['share'] - above / below)}, {hint}"
                if hint
                else points(region["share"] - above / below)
            )
    return AgendaFigure(f"По региону{facts.about_words}", percent(region["share"]), hint=hint)


def _changed(facts: Facts) -> Sequence[Screen]:
    changes = facts.changes
    if changes is None or not len(changes.organizations):
        return ()
    count = changes.counts()
    left, came = count["left_behind"], count["entered_behind"]
    if left or came:
        text = (
            f"{changes.since} из отстающих {plural(left, 'вышла', 'вышли', 'вышли')} "
            f"**{organizations(left)}**, {plural(came, 'вошла', 'вошли', 'вошли')} **{number(came)}**."
        )
    else:
        text = f"{changes.since} состав отстающих **не изменился**."
    up, down = count["up"], count["down"]
    if up or down:
        text += f" Статус повысился у **{of_organizations(up)}**, понизился у **{number(down)}**."
    words = (
        ("left_behind", "▲ Вышли из отстающих", Status.TARGET_MET),
        ("entered_behind", "▼ Вошли в отстающие", Status.BELOW_NORM),
        ("up", "▲ Статус выше", Status.TARGET_MET),
        ("down", "▼ Статус ниже", Status.BELOW_NORM),
        ("new", "Новые в списке", None),
        ("gone", "Исчезли из списка", None),
    )
    figures = tuple(
        AgendaFigure(label, number(count[word]), status=status.value if status else "")
        for word, label, status in words
        if count[word]
    )
    return (
        Screen(
            "changes",
            Part.REGION,
            "Что изменилось",
            text,
            figures,
            Picture.BEHIND if left or came else Picture.NONE,
        ),
    )


def _belonging(table: pd.DataFrame) -> pd.DataFrame:
    """Those who must act: no test organizations and offices (of `with_filter_columns`), none that waits for deactivation."""
    table = acting(table)
    return table[(table["stranger"] == "").to_numpy(dtype=bool)] if "stranger" in table.columns else table


def _wait_words(rows: pd.DataFrame) -> str:
    """« Ещё 2 организации ждут деактивации, в списке их нет.»; "" when none does."""
    count = int(is_waiting(rows).sum())
    return f" Ещё {waiting_words(count)}: в списке {plural(count, 'её', 'их', 'их')} нет." if count else ""


def _sizes(table: pd.DataFrame) -> pd.Series:
    size = pd.Series(pd.NA, index=table.index, dtype="Int64")
    for column in _SIZES:
        if column in table.columns:
            size = size.fillna(table[column].astype("Int64"))
    return size


def _inactive(facts: Facts) -> Sequence[Screen]:
    table = facts.assessed
    if table is None:
        return ()
    silent_rows = table[(table["status"] == Status.INACTIVE.value).to_numpy(dtype=bool)]
    rows = _belonging(silent_rows)
    if rows.empty:
        return ()
    count = len(rows)
    size = _sizes(rows)
    weeks = facts.streaks.reindex(rows.index) if facts.streaks is not None else None
    text = f"{'Не активна' if count % 10 == 1 and count % 100 != 11 else 'Не активны'} **{organizations(count)}**."
    long = int((weeks >= LONG).sum()) if weeks is not None else 0
    if weeks is not None and long:
        most = int(weeks.max())
        who = "Все они" if long == count > 1 else f"Из них **{number(long)}**"
        silent = plural(long, "молчит", "молчат", "молчат") if long < count else "молчат"
        text += f" {who} {silent} не первую неделю, дольше всего – **{_in_a_row(most, facts.weeks_known)}**."
    known = int(size.sum()) if size.notna().any() else 0
    if known:
        text += f" В них **{teachers(known)}**: начать стоит с самых больших."
    text += _wait_words(silent_rows)
    order = pd.DataFrame(
        {
            "weeks": -(weeks if weeks is not None else pd.Series(0, index=rows.index))
            .fillna(0)
            .astype("int64"),
            "size": -size.fillna(0).astype("int64"),
        }
    ).reset_index(drop=True)
    place = order.sort_values(["weeks", "size"], kind="stable").index
    lines = [
        organization_line(
            row,
            value=teachers(int(people)) if not pd.isna(people) else "",
            note=f"{counted(int(long_), 'неделю', 'недели', 'недель')} подряд"
            if long_ and long_ >= LONG
            else "",
        )
        for row, people, long_ in zip(
            rows.iloc[place].to_dict("records"),
            size.iloc[place],
            (weeks.iloc[place].fillna(0) if weeks is not None else [0] * count),
            strict=True,
        )
    ]
    shown, more = first_lines(lines)
    return (
        Screen(
            "inactive", Part.ORGANIZATIONS, "Не активны: с кого начать", text, lines=shown, more=more,
            figures=(AgendaFigure("Не активны", number(count), status=Status.INACTIVE.value),),
        ),
    )  # fmt: skip


def _in_a_row(weeks: int, known: int) -> str:
    """«3 недели подряд»; «не меньше 6 недель подряд» when no earlier week is known."""
    if weeks < known:
        return f"{counted(weeks, 'неделю', 'недели', 'недель')} подряд"
    return f"не меньше {number(weeks)} {plural(weeks, 'недели', 'недель', 'недель')} подряд"


def _entered(facts: Facts) -> Sequence[Screen]:
    return _crossed(
        facts, "entered_behind", "entered", "Новые среди отстающих", "вошла", "вошли", "в отстающие"
    )


def _left(facts: Facts) -> Sequence[Screen]:
    return _crossed(facts, "left_behind", "left", "Вышли из отстающих", "вышла", "вышли", "из отстающих")


def _crossed(
    facts: Facts, word: str, key: str, title: str, one: str, many: str, where: str
) -> Sequence[Screen]:
    changes = facts.changes
    rows = changes.only(word) if changes is not None else pd.DataFrame()
    if word == "entered_behind" and facts.assessed is not None and len(rows):
        waits = facts.assessed.index[is_waiting(facts.assessed).to_numpy(dtype=bool)]
        rows = rows.assign(**{WAITING: rows["position"].isin(waits).to_numpy(dtype=bool)})
    everyone, rows = rows, acting(rows)
    if changes is None or rows.empty:
        return ()
    count = len(rows)
    text = f"{changes.since} {where} {plural(count, one, many, many)} **{organizations(count)}**."
    silent = int((rows["status"] == Status.INACTIVE.value).sum())
    if word == "entered_behind" and silent:
        text += f" Из них **{number(silent)}** {plural(silent, 'стала неактивной', 'стали неактивными', 'стали неактивными')}."
    text += _wait_words(everyone)
    size = rows["denominator"].fillna(0).astype("int64")
    rows = rows.assign(_size=-size).sort_values(["_size"], kind="stable")
    lines, more = first_lines(
        [
            organization_line(
                row,
                value="" if pd.isna(row["share"]) else percent(row["share"]),
                note=f"было: {Status(row['status_before']).label.lower()}",
            )
            for row in rows.to_dict("records")
        ]
    )
    return (Screen(key, Part.ORGANIZATIONS, title, text, lines=lines, more=more),)


def _behind(table: pd.DataFrame) -> pd.DataFrame:
    behind = table["status"].isin([Status.BELOW_NORM.value, Status.TARGET_MISSED.value])
    return table[behind.to_numpy(dtype=bool)]


def _missing(table: pd.DataFrame) -> pd.DataFrame:
    """Organizations behind their norm or goal, with `_missing` teachers."""
    rows = _belonging(_behind(table))
    short = rows["missing_to_norm"].where(
        (rows["status"] == Status.BELOW_NORM.value).to_numpy(dtype=bool), rows["missing_to_target"]
    )
    return rows.assign(_missing=short.astype("Int64"))


def _below(facts: Facts) -> Sequence[Screen]:
    rows = _missing(facts.assessed) if facts.assessed is not None else pd.DataFrame()
    if rows.empty:
        return ()
    count, known = len(rows), rows["_missing"].dropna()
    work = plural(count, "работает", "работают", "работают")
    text = f"Ниже нормы {work} **{organizations(count)}**."
    if len(known):
        text += f" Всем вместе до нормы не хватает **{_genitive(int(known.sum()))}**."
    if facts.assessed is not None:
        text += _wait_words(_behind(facts.assessed))
    rows = rows.assign(_most=-rows["_missing"].fillna(0).astype("int64")).sort_values("_most", kind="stable")
    lines, more = _short_lines(facts, rows)
    return (
        Screen(
            "below",
            Part.ORGANIZATIONS,
            "Ниже нормы: где не хватает больше всего",
            text,
            lines=lines,
            more=more,
        ),
    )


def _short_lines(facts: Facts, rows: pd.DataFrame) -> tuple[tuple[AgendaLine, ...], int]:
    """«ещё 5» for the first rows, with what they have of how many."""
    shown = rows.head(MOST_LINES)
    counts = indicator_counts(shown, facts.profile.main_indicator, facts.profile.denominator)
    of = [heads(*pair) for pair in zip(*counts, strict=True)] if counts else [""] * len(shown)
    lines = [
        organization_line(row, value="" if pd.isna(short) else f"ещё {number(short)}", note=note)
        for row, short, note in zip(shown.to_dict("records"), shown["_missing"], of, strict=True)
    ]
    return tuple(lines), len(rows) - len(lines)


def _genitive(count: int) -> str:
    return f"{number(count)} {plural(count, 'педагога', 'педагогов', 'педагогов')}"


def _almost(facts: Facts) -> Sequence[Screen]:
    rows = _missing(facts.assessed) if facts.assessed is not None else pd.DataFrame()
    near = rows[(rows["_missing"] == 1).fillna(False).to_numpy(dtype=bool)] if len(rows) else rows
    if near.empty:
        return ()
    size = _sizes(near).fillna(0).astype("int64")
    near = near.assign(_size=-size).sort_values("_size", kind="stable")
    text = (
        f"**{number(len(near))}** {plural(len(near), 'организации', 'организациям', 'организациям')} до нормы "
        "не хватает **одного педагога**. Это самый быстрый способ поднять показатель."
    )
    lines, more = _short_lines(facts, near)
    return (Screen("almost", Part.ORGANIZATIONS, "Ближе всего к норме", text, lines=lines, more=more),)


def _leaders(facts: Facts) -> Sequence[Screen]:
    if facts.assessed is None:
        return ()
    found = organization_leaders(facts.assessed, facts.profile, top=100)
    best = found[(found["share"] > 0).fillna(False).to_numpy(dtype=bool)].head(10)
    if len(best) < 2:
        return ()
    rows = facts.assessed.iloc[best["position"].to_numpy()]
    first = best.iloc[0]
    text = (
        f"Лучшие организации недели – по доле педагогов, наименьшее число для сравнения "
        f"**{number(facts.profile.leader_min_count)}**. У первой – **{percent(first['share'])}** "
        f"({heads(first['numerator'], first['denominator'])})."
    )
    lines, _ = first_lines(
        [
            organization_line(row, value=percent(share), note=heads(above, below))
            for row, share, above, below in zip(
                rows.to_dict("records"), best["share"], best["numerator"], best["denominator"], strict=True
            )
        ]
    )
    return (Screen("leaders", Part.ORGANIZATIONS, "Лидеры: кого отметить", text, lines=lines),)


def _staff(facts: Facts) -> Sequence[Screen]:
    report = facts.staff
    if report is None or report.municipalities.empty:
        return ()
    region = report.region
    figures = []
    for name, label, above, below in (
        ("share_registered", "Зарегистрированы", "teachers_registered", "teachers_total"),
        ("share_active", "Активны", "teachers_active", "teachers_registered"),
    ):
        if not pd.isna(region[name]):
            figures.append(
                AgendaFigure(label, percent(region[name]), hint=heads(region[above], region[below]))
            )
    missing = region["missing_to_full"]
    if not pd.isna(missing) and missing:
        figures.append(AgendaFigure("Не хватает", number(missing), hint="до полной регистрации"))
    return (
        Screen(
            "staff", Part.REGION, "Сотрудники ДОО", staff_answer(report), tuple(figures), Picture.STAFF,
        ),
    )  # fmt: skip


REGION_SCREENS: tuple[Maker, ...] = (_region, _changed, _staff)
ORGANIZATION_SCREENS: tuple[Maker, ...] = (_inactive, _entered, _below, _almost, _left, _leaders)
