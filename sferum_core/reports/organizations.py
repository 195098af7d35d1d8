"""Workbooks about organizations: everything shown, and the annexes to the letter (000, «Приложение 1»)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sferum_core.grouping import display_names, group_keys, type_column
from sferum_core.model import OrganizationType, Status
from sferum_core.names import GROUP_ORDER, municipality_group, strangers
from sferum_core.next_steps import STEP_COLUMNS, next_steps
from sferum_core.norms import Level
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import (
    COUNT_HEADERS,
    NO_NORM,
    NO_TARGET,
    STATUSES,
    counts,
    indicator_header,
    plain,
    shares,
    text,
)
from sferum_core.reports.workbook import write_workbook
from sferum_core.waiting import WAITING, WHAT_TO_DO, acting, is_waiting, waiting_note, waiting_words
from sferum_core.wording import NO_DATA
from sferum_core.wording import organizations as organizations_counted

if TYPE_CHECKING:
    from sferum_core.norms import NormProfile
    from sferum_core.reports.ready import PartOfColumns

ANNEX_WORDS: dict[Status, str] = {
    Status.INACTIVE: "не активные",
    Status.BELOW_NORM: "ниже нормы",
    Status.TARGET_MISSED: "не достигли цели",
    Status.WITHIN_NORM: "в норме",
    Status.TARGET_MET: "достигли цели",
    Status.LEADER: "лидеры",
    Status.NO_NORM: "норма не задана",
    Status.NO_DATA: "нет данных",
}
NO_COUNTS = "в файле только доля"
_ACTIVE_BY = {"stated": "указано в файле платформы", "rule": "рассчитано по правилу профиля"}
_STRANGER_NOTE = "Тестовые организации, органы управления и служебные записи"


def _column(frame: pd.DataFrame, key: str) -> pd.Series:
    return frame[key] if key in frame.columns else pd.Series(pd.NA, index=frame.index, dtype="str")


def _municipality_shown(frame: pd.DataFrame) -> pd.Series:
    """One spelling for each municipality, the most frequent one."""
    return group_keys(frame).map(display_names(frame)).astype("str")


def _what_to_do(frame: pd.DataFrame) -> pd.Series:
    """The first step the documents give for the state of each organization."""
    firsts = []
    keys = [key for key in STEP_COLUMNS if key in frame.columns]
    for values in zip(frame["status"].tolist(), *(frame[key].tolist() for key in keys), strict=True):
        steps = next_steps(dict(zip(keys, values[1:], strict=True)), str(values[0]))
        firsts.append(steps[0].text if steps else "")
    return pd.Series(firsts, index=frame.index, dtype="str")


def with_words(assessed: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """The assessed table with the columns that only a workbook needs: shown names, reasons, first step.

    A file without names or types gets these columns all missing, so that every workbook can be made.
    """
    frame = assessed.reset_index(drop=True)
    frame = frame.assign(**{key: _column(frame, key) for key in ("organization", "organization_type")})
    frame["municipality_shown"] = _municipality_shown(frame)
    frame["group"] = [municipality_group(name) for name in frame["municipality_shown"]]
    frame["why_no_norm"], frame["why_no_target"] = _why_missing(frame, profile)
    frame["active_by_words"] = _column(frame, "active_by").map(_ACTIVE_BY)
    if "active" in frame.columns:
        frame["active_words"] = frame["active"].map({True: "активна", False: "не активна"})
    else:
        frame["active_words"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    frame["stranger"] = strangers(_column(frame, "organization").astype("str")) if len(frame) else ""
    frame[WAITING] = is_waiting(frame)
    frame["what_to_do"] = _what_to_do(frame).mask(frame[WAITING], WHAT_TO_DO)
    return frame


def _why_missing(frame: pd.DataFrame, profile: NormProfile) -> tuple[list[str], list[str]]:
    """Why the head counts missing to the norm and to the target are not there, a phrase for each row."""
    words: dict[str, tuple[str, str]] = {}
    types = type_column(frame)
    for kind in set(types):
        rule = profile.rule(Level.ORGANIZATION, kind or None, profile.main_indicator)
        if rule is None and not kind:
            words[kind] = "тип не определён", "тип не определён"
        else:
            words[kind] = (
                NO_DATA if rule and rule.low_percent is not None else NO_NORM,
                NO_DATA if rule and rule.target_percent is not None else NO_TARGET,
            )
    only_share = _column(frame, "share_source").eq("reported").fillna(False).tolist()

    def told(side: int) -> list[str]:
        said = [words[kind][side] for kind in types]
        return [
            NO_COUNTS if share and word == NO_DATA else word
            for word, share in zip(said, only_share, strict=True)
        ]

    return told(0), told(1)


def _identity(frame: pd.DataFrame) -> list[Column]:
    columns = []
    if "organization_id" in frame.columns:
        columns.append(plain("organization_id", "ID организации", "id", width=13, missing="ID не указан"))
    columns.append(text("organization", "Организация", 36, "название не указано"))
    return columns


def _verdict(main_indicator: str, frame: pd.DataFrame) -> list[Column]:
    to_norm = "Не хватает до нормы, чел."
    columns = [
        plain("status", "Статус", "status", width=15),
        plain("main_share", indicator_header(main_indicator), "share", width=16, bar=True),
        plain("missing_to_norm", to_norm, "count", width=12, missing_key="why_no_norm"),
    ]
    if "missing_to_target" in frame.columns:
        header = "Не хватает до цели, чел."
        columns.append(plain("missing_to_target", header, "count", width=12, missing_key="why_no_target"))
    return columns


def by_municipality(frame: pd.DataFrame, statuses: Sequence[Status]) -> pd.DataFrame:
    """A row a municipality with a count for each status, in the order of the letter."""
    keys = ["group", "municipality_shown"]
    if frame.empty:
        return pd.DataFrame(columns=[*keys, "total", *[status.value for status in statuses]])
    table = pd.crosstab([frame["group"], frame["municipality_shown"]], frame["status"])
    table = table.reindex(columns=[status.value for status in statuses], fill_value=0)
    totals = frame.groupby(keys).size()
    table.insert(0, "total", totals)
    return letter_order(table.reset_index())


def letter_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Городские округа first, then districts, alphabetically inside (000, the annexes)."""
    order = {group: place for place, group in enumerate(GROUP_ORDER)}
    keys = pd.DataFrame(
        {
            "group": frame["group"].map(order).fillna(len(order)),
            "name": frame["municipality_shown"].str.casefold().str.replace("ё", "е"),
            "organization": frame["organization"].str.casefold() if "organization" in frame.columns else "",
        },
        index=frame.index,
    )
    return frame.loc[keys.sort_values(["group", "name", "organization"], kind="stable").index]


def summary_columns(statuses: Sequence[Status], total_header: str) -> list[Column]:
    """Columns of a sheet that `by_municipality` fills."""
    columns = [
        text("municipality_shown", "Муниципалитет", 36),
        text("group", "Группа", 30),
        plain("total", total_header, "count", width=14),
    ]
    return columns + [plain(status.value, f"«{status.label}», ед.", "count", width=14) for status in statuses]


def organizations_workbook(assessed: pd.DataFrame, profile: NormProfile, meta: ReportMeta) -> bytes:
    """Every organization shown on the page, in the page's order, and the counts by municipality."""
    return organizations_from_words(with_words(assessed, profile), profile, meta)


def _municipalities(frame: pd.DataFrame) -> Sheet:
    used = [status for status in Status if (frame["status"] == status.value).any()]
    return Sheet(
        "municipalities",
        "По муниципалитетам",
        "Статусы организаций по муниципалитетам",
        summary_columns(used, "Организаций всего, ед."),
        by_municipality(frame, used),
    )


def organizations_from_words(
    frame: pd.DataFrame,
    profile: NormProfile,
    meta: ReportMeta,
    *,
    one_municipality: bool = False,
    ready: PartOfColumns | None = None,
) -> bytes:
    """The same from a table that `with_words` made, whole or a part of it.

    A book of `one_municipality` has no sheet that compares municipalities. `ready` has the frame's rows made ready.
    """
    identity = _identity(frame)
    who = [
        *identity,
        text("organization_type", "Тип", 12, "тип не определён"),
        text("municipality_shown", "Муниципалитет", 26),
    ]
    frozen = len(identity)
    verdict = [
        *who,
        *_verdict(profile.main_indicator, frame),
        *counts(frame, ["teachers_registered"]),
        text("active_words", "Активность", 14, "активность неизвестна"),
        text("active_by_words", "Откуда известна активность", 18, "активность неизвестна"),
        *_stranger_column(frame),
        *_waiting_column(frame),
        text("what_to_do", "Что делать", 46, "действий не требуется"),
    ]
    frame = frame.assign(waiting_words=_waiting_cells(frame))
    count_keys = [key for key in COUNT_HEADERS if not key.startswith("organizations")]
    share_columns = shares(frame, without="")
    region = f": {meta.region}" if meta.region else ""
    sheets = [
        Sheet(
            "organizations",
            "Организации",
            f"Организации{region}",
            verdict,
            frame,
            frozen_columns=frozen,
            ready=ready,
        ),
        *([] if one_municipality else [_municipalities(frame)]),
        Sheet(
            "counts",
            "Числа",
            f"Организации, числа по показателям{region}",
            [*who, *counts(frame, count_keys)],
            frame,
            frozen_columns=frozen,
            ready=ready,
        ),
        Sheet(
            "shares",
            "Доли",
            f"Организации, доли по показателям{region}",
            [*who, *share_columns],
            frame,
            note="Доли считаются по неокруглённым числам. Значение больше 100 % показано как есть: активных "
            "больше, чем зарегистрированных.",
            frozen_columns=frozen,
            ready=ready,
        ),
    ]
    return write_workbook(Book(meta, sheets, STATUSES, [*_stranger_notes(frame), *waiting_notes(frame)]))


def _waiting_cells(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=frame.index, dtype="str").mask(is_waiting(frame), "ждёт деактивации")


def _waiting_column(frame: pd.DataFrame) -> list[Column]:
    """The column «Отметка», where one organization at least waits for deactivation."""
    return [text("waiting_words", "Отметка", 18, "нет")] if is_waiting(frame).any() else []


def waiting_notes(frame: pd.DataFrame) -> list[str]:
    """A sentence about those that wait; nothing when nobody does."""
    count = int(is_waiting(frame).sum())
    return [waiting_note(count)] if count else []


def _stranger_column(frame: pd.DataFrame) -> list[Column]:
    """The column «Особая запись», where there is one such entry at least."""
    if not (frame["stranger"].fillna("") != "").any():
        return []
    return [text("stranger", "Особая запись", 14, "нет")]


def _stranger_notes(frame: pd.DataFrame) -> list[str]:
    found = int((frame["stranger"].fillna("") != "").sum())
    if not found:
        return []
    return [f"{_STRANGER_NOTE} отмечены в столбце «Особая запись»: {organizations_counted(found)}."]


def annex_title(organization_type: OrganizationType | None, which: Sequence[Status | str]) -> str:
    """«ДОО не активные»."""
    words = " и ".join(ANNEX_WORDS[Status(status)] for status in which)
    return f"{organization_type or 'Организации'} {words}"


def annex_workbook(
    assessed: pd.DataFrame,
    profile: NormProfile,
    meta: ReportMeta,
    organization_type: OrganizationType | None = OrganizationType.PRESCHOOL,
    which: Sequence[Status | str] = (Status.INACTIVE,),
    *,
    number: int = 1,
    without_strangers: bool = False,
) -> bytes:
    """«Приложение 1. ДОО не активные»: organizations of one type with the statuses asked for (000).

    Grouped as the letter groups them: городские округа, then districts, alphabetically. With
    `without_strangers` test organizations, offices and service accounts stay out, and a note says how many
    and which.
    """
    return annex_from_words(
        with_words(assessed, profile),
        profile,
        meta,
        organization_type,
        which,
        number=number,
        without_strangers=without_strangers,
    )


def annex_from_words(
    frame: pd.DataFrame,
    profile: NormProfile,
    meta: ReportMeta,
    organization_type: OrganizationType | None,
    which: Sequence[Status | str],
    *,
    number: int = 1,
    without_strangers: bool = False,
) -> bytes:
    """The same annex from a table that `with_words` made, whole or a part of it."""
    statuses = [Status(status) for status in which]
    if organization_type is not None:
        frame = frame[_column(frame, "organization_type") == str(organization_type)]
    of_type = frame
    frame = frame[frame["status"].isin([status.value for status in statuses])]
    notes = []
    is_stranger = frame["stranger"].fillna("") != ""
    if without_strangers:
        names = "; ".join(frame.loc[is_stranger, "organization"].fillna("название не указано"))
        if is_stranger.any():
            left_out = organizations_counted(int(is_stranger.sum()))
            notes.append(f"{_STRANGER_NOTE} не вошли по выбору пользователя: {left_out}: {names}.")
        frame = frame[~is_stranger]
    else:
        notes += _stranger_notes(frame)
    waits = letter_order(frame[is_waiting(frame)])
    if len(waits):
        notes.append(
            f"{waiting_words(len(waits))}: в список тех, кому нужно действовать, не вошли, стоят на листе "
            "«Ждут деактивации». В числе организаций этого типа они есть."
        )
    frame = letter_order(acting(frame))
    title = f"Приложение {number}. {annex_title(organization_type, statuses)}"
    summary = _with_waiting(by_municipality(frame, statuses), by_municipality(waits, statuses))
    sizes = of_type.groupby("municipality_shown").size()
    summary["of_type"] = summary["municipality_shown"].map(sizes).astype("Int64")
    listing = [
        text("municipality_shown", "Муниципалитет", 24),
        *_identity(frame),
        *_verdict(profile.main_indicator, frame),
        *counts(frame, ["teachers_registered"]),
        *_stranger_column(frame),
        text("what_to_do", "Что делать", 46, "действий не требуется"),
    ]
    empty = f"Строк нет: организаций «{annex_title(organization_type, statuses)}» за этот период не найдено."
    columns = summary_columns(statuses, "В приложении, ед.")
    if len(statuses) == 1:
        columns = columns[:3]
    if len(waits):
        columns.append(plain("waits", "Ждут деактивации, не в списке, ед.", "count", width=18))
    columns.append(plain("of_type", "Организаций этого типа всего, ед.", "count", width=18))
    sheets = [
        Sheet("summary", "Свод", f"{title}: свод по муниципалитетам", columns, summary, empty=empty),
        Sheet("list", "Список", f"{title}: список организаций", listing, frame, empty=empty),
    ]
    if len(waits):
        sheets.append(Sheet("waiting", "Ждут деактивации", f"{title}: ждут деактивации", listing, waits))
    return write_workbook(Book(meta, sheets, STATUSES, notes))


def _with_waiting(listed: pd.DataFrame, waits: pd.DataFrame) -> pd.DataFrame:
    """The counts by municipality with those that wait beside them, also where nobody else is listed."""
    sizes = dict(zip(waits["municipality_shown"], waits["total"], strict=True))
    more = waits[~waits["municipality_shown"].isin(listed["municipality_shown"])]
    figures = [name for name in more.columns if name not in ("group", "municipality_shown")]
    if len(more):
        listed = letter_order(
            pd.concat([listed, more.assign(**dict.fromkeys(figures, 0))], ignore_index=True)
        )
    return listed.assign(waits=listed["municipality_shown"].map(sizes).fillna(0).astype("int64"))
