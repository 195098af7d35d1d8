"""Writes the table of settings into README.md between its marks (`make settings`)."""

from __future__ import annotations

from pathlib import Path

from sferum_store.settings import settings_table

README = Path(__file__).resolve().parent.parent / "README.md"
START, END = "<!-- settings: make settings -->\n", "<!-- /settings -->"


def settings_section(text: str) -> str:
    """What stands between the marks."""
    return text.split(START, maxsplit=1)[1].split(END, maxsplit=1)[0]


def main() -> None:
    """Replace the section."""
    text = README.read_text("utf-8")
    README.write_text(
        text.replace(START + settings_section(text) + END, START + settings_table() + END), "utf-8"
    )


if __name__ == "__main__":
    main()
