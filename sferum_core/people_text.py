"""Names of people, phones and e-mails in text: finding them and taking them out."""

from __future__ import annotations

import re

HIDDEN = "[скрыто]"

_MAIL = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.\w+")
_PHONE = re.compile(
    r"(?<![\d.,])(?:\+7|8)?[\s(-]*\d{3,5}[\s)-]+\d{1,3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)|(?<!\d)(?:\+7|8)9\d{9}(?!\d)"
)
_PAPERS = re.compile(  # СНИЛС, паспорт
    r"(?<!\d)\d{3}-\d{3}-\d{3}[\s-]\d{2}(?!\d)|(?i:паспорт|снилс)\D{0,20}\d[\d\s№-]{7,14}\d"
)
_NAMED_AFTER = r"(?<!имени )(?<!им\. )(?<!им\.)"  # «школа им. А. С. Пушкина»
_FULL_NAME = re.compile(
    rf"{_NAMED_AFTER}\b[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|ич|вна|чна|шна|оглы|кызы)[а-я]{{0,2}}\b"
)
_INITIALS = re.compile(
    rf"{_NAMED_AFTER}\b[А-ЯЁ][а-яё]{{2,}}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.|{_NAMED_AFTER}\b[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]{{2,}}"
)
PEOPLE_HEADER = re.compile(
    r"фио|ф\.\s?и\.\s?о|фамил|отчеств|директор|руковод|заведующ|ответствен|исполнител|контакт|телефон|\bтел\b|\bмоб\b"
    r"|почт|e-?mail|\bимя\b|снилс|паспорт|рожд|куратор|координатор|администратор|представител|заполнил|заполнял|составил"
    r"|логин|login|никнейм|телеграм|telegram|\bvk\b|\bвк\b|скайп|skype|начальник|председател|секретар|специалист|методист|табельн"
    r"|\bпрожива|\bпол\b",
    re.IGNORECASE,
)
"""Words in the header of a column that holds people or how to reach them."""

_STATED_PERSON = re.compile(
    r"исполнител|ответствен|контактн|директор|руководител|заведующ|\bтел\b|подпис", re.IGNORECASE
)
# «Ёлкина Вера», «Ёлкина В. Т.», «Соснин-Пробов Пётр Пробович»: two or three words with capitals and nothing else.
_LIKE_A_NAME = re.compile(
    r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?:\s+[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?){1,2}|[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.(?:\s?[А-ЯЁ]\.)?"
)


def masked(text: str) -> str:
    """The text without e-mails, phones, numbers of papers and names of people."""
    for pattern in (_MAIL, _PAPERS, _PHONE, _FULL_NAME, _INITIALS):
        text = pattern.sub(HIDDEN, text)
    return text


def without_contacts(text: str) -> str:
    """The text without e-mails, phones and numbers of papers; names stay, for organizations bear names too."""
    return _PHONE.sub(HIDDEN, _PAPERS.sub(HIDDEN, _MAIL.sub(HIDDEN, text)))


def thing_without_people(text: str) -> str:
    """The name of an organization or an address without contacts; with «Исполнитель: …» without names, too."""
    return masked(text) if _STATED_PERSON.search(text) else without_contacts(text)


def may_be_a_name(text: str) -> bool:
    """Whether the whole text has the shape of a person's name; «Северный Округ» has it, too."""
    return _LIKE_A_NAME.fullmatch(text.strip()) is not None


def is_phone_number(value: float) -> bool:
    """Whether a number is a mobile phone of eleven digits, 79… or 89…."""
    return 79e9 <= value < 80e9 or 89e9 <= value < 90e9
