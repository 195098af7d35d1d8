"""The other kinds of demo files: a region's teachers, distance lessons with calls, «Общая», an office's registry.

All from the invented region and its seed: figures of teachers add up to the week's row of their organization.
"""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scripts import demo_names as names
from scripts.demo_files import STAMP
from scripts.demo_region import SEED, Organization, Week, weeks

HOMES = 2  # the smallest municipalities of the region
CALL_NUMBERS = ("2000400123", "2000400124", "2000400125")
Figures = dict[str, int | str | None]


def chosen_rows(week: Week) -> list[tuple[Organization, Figures]]:
    """The week's organizations of the smallest municipalities that have registered teachers."""
    sizes: dict[str, int] = {}
    for organization, _ in week.rows:
        sizes[organization.home.name] = sizes.get(organization.home.name, 0) + 1
    homes = sorted(sizes, key=lambda name: sizes[name])[:HOMES]
    return [(o, f) for o, f in week.rows if o.home.name in homes and _count(f, "teachers_registered")]


def _count(figures: Figures, name: str) -> int:
    value = figures.get(name)
    return value if isinstance(value, int) else 0


def person(rng: random.Random) -> str:
    """An invented full name; two people may get the same one."""
    if rng.random() < 0.86:
        parts: tuple[tuple[str, ...], ...] = (
            names.FEMALE_SURNAMES,
            names.FEMALE_NAMES,
            names.FEMALE_PATRONYMICS,
        )
    else:
        parts = names.MALE_SURNAMES, names.MALE_NAMES, names.MALE_PATRONYMICS
    return " ".join(rng.choice(part) for part in parts)


def region_teachers(seed: int = SEED) -> list[list[object]]:
    """Rows of «По учителям» of a region on two dates; those of the newest add up to the week's figures."""
    rng = random.Random(seed + 5)
    week = weeks(seed)[-1]
    rows: list[list[object]] = []
    for organization, figures in chosen_rows(week):
        size = _count(figures, "teachers_registered")
        ten, three = (min(size, _count(figures, f"teachers_{least}_messages")) for least in (10, 3))
        one, more = (
            min(size, _count(figures, "teachers_1_call")),
            min(size, _count(figures, "teachers_3_calls")),
        )
        linked = min(size, _count(figures, "teachers_linked"))
        messages = [rng.randint(10, 60) for _ in range(ten)] + [
            rng.randint(3, 9) for _ in range(max(three, ten) - ten)
        ]
        messages += [rng.choice((0, 0, 0, 1, 2)) for _ in range(size - len(messages))]
        calls = [rng.randint(3, 6) for _ in range(more)] + [
            rng.randint(1, 2) for _ in range(max(one, more) - more)
        ]
        calls += [0] * (size - len(calls))
        ties = [1] * linked + [0] * (size - linked)
        for figure in (messages, calls, ties):
            rng.shuffle(figure)
        people = sorted(person(rng) for _ in range(size))
        for date, mood in ((week.end - dt.timedelta(days=7), rng.uniform(0.4, 0.9)), (week.end, 1.0)):
            for place, name in enumerate(people):
                moment = dt.datetime.combine(date, dt.time())
                home = [organization.municipality, organization.organization_id, organization.name]
                count = messages[place] if mood == 1.0 else int(messages[place] * mood)
                rows.append([moment, *home, name, "teacher", ties[place], count, calls[place]])
    guests = (
        [*rows[place][:4], person(rng), "Внешний участник", 0, rng.randint(0, 9), 0] for place in (3, -5, -1)
    )
    return rows + list(guests)


TEACHER_HEADER = [
    "Дата", "Муниципалитет", "ID школы", "Организация", "ФИО", "Тип пользователя", "Связь с ЭЖД",
    "Кол-во сообщений за 7 дней", "Кол-во звонков за 7 дней",
]  # fmt: skip


def _sheet(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    book.properties.creator = "Sferum reports"
    book.properties.created = book.properties.modified = STAMP
    return book, sheet


def _look(sheet: Worksheet, header_rows: range, widths: list[int]) -> None:
    for row in header_rows:
        for cell in sheet[row]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def teachers_book(seed: int = SEED) -> Workbook:
    """The region's «По учителям»."""
    book, sheet = _sheet("По учителям")
    sheet.append(TEACHER_HEADER)
    for row in region_teachers(seed):
        sheet.append(row)
        sheet.cell(row=sheet.max_row, column=1).number_format = "DD.MM.YYYY"
    _look(sheet, range(1, 2), [13, 34, 13, 48, 38, 18, 12, 16, 16])
    return book


def lesson_rows(seed: int = SEED) -> list[list[object]]:
    """Distance lessons of schools: municipality, name, children, lessons, distance ones, share, planned, came."""
    rng = random.Random(seed + 6)
    rows: list[list[object]] = []
    for organization, _ in chosen_rows(weeks(seed)[-1]):
        children = organization.students_total
        if not children:
            continue
        lessons = int(children * rng.uniform(8, 11))
        distance = 0 if rng.random() < 0.3 else int(lessons * rng.uniform(0.0005, 0.03))
        planned = sum(rng.randint(10, 26) for _ in range(distance))
        came = int(planned * rng.uniform(0.5, 0.97))
        share = round(distance / lessons, 3)
        rows.append(
            [organization.municipality, organization.name, children, lessons, distance, share, planned, came]
        )
    return rows


def lessons_book(seed: int = SEED) -> Workbook:
    """«Дистанционные уроки» with the two-row header of 000."""
    book, sheet = _sheet("Дистанционные уроки")
    sheet.append(["Учебный год: 2023/2024"])
    sheet.append(["Период: с 01.01.2024 по 04.04.2024"])
    sheet.append([])
    sheet.append(
        ["Муниципалитет", "Организация", "Количество детей", "Количество уроков", None, None,
         "Количество участников дистанционных уроков", None]
    )  # fmt: skip
    sheet.append(
        [
            None,
            None,
            None,
            "Всего",
            "из них дистанционных уроков",
            "доля дистанционных уроков",
            "Планируемое",
            "Фактическое",
        ]
    )
    for cells in ("A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:H4"):
        sheet.merge_cells(cells)
    rows = lesson_rows(seed)
    for row in rows:
        sheet.append(row)
    sums = [sum(int(str(row[place])) for row in rows) for place in (2, 3, 4)]
    more = [sum(int(str(row[place])) for row in rows) for place in (6, 7)]
    sheet.append([None, "Итого", *sums, round(sums[2] / sums[1], 3), *more])
    _look(sheet, range(4, 6), [34, 48, 14, 12, 16, 16, 14, 14])
    return book


def call_files(seed: int = SEED) -> dict[str, str]:
    """Three calls: a lesson many came to, one person alone, a short one; some come again."""
    rng = random.Random(seed + 7)
    files = {}
    for number, (people, minutes) in zip(CALL_NUMBERS, ((24, 41), (1, 12), (3, 2)), strict=True):
        start = dt.datetime(2024, 4, 3, 9, 55) + dt.timedelta(hours=CALL_NUMBERS.index(number))
        lines = ["Имя участника;Время входа;Время выхода;Длительность"]
        for _ in range(people):
            name = person(rng)
            joined = start + dt.timedelta(seconds=rng.randint(0, min(240, minutes * 20)))
            left = start + dt.timedelta(minutes=minutes) - dt.timedelta(seconds=rng.randint(0, minutes * 6))
            spans = [(joined, left)]
            if people > 5 and rng.random() < 0.25:
                cut = joined + (left - joined) / 2
                spans = [(joined, cut), (cut + dt.timedelta(seconds=rng.randint(20, 90)), left)]
            for came, went in spans:
                lines.append(
                    f"{name};{came:%d.%m.%Y %H:%M:%S};{went:%d.%m.%Y %H:%M:%S};{went - came}".replace(
                        ".000000", ""
                    )
                )
        files[f"call_{number}_participants.csv"] = "\r\n".join(lines) + "\r\n"
    return files


def summary_text(seed: int = SEED) -> str:
    """«Общая» of one school's cabinet, a row a day; no document shows its header."""
    rng = random.Random(seed + 8)
    organization, figures = next(
        (o, f)
        for o, f in chosen_rows(weeks(seed)[-1])
        if o.type == "ОО" and _count(f, "teachers_registered") > 15
    )
    registered, active = _count(figures, "teachers_registered"), _count(figures, "teachers_active")
    lines = [
        f"Организация: {organization.name};;;;",
        ";;;;",
        "Дата;Всего учителей;Зарегистрировано учителей;Активных учителей;Зарегистрировано учеников",
    ]
    for back in range(6, -1, -1):
        day = dt.date(2024, 4, 4) - dt.timedelta(days=back)
        lines.append(
            f"{day:%d.%m.%Y};{organization.teachers_total};{registered};{max(0, active - back + rng.randint(0, 2))};"
            f"{_count(figures, 'students_registered') - back}"
        )
    return "\r\n".join(lines) + "\r\n"


def registry_book(seed: int = SEED) -> Workbook:
    """An office's own list: other wordings of names, head counts, one organization the platform lacks."""
    book, sheet = _sheet("Учреждения")
    sheet.append(["Перечень образовательных учреждений (вымышлен)"])
    sheet.append(
        ["№ п/п", "Учреждение", "Район", "Численность педагогических работников", "Численность обучающихся"]
    )
    number = 0
    for organization, _ in chosen_rows(weeks(seed)[-1]):
        number += 1
        name = organization.name.replace("№ ", "№").replace("Детский сад", "д/с")
        sheet.append(
            [number, name, organization.home.name, organization.teachers_total, organization.students_total]
        )
    sheet.append(
        [number + 1, "МБОУ «Новоозёрновская СОШ»", chosen_rows(weeks(seed)[-1])[0][0].home.name, 18, 160]
    )
    _look(sheet, range(2, 3), [8, 50, 36, 18, 18])
    return book


def write_more(folder: Path, seed: int = SEED) -> list[Path]:
    """Writes the files into `folder`; the paths written."""
    day = weeks(seed)[-1].end
    folder.mkdir(parents=True, exist_ok=True)
    teachers = folder / f"demo_region_teachers_{day}.xlsx"
    teachers_book(seed).save(teachers)
    registry = folder / "demo_registry.xlsx"
    registry_book(seed).save(registry)
    summary = folder / f"demo_summary_{day}.csv"
    summary.write_bytes(summary_text(seed).encode("utf-8-sig"))
    lessons = folder / f"demo_lessons_{day}.xlsx"
    lessons_book(seed).save(lessons)
    calls = folder / f"demo_calls_{day}.zip"
    with zipfile.ZipFile(calls, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in call_files(seed).items():
            archive.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), text.encode("utf-8-sig"))
    return [teachers, registry, summary, lessons, calls]
