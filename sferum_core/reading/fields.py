"""The fields a column can be recognized as, and which of them make up the table of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sferum_core.model import ExportKind


class Content(StrEnum):
    """What the values of a field look like."""

    TEXT = "text"
    ID = "id"
    TYPE = "type"
    STATUS = "status"
    COUNT = "count"
    SHARE = "share"
    DATE = "date"
    FLAG = "flag"
    MOMENT = "moment"
    DURATION = "duration"


@dataclass(frozen=True)
class Field:
    """One field of a table: its code, its Russian name and what its values look like."""

    code: str
    title: str
    content: Content
    fills_down: bool = False  # may stand on the first row of its block only


_TEXT_FIELDS = (
    Field("organization_id", "ID организации", Content.ID),
    Field("organization", "Организация", Content.TEXT, fills_down=True),
    Field("organization_type", "Тип организации", Content.TYPE, fills_down=True),
    Field("municipality", "Муниципалитет", Content.TEXT, fills_down=True),
    Field("is_active", "Статус на платформе", Content.STATUS),
    Field("inn", "ИНН", Content.ID),
    Field("ogrn", "ОГРН", Content.ID),
    Field("address", "Адрес", Content.TEXT),
    Field("date", "Дата", Content.DATE, fills_down=True),
    Field("full_name", "ФИО", Content.TEXT),
    Field("role", "Тип пользователя", Content.TEXT),
    Field("linked", "Связь с ЭЖД", Content.FLAG),
    Field("messages", "Сообщений за 7 дней", Content.COUNT),
    Field("calls", "Звонков за 7 дней", Content.COUNT),
    Field("organizations", "Количество организаций", Content.COUNT),
    Field("organizations_active", "Активных организаций", Content.COUNT),
)

_LESSON_FIELDS = (
    Field("school_year", "Учебный год", Content.TEXT, fills_down=True),
    Field("children", "Количество детей", Content.COUNT),
    Field("lessons_total", "Уроков всего", Content.COUNT),
    Field("lessons_distance", "Из них дистанционных уроков", Content.COUNT),
    Field("reported_share_lessons_distance", "Доля дистанционных уроков из файла", Content.SHARE),
    Field("participants_planned", "Участников дистанционных уроков по плану", Content.COUNT),
    Field("participants_actual", "Участников дистанционных уроков фактически", Content.COUNT),
)
_CALL_FIELDS = (
    Field("call_id", "Номер звонка", Content.ID, fills_down=True),
    Field("participant_id", "ID или почта участника", Content.ID),
    Field("joined_at", "Время входа", Content.MOMENT),
    Field("left_at", "Время выхода", Content.MOMENT),
    Field("duration_seconds", "Длительность участия", Content.DURATION),
)

COUNT_TITLES = {
    "admins_registered": "Администраторов зарегистрировано",
    "teachers_total": "Педагогов по списку (численность)",
    "teachers_registered": "Педагогов зарегистрировано",
    "teachers_active": "Педагогов активных",
    "teachers_linked": "Педагогов связано с ЭЖД",
    "teachers_created_chat": "Педагогов, создавших чат",
    "teachers_3_messages": "Педагогов, написавших 3 сообщения и более",
    "teachers_10_messages": "Педагогов, написавших 10 сообщений и более",
    "teachers_1_call": "Педагогов, совершивших 1 звонок и более",
    "teachers_3_calls": "Педагогов, совершивших 3 звонка и более",
    "students_total": "Обучающихся по списку (численность)",
    "students_registered": "Обучающихся зарегистрировано",
    "students_linked": "Обучающихся связано с ЭЖД",
    "students_active": "Обучающихся активных",
    "parents_registered": "Родителей зарегистрировано",
    "parents_active": "Родителей активных",
}

# Which count a share is taken of (domain.md, «Indicators»).
DENOMINATORS = {
    "teachers_registered": "teachers_total",
    "teachers_active": "teachers_registered",
    "teachers_linked": "teachers_registered",
    "teachers_created_chat": "teachers_registered",
    "teachers_3_messages": "teachers_registered",
    "teachers_10_messages": "teachers_registered",
    "teachers_1_call": "teachers_registered",
    "teachers_3_calls": "teachers_registered",
    "students_registered": "students_total",
    "students_linked": "students_registered",
    "students_active": "students_registered",
    "parents_active": "parents_registered",
}

_COUNT_FIELDS = tuple(Field(code, title, Content.COUNT) for code, title in COUNT_TITLES.items())
_SHARE_FIELDS = (
    *tuple(
        Field(f"reported_share_{code}", f"{COUNT_TITLES[code]}, доля из файла", Content.SHARE)
        for code in DENOMINATORS
    ),
    Field(
        "reported_share_users_linked", "Связано с ЭЖД (педагоги и обучающиеся), доля из файла", Content.SHARE
    ),
    Field("reported_share_active", "Доля активных из файла", Content.SHARE),
    Field("reported_share_registered", "Доля зарегистрированных из файла", Content.SHARE),
)

FIELDS: dict[str, Field] = {
    f.code: f for f in (*_TEXT_FIELDS, *_COUNT_FIELDS, *_SHARE_FIELDS, *_LESSON_FIELDS, *_CALL_FIELDS)
}

_REPORTED = tuple(f.code for f in _SHARE_FIELDS[: len(DENOMINATORS) + 1])

# The contract's columns come first, in its order; what a file has beside them follows.
KIND_FIELDS: dict[ExportKind, tuple[str, ...]] = {
    ExportKind.ORGANIZATIONS: (
        "organization_id",
        "organization",
        "organization_type",
        "municipality",
        "is_active",
        *COUNT_TITLES,
        *_REPORTED,
        "inn",
        "ogrn",
        "address",
        "date",
    ),
    ExportKind.TEACHERS: (
        "date",
        "full_name",
        "role",
        "linked",
        "messages",
        "calls",
        "organization_id",
        "organization",
        "municipality",
        "organization_type",
    ),
    ExportKind.MUNICIPALITIES: (
        "municipality",
        "organizations",
        "teachers_registered",
        "teachers_active",
        "reported_share_active",
        "reported_share_registered",
        "organizations_active",
        *(code for code in COUNT_TITLES if code not in ("teachers_registered", "teachers_active")),
        *(
            code
            for code in _REPORTED
            if code not in ("reported_share_teachers_registered", "reported_share_teachers_active")
        ),
        "organization_type",
        "date",
    ),
    ExportKind.DOO_STAFF: (
        "municipality",
        "teachers_total",
        "teachers_registered",
        "teachers_active",
        "reported_share_registered",
        "reported_share_active",
        "organizations",
        "teachers_linked",
        "teachers_created_chat",
        "teachers_3_messages",
        "teachers_10_messages",
        "teachers_1_call",
        "teachers_3_calls",
        "reported_share_teachers_3_messages",
        "reported_share_teachers_10_messages",
    ),
    ExportKind.DISTANCE_LESSONS: (
        "organization_id",
        "organization",
        "organization_type",
        "municipality",
        "date",
        *(field.code for field in _LESSON_FIELDS),
    ),
    ExportKind.CALL_PARTICIPANTS: (
        "call_id",
        "participant_id",
        "full_name",
        "role",
        "joined_at",
        "left_at",
        "duration_seconds",
    ),
    ExportKind.REGISTRY: (
        "organization_id",
        "organization",
        "organization_type",
        "municipality",
        "inn",
        "ogrn",
        "address",
        "teachers_total",
        "students_total",
    ),
}

# Tables of municipalities name their two shares without the role.
SHORT_SHARES = {
    "reported_share_teachers_active": "reported_share_active",
    "reported_share_teachers_registered": "reported_share_registered",
}
LONG_SHARES = {short: long for long, short in SHORT_SHARES.items()}


def fields_of(kind: ExportKind) -> tuple[Field, ...]:
    """The fields a table of `kind` may have, in the order of its columns."""
    return tuple(FIELDS[code] for code in KIND_FIELDS.get(kind, tuple(FIELDS)))
