"""«Скопировать таблицу»: what goes into the clipboard, and that nothing is sent before the click."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

from sferum_ui.components import share_cells, share_column
from sferum_ui.components.copying import cells, copying_script, html_table, plain_text

Start = Callable[..., AppTest]
FRAME = pd.DataFrame(
    {
        "id": pd.array(["000123", "12345678901234567890", None], dtype="str"),
        "name": ["=HYPERLINK(1)", "a\tb\nc", "</script><img src=x onerror=alert(1)>"],
        "count": pd.array([1204, None, 0], dtype="Int64"),
        "share": share_cells([0.125, 4.0, None]),
        "bar": [0.1, 0.2, 0.3],
        "labels": [["Норма"], ["Лидер", "Цель"], []],
    }
)
COLUMNS = {
    "id": "ID",
    "name": "Название",
    "count": st.column_config.NumberColumn("Чел."),
    "share": share_column("Доля"),
    "bar": st.column_config.ProgressColumn("\u2002".strip()),
    "labels": st.column_config.MultiselectColumn("Статус"),
}


def test_cells_as_a_russian_office_program_reads_them() -> None:
    titles, rows = cells(FRAME, COLUMNS)
    assert titles == ["ID", "Название", "Чел.", "Доля", "Статус"]
    lines = plain_text(titles, rows).split("\r\n")
    assert lines[1] == "000123\t'=HYPERLINK(1)\t1\u00a0204\t12,5\u00a0%\tНорма"
    assert lines[2] == "12345678901234567890\ta b c\t\t400,0\u00a0%\tЛидер, Цель"
    assert len(lines) == 4
    assert [one.is_figure for one in rows[0]] == [False, False, True, True, False]


def test_the_html_marks_texts_and_holds_no_markup_of_the_file() -> None:
    found = html_table(*cells(FRAME, COLUMNS))
    assert "<img" not in found and "</script" not in found
    for text in ("000123", "=HYPERLINK(1)", "12345678901234567890"):
        assert f"<td style=\"mso-number-format:'\\@'\">{text}</td>" in found
    assert '<td align="right">1\u00a0204</td>' in found


def test_the_script_cannot_be_closed_by_a_text_of_the_file() -> None:
    script = copying_script(FRAME, COLUMNS)
    assert script.count("</script>") == 1 and script.endswith(")</script>")
    given = json.loads(script[script.rindex(")({") + 2 : -len(")</script>")])
    assert given["done"].replace("\u00a0", " ") == "Скопировано: 3 строки"
    assert "</script><img src=x" in given["text"]


def test_the_table_is_made_on_the_click_only(app: Start) -> None:
    test = app("municipality_comparison", data="demo")
    assert not test.exception
    copies = [button for button in test.button if button.label == "Скопировать таблицу"]
    assert copies
    assert not [one for one in test.main if "sf-copied" in str(getattr(one, "proto", ""))]
    assert "Скопировано" not in str(test.main)
    copies[0].click().run()
    assert not test.exception
