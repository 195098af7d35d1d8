"""Letters of an office: made as data, written as docx and as plain text."""

from sferum_core.reports.letters.chat import chat_text
from sferum_core.reports.letters.docx import annex_docx, letter_docx
from sferum_core.reports.letters.fields import FIELD_TITLES, LetterFields
from sferum_core.reports.letters.office import Annexes, addressed, municipality_letter, region_letter
from sferum_core.reports.letters.parts import Letter, plain_text
from sferum_core.reports.letters.reminder import reminder_letter, reminder_text
from sferum_core.reports.letters.school import NEEDS_LETTER, SchoolLetters

__all__ = [
    "FIELD_TITLES",
    "NEEDS_LETTER",
    "Annexes",
    "Letter",
    "LetterFields",
    "SchoolLetters",
    "addressed",
    "annex_docx",
    "chat_text",
    "letter_docx",
    "municipality_letter",
    "plain_text",
    "region_letter",
    "reminder_letter",
    "reminder_text",
]
