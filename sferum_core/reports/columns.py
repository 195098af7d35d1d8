"""Headers, kinds and words for missing values of the columns that reports share, declared as data."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.reading.fields import FIELDS
from sferum_core.reports.book import Column, Kind

NO_NORM = "норма не задана"
NO_TARGET = "цель не задана"

COUNT_HEADERS: dict[str, str] = {
    "organizations": "Организаций, ед.",
    "organizations_without_data": "Организаций без данных, ед.",
    "admins_registered": "Администраторов зарегистрировано, чел.",
    "teachers_total": "Педагогов всего, чел.",
    "teachers_registered": "Педагогов зарегистрировано, чел.",
    "teachers_active": "Активных педагогов, чел.",
    "teachers_linked": "Педагогов, связавших аккаунт с ЭЖД, чел.",
    "teachers_created_chat": "Педагогов, создавших хотя бы один чат, чел.",
    "teachers_3_messages": "Педагогов, написавших не менее 3 сообщений, чел.",
    "teachers_10_messages": "Педагогов, написавших не менее 10 сообщений, чел.",
    "teachers_1_call": "Педагогов, совершивших хотя бы 1 звонок, чел.",
    "teachers_3_calls": "Педагогов, совершивших не менее 3 звонков, чел.",
    "students_total": "Обучающихся всего, чел.",
    "students_registered": "Обучающихся зарегистрировано, чел.",
    "students_linked": "Обучающихся, связавших аккаунт с ЭЖД, чел.",
    "students_active": "Активных обучающихся, чел.",
    "parents_registered": "Родителей зарегистрировано, чел.",
    "parents_active": "Активных родителей, чел.",
}

SHARE_HEADERS: dict[str, str] = {
    "teachers_registered": "Доля зарегистрированных педагогов, %",
    "students_registered": "Доля зарегистрированных обучающихся, %",
    "teachers_active": "Активные педагоги, %",
    "students_active": "Активные обучающиеся, %",
    "parents_active": "Активные родители, %",
    "teachers_linked": "Педагоги, связавшие аккаунт с ЭЖД, %",
    "students_linked": "Обучающиеся, связавшие аккаунт с ЭЖД, %",
    "users_linked": "Педагоги и обучающиеся, связавшие аккаунт с ЭЖД, %",
    "teachers_created_chat": "Педагоги, создавшие хотя бы один чат, %",
    "teachers_3_messages": "Педагоги, написавшие не менее 3 сообщений, %",
    "teachers_10_messages": "Педагоги, написавшие не менее 10 сообщений, %",
    "teachers_1_call": "Педагоги, совершившие хотя бы 1 звонок, %",
    "teachers_3_calls": "Педагоги, совершившие не менее 3 звонков, %",
    "organizations_active": "Активные организации, %",
}

STATUS_COUNT_HEADERS: dict[Status, str] = {status: f"«{status.label}», орг." for status in Status}

STATUS_MEANINGS: dict[Status, str] = {
    Status.INACTIVE: "Организация не активна: так указано в файле платформы, а если не указано, так следует "
    "из правила активности в профиле норм.",
    Status.BELOW_NORM: "Доля по главному показателю меньше нижней границы нормы.",
    Status.TARGET_MISSED: "Нормы нет, есть цель; доля до неё не дошла.",
    Status.WITHIN_NORM: "Доля в границах нормы, обе границы включены.",
    Status.TARGET_MET: "Доля достигла цели профиля.",
    Status.LEADER: "Доля выше отметки лидера.",
    Status.NO_NORM: "Для этого типа организаций в профиле нет нормы; это не оценка.",
    Status.NO_DATA: "Оценить нельзя: нет числителя, знаменателя или типа организации либо знаменатель "
    "равен нулю.",
}

STATUSES: tuple[tuple[Status, str], ...] = tuple(STATUS_MEANINGS.items())


def indicator_header(indicator: str) -> str:
    """Header of the share of an indicator."""
    return SHARE_HEADERS.get(indicator, f"Доля по показателю {indicator}, %")


def text(key: str, header: str, width: float | None = None, missing: str = "не указано") -> Column:
    """A column of words."""
    return Column(key, header, "text", width, missing)


def plain(key: str, header: str, kind: Kind, **options: object) -> Column:
    """A column of any other kind."""
    return Column(key, header, kind, **options)  # type: ignore[arg-type]


def counts(frame: pd.DataFrame, keys: Sequence[str]) -> list[Column]:
    """Columns of counts that the frame has, in the order of `keys`."""
    return [Column(key, COUNT_HEADERS[key], "count", 14) for key in keys if key in frame.columns]


def shares(frame: pd.DataFrame, without: str) -> list[Column]:
    """Every `share_<indicator>` of the frame but the main one, which has a column of its own."""
    wanted = [f"share_{code}" for code in SHARE_HEADERS if code != without]
    present = [key for key in wanted if key in frame.columns]
    return [Column(key, indicator_header(key.removeprefix("share_")), "share", 14) for key in present]


def field_title(code: object) -> object:
    """The Russian name of a field or a share, what isn't one as it is (a header of the file, a missing value)."""
    if not isinstance(code, str):
        return code
    if code in FIELDS:
        return FIELDS[code].title
    share = code.removeprefix("share_")
    return INDICATORS[share].name if share in INDICATORS else _OTHER_TITLES.get(code, code)


_OTHER_TITLES = {
    "share_registered": "Доля зарегистрированных",
    "share_active": "Доля активных",
    "main_share": "Доля по главному показателю",
}
