"""The meaning of one header: which field its words name, how surely, and why not when they don't."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sferum_core.reading.disqualifiers import DISQUALIFIERS
from sferum_core.reading.fields import DENOMINATORS, FIELDS
from sferum_core.reading.labels import IGNORED_FIELDS, TEXT_HEADERS
from sferum_core.reading.lesson_headers import lesson_field
from sferum_core.reading.thresholds import NOT_LESS, NOT_THRESHOLDS, THRESHOLD_FIELDS, threshold_of
from sferum_core.reading.wording import (
    ACTIONS,
    COUNT,
    ROLES,
    SHARE,
    header_text,
)

_EXCEPTED = re.compile(
    r"\((?:[^()]*\b)?(?:кроме|без учета|без (?:внешних |внутренних )?совмест|не учитыва|не считая|исключая)[^()]*\)|\b(?:кроме|без учета|не считая|исключая)\b.*$"
)
_FILLING = re.compile(
    r"в|во|на|с|со|из|по|и|их|том|числе|т|ч|ролью|роли|роль|сферум\w*|платформ\w*|икоп|данн\w+|педагогическ\w+|образоват\w*|о|человек|чел|коллектив\w*|состав\w*|персонал\w*"
)
_ON_PLATFORM = re.compile(r"\b(?:в|на) (?:сферум|платформ|мессендж|max\b|макс\b|икоп|vk\b|вк\b)")
# «Пользователей с ролью „Учитель“», «учебных профилей педагогов»: who has an account is registered.
_ACCOUNT = re.compile(r"\bпользовател|\bаккаунт|\bпрофил|\bучетн\w+ запис|\busers?\b|\baccounts?\b")
# «Доля ОО, где 10 педагогов …»: organizations are counted, not the people named after.
_ORGANIZATION_HEAD = re.compile(
    r"(?:^|/ )(?:(?:количество|число|доля|процент|%)\W+)+(?:\w+(?:ых|их)\W+)?(?:организаци\w*|школ|оо|доо|доу|оу|учреждени\w*|муниципалитетов|мо)\W+(?:где|с|со|в котор|у котор|котор|имеющ)"
)
# An account of VK or MAX is not yet one of Sferum.
_ELSEWHERE = re.compile(r"\bvk\b|\bвк\b|\bвконтакте\b|\bmax\b|\bмакс\b")
_IN_A_WEEK = re.compile(r"\bза (?:\w+ )?(?:недел|7 дн|период)|\bна этой неделе")
# What a share is taken of: «% от зарегистрированных», «от общего числа педагогов».
_OF_WHAT = re.compile(
    r"\bот (?:общ\w+ |списочн\w+ |штатн\w+ |числ\w+ |количеств\w+ |всех )*(?:числ|количеств|численност|штат|зарег|всех|педагог|учител|сотрудник|обучающ|ученик)\w*[^/,;()]*"
)
_ASIDE = re.compile(r"\([^()]*\)")
_INDEX = re.compile(r"^(?:индекс|показатель|коэффициент|степень) (?:\w+ )?(?:актив|вовлечен)")
_NOT_PER_PERSON = re.compile(
    r"длительн|продолжительн|участник|минут|\bчас|символ|получен|принят|входящ|прочитан|\bсредн"
)
_STAFF = re.compile(r"\bштат|\bсписочн|\bсписку|\bчисленност|\bоо-1\b|\b85-к\b|\bфсн\b")
_BARE_TOTAL = re.compile(r"(?:всего|итого|общее|общ|количество|число|чел|человек|\W|\()+")
_UNTIL_NOW = re.compile(
    r"\bнараста|\bнакопит|\bза вс[её] время|\bза весь период|\ball time\b|\btotal\b.*\bever\b"
)
_INTO_COMMUNITY = re.compile(r"\b(?:в|к) сообществ")
_COMMUNITY = re.compile(r"(?:в |из |к )?сообществ\w*(?: (?:организац|школ|оо)\w*)?")


@dataclass(frozen=True)
class Reading:
    """What a header says: `field` (or None with a `reason`), how surely, and the parts it was told by."""

    field: str | None
    confidence: float
    reason: str = ""
    role: str | None = None
    action: str | None = None
    is_share: bool = False
    threshold: int | None = None
    role_is_guess: bool = False


UNREAD = Reading(None, 0.0, "слова заголовка не подходят ни к одному показателю")


_PERSON = r"(?:учител|педагог|сотрудник|воспитател|ученик|учениц|обучающ|учащ|дет|школьник|родител|пользовател|законн|админ|руковод)"
_SIDE_BY_SIDE = re.compile(rf"\b{_PERSON}\w*(?: \w+)?\s*(?:,|и|или|/|\+|&)\s*(?:\w+ )?{_PERSON}")


def _role(text: str) -> str | None:
    places = {
        role: match.start()
        for role in ("teacher", "student", "parent")
        if (match := ROLES[role].search(text))
    }
    if len(places) > 1:
        # «связавших … с учениками», «родителей обучающихся»: the first is counted; subjects side by side all are
        order = sorted(places, key=lambda role: places[role])
        if _SIDE_BY_SIDE.search(text):
            return "both" if set(order) == {"teacher", "student"} else "several"
        return order[0]
    if places:
        role = next(iter(places))
        return "several" if ROLES["user"].search(text) and _SIDE_BY_SIDE.search(text) else role
    return next((role for role in ("admin", "user", "organization") if ROLES[role].search(text)), None)


def _community_role(text: str) -> str | None:
    """Who is counted where only the community is named: «вступили в сообщество» are people, «сообществ» are not."""
    return None if _INTO_COMMUNITY.search(text) and _action(text) else _role(text)


def _text_field(text: str) -> Reading | None:
    for field, confidence, pattern in TEXT_HEADERS:
        if pattern.search(text):
            if field in IGNORED_FIELDS:
                return Reading(field, confidence, IGNORED_FIELDS[field])
            return Reading(field, confidence)
    return None


def _count_field(role: str, action: str, threshold: int | None) -> str | None:
    prefix = {"teacher": "teachers", "student": "students", "parent": "parents", "admin": "admins"}.get(role)
    if prefix is None:
        return None
    if action in ("messages", "calls"):
        code = f"{prefix}_{THRESHOLD_FIELDS.get((action, threshold or 0))}"
    else:
        code = f"{prefix}_{action}"
    return code if code in FIELDS else None


def _share_field(role: str | None, field: str | None, action: str | None) -> str | None:
    if role == "both" and action == "linked":
        return "reported_share_users_linked"
    return f"reported_share_{field}" if field in DENOMINATORS else None


def _path_action(texts: tuple[str, ...], is_share: bool) -> str | None:
    """The innermost part that names an action decides; «всего» under a group counts what the group does.

    In a share «от штата» names what it is taken of.
    """
    found = [(text, action) for text in reversed(texts) if (action := _action(text))]
    if not found:
        return None
    text, action = found[0]
    if action == "total" and (is_share or _BARE_TOTAL.fullmatch(text)):
        return next((other for _, other in found if other != "total"), action)
    return action


def _action(text: str) -> str | None:
    found = [action for action, pattern in ACTIONS.items() if pattern.search(text)]
    if ("calls" in found and "messages" in found) or re.search(r"чат\w*\W+и\W+(?:на)?писа", text):
        return "mixed"
    # «10 сообщений в чаты» is about messages, «всего зарегистрировано» about registration
    if found in ([], ["total"]) and _ON_PLATFORM.search(text):
        return "registered"
    return found[0] if found else None


_ACTIVE_OR_NOT = re.compile(
    r"\bактивн\w*\W+(?:или\W+)?не\W?активн|\bне\W?активн\w*\W+(?:или\W+)?активн|^признак активн|\bактивн.*\bда\W+нет\b"
)
_NOT_PEOPLE = re.compile(r"\bчат|\bканал|\bкласс|\bгрупп|\bбот")
_CODE_HEADERS = {
    "registered": "teachers_registered",
    "active": "teachers_active",
    "share percent": "reported_share_teachers_active",
    "published registered percent": "reported_share_teachers_registered",
    "published active percent": "reported_share_teachers_active",
    "active teachers percent": "reported_share_teachers_active",
}


def read_header(header: str) -> Reading:
    """The meaning of one header by its wording alone."""
    return read_path((header,))


@lru_cache(maxsize=20_000)
def read_path(parts: tuple[str, ...]) -> Reading:
    """The meaning of a header of several rows, outermost group first: the innermost words decide."""
    parts = tuple(part for part in parts if part.strip())
    if not parts:
        return Reading(None, 0.0, "заголовка нет")
    code = parts[-1].strip().lower()
    if code in FIELDS:
        return Reading(code, 1.0, is_share=code.startswith("reported_share_"))
    texts = tuple(header_text(part) for part in parts)
    if texts[-1] in _CODE_HEADERS:
        return Reading(_CODE_HEADERS[texts[-1]], 0.9, is_share="percent" in texts[-1], role="teacher")
    if lesson := lesson_field(texts):
        return Reading(lesson, 0.95, is_share=lesson.startswith("reported_share_"))
    whole = " / ".join(texts)
    texts = tuple(_EXCEPTED.sub(" ", text) for text in texts)
    whole = " / ".join(texts)
    if _ACTIVE_OR_NOT.search(texts[-1]) and _role(whole) in (None, "organization"):
        return Reading("is_active", 0.95)
    cleaned = NOT_LESS.sub("≥", NOT_THRESHOLDS.sub(" ", whole))
    for reason, pattern in DISQUALIFIERS:
        if pattern.search(cleaned):
            return Reading(None, 0.0, reason)
    own = texts[-1]
    is_share = bool(SHARE.search(own)) or (bool(SHARE.search(whole)) and not COUNT.search(own))
    is_count = bool(COUNT.search(own))
    if _INDEX.search(own):
        return Reading(None, 0.0, "посчитаны не люди")
    action = _path_action(tuple(_OF_WHAT.sub(" ", text) for text in texts) if is_share else texts, is_share)
    if (
        not is_count
        and not is_share
        and (reading := _text_field(own))
        and not (reading.field in ("period", "date") and len(texts) > 1 and action)
    ):
        return reading
    if _UNTIL_NOW.search(whole) and action in ("messages", "calls", "active"):
        return Reading(None, 0.0, "другой период", action=action)
    if _ORGANIZATION_HEAD.search(whole):
        return Reading(None, 0.0, "посчитаны организации, а не люди", role="organization")
    roles = [_role(_COMMUNITY.sub(" ", text)) or _community_role(text) for text in reversed(texts)]
    person = next((role for role in roles if role not in (None, "user", "organization")), None)
    role = roles[0] if roles[0] == "organization" else person or next((role for role in roles if role), None)
    if action == "mixed":
        return Reading(None, 0.0, "в заголовке несколько действий сразу", role=role)
    if role == "several":
        return Reading(None, 0.0, "в заголовке несколько ролей сразу", role=role, action=action)
    return _indicator(whole, role, action, is_share, is_count)


def _indicator(text: str, role: str | None, action: str | None, is_share: bool, is_count: bool) -> Reading:
    threshold = None
    confidence = 0.96
    if action in ("messages", "calls"):
        threshold, loose, unclear = threshold_of(text, action)
        if unclear:
            return Reading(None, 0.0, "в заголовке несколько порогов", role=role, action=action)
        if threshold is None:
            per_person = (
                not is_share
                and not _NOT_PER_PERSON.search(text)
                and role in (None, "teacher", "user")
                and not re.search(
                    r"написавш|писавш|писал|соверш(?:ивш|ил)|участвов|учител|педагог|сотрудник", text
                )
            )
            if per_person:
                return Reading(action, 0.93, action=action)
            if re.search(r"пишущ", text):
                action = "active"
            else:
                return Reading(
                    None, 0.0, "порог в заголовке не назван", role=role, action=action, is_share=is_share
                )
        elif (action, threshold) not in THRESHOLD_FIELDS and ACTIONS["active"].search(_ASIDE.sub(" ", text)):
            # «Активных педагогов (хотя бы 1 сообщение)»: the file says what it takes for active
            action, threshold, confidence = "active", None, 0.85
        elif (action, threshold) not in THRESHOLD_FIELDS:
            return Reading(
                None,
                0.0,
                f"порог {threshold} не входит в показатели",
                role=role,
                action=action,
                is_share=is_share,
                threshold=threshold,
            )
        if loose:
            confidence = 0.6
    if action == "created_chat" and re.search(
        r"\b(?:[2-9]|\d\d+)\b|\bдв[ае]\b|\bтри\b|\bтрех\b|\bдвух\b|\bпять\b|\bпяти\b",
        NOT_THRESHOLDS.sub(" ", text),
    ):
        return Reading(None, 0.0, "порог по чатам не входит в показатели", role=role, action=action)
    if role == "organization" or (role is None and re.search(r"\bмо\b", text)):
        return _organizations_field(text, action, is_share)
    if role == "both":
        field = _share_field(role, None, action) if is_share else None
        return Reading(
            field,
            0.93 if field else 0.0,
            "" if field else "педагоги и обучающиеся вместе",
            role=role,
            action=action,
            is_share=is_share,
        )
    guess = role in (None, "user")
    if guess:
        if action == "active" and _NOT_PEOPLE.search(text):
            return Reading(None, 0.0, "посчитаны не люди")
        if action is None and not is_share:
            return UNREAD
        confidence = min(confidence, 0.72 if role == "user" else 0.7)
    actual_role = "teacher" if guess else role
    assert actual_role is not None
    if action is None and role in ("teacher", "student", "parent") and _ACCOUNT.search(text):
        action = "registered"
    if guess and action == "total" and not _STAFF.search(text):
        return Reading(None, 0.0, "не сказано, кто посчитан", role=role, action=action)
    if action is None:
        if is_share and role in (None, "user"):
            return Reading(None, 0.0, "доля чего – не сказано", is_share=True)
        if role == "admin":
            return Reading("admins_registered", 0.93, role=role)
        if not is_share and _left_over(text):
            return Reading(None, 0.0, "часть слов заголовка непонятна", role=role)
        return Reading(None, 0.0, "не сказано, что именно посчитано", role=role, is_share=is_share)
    if actual_role == "admin" and action == "total":
        action = "registered"
    field = _count_field(actual_role, action, threshold)
    if is_share:
        field = _share_field(actual_role, field, action)
    if field is None:
        return Reading(
            None,
            0.0,
            "такого показателя нет в перечне",
            role=role,
            action=action,
            is_share=is_share,
            threshold=threshold,
        )
    if action == "registered" and _ELSEWHERE.search(text) and not re.search(r"сферум|sferum", text):
        confidence = min(confidence, 0.6)
    reason = "роль не названа, приняты педагоги" if guess else ""
    if confidence == 0.6:
        reason = "«более» принято за «не менее»"
    if action == "registered" and _IN_A_WEEK.search(text):
        reason, confidence = "возможно, это только зарегистрированные за неделю", 0.6
    return Reading(field, confidence, reason, role, action, is_share, threshold, guess)


def unexplained(path: tuple[str, ...]) -> int:
    """How many words of a header are neither a role, an action nor a count's: they may change what is counted."""
    text = " ".join(map(header_text, path))
    known = (*ACTIONS.values(), SHARE)
    return sum(not any(pattern.search(word) for pattern in known) for word in _left_over(text))


def _left_over(text: str) -> list[str]:
    """Words beside the role that are neither a count's nor filling: they may change what is counted."""
    return [
        word
        for word in re.findall(r"[а-яa-z0-9]+", text)
        if not _FILLING.fullmatch(word)
        and not word.isdigit()
        and not COUNT.search(word)
        and not any(pattern.search(word) for pattern in ROLES.values())
    ]


def _organizations_field(text: str, action: str | None, is_share: bool) -> Reading:
    if is_share:
        return Reading(None, 0.0, "доля организаций, а не людей", role="organization", is_share=True)
    if action == "active":
        if re.fullmatch(r"активн\w+ мо", text):
            # 004: «Активные МО» are the active participants of the office's community
            return Reading(
                "teachers_active", 0.8, "так в таблице Орловской области", role="organization", action=action
            )
        return Reading("organizations_active", 0.93, role="organization", action=action)
    if action in (None, "registered", "total"):
        return Reading("organizations", 0.93, role="organization", action=action)
    return Reading(None, 0.0, "такого показателя нет в перечне", role="organization", action=action)


_PART_OF_THRESHOLD = re.compile(
    r"\d\s*\+|[≥⩾]|>=|\b(?:и|или) (?:более|больше)\b|\bне (?:менее|меньше)\b|\bминимум\b|\bхотя бы\b"
)


def is_header_like(text: str) -> bool:
    """Whether a cell's words could stand in a header: they name a field, a role, an action or a measure."""
    words = header_text(text)
    if not words or len(words) > 260:
        return False
    reading = read_header(text)
    if reading.field is not None:
        return True
    return bool(
        SHARE.search(words)
        or _PART_OF_THRESHOLD.search(words)
        or COUNT.search(words)
        or any(pattern.search(words) for pattern in ACTIONS.values())
        or (reading.role is not None and len(words) < 60)
        or any(pattern.search(words) for _, pattern in DISQUALIFIERS)
    )
