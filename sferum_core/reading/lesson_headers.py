"""Headers of the report «Дистанционные уроки» of «Сетевой Город» (000), of one row or of two."""

from __future__ import annotations

import re

from sferum_core.reading.wording import ROLES, SHARE

_LESSON = re.compile(r"\bурок|\bзаняти|\blessons?\b")
_DISTANCE = re.compile(r"\bдистан|\bонлайн|\bдот\b|\bdistance|\bremote|\bonline")
_PARTICIPANT = re.compile(r"\bучастник|\bparticipant")
_PLANNED = re.compile(r"\bплан|\bожида|\bназначен|\bplanned|\bexpected")
_ACTUAL = re.compile(r"\bфакт|\bприсоедин|\bпосети|\bучаствовал|\bactual")
_PER_PERSON = re.compile(r"\bзарег|\bактив|\bсоздавш|\bпров[ео]д[ия]вш|\bсредн|\bна одного")
_TOTAL = re.compile(r"\bвсего\b|\bобщее\b|\btotal\b|\bколичество\b|\bчисло\b|^(?:уроков|уроки|lessons)$")
_SCHOOL_YEAR = re.compile(r"^учебный год$|^school year$")


def lesson_field(texts: tuple[str, ...]) -> str | None:
    """The field of a header made ready by `header_text`, outermost group first; None for other headers."""
    own, whole = texts[-1], " / ".join(texts)
    if _SCHOOL_YEAR.search(own):
        return "school_year"
    if ROLES["teacher"].search(whole) or _PER_PERSON.search(whole):
        return None
    if _PARTICIPANT.search(whole):
        if _PLANNED.search(own):
            return "participants_planned"
        return "participants_actual" if _ACTUAL.search(own) else None
    if _DISTANCE.search(own) and (_LESSON.search(whole) or len(texts) > 1 or "из них" in own):
        return "reported_share_lessons_distance" if SHARE.search(own) else "lessons_distance"
    if not _LESSON.search(whole):
        return None
    if SHARE.search(own):
        return "reported_share_lessons_distance" if _DISTANCE.search(whole) else None
    if _DISTANCE.search(whole):
        return "lessons_distance"
    return "lessons_total" if _TOTAL.search(own) else None
