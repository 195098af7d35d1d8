"""Writes docs/files.md, why a file is not read (`python -m scripts.make_files_doc`)."""

from __future__ import annotations

from pathlib import Path

from sferum_core.model import Limits
from sferum_core.reading.refusals import catalogue

PATH = Path(__file__).resolve().parent.parent / "docs" / "files.md"
_INTRO = """# Файлы извне

Загруженному файлу приложение не верит. Сначала по одним байтам проверяются размер, настоящий вид (окончание имени ничего не
решает) и оглавление архива, ничего не распаковывая. Затем файл разбирает отдельный процесс: без окружения и настроек сервера,
в своей папке, с пределами памяти, времени и объёма записи; больше двух файлов сразу не читается. Ответ процесса – простые
данные, и каждая длина в нём проверяется. Битый или враждебный файл может сорвать только собственное чтение.

Файл или читается целиком, с замечаниями о странностях, или не читается вовсе, с одной из причин ниже. Файлы одного архива
независимы: хорошие читаются, о плохих сказано. Пределы – `sferum_core.model.Limits`, рядом с каждым – откуда он взят.

Таблица собрана из `sferum_core/reading/refusals.py` командой `python -m scripts.make_files_doc`; не правьте её руками.

| Код | Что написано | Что сделать |
|---|---|---|
"""


def files_markdown() -> str:
    """The whole document: a row a refusal."""
    rows = (
        f"| `{code}` | {message} | {advice} |".replace("\u202f", " ")
        for code, message, advice in catalogue(Limits())
    )
    return _INTRO + "\n".join(rows) + "\n"


def main() -> None:
    """Command line: writes the document and says how long it is."""
    PATH.write_text(files_markdown(), encoding="utf-8")
    print(f"{PATH.name}: {len(catalogue(Limits()))} причин")


if __name__ == "__main__":
    main()
