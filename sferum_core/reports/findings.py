"""The workbook of findings: what is wrong with a file, what was left out and how columns were understood."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sferum_core.model import Export, Finding, Severity
from sferum_core.reports.book import Book, ReportMeta, Sheet
from sferum_core.reports.columns import field_title, plain, text
from sferum_core.reports.workbook import write_workbook
from sferum_core.wording import percent

SEVERITY_WORDS: dict[Severity, str] = {
    Severity.ERROR: "Ошибка",
    Severity.WARNING: "Предупреждение",
    Severity.NOTE: "Замечание",
}
_ORDER = {severity: place for place, severity in enumerate(SEVERITY_WORDS)}


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """A row a finding, the gravest first."""
    rows = [
        {
            "severity": SEVERITY_WORDS[finding.severity],
            "message": finding.message,
            "advice": finding.advice,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": field_title(finding.column),
            "value": finding.value,
            "count": finding.count,
            "code": finding.code,
        }
        for finding in sorted(findings, key=lambda finding: _ORDER[finding.severity])
    ]
    columns = ["severity", "message", "advice", "sheet", "row", "column", "value", "count", "code"]
    return pd.DataFrame(rows, columns=columns)


def findings_sheet(frame: pd.DataFrame, title: str) -> Sheet:
    """The sheet «Что не так»."""
    columns = [
        text("severity", "Важность", 17),
        text("message", "Что не так", 44),
        text("advice", "Что сделать", 38, "ничего делать не нужно"),
        text("sheet", "Лист", 14, "весь файл"),
        plain("row", "Строка файла, №", "count", width=12, missing="не одна строка"),
        text("column", "Столбец", 20, "не один столбец"),
        text("value", "Значение", 40, "нет значения"),
        plain("count", "Сколько раз, ед.", "count", width=12),
        text("code", "Код проверки", 18),
    ]
    return Sheet("findings", "Что не так", title, columns, frame, empty="Строк нет: замечаний к файлу нет.")


def findings_workbook(export: Export, meta: ReportMeta) -> bytes:
    """Findings by severity, the rows left out with their reasons, the columns as they were understood."""
    columns = pd.DataFrame(
        [
            {
                "number": match.number + 1,
                "header": match.header,
                "field": field_title(match.field),
                "confidence": percent(match.confidence, 0) if match.field else pd.NA,
                "samples": "; ".join(match.samples),
                "reason": match.reason,
            }
            for match in export.columns
        ],
        columns=["number", "header", "field", "confidence", "samples", "reason"],
    )
    left_out = export.left_out.reindex(columns=["sheet", "row", "reason", "text"])
    sheets = [
        findings_sheet(findings_frame(export.findings), "Что не так с файлом"),
        Sheet(
            "left_out",
            "Что не вошло",
            "Строки файла, которые не вошли в отчёты",
            [
                text("sheet", "Лист", 24, "лист без имени"),
                plain("row", "Строка файла, №", "count", width=12, missing="номер не известен"),
                text("reason", "Почему не вошла", 44, "причина не указана"),
                text("text", "Что в строке", 60, "пустая строка"),
            ],
            left_out,
            empty="Строк нет: вошли все строки файла.",
        ),
        Sheet(
            "columns",
            "Что мы поняли",
            "Столбцы файла и как они поняты",
            [
                plain("number", "Столбец, №", "count", width=12),
                text("header", "Заголовок в файле", 48, "без заголовка"),
                text("field", "Поле", 28, "не распознан"),
                text("confidence", "Уверенность, %", 16, "не распознан"),
                text("samples", "Примеры значений", 48, "нет значений"),
                text("reason", "Почему так", 40, "без пояснения"),
            ],
            columns,
            empty="Строк нет: в файле нет столбцов.",
        ),
    ]
    return write_workbook(Book(meta, sheets))
