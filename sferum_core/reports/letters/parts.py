"""A letter as data: what stands in its head, its body, what is enclosed, who signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sferum_core.reports.letters.fields import LONG, MIDDLE, SHORT, LetterFields

ParagraphKind = Literal["body", "item", "subitem", "greeting", "heading", "annex", "small", "plain"]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. An `item` carries its own number in the text, as the letter of 000 does."""

    text: str
    kind: ParagraphKind = "body"


@dataclass(frozen=True)
class Table:
    """A table with a header. `widths` are in millimetres; columns in `numeric` are set to the right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NewPage:
    """What follows stands on a new page."""


Block = Paragraph | Table | NewPage


@dataclass(frozen=True)
class Letter:
    """A whole letter. `enclosures` are named in «Приложение:»; `annex` follows the signature on new pages.

    `facts` are figures and names for an office's own template, by the names of its fields.
    """

    addressee: Sequence[str]
    subject: str
    body: Sequence[Block]
    fields: LetterFields
    enclosures: Sequence[str] = ()
    annex: Sequence[Block] = field(default=())
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sender(self) -> list[str]:
        """The office's name as on its letterhead, or lines to write on."""
        return self.fields.lines("office") or [LONG, LONG]

    @property
    def registered(self) -> list[str]:
        """«09.04.2024 № 1151» and «На № … от …»."""
        fields = self.fields
        return [
            f"{fields.word('date')} № {fields.word('number', SHORT)}",
            f"На № {fields.word('reply_number', SHORT)} от {fields.word('reply_date')}",
        ]

    @property
    def enclosed(self) -> list[str]:
        """The list under the body; nothing for no enclosures."""
        if len(self.enclosures) == 1:
            return [f"Приложение: {_in_a_sentence(self.enclosures[0])}."]
        lines = [f"{place}. {text}" for place, text in enumerate(self.enclosures, 1)]
        ends = [";"] * (len(lines) - 1) + ["."]
        return [f"{text}{end}" for text, end in zip(lines, ends, strict=True)]

    @property
    def signature(self) -> tuple[list[str], str]:
        """Position (lines) to the left, name to the right."""
        return self.fields.lines("position") or [LONG], self.fields.word("name", LONG)

    @property
    def executor(self) -> list[str]:
        """Who wrote it and the telephone, small at the end of the page."""
        return [
            f"Исполнитель: {self.fields.word('executor', LONG)}",
            f"тел. {self.fields.word('phone', MIDDLE)}",
        ]


def _in_a_sentence(text: str) -> str:
    """Without its capital, which «ДОО» keeps."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def plain_text(letter: Letter) -> str:
    """The letter as text, for a preview and for a mail."""
    return "\n".join(_lines(letter)).strip() + "\n"


def _lines(letter: Letter) -> Iterator[str]:
    yield from letter.sender
    yield from letter.registered
    yield ""
    yield from letter.addressee
    yield ""
    yield letter.subject
    yield ""
    yield from _block_lines(letter.body)
    if letter.enclosures:
        yield ""
        if len(letter.enclosures) > 1:
            yield "Приложения:"
        yield from letter.enclosed
    position, name = letter.signature
    yield ""
    yield from position[:-1]
    yield f"{position[-1]}    {name}"
    yield ""
    yield from letter.executor
    if letter.annex:
        yield ""
        yield from _block_lines(letter.annex)


def _block_lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield " | ".join(block.header)
            for row in block.rows:
                yield " | ".join(row)
        else:
            yield ""
