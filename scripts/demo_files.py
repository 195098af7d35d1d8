"""Writes the demo region as a region's spreadsheets, each week with other troubles of real files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scripts.demo_names import REGION
from scripts.demo_region import Organization, TeacherRow, Week

Cell = str | int | float | dt.datetime | None
NO_BREAK_SPACE = "\u00a0"
NOTHING = "—"
MONTHS = ("января", "февраля", "марта", "апреля", "мая")
STAMP = dt.datetime(2024, 4, 5, 9, 0)

# Wordings of 000, 001, 002 and 004 where these show one, else of the same manner.
HEADERS: dict[str, str] = {
    "organization_id": "ID школы",
    "organization": "Наименование организации",
    "organization_type": "Тип организации",
    "municipality": "Муниципалитет",
    "status": "Статус",
    "admins_registered": "Количество администраторов",
    "teachers_total": "Численность педагогов",
    "teachers_registered": "Количество зарегистрированных учителей",
    "teachers_active": "Количество активных учителей",
    "teachers_linked": "Количество учителей, связавших аккаунты ЭЖД",
    "teachers_created_chat": "Количество учителей, создавших как минимум один чат",
    "teachers_3_messages": "Количество учителей, написавших минимум 3 сообщения в чаты за неделю",
    "teachers_10_messages": "Количество учителей, написавших минимум 10 сообщений в чаты за неделю",
    "teachers_1_call": "Количество учителей, совершивших минимум 1 звонок за неделю",
    "teachers_3_calls": "Количество учителей, совершивших минимум 3 звонка за неделю",
    "students_total": "Численность учеников",
    "students_registered": "Количество зарегистрированных учеников",
    "students_linked": "Количество учеников, связавших аккаунты ЭЖД",
    "students_active": "Количество активных учеников",
    "share_10": "Доля учителей, написавших минимум 10 сообщений в чаты за неделю",
    "sites": "Площадок",
}
OTHER_WORDS = {
    "organization_id": "ID организации",
    "organization": "Образовательная организация",
    "municipality": "МО",
    "teachers_total": "Педагогов по штату",
    "teachers_registered": "Регистрация учителей",
    "teachers_3_messages": "Учителя, написавшие как минимум три сообщения за неделю",
    "teachers_10_messages": "Учителя, написавшие как минимум десять сообщений за неделю",
    "teachers_1_call": "Учителя, создавшие как минимум один звонок в неделю",
    "teachers_3_calls": "Учителя, создавшие как минимум три звонка в неделю",
    "students_registered": "Регистрация учеников",
}
# Two-row header: the field's group over its own words; fields outside stand in one tall cell.
GROUPED: dict[str, tuple[str, str]] = {
    "teachers_total": ("Учителя", "Всего по штату"),
    "teachers_registered": ("Учителя", "Зарегистрировано"),
    "teachers_active": ("Учителя", "Активных"),
    "teachers_linked": ("Учителя", "Связали аккаунты ЭЖД"),
    "teachers_created_chat": ("Учителя", "Создали как минимум один чат"),
    "teachers_3_messages": ("Учителя", "Написали минимум 3 сообщения"),
    "teachers_10_messages": ("Учителя", "Написали минимум 10 сообщений"),
    "teachers_1_call": ("Учителя", "Совершили минимум 1 звонок"),
    "teachers_3_calls": ("Учителя", "Совершили минимум 3 звонка"),
    "students_total": ("Ученики", "Всего"),
    "students_registered": ("Ученики", "Зарегистрировано"),
    "students_linked": ("Ученики", "Связали аккаунты ЭЖД"),
    "students_active": ("Ученики", "Активных"),
}
FIELDS = tuple(HEADERS)[:19]
COUNTS = frozenset(FIELDS[5:])
MUNICIPALITY_FIRST = ("municipality", "organization", "organization_id", "organization_type", *FIELDS[4:])
STUDENTS_FIRST = (*FIELDS[:5], *FIELDS[15:], "sites", *FIELDS[5:15])


@dataclass(frozen=True)
class Layout:
    """How one week's sheet is laid out."""

    title: Callable[[Week], tuple[str, ...]]
    fields: tuple[str, ...] = FIELDS
    sheet: str = "Организации"
    words: tuple[tuple[str, str], ...] = ()
    numbered: bool = False  # a column «№ п/п»
    two_rows: bool = False  # a merged header of two rows
    blocks: bool = False  # the municipality on the first row of its block only, merged downwards
    subtotals: bool = False
    text_numbers: bool = False  # all counts as text, thousands split by no-break spaces
    nothing: str | None = NOTHING
    wrong_total: bool = False  # the grand total does not add up


def _long_period(week: Week) -> str:
    first, last = week.start, week.end
    start = f"{first.day} {MONTHS[first.month - 1]}"
    return f"с {start} по {last.day} {MONTHS[last.month - 1]} {last.year} года"


def _short_period(week: Week) -> str:
    return f"{week.start:%d.%m}–{week.end:%d.%m.%Y}"


LAYOUTS = (
    Layout(lambda w: (f"Статистика активности в Сферуме. {REGION}", f"за период {_long_period(w)}")),
    Layout(
        lambda w: (f"{REGION}, отчётная неделя {_short_period(w)}",),
        two_rows=True,
        subtotals=True,
        wrong_total=True,
    ),
    Layout(
        lambda w: (f"Статистика активности в Сферуме за неделю {_short_period(w)}",),
        fields=MUNICIPALITY_FIRST,
        blocks=True,
        numbered=True,
        words=tuple(OTHER_WORDS.items()),
    ),
    Layout(lambda w: (), fields=STUDENTS_FIRST, sheet="15.03-21.03", text_numbers=True, nothing="н/д"),
    Layout(
        lambda w: ("Приложение к письму о весенних каникулах", f"Период: {_short_period(w)}", ""),
        fields=(*FIELDS, "share_10"),
        two_rows=True,
        numbered=True,
        nothing=None,
    ),
    Layout(
        lambda w: (f"Статистика активности в Сферуме. {REGION}", f"Отчётная неделя: {_short_period(w)}", ""),
        numbered=True,
        subtotals=True,
    ),
)


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", NO_BREAK_SPACE)


def _value(
    name: str, organization: Organization, figures: dict[str, int | str | None], layout: Layout
) -> Cell:
    known: dict[str, Cell] = {
        "organization_id": organization.organization_id,
        "organization": organization.name,
        "organization_type": organization.type or layout.nothing,
        "municipality": organization.municipality,
        "sites": 1 + organization.teachers_total // 60,
    }
    if name in known:
        return known[name]
    if name == "share_10":
        ten, registered = figures["teachers_10_messages"], figures["teachers_registered"]
        if not isinstance(ten, int) or not isinstance(registered, int) or not registered:
            return layout.nothing
        return f"{ten / registered * 100:.1f}%".replace(".", ",")
    value = figures[name]
    if value is None:
        return layout.nothing
    if isinstance(value, int) and (layout.text_numbers or value >= 1000):
        return _spaced(value)
    return value


def _total(
    words: str, rows: Iterable[dict[str, int | str | None]], layout: Layout, extra: int = 0
) -> list[Cell]:
    every = list(rows)
    cells: list[Cell] = []
    for name in layout.fields:
        if name == "organization":
            cells.append(words)
        elif name in COUNTS:
            values = (figures[name] for figures in every)
            total = sum(v for v in values if isinstance(v, int))
            cells.append(total + extra if name == "teachers_registered" else total)
        else:
            cells.append(None)
    return cells


def _header_at(sheet: Worksheet, layout: Layout, top: int) -> None:
    words = HEADERS | dict(layout.words)
    lead = ["№ п/п"] if layout.numbered else []
    names = [words[name] for name in layout.fields]
    if not layout.two_rows:
        _put(sheet, top, [*lead, *names])
        return
    pairs = [("", "")] * len(lead) + [GROUPED.get(name, ("", "")) for name in layout.fields]
    firsts = [group or name for (group, _), name in zip(pairs, [*lead, *names], strict=True)]
    shown: list[Cell] = [
        None if i and pairs[i][0] and pairs[i - 1][0] == pairs[i][0] else first
        for i, first in enumerate(firsts)
    ]
    _put(sheet, top, shown)
    _put(sheet, top + 1, [own or None for _, own in pairs])
    column = 1
    for group, run in groupby(pairs, key=lambda pair: pair[0]):
        width = len(list(run))
        if group:
            sheet.merge_cells(start_row=top, end_row=top, start_column=column, end_column=column + width - 1)
        else:
            for alone in range(column, column + width):
                sheet.merge_cells(start_row=top, end_row=top + 1, start_column=alone, end_column=alone)
        column += width


def _put(sheet: Worksheet, row: int, cells: Sequence[Cell]) -> None:
    for column, value in enumerate(cells, start=1):
        if value is not None:
            sheet.cell(row=row, column=column, value=value)


def _bold(sheet: Worksheet, first: int, last: int) -> None:
    for row in sheet.iter_rows(min_row=first, max_row=last):
        for cell in row:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="center")


def _widths(sheet: Worksheet, layout: Layout) -> None:
    shift = 2 if layout.numbered else 1
    for number, name in enumerate(layout.fields, start=shift):
        wide = {"organization": 46, "municipality": 32}.get(name, 14)
        sheet.column_dimensions[get_column_letter(number)].width = wide


def week_workbook(week: Week, layout: Layout) -> Workbook:
    """One week of the region in the given layout."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = layout.sheet
    titles = layout.title(week)
    for number, line in enumerate(titles, start=1):
        if line:
            sheet.cell(row=number, column=1, value=line)
    row = len(titles) + (2 if layout.two_rows else 1)
    _header_at(sheet, layout, len(titles) + 1)
    _bold(sheet, 1, row)
    number = 0
    for home, group in groupby(week.rows, key=lambda pair: pair[0].home.name):
        block, first = list(group), row + 1
        for organization, figures in block:
            row, number = row + 1, number + 1
            cells = [_value(name, organization, figures, layout) for name in layout.fields]
            if layout.blocks:
                cells[layout.fields.index("municipality")] = home if row == first else None
            _put(sheet, row, [number, *cells] if layout.numbered else cells)
        if layout.blocks and len(block) > 1:
            column = layout.fields.index("municipality") + (2 if layout.numbered else 1)
            sheet.merge_cells(start_row=first, end_row=row, start_column=column, end_column=column)
        if layout.subtotals:
            row += 1
            total = _total(f"Итого: {home}", (figures for _, figures in block), layout)
            _put(sheet, row, [None, *total] if layout.numbered else total)
    if layout.subtotals:
        total = _total(
            f"Всего: {REGION}", (f for _, f in week.rows), layout, extra=3 if layout.wrong_total else 0
        )
        _put(sheet, row + 1, [None, *total] if layout.numbered else total)
    _widths(sheet, layout)
    return _stamped(book, f"{REGION}, {_short_period(week)}")


def teachers_workbook(rows: list[TeacherRow]) -> Workbook:
    """«По учителям» as the administrator's cabinet gives it (004)."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "По учителям"
    sheet.append(
        [
            "Дата",
            "ФИО",
            "Тип пользователя",
            "Связь с ЭЖД",
            "Кол-во сообщений за 7 дней",
            "Кол-во звонков за 7 дней",
        ]
    )
    for row in rows:
        moment = dt.datetime.combine(row.date, dt.time())
        sheet.append([moment, row.full_name, "teacher", int(row.linked), row.messages, row.calls])
        sheet.cell(row=sheet.max_row, column=1).number_format = "DD.MM.YYYY"
    _bold(sheet, 1, 1)
    for column, width in zip("ABCDEF", (13, 38, 20, 14, 18, 18), strict=True):
        sheet.column_dimensions[column].width = width
    return _stamped(book, "По учителям")


def _stamped(book: Workbook, title: str) -> Workbook:
    book.properties.title = title
    book.properties.creator = "Sferum reports"
    book.properties.created = book.properties.modified = STAMP
    return book


def file_name(week: Week) -> str:
    """«demo_2024-04-04.xlsx», after the week's last day."""
    return f"demo_{week.end:%Y-%m-%d}.xlsx"


def write_region(folder: Path, weeks: list[Week], rows: list[TeacherRow]) -> list[Path]:
    """Writes every week and the teachers file into `folder`; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for week, layout in zip(weeks, LAYOUTS, strict=True):
        written.append(folder / file_name(week))
        week_workbook(week, layout).save(written[-1])
    written.append(folder / f"demo_teachers_{weeks[-1].end:%Y-%m-%d}.xlsx")
    teachers_workbook(rows).save(written[-1])
    return written
