"""Large workbooks for the benchmarks, made from a seed."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import xlsxwriter

TEACHERS_HEADER = (
    "Дата", "ID школы", "Образовательная организация", "Муниципалитет", "ФИО", "Тип пользователя",
    "Связь с ЭЖД", "Кол-во сообщений за 7 дней", "Кол-во звонков за 7 дней",
)  # fmt: skip
CABINET = (0, 4, 5, 6, 7, 8)  # the columns that an administrator's cabinet gives (004)
ORGANIZATIONS_HEADER = (
    "№ п/п", "ID школы", "Наименование организации", "Тип организации", "Муниципалитет", "Статус",
    "Количество администраторов", "Численность педагогов", "Количество зарегистрированных учителей",
    "Количество активных учителей", "Количество учителей, связавших аккаунты ЭЖД",
    "Количество учителей, создавших как минимум один чат",
    "Количество учителей, написавших минимум 3 сообщения в чаты за неделю",
    "Количество учителей, написавших минимум 10 сообщений в чаты за неделю",
    "Количество учителей, совершивших минимум 1 звонок за неделю",
    "Количество учителей, совершивших минимум 3 звонка за неделю",
    "Численность учеников", "Количество зарегистрированных учеников",
    "Количество учеников, связавших аккаунты ЭЖД", "Количество активных учеников",
    "Площадок", "Классов", "Классных чатов", "Чатов с родителями", "Примечание",
)  # fmt: skip
SURNAMES = (
    "Берёзкина",
    "Воронова",
    "Гусева",
    "Дубинина",
    "Ежова",
    "Зимина",
    "Калинина",
    "Озерова",
    "Рябинина",
)
NAMES = ("Анна", "Вера", "Галина", "Дарья", "Елена", "Инна", "Мария", "Ольга", "Татьяна")
PATRONYMICS = ("Андреевна", "Борисовна", "Викторовна", "Дмитриевна", "Игоревна", "Павловна", "Сергеевна")


def teachers_file(path: Path, rows: int = 100_000, cabinet: bool = False) -> Path:
    """«По учителям» of a whole region, 9 columns; with `cabinet` only the 6 of one organization's file."""
    rng = random.Random(rows)
    columns = CABINET if cabinet else range(len(TEACHERS_HEADER))
    book = xlsxwriter.Workbook(path)
    date = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("По учителям")
    sheet.write_row(0, 0, [TEACHERS_HEADER[column] for column in columns])
    day = dt.datetime(2024, 4, 4)
    for row in range(1, rows + 1):
        school = row // 40
        name = f"{rng.choice(SURNAMES)} {rng.choice(NAMES)} {rng.choice(PATRONYMICS)}"
        messages = max(0, int(rng.gauss(4, 9)))
        cells = (
            day,
            f"{4000 + school:08d}",
            f"МБОУ «СОШ № {school}»",
            f"Район {school % 40}",
            name,
            "teacher",
            int(rng.random() < 0.7),
            messages,
            int(rng.random() < 0.08),
        )
        for place, column in enumerate(columns):
            value = cells[column]
            if column == 0:
                sheet.write_datetime(row, place, day, date)
            else:
                sheet.write(row, place, value)
    book.close()
    return path


def organizations_file(path: Path, rows: int = 3_000) -> Path:
    """A region export of 25 columns: IDs as text, five of the columns unknown to the reader."""
    rng = random.Random(rows)
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Организации")
    sheet.write(0, 0, "Статистика активности в Сферуме за неделю 29.03–04.04.2024")
    sheet.write_row(1, 0, ORGANIZATIONS_HEADER)
    kinds = ("ДОО", "ОО", "ДОД", "СПО")
    names = ("МБДОУ «Детский сад № {}»", "МБОУ «СОШ № {}»", "МБУ ДО «ДДТ № {}»", "ОГБПОУ «Колледж № {}»")
    for number in range(1, rows + 1):
        kind = rng.choices(range(4), weights=[5, 4, 1, 0.4])[0]
        total = rng.randint(6, 90)
        registered = rng.randint(0, total)
        teachers = sorted((rng.randint(0, registered) for _ in range(7)), reverse=True)
        students = rng.randint(40, 1100)
        cells = [
            number,
            f"{4000 + number:08d}",
            names[kind].format(number),
            kinds[kind],
            f"Район {number % 40}",
        ]
        cells += ["Активна" if registered else "Не активна", rng.randint(1, 3), total, registered, *teachers]
        cells += [students, students * 8 // 10, students * 6 // 10, students * 3 // 10]
        cells += [1, rng.randint(2, 40), rng.randint(2, 40), rng.randint(0, 40), "без замечаний"]
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(number + 1, column, value)
            else:
                sheet.write_number(number + 1, column, value)
    book.close()
    return path
