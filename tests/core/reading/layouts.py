"""Made-up exports with known contents, laid out in the ways offices and platforms lay them out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import openpyxl

ORGANIZATIONS: list[dict] = [
    dict(id="000123", name="МБДОУ «Детский сад № 1 «Ромашка»", type="ДОО", mun="Озёрный район", active="Активна", reg=20, act=5, m3=4, m10=2, c1=1, c3=0, total=25, link=8),
    dict(id="000124", name="МБОУ «Озёрная СОШ»", type="ОО", mun="Озёрный район", active="Активна", reg=1200, act=300, m3=250, m10=181, c1=40, c3=12, total=1300, link=900),
    dict(id="000125", name="МБОУ «Лесная ООШ»", type="ОО", mun="Озёрный район", active="Не активна", reg=1, act=0, m3=0, m10=0, c1=0, c3=0, total=14, link=0),
    dict(id="000126", name="МКДОУ детский сад № 2", type="ДОО", mun="г. Светлый", active="Активна", reg=16, act=16, m3=10, m10=3, c1=0, c3=0, total=16, link=4),
    dict(id="000127", name="МАОУ «Лицей № 3»", type="ОО", mun="г. Светлый", active="Активна", reg=64, act=30, m3=28, m10=24, c1=14, c3=3, total=70, link=60),
    dict(id="000128", name="ГБПОУ «Светлинский техникум»", type="СПО", mun="г. Светлый", active="Активна", reg=33, act=7, m3=6, m10=5, c1=2, c3=1, total=48, link=9),
    dict(id="000129", name="МБОУ «Горная СОШ»", type="ОО", mun="Горный муниципальный округ", active="Активна", reg=41, act=9, m3=8, m10=7, c1=3, c3=1, total=44, link=30),
]  # fmt: skip

HEADERS = {
    "id": "ID школы",
    "name": "Наименование организации",
    "type": "Тип организации",
    "mun": "Муниципалитет",
    "active": "Статус",
    "total": "Численность педагогов",
    "reg": "Зарегистрировано учителей",
    "act": "Количество активных педагогов",
    "link": "Количество учителей, связавших аккаунты ЭЖД",
    "m3": "Количество учителей, написавших как минимум три сообщения за неделю",
    "m10": "Количество учителей, написавших минимум 10 сообщений в чаты за неделю",
    "c1": "Количество учителей, совершивших минимум 1 звонок за неделю",
    "c3": "Количество учителей, совершивших минимум 3 звонка за неделю",
}
FIELD_OF = {
    "id": "organization_id", "name": "organization", "type": "organization_type", "mun": "municipality",
    "active": "is_active", "total": "teachers_total", "reg": "teachers_registered", "act": "teachers_active",
    "link": "teachers_linked", "m3": "teachers_3_messages", "m10": "teachers_10_messages", "c1": "teachers_1_call",
    "c3": "teachers_3_calls",
}  # fmt: skip
COUNTS = ("total", "reg", "act", "link", "m3", "m10", "c1", "c3")


def grid(keys: Sequence[str] = tuple(HEADERS), orgs: Iterable[dict] = ORGANIZATIONS) -> list[list]:
    """A plain table: a header and a row an organization."""
    return [[HEADERS[k] for k in keys], *[[o[k] for k in keys] for o in orgs]]


def xlsx(sheets: dict[str, list[list]] | list[list], merges: dict[str, list[str]] | None = None) -> bytes:
    """Sheets of cells as a workbook."""
    if isinstance(sheets, list):
        sheets = {"Лист1": sheets}
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for ref in (merges or {}).get(name, []):
            sheet.merge_cells(ref)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: list[list], delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Rows as delimited text."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in (delimiter, '"', "\n")) else text

    return end.join(delimiter.join(cell(v) for v in row) for row in rows).encode(encoding)
