"""Tables as text that Excel opens in Russian: UTF-8 with a mark, semicolons, decimal commas, no live formulas."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core.reports.book import Column
from sferum_core.reports.workbook import clean_text, is_risky

ROWS_AT_ONCE = 1_000  # between them other threads have their turn


def csv_bytes(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """The columns in their order under their headers; missing values as the columns say.

    Text that a spreadsheet could take for a formula gets an apostrophe before it; numbers stay numbers.
    """
    shown = {}
    for column in columns:
        values = frame[column.key]
        if column.kind in ("text", "id", "status"):
            words = {value: _safe(value) for value in values.dropna().unique()}
            shown[column.header] = values.map(words).fillna(column.missing)
        elif column.kind == "date":
            shown[column.header] = pd.to_datetime(values).dt.strftime("%d.%m.%Y").fillna(column.missing)
        elif column.kind == "count":
            shown[column.header] = values.astype("Int64").astype("str").fillna(column.missing)
        else:
            shown[column.header] = values.astype("Float64")
    text = pd.DataFrame(shown).to_csv(
        sep=";",
        decimal=",",
        index=False,
        lineterminator="\r\n",
        na_rep="нет данных",
        chunksize=ROWS_AT_ONCE,
    )
    return text.encode("utf-8-sig")


def _safe(value: object) -> str:
    text = clean_text(value).replace("\n", " ")
    return f"'{text}" if is_risky(text) else text
