"""The workbook «Что изменилось»: who moved, municipalities with the reasons of their places, the lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from sferum_core.change_chance import CAUTION
from sferum_core.changes import BEHIND, BOTH, DOWN, GONE, NEW, SAME, UP, Changes
from sferum_core.rank_moves import rank_moves
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import STATUSES, indicator_header, plain, text
from sferum_core.reports.workbook import write_workbook
from sferum_core.weeks import week_of

if TYPE_CHECKING:
    from sferum_core.norms import NormProfile

_MOVES = {UP: "Повысился", DOWN: "Понизился", SAME: "Прежний"}
_NOT_COMPARABLE = "Не сравнить"
_BEFORE = "не с чем сравнить"
_NO_ID = "ID не указан"
_NO_NAME = "название не указано"


def _title(changes: Changes) -> str:
    if changes.before_period is None:
        return "Что изменилось по сравнению с прежней выгрузкой"
    if changes.is_week_before:
        return f"Что изменилось за неделю (прошлая неделя {week_of(changes.before_period).label})"
    return f"Что изменилось с недели {week_of(changes.before_period).label}"


def _words(table: pd.DataFrame) -> pd.DataFrame:
    """The organizations with the columns that only a workbook needs, in words."""
    frame = table.copy()
    frame["move_words"] = frame["move"].map(_MOVES).fillna(_NOT_COMPARABLE).astype("str")
    was, now = (frame[name].fillna(False).to_numpy(dtype=bool) for name in ("was_behind", "is_behind"))
    words = pd.Series("не в числе отстающих", index=frame.index, dtype="str")
    words[was & now] = "осталась среди отстающих"
    words[was & ~now] = "вышла из отстающих"
    words[~was & now] = "вошла в отстающие"
    frame["behind_words"] = words
    return frame


def _who(*, type_too: bool = True) -> list[Column]:
    columns = [
        plain("organization_id", "ID организации", "id", width=13, missing=_NO_ID),
        text("organization", "Организация", 36, _NO_NAME),
    ]
    if type_too:
        columns.append(text("organization_type", "Тип", 12, "тип не определён"))
    return [*columns, text("municipality", "Муниципалитет", 24)]


def _moved_sheet(frame: pd.DataFrame, indicator: str) -> Sheet:
    both = frame[(frame["presence"] == BOTH).to_numpy(dtype=bool)]
    moved = both[both["move"].isin([UP, DOWN]).to_numpy(dtype=bool)]
    order = {DOWN: 0, UP: 1}
    moved = moved.assign(_move=moved["move"].map(order)).sort_values(
        ["_move", "municipality", "organization"], kind="stable"
    )
    columns = [
        *_who(),
        text("move_words", "Статус изменился", 16),
        plain("status_before", "Статус прежде", "status", width=15),
        plain("status", "Статус теперь", "status", width=15),
        text("behind_words", "Отстающие", 22),
        *_shares(indicator)[:3],
    ]
    empty = "Строк нет: ни у одной организации статус не изменился."
    return Sheet(
        "moved",
        "Статус изменился",
        "Организации, у которых изменился статус",
        columns,
        moved,
        note="Отстающие – организации со статусом "
        + ", ".join(f"«{status.label}»" for status in BEHIND)
        + ". Сначала те, у кого статус понизился. Числители и знаменатели – на листе «Все организации».",
        empty=empty,
        frozen_columns=2,
    )


def _shares(indicator: str) -> list[Column]:
    header = indicator_header(indicator).removesuffix(", %")
    return [
        plain("share_before", f"{header}, прежде, %", "share", width=15),
        plain("share", f"{header}, теперь, %", "share", width=15),
        plain("change", "Изменение, процентных пунктов", "change", width=16, missing=_BEFORE),
        plain("numerator_before", "Числитель прежде, чел.", "count", width=14),
        plain("numerator", "Числитель теперь, чел.", "count", width=14),
        plain("denominator_before", "Знаменатель прежде, чел.", "count", width=14),
        plain("denominator", "Знаменатель теперь, чел.", "count", width=14),
    ]


def _all_sheet(frame: pd.DataFrame, indicator: str) -> Sheet:
    both = frame[(frame["presence"] == BOTH).to_numpy(dtype=bool)]
    columns = [
        *_who(),
        plain("status_before", "Статус прежде", "status", width=15),
        plain("status", "Статус теперь", "status", width=15),
        text("move_words", "Статус изменился", 16),
        *_shares(indicator),
    ]
    empty = "Строк нет: в двух неделях нет общих организаций."
    return Sheet(
        "organizations",
        "Все организации",
        "Организации обеих недель",
        columns,
        both,
        empty=empty,
        frozen_columns=2,
    )


def _municipality_sheet(changes: Changes) -> Sheet:
    moves = rank_moves(changes.municipalities)
    extra = moves[["municipality_key", "by_numerator", "by_denominator", "by_others", "verdict"]]
    frame = changes.municipalities.merge(extra, on="municipality_key", how="left")
    columns = [
        text("municipality", "Муниципалитет", 36),
        plain("rank_before", "Место прежде", "count", width=12, missing="места не было"),
        plain("rank", "Место теперь", "count", width=12, missing="места нет"),
        plain("rank_change", "Поднялся на, мест", "count", width=14, missing=_BEFORE),
        *_shares(changes.indicator),
        plain("by_numerator", "Из них за счёт числителя, мест", "count", width=16, missing=_BEFORE),
        plain("by_denominator", "Из них за счёт знаменателя, мест", "count", width=16, missing=_BEFORE),
        plain("by_others", "Из них за счёт соседей, мест", "count", width=16, missing=_BEFORE),
        text("verdict", "Изменение доли", 24, _BEFORE),
        plain("status_before", "Статус прежде", "status", width=15, missing=_BEFORE),
        plain("status", "Статус теперь", "status", width=15, missing="в этой неделе нет"),
    ]
    note = (
        "Минус в столбцах «мест» – опустился. Сначала считается новый числитель при старом знаменателе и старых "
        f"долях соседей, потом новый знаменатель, потом новые доли соседей. {CAUTION}"
    )
    return Sheet(
        "municipalities", "Муниципалитеты", "Муниципалитеты: доли и места", columns, frame, note=note
    )


def _list_sheets(frame: pd.DataFrame) -> list[Sheet]:
    new, gone = (frame[(frame["presence"] == word).to_numpy(dtype=bool)] for word in (NEW, GONE))
    lost = frame[frame["reason"].notna().to_numpy(dtype=bool)]
    lost = lost.assign(
        week=lost["position"].notna().map({True: "эта неделя", False: "прежняя неделя"}).astype("str")
    )
    renamed, moved, retyped = (
        frame[frame[name].fillna(False).to_numpy(dtype=bool)] for name in ("renamed", "moved", "type_changed")
    )
    sheets = [
        Sheet(
            "new",
            "Появились",
            "Организации, которых в прежней выгрузке не было",
            [*_who(), plain("status", "Статус теперь", "status", width=15)],
            new,
            empty="Строк нет: новых организаций нет.",
            frozen_columns=2,
        ),
        Sheet(
            "gone",
            "Исчезли",
            "Организации, которых в этой выгрузке больше нет",
            [*_who(), plain("status_before", "Статус прежде", "status", width=15)],
            gone,
            empty="Строк нет: все прежние организации на месте.",
            frozen_columns=2,
        ),
        Sheet(
            "renamed",
            "Переименованы",
            "Тот же ID, другое название",
            [*_who(), text("organization_before", "Прежнее название", 40, _NO_NAME)],
            renamed,
            empty="Строк нет: названия прежние.",
            frozen_columns=2,
        ),
        Sheet(
            "relocated",
            "Сменили муниципалитет",
            "Организации, которые стоят теперь в другом муниципалитете",
            [*_who(), text("municipality_before", "Прежний муниципалитет", 28)],
            moved,
            empty="Строк нет: муниципалитеты прежние.",
            frozen_columns=2,
        ),
        Sheet(
            "retyped",
            "Сменили тип",
            "Организации, тип которых теперь другой",
            [*_who(), text("organization_type_before", "Прежний тип", 14, "тип не определён")],
            retyped,
            empty="Строк нет: типы прежние.",
            frozen_columns=2,
        ),
    ]
    if len(lost):
        columns = [*_who(), text("week", "В какой неделе", 18), text("reason", "Почему не сопоставлена", 40)]
        sheets.append(
            Sheet(
                "unresolved",
                "Не сопоставлены",
                "Строки, пару которым найти нельзя",
                columns,
                lost,
                frozen_columns=2,
            )
        )
    return sheets


def changes_workbook(changes: Changes, profile: NormProfile, meta: ReportMeta) -> bytes:
    """Statuses that moved, municipalities with the reasons of their places, organizations new, gone and changed.

    `meta` is about this week's file; the week compared with is named in the titles and notes.
    """
    frame = _words(changes.organizations)
    main = profile.main_indicator
    title = _title(changes)
    notes = [f"{title}.", *changes.notes]
    sheets = [
        _moved_sheet(frame, main),
        _municipality_sheet(changes),
        *_list_sheets(frame),
        _all_sheet(frame, main),
    ]
    return write_workbook(Book(replace(meta, title=meta.title or title), sheets, STATUSES, notes))
