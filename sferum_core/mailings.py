"""Letters that were sent: to whom, by when an answer is due, who has answered; lists of names matched to recipients.

Nothing here sends anything: an office tells what it sent and who answered. Days are given, never taken from a clock.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sferum_core.names import municipality_key
from sferum_core.wording import counted, number, plural


class LetterKind(StrEnum):
    """What was sent."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    SCHOOL = "school"
    REMINDER = "reminder"

    @property
    def label(self) -> str:
        """Russian name for the screen and the journal."""
        return _LABELS[self]


_LABELS = {
    LetterKind.REGION: "Письмо всем руководителям",
    LetterKind.MUNICIPALITY: "Письма муниципалитетам",
    LetterKind.SCHOOL: "Письма организациям",
    LetterKind.REMINDER: "Напоминание",
}


class AnswerState(StrEnum):
    """Where one recipient stands on a day."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"

    @property
    def label(self) -> str:
        """Russian words for the screen and the journal."""
        return _STATES[self]


_STATES = {
    AnswerState.WAITING: "ждём ответа",
    AnswerState.OVERDUE: "срок прошёл, ответа нет",
    AnswerState.ANSWERED: "ответ получен",
    AnswerState.ANSWERED_LATE: "ответ получен после срока",
}


@dataclass(frozen=True)
class Recipient:
    """A municipality or an organization written to. `key` tells it from the others of the same mailing."""

    key: str
    name: str
    municipality: str = ""
    answered_on: dt.date | None = None
    note: str = ""
    marked_by: str = ""

    def state(self, deadline: dt.date | None, today: dt.date) -> AnswerState:
        """The last day of the deadline still counts as in time."""
        if self.answered_on is not None:
            late = deadline is not None and self.answered_on > deadline
            return AnswerState.ANSWERED_LATE if late else AnswerState.ANSWERED
        return AnswerState.OVERDUE if deadline is not None and deadline < today else AnswerState.WAITING


@dataclass(frozen=True)
class Mailing:
    """One sending of a week: its letter, number, date, deadline, what was enclosed, who got it."""

    kind: LetterKind
    sent_on: dt.date
    recipients: Sequence[Recipient]
    number: str = ""
    deadline: dt.date | None = None
    enclosures: Sequence[str] = ()
    note: str = ""
    made_by: str = ""
    id: str = ""
    week_end: dt.date | None = None

    @property
    def title(self) -> str:
        """«Письмо всем руководителям от 09.04.2024 № 1151»."""
        told = f" № {self.number}" if self.number else ""
        return f"{self.kind.label} от {self.sent_on:%d.%m.%Y}{told}"

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(one.answered_on is not None for one in self.recipients)

    def waiting(self) -> list[Recipient]:
        """Those who have not answered, in time or late."""
        return [one for one in self.recipients if one.answered_on is None]

    def overdue(self, today: dt.date) -> list[Recipient]:
        """Those whose time is over without an answer."""
        return [one for one in self.recipients if one.state(self.deadline, today) is AnswerState.OVERDUE]


def answered_words(answered: int, whole: int) -> str:
    """«ответили 31 из 43»."""
    return f"{'ответил' if answered == 1 else 'ответили'} {number(answered)} из {number(whole)}"


def answers_words(mailing: Mailing, today: dt.date) -> str:
    """«ответили 31 из 43, срок прошёл у 5» for one sending."""
    whole = len(mailing.recipients)
    told = answered_words(mailing.answered, whole)
    late = len(mailing.overdue(today))
    if late:
        return f"{told}, срок прошёл у {number(late)}"
    if mailing.deadline is None:
        return f"{told}, срок не указан"
    return told if mailing.answered == whole else f"{told}, срок – до {mailing.deadline:%d.%m.%Y}"


def overdue_words(mailings: Iterable[Mailing], today: dt.date, most: int = 8) -> str:
    """Who has not answered after the deadline, a sentence for the meeting; "" for nobody.

    One who is late with several letters is named once.
    """
    late: dict[str, str] = {}
    letters = 0
    for mailing in mailings:
        found = mailing.overdue(today)
        letters += bool(found)
        late |= {one.key: one.name for one in found}
    if not late:
        return ""
    names = list(late.values())
    listed = ", ".join(names[:most]) + (f" и ещё {number(len(names) - most)}" if len(names) > most else "")
    what = "письмо" if letters == 1 else "письма"
    who = counted(len(names), "адресат", "адресата", "адресатов")
    verb = plural(len(names), "не ответил", "не ответили", "не ответили")
    return f"На {what} в срок {verb} {who}: {listed}."


@dataclass(frozen=True)
class Matched:
    """What a pasted list came to. `keys` of recipients in their order; `unknown` and `doubtful` are told to the user.

    `similar` pairs an unknown line with the recipient it resembles.
    """

    keys: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    similar: dict[str, str] = field(default_factory=dict)


_MARK = re.compile(r"^\s*(?:\(?\d{1,4}[.)]\s*|[-–—•*✓☑·]+\s*)+")
_PARTS = re.compile(r"[;,\t]+")
_REMARK = re.compile(r"\s+[-–—:]\s+.*$|\s*\([^)]*\)\s*$")
LINES_AT_MOST = 5_000
_LINE_CHARACTERS = 300


def match_answers(text: str, recipients: Sequence[Recipient]) -> Matched:
    """Recipients named in a pasted list: a name a line, or several in a line with commas or semicolons.

    Municipalities are compared by `municipality_key`, organizations by ID or name. A number or a mark before a name
    and a remark after a dash are passed over. A name that fits several recipients is doubtful and marks nobody.
    """
    index: dict[str, set[str]] = {}
    for one in recipients:
        for word in _words_of(one):
            index.setdefault(word, set()).add(one.key)
    found: set[str] = set()
    unknown: dict[str, None] = {}
    doubtful: dict[str, None] = {}
    for raw in text.splitlines()[:LINES_AT_MOST]:
        whole = raw.strip()[:_LINE_CHARACTERS]
        if not whole:
            continue
        pieces = [whole] if _lookup(whole, index) else [part.strip() for part in _PARTS.split(whole)]
        for piece in filter(None, pieces):
            keys = _lookup(piece, index)
            if len(keys) == 1:
                found |= keys
            elif _MARK.sub("", piece).strip():
                (doubtful if keys else unknown)[piece] = None
    names = {_plain(one.name): one.name for one in recipients}
    similar = {}
    for piece in list(unknown)[:50]:
        near = difflib.get_close_matches(_plain(_MARK.sub("", piece)), names, 1, 0.75)
        if near:
            similar[piece] = names[near[0]]
    return Matched(
        tuple(one.key for one in recipients if one.key in found), tuple(unknown), tuple(doubtful), similar
    )


def _lookup(piece: str, index: dict[str, set[str]]) -> set[str]:
    bare = _MARK.sub("", piece)
    for text in dict.fromkeys((piece, bare, _REMARK.sub("", bare))):
        for word in _forms(text):
            if word in index:
                return index[word]
    return set()


def _forms(text: str) -> list[str]:
    key = municipality_key(text)
    return [
        word for word in (f"name:{_plain(text)}", f"key:{key}" if key else "") if word not in ("", "name:")
    ]


def _words_of(one: Recipient) -> list[str]:
    if one.key.startswith(ORGANIZATION):
        number_of = one.key.removeprefix(ORGANIZATION)
        return [f"name:{_plain(one.name)}", f"name:{_plain(number_of)}"]
    return [f"name:{_plain(one.name)}", f"key:{one.key}"]


def _plain(text: str) -> str:
    words = re.sub(r"[«»„“”\"']", " ", text.casefold().replace("ё", "е").replace("–", "-").replace("—", "-"))
    return " ".join(words.split())


ORGANIZATION = "org:"  # before an organization's ID or name in its key: no municipality's key begins so


def municipality_recipients(names: Iterable[str]) -> list[Recipient]:
    """A recipient for each municipality, spellings of one once, by alphabet."""
    found: dict[str, str] = {}
    for name in sorted(set(names), key=lambda one: one.casefold().replace("ё", "е")):
        found.setdefault(municipality_key(name) or name, name)
    return [Recipient(key, name) for key, name in found.items()]


def organization_recipients(rows: Iterable[tuple[str, str, str]]) -> list[Recipient]:
    """A recipient for each organization, from (ID, name, municipality); without an ID name and municipality tell it."""
    found: dict[str, Recipient] = {}
    for identity, name, municipality in rows:
        key = ORGANIZATION + (identity or f"{_plain(name)}/{municipality_key(municipality)}")
        found.setdefault(key, Recipient(key, name or "название не указано", municipality))
    return list(found.values())
