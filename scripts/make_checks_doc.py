"""Writes docs/checks.md, the catalogue of checks (`python -m scripts.make_checks_doc`)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sferum_core.checks import CHECKS, READER_FINDINGS, catalogue
from sferum_core.wording import counted

PATH = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
_INTRO = """# Проверки

Что приложение находит в загруженном файле: {checks} и {reader}.
Файл собран из их описаний в `sferum_core/checks` командой `python -m scripts.make_checks_doc`; не правьте его руками.

Ошибка – отчёту верить нельзя, пока она не исправлена. Предупреждение – проверьте: цифры могут быть неверны.
Замечание – знать полезно, исправлять не обязательно. Все проверки идут за один проход; проверка, которой нужен исправный
столбец или прежняя неделя, при их отсутствии молчит, а если столбец признан негодным, пишет «не проверено из-за …».
"""


def checks_markdown() -> str:
    """The whole document: a section a group, an entry a code."""
    table = catalogue()
    parts = [
        _INTRO.format(
            checks=counted(len(CHECKS), "проверка", "проверки", "проверок"),
            reader=counted(len(READER_FINDINGS), "находка", "находки", "находок") + " самого чтения",
        )
    ]
    for group, entries in table.groupby("group", sort=False):
        parts.append(f"\n## {group}\n")
        parts += [_entry(row) for _, row in entries.iterrows()]
    return "".join(parts)


def _entry(row: pd.Series) -> str:
    lines = [
        f"\n### {row['title']}\n",
        f"`{row['code']}` · {row['severity']} · для таблиц: {row['kinds']}\n",
        f"- Когда: {row['when']}",
        f"- Что делать: {row['advice']}",
    ]
    if row["needs"]:
        lines.append(f"- Нужны: {row['needs']}")
    if row["depends_on"]:
        lines.append(f"- Не проверяется, если найдено: {row['depends_on']}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line: writes the document and says how long it is."""
    text = checks_markdown()
    PATH.write_text(text, encoding="utf-8")
    print(f"{PATH.name}: {len(catalogue())} записей")


if __name__ == "__main__":
    main()
