"""What the other columns of a table tell about a column: roles left out, bare percents, tables of people."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from sferum_core.reading.column import Column, said
from sferum_core.reading.fields import DENOMINATORS, FIELDS
from sferum_core.reading.guesses import content_guess
from sferum_core.reading.header_moments import moment_of
from sferum_core.reading.headers import read_path
from sferum_core.reading.values import numbers, parse_flag
from sferum_core.reading.wording import ROLES, header_text, plain


def by_person(columns: list[Column]) -> list[Column]:
    """In a table of people «связь с ЭЖД» and the like are about one person."""
    fields = {c.field for c in columns}
    if "full_name" not in fields and not ({"messages", "calls"} & fields and "role" in fields):
        return columns
    result = []
    for column in columns:
        counts = column.numeric > 0.5 and column.binary < 0.9
        flags = not counts and all(parse_flag(t) is not None for t in said(column.cells))
        if column.field in ("teachers_linked", "is_active") and flags and column.reading.action == "linked":
            column = replace(column, field="linked", confidence=0.93, reason="")
        elif (
            column.field is None
            and column.reading.role == "teacher"
            and not column.reading.action
            and column.numeric < 0.1
        ):
            column = replace(column, field="full_name" if "full_name" not in fields else None, confidence=0.8)
        result.append(column)
    return result


_ROLE_WORDS = {"teacher": "Педагоги", "student": "Обучающиеся", "parent": "Родители"}
_PART_OF = re.compile(r"^(?:из них|в том числе|из числа|среди них|в т\.? ?ч)\b")
_EVERYBODY = re.compile(
    r"\bвсего\b|\bитого\b|\bобщ(?:ее|ий)\b|\bпользовател|\bучастник|\ball\b|\btotal\b|\busers?\b"
)


def roles_of_neighbours(columns: list[Column]) -> list[Column]:
    """«Из них активных» is about those counted to the left; «всего» beside several roles is about them all."""
    named = {c.reading.role for c in columns if c.reading.role in _ROLE_WORDS}
    mixed_rows = _several_roles_below(columns)
    result: list[Column] = []
    for i, column in enumerate(columns):
        if column.reading.role_is_guess and column.field in FIELDS and column.numeric > 0.5:
            left = next(
                (c.reading.role for c in reversed(columns[:i]) if c.reading.role in _ROLE_WORDS), None
            )
            words = header_text(column.path[-1])
            if mixed_rows:
                column = replace(column, field=None, confidence=0.0, reason="в строках таблицы разные роли")
            elif left and _PART_OF.match(words):
                reading = read_path((_ROLE_WORDS[left], *column.path))
                column = replace(
                    column, reading=reading, field=reading.field, confidence=0.85 if reading.field else 0.0,
                    reason=reading.reason or f"роль взята у столбца слева («{_ROLE_WORDS[left].lower()}»)",
                )  # fmt: skip
            elif left in ("student", "parent") or (
                named & {"student", "parent"} and _EVERYBODY.search(" ".join(map(header_text, column.path)))
            ):
                column = replace(
                    column, field=None, confidence=0.0, reason="роль не названа, а в таблице их несколько"
                )
        result.append(column)
    return result


def _several_roles_below(columns: list[Column]) -> bool:
    """Whether a «Роль» column gives a row to each role, in a table that is not one of people."""
    column = next((c for c in columns if c.field == "role"), None)
    if column is None or any(c.field in ("full_name", "messages", "calls") for c in columns):
        return False
    stems = [stem for role, stem in ROLES.items() if role in _ROLE_WORDS or role == "admin"]
    words = [header_text(text) for text in said(column.cells)]
    return sum(any(stem.search(word) for word in words) for stem in stems) > 1


def _action_before(columns: list[Column], place: int) -> str | None:
    """What the column of everybody counts that the roles beside it split: «Всего активных | Учителя | Ученики»."""
    for column in reversed(columns[:place]):
        reading = column.reading
        if reading.role in _ROLE_WORDS and not reading.action and not reading.is_share:
            continue
        if reading.role == "user" and reading.action in (None, "total"):
            return "registered"
        return reading.action if reading.role in (None, "user") and not reading.is_share else None
    return None


def _is_plain_list(columns: list[Column], fields: set[str | None]) -> bool:
    """An office's own list: organizations with head counts, and not a word of the platform, its IDs or a week."""
    platform = {"organization_id", "date", "messages", "calls", "linked", "admins_registered"}
    return (
        "organization" in fields
        and not fields & platform
        and not any(c.reading.action or c.reading.is_share for c in columns)
    )


_IS_COUNT = re.compile(r"\bколичеств|\bчисло\b|\bвсего\b|\bcount\b")
# Children of kindergartens do not register (000): their number is the list's.
_PUPILS_OF_PRESCHOOL = re.compile(r"\bвоспитанни")


def bare_roles(columns: list[Column]) -> list[Column]:
    """«Педагоги» without a verb: the registered ones, or the staff list where registered ones stand beside."""
    fields = {c.field for c in columns}
    stated = "teachers_registered" in fields
    given: set[str] = set()
    result = []
    for place, column in enumerate(columns):
        role = column.reading.role
        prefix = {"teacher": "teachers", "student": "students", "parent": "parents"}.get(role or "")
        bare = column.field is None and prefix and not column.reading.action and not column.reading.is_share
        if bare and column.numeric > 0.5 and column.reason.startswith("не сказано"):
            registered, total = f"{prefix}_registered", f"{prefix}_total"
            plain_list, in_register = _is_plain_list(columns, fields), {"inn", "ogrn", "address"} & fields
            own_list = not {"is_active", "teachers_registered"} & fields and (bool(in_register) or plain_list)
            sure = bool(own_list and plain_list and in_register)
            before = _action_before(columns, place)
            counted = (
                not before
                and prefix == "students"
                and stated
                and _IS_COUNT.search(header_text(column.path[-1]))
            )
            own_list = (
                own_list
                or bool(counted)
                or (prefix == "students" and bool(_PUPILS_OF_PRESCHOOL.search(plain(column.header))))
            )
            field = (
                f"{prefix}_{before}" if before else total if registered in fields or own_list else registered
            )
            dated = moment_of(column.path) is not None and field in given
            if field in FIELDS and (field not in fields or dated):
                fields.add(field)
                given.add(field)
                word = FIELDS[field].title.lower()
                column = replace(
                    column,
                    field=field,
                    confidence=0.85 if sure and field == total else 0.7,
                    reason=f"в заголовке только роль, принято: {word}",
                )
        result.append(column)
    return result


def lesson_words(columns: list[Column]) -> list[Column]:
    """Words that only the lessons beside them explain: «Количество детей», «Дистанционных», «Доля» (000)."""
    fields = {c.field for c in columns}
    if not fields & {"lessons_total", "lessons_distance", "participants_planned"}:
        return columns
    result = list(columns)
    for i, column in enumerate(result):
        reading, words = column.reading, plain(column.path[-1]) if column.path else ""
        field = None
        if reading.role == "student" and not reading.action and not reading.is_share:
            field = "children" if column.field in (None, "students_registered", "students_total") else None
        elif column.field is None and "дистанц" in words and not reading.is_share:
            field = "lessons_distance"
        elif column.field is None and reading.is_share and not reading.role and not reading.action:
            left = result[i - 1].field if i else None
            field = (
                "reported_share_lessons_distance"
                if left == "lessons_distance" or "дистанц" in words
                else None
            )
        if field and field not in fields and column.numeric > 0.5:
            fields.add(field)
            result[i] = replace(column, field=field, confidence=0.9, reason="")
    return result


def _matches_share(numerator: Column, denominator: Column | None, share: Column) -> bool:
    if denominator is None:
        return False
    top, bottom, stated = (numbers(c.cells).values for c in (numerator, denominator, share))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(bottom > 0, top / bottom, np.nan)
    known = ~np.isnan(ratio) & ~np.isnan(stated)
    if not known.any():
        return False
    near = [np.mean(np.abs(ratio[known] * scale - stated[known]) < 0.006 * scale) for scale in (1, 100)]
    return max(near) > 0.8


def neighbour_shares(columns: list[Column]) -> list[Column]:
    """A bare «%» is the share of the count to its left; figures that agree make it sure."""
    by_field = {c.field: c for c in columns if c.field}
    result = list(columns)
    for i, column in enumerate(result):
        bare = (
            column.field is None
            and column.reading.is_share
            and not column.reading.action
            and column.reading.role in (None, "teacher", "student")
        )
        if not bare or column.numeric < 0.5:
            continue
        left = result[i - 1] if i else None
        if left is None or left.field not in DENOMINATORS or f"reported_share_{left.field}" in by_field:
            continue
        assert left.field
        sure = _matches_share(left, by_field.get(DENOMINATORS[left.field]), column)
        result[i] = replace(
            column,
            field=f"reported_share_{left.field}",
            confidence=0.9 if sure else 0.65,
            reason=f"доля столбца слева («{left.header}»)",
        )
    return result


def guessed_roles(columns: list[Column]) -> list[Column]:
    """«Активные» without a role stays surer where no other role is in the table, or the figures agree."""
    roles = {c.reading.role for c in columns if c.reading.role in ("student", "parent")}
    by_field = {c.field: c for c in columns if c.field}
    result = []
    for column in columns:
        if column.reading.role_is_guess and column.field:
            if not roles:
                column = replace(column, confidence=max(column.confidence, 0.8))
            base = (column.field or "").removeprefix("reported_share_")
            if (
                base != column.field
                and base in by_field
                and _matches_share(by_field[base], by_field.get(DENOMINATORS.get(base, "")), column)
            ):
                column = replace(column, confidence=0.93, reason="совпадает с числами таблицы")
        result.append(column)
    return result


def content_only(columns: list[Column]) -> list[Column]:
    """A column whose words say nothing may still hold what nothing else in the table holds."""
    fields = {c.field for c in columns if c.field}
    result = []
    for column in columns:
        unsaid = (
            column.field is None and not column.reason.startswith("content:") and not column.reading.action
        )
        if unsaid and column.filled:
            guess = content_guess(column.cells, fields)
            if guess:
                fields.add(guess)
                column = replace(column, field=guess, confidence=0.72, reason="узнано по содержимому столбца")
        result.append(column)
    return result
