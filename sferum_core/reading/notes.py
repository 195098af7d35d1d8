"""The findings a reading gives, each with its code, its words and what to do."""

from __future__ import annotations

import numpy as np

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.reading.columns import Column
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.rawbook import TEXT
from sferum_core.reading.tables import Table, cell_text
from sferum_core.reading.values import DAMAGED_ID
from sferum_core.wording import counted, rows

_CHOOSE = "Проверьте столбец в разделе «Что мы поняли» и при необходимости выберите другое поле."
_EXPECTED = {
    Content.COUNT: "целое неотрицательное число",
    Content.SHARE: "доля или процент",
    Content.DATE: "дата",
    Content.STATUS: "«Активна» или «Не активна»",
    Content.FLAG: "«да» или «нет»",
    Content.TYPE: "тип организации",
    Content.MOMENT: "время",
    Content.DURATION: "длительность",
}
# Without these a report cannot be made: any one of each group will do.
REQUIRED: dict[ExportKind, tuple[tuple[str, ...], ...]] = {
    ExportKind.ORGANIZATIONS: (("organization",), ("municipality",), ("teachers_registered", "is_active", "reported_share_teachers_10_messages", "reported_share_teachers_active")),
    ExportKind.TEACHERS: (("full_name",), ("messages",)),
    ExportKind.MUNICIPALITIES: (("municipality",),),
    ExportKind.DOO_STAFF: (("municipality",),),
    ExportKind.REGISTRY: (("organization",),),
    ExportKind.DISTANCE_LESSONS: (("lessons_total",), ("lessons_distance",)),
    ExportKind.CALL_PARTICIPANTS: (("full_name", "participant_id"), ("duration_seconds", "joined_at")),
}  # fmt: skip


def bad_values(table: Table, column: Column, name: str, bad: np.ndarray) -> list[Finding]:
    """Cells that are not what their column holds; they count as no data."""
    found = np.flatnonzero(bad)
    findings = []
    if len(found):
        row = table.first + int(found[0])
        value = cell_text(table.sheet, row, column.number)
        content = FIELDS[name].content
        code = (
            "unknown_type"
            if content is Content.TYPE
            else "unknown_status"
            if content is Content.STATUS
            else "bad_value"
        )
        findings.append(Finding(code=code, severity=Severity.WARNING, sheet=table.sheet.name, row=row + 1, column=column.header,
            value=value[:80], count=len(found),
            message=f"Столбец «{column.header}»: вместо значения ({_EXPECTED.get(content, 'значение')}) стоит «{value[:60]}»"
            + (f" и ещё {rows(len(found) - 1)} с такой же бедой." if len(found) > 1 else "."),
            advice="Исправьте ячейки в файле и загрузите его снова: пока они считаются как «нет данных»."))  # fmt: skip
    if FIELDS[name].content is Content.ID:
        codes = [code for code, text in enumerate(column.cells.texts) if DAMAGED_ID.fullmatch(text.strip())]
        hurt = np.isin(column.cells.codes, codes) & (column.cells.kinds == TEXT)
        damaged = np.flatnonzero(hurt)
        if len(damaged):
            value = column.cells.texts[column.cells.codes[damaged[0]]]
            findings.append(Finding(code="damaged_id", severity=Severity.ERROR, sheet=table.sheet.name,
                row=table.first + int(damaged[0]) + 1, column=column.header, value=value, count=len(damaged),
                message=f"Столбец «{column.header}»: номер испорчен табличной программой («{value}»), последние цифры потеряны.",
                advice="Выгрузите файл заново и не сохраняйте его из Excel как CSV."))  # fmt: skip
    return findings


def filled_down(table: Table, name: str, column: Column, count: int) -> Finding:
    """A label given to the whole block it stands on top of."""
    return Finding(code="filled_down", severity=Severity.NOTE, sheet=table.sheet.name, column=column.header, count=count,
        message=f"«{FIELDS[name].title}» стоит только в первой строке блока, распространено на {rows(count)}.", advice="")  # fmt: skip


def from_headings(table: Table, name: str, count: int) -> Finding:
    """A label taken from the rows that head blocks."""
    return Finding(code="from_headings", severity=Severity.NOTE, sheet=table.sheet.name, column=name, count=count,
        message=f"«{FIELDS[name].title}» взят из строк-заголовков между строками: {rows(count)}.", advice="")  # fmt: skip


def content_contradicts(table: Table, column: Column) -> Finding:
    """Words of a header against the values under it."""
    return Finding(code="content_contradicts", severity=Severity.WARNING, sheet=table.sheet.name, column=column.header,
        message=f"Столбец «{column.header}» не использован: {column.reason.removeprefix('content:')}.", advice=_CHOOSE)  # fmt: skip


def doubtful(table: Table, column: Column) -> Finding:
    """A field taken with less than full certainty."""
    title = FIELDS[column.field].title if column.field in FIELDS else ""
    return Finding(code="column_doubtful", severity=Severity.WARNING, sheet=table.sheet.name, column=column.header,
        message=f"Столбец «{column.header}» понят как «{title}», но не наверняка"
        + (f": {column.reason}." if column.reason else "."), advice=_CHOOSE)  # fmt: skip


def kind_unknown(table: Table) -> Finding:
    """A table that no report can use before the user says what its columns are."""
    return Finding(code="kind_unknown", severity=Severity.ERROR, sheet=table.sheet.name,
        message="Не удалось понять, что это за таблица: знакомых столбцов в ней не хватает.",
        advice="Укажите в разделе «Что мы поняли», где организация, муниципалитет и показатели, или загрузите другую выгрузку.")  # fmt: skip


def unrecognized(table: Table, columns: list[Column]) -> Finding:
    """Columns that no report uses."""
    names = ", ".join(f"«{c.header}»" for c in columns[:6]) + (" и другие" if len(columns) > 6 else "")
    one = counted(len(columns), "столбец не распознан", "столбца не распознаны", "столбцов не распознаны")
    return Finding(code="columns_unrecognized", severity=Severity.NOTE, sheet=table.sheet.name, count=len(columns),
        message=f"{one} и в отчёты не входят: {names}.",
        advice="Если среди них есть нужный показатель, выберите для него поле в разделе «Что мы поняли».")  # fmt: skip


def missing_fields(table: Table, kind: ExportKind, present: set[str]) -> list[Finding]:
    """Columns without which the reports of this kind are poorer or impossible."""
    found = []
    for group in REQUIRED.get(kind, ()):
        if not set(group) & present and not (group == ("full_name",) and "surname" in present):
            titles = " или ".join(f"«{FIELDS[name].title}»" for name in group[:2])
            found.append(Finding(code="field_missing", severity=Severity.WARNING, sheet=table.sheet.name, column=group[0],
                message=f"Не найден столбец {titles}.",
                advice="Если он есть в файле под другим названием, выберите его в разделе «Что мы поняли»."))  # fmt: skip
    return found
