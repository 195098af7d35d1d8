"""What stands in the place of each field of a template: taken from a letter and its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sferum_core.reports.letters.fields import SHORT
from sferum_core.reports.letters.parts import Block, Letter, Paragraph, Table
from sferum_core.reports.templates.catalogue import FIELDS, LISTS
from sferum_core.reports.workbook import clean_text

EMPTY_CONTEXT: Mapping[str, Any] = {
    **{field.name: "" for field in FIELDS},
    **{item.name: [] for item in LISTS},
}


def letter_context(letter: Letter) -> dict[str, Any]:
    """Every field of the catalogue for one letter: text and lists of text, without control characters."""
    fields = letter.fields
    position, name = letter.signature
    context: dict[str, Any] = {
        **EMPTY_CONTEXT,
        "отправитель": "\n".join(letter.sender),
        "номер": fields.word("number", SHORT),
        "дата": fields.word("date"),
        "ответ_номер": fields.word("reply_number", SHORT),
        "ответ_дата": fields.word("reply_date"),
        "должность": "\n".join(position),
        "подпись": name,
        "исполнитель": fields.word("executor"),
        "телефон": fields.word("phone"),
        "срок": fields.deadline_words,
        "прежний_номер": fields.word("earlier_number", SHORT),
        "прежняя_дата": fields.word("earlier_date"),
        "адресат": "\n".join(letter.addressee),
        "тема": letter.subject,
        "абзацы": list(_paragraphs(letter.body)),
        "приложения": list(letter.enclosures),
        **letter.facts,
    }
    return {key: _clean(value) for key, value in context.items()}


def _paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    """The letter's paragraphs; a table becomes a line a row, for a template's paragraphs hold no tables."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (f"– {first}: {'; '.join(rest)}" for first, *rest in block.rows)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return clean_text(str(value))
