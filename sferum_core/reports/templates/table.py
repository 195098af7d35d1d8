"""The office's own xlsx template: where its fields and its table are, and what goes into them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sferum_core.model import Limits, Status, UnreadableFile
from sferum_core.reading.headers import read_header
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import RawSheet
from sferum_core.reading.tables import row_texts
from sferum_core.reports.columns import COUNT_HEADERS, SHARE_HEADERS
from sferum_core.reports.letters.parts import Letter
from sferum_core.reports.templates.catalogue import FIELDS
from sferum_core.reports.templates.context import letter_context
from sferum_core.reports.templates.docx import unknown_fields
from sferum_core.reports.templates.limited import ChildRefusal, run_child
from sferum_core.reports.templates.package_guard import LIMITS, check_package
from sferum_core.reports.templates.refusals import refuse_template
from sferum_core.reports.workbook import clean_text
from sferum_core.waiting import WORDS as WAITING_WORDS
from sferum_core.waiting import is_waiting

HEADER_WITHIN = 40  # rows from the top
LEAST_COLUMNS = 2
BATCH = 30
_CHILD = "sferum_core.reports.templates.xlsx_child"

_OWN_HEADERS: dict[str, str] = {
    "№": "row_number",
    "статус": "status",
    "статус организации": "status",
    "что делать": "what_to_do",
    "доля": "main_share",
    "не хватает": "missing",
    "не хватает до нормы": "missing_to_norm",
    "не хватает до цели": "missing_to_target",
    "группа": "group",
    "особая запись": "stranger",
    **{re.sub(r", (?:чел|ед)\.$", "", header).lower(): key for key, header in COUNT_HEADERS.items()},
    **{header.removesuffix(", %").lower(): f"share_{key}" for key, header in SHARE_HEADERS.items()},
}
_READER_KEYS = {"municipality": "municipality_shown", "is_active": "status"}
# Where a row says that it waits for deactivation: the first of these the form has.
_SAID_IN = ("status", "organization", "organization_id", "what_to_do", "municipality_shown")
_OWN_WORDS = ("status",)
_UNIT = re.compile(r"[,\s]*\(?(?:чел|ед|орг|%)\.?\)?$")


@dataclass(frozen=True)
class TableHeader:
    """A header the app knows: the sheet, its 0-based row, and the key of what stands below each column."""

    sheet: str
    row: int
    columns: Mapping[int, str]


@dataclass(frozen=True)
class TableTemplate:
    """What can be filled in a template: the header of a table, and fields by name or in curly brackets."""

    header: TableHeader | None
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TableFilling:
    """One workbook to make: rows of `with_words`, and the letter whose fields and facts stand beside them."""

    words: pd.DataFrame
    letter: Letter


def column_key(header: str) -> str | None:
    """What stands below a header of an office's own table, or None for a column to leave alone."""
    plain = " ".join(header.replace("\n", " ").split()).lower().strip(" .:")
    for text in (plain, _UNIT.sub("", plain).strip()):
        if text in _OWN_HEADERS:
            return _OWN_HEADERS[text]
    reading = read_header(header)
    field = reading.field if reading.confidence >= 0.8 else None
    if field is None:
        return None
    if field.startswith("reported_share_"):
        return f"share_{field.removeprefix('reported_share_')}"
    return _READER_KEYS.get(field, field)


def _find_header(sheets: Sequence[RawSheet]) -> TableHeader | None:
    best: TableHeader | None = None
    for sheet in sheets:
        if sheet.hidden:
            continue
        for row in range(min(sheet.n_rows, HEADER_WITHIN)):
            columns: dict[int, str] = {}
            for place, text in enumerate(row_texts(sheet, row)):
                key = column_key(text) if text.strip() and len(text) < 300 else None
                if key is not None and key not in columns.values():
                    columns[place] = key
            about_whom = {"organization", "organization_id", "municipality_shown"} & set(columns.values())
            if about_whom and len(columns) >= max(LEAST_COLUMNS, len(best.columns) + 1 if best else 0):
                best = TableHeader(sheet.name, row, columns)
    return best


def inspect_xlsx_template(template: bytes, limits: Limits = LIMITS) -> TableTemplate:
    """What the template has for us. Raises UnreadableFile with a Russian sentence when it won't do."""
    header = _header_of(template, limits)
    answer, _ = _run(template, header, [], limits)
    fields = tuple(str(name) for name in answer.get("fields", []))
    if header is None and not fields:
        raise refuse_template(
            "nothing_to_fill",
            what=" и ни одной таблицы с понятным заголовком",
            advice="Сделайте заголовок таблицы со столбцами «Организация», «Муниципалитет», «Статус», «Доля» "
            "или дайте ячейкам имена полей: дата, муниципалитет, организаций, не_активны.",
        )
    return TableTemplate(header, fields)


def fill_xlsx(template: bytes, fillings: Sequence[TableFilling], limits: Limits = LIMITS) -> list[bytes]:
    """A workbook for each filling, formats kept. Raises UnreadableFile as `inspect_xlsx_template` does.

    Organizations that wait for deactivation stand last and say so: they are no longer among those who must act.
    """
    header = _header_of(template, limits)
    made: list[bytes] = []
    for start in range(0, len(fillings), BATCH):
        made += _run(template, header, fillings[start : start + BATCH], limits)[1]
    return made


def _header_of(template: bytes, limits: Limits) -> TableHeader | None:
    check_package(template, "xlsx")
    try:
        return _find_header(open_file(template, "template.xlsx", limits).books[0].sheets)
    except UnreadableFile as error:
        if error.code == "empty_table":
            return None
        raise refuse_template("busy" if error.code == "busy" else "broken") from None


def _run(
    template: bytes, header: TableHeader | None, fillings: Sequence[TableFilling], limits: Limits
) -> tuple[dict[str, Any], list[bytes]]:
    task = {
        "known": [field.name for field in FIELDS],
        "header": None if header is None else {"sheet": header.sheet, "row": header.row},
        "fillings": [
            {
                "fields": {
                    name: value
                    for name, value in letter_context(filling.letter).items()
                    if isinstance(value, str)
                },
                "columns": {} if header is None else _columns(_apart(filling.words), header),
                "rows": len(filling.words),
            }
            for filling in fillings
        ],
    }
    outputs = [f"out-{number}.xlsx" for number in range(len(fillings))]
    try:
        return run_child(_CHILD, template, "template.xlsx", task, outputs, limits)
    except ChildRefusal as refusal:
        if refusal.code == "unknown_fields":
            raise unknown_fields([str(name)[:60] for name in refusal.values.get("names", [])][:10]) from None
        raise refuse_template(refusal.code) from None


def _apart(words: pd.DataFrame) -> pd.DataFrame:
    """Those that wait for deactivation after all who must act."""
    waits = is_waiting(words).to_numpy(dtype=bool)
    return pd.concat([words[~waits], words[waits]]) if waits.any() else words


def _columns(words: pd.DataFrame, header: TableHeader) -> dict[str, dict[str, Any]]:
    """Values for each column, as plain data: {"share": is it a share, "values": [...]}.

    A row that waits for deactivation says so in the column of statuses, else behind what names it.
    """
    waits = is_waiting(words).tolist()
    said_in = next((key for key in _SAID_IN if key in header.columns.values()), None)
    columns = {}
    for place, key in header.columns.items():
        values = _values(words, key)
        if key == said_in:
            own = key in _OWN_WORDS
            values = [
                (WAITING_WORDS if own else f"{value} ({WAITING_WORDS})") if waiting else value
                for value, waiting in zip(values, waits, strict=True)
            ]
        columns[str(place)] = {"share": key.startswith("share_") or key == "main_share", "values": values}
    return columns


def _values(words: pd.DataFrame, key: str) -> list[Any]:
    if key == "row_number":
        return list(range(1, len(words) + 1))
    if key == "missing":
        to_norm, to_target = words["missing_to_norm"], words["missing_to_target"]
        series = to_norm.where(to_norm.notna(), to_target)
    elif key in words.columns:
        series = words[key]
    else:
        return ["нет данных"] * len(words)
    values: list[Any] = []
    for value in series.tolist():
        if value is None or pd.isna(value) or value == "":
            values.append("нет данных")
        elif key == "status":
            values.append(Status(value).label)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            values.append(float(value) if isinstance(value, float) else int(value))
        else:
            values.append(clean_text(value))
    return values
