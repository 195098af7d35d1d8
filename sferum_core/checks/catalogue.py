"""The catalogue of everything that may be found in a file, for Справка and docs/checks.md."""

from __future__ import annotations

import pandas as pd

from sferum_core.checks.declare import CHECKS, TODAY, Group
from sferum_core.checks.declare import PREVIOUS as _PREVIOUS
from sferum_core.checks.reader_findings import READER_FINDINGS, REPORT_FINDINGS, ReaderFinding
from sferum_core.model import Severity
from sferum_core.reading.fields import FIELDS

CATALOGUE_COLUMNS = ("code", "group", "severity", "title", "when", "advice", "kinds", "needs", "depends_on")
READER_GROUP, REPORT_GROUP = "Чтение файла", "Отчёт"
SEVERITY_WORDS = {
    Severity.ERROR: "Ошибка",
    Severity.WARNING: "Предупреждение",
    Severity.NOTE: "Замечание",
}
_ARGUMENTS = {_PREVIOUS: "прежняя выгрузка", TODAY: "сегодняшняя дата", "period": "период"}


def title_of(code: str) -> str:
    """The title of a code; the code itself when nobody declared it."""
    declared = CHECKS.get(code) or READER_FINDINGS.get(code) or REPORT_FINDINGS.get(code)
    return declared.title if declared else code


def catalogue() -> pd.DataFrame:
    """A row a code with `CATALOGUE_COLUMNS`, all Russian text but `code`, by group and then as declared.

    `severity` is «Ошибка», «Предупреждение» or «Замечание»; `kinds` the kinds of tables it is for; `needs`
    what must be there; `depends_on` titles of what switches it off.
    """
    rows = [_of_reader(one, READER_GROUP) for one in READER_FINDINGS.values()]
    for group in Group:
        rows += [
            {
                "code": check.code,
                "group": group.label,
                "severity": SEVERITY_WORDS[check.severity],
                "title": check.title,
                "when": check.when,
                "advice": check.advice,
                "kinds": ", ".join(kind.label for kind in check.kinds),
                "needs": ", ".join(_need(need) for need in check.needs),
                "depends_on": ", ".join(title_of(code) for code in check.depends_on),
            }
            for check in CHECKS.values()
            if check.group is group
        ]
    rows += [_of_reader(one, REPORT_GROUP) for one in REPORT_FINDINGS.values()]
    return pd.DataFrame(rows, columns=list(CATALOGUE_COLUMNS)).astype("str")


def _of_reader(one: ReaderFinding, group: str) -> dict[str, str]:
    return {
        "code": one.code,
        "group": group,
        "severity": SEVERITY_WORDS[one.severity],
        "title": one.title,
        "when": one.when,
        "advice": one.advice,
        "kinds": "все",
        "needs": "",
        "depends_on": "",
    }


def _need(need: str) -> str:
    return _ARGUMENTS.get(need) or (f"«{FIELDS[need].title}»" if need in FIELDS else need)
