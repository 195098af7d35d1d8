"""A worksheet whose table is written as one block of ready cells.

XlsxWriter keeps an object for each cell and makes its XML from a list of attributes; in a workbook of 3,000
organizations that is most of the time. Here a column hands over the XML of its cells, which differs by value
and format only, and rows are put together once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet


class BlockSheet(Worksheet):
    """A worksheet with at most one block; all that is written by cell must lie above it."""

    def __init__(self) -> None:
        super().__init__()
        self._block: list[list[str]] = []
        self._block_row = 0
        self._block_heights: Mapping[int, float] = {}

    def style_number(self, style: Format) -> int:
        """The number that stands for a format in this workbook's cells."""
        number: int = style._get_xf_index()
        return number

    def text_cell(self, text: str, style: Format) -> str:
        """A cell of text: the text is shared, never a formula. At most 32,767 UTF-16 units."""
        index = self.str_table._get_shared_string_index(text)
        return f' s="{style._get_xf_index()}" t="s"><v>{index}</v></c>'

    def number_cells(self, values: Iterable[float | None], style: Format) -> list[str | None]:
        """Cells of finite numbers; None stays None."""
        start = f' s="{style._get_xf_index()}"><v>'
        return [None if value is None else f"{start}{value:.16G}</v></c>" for value in values]

    def date_cells(self, values: Iterable[dt.datetime | None], style: Format) -> list[str | None]:
        """Cells of dates; None stays None."""
        serials = (None if value is None else self._convert_date_time(value) for value in values)
        return self.number_cells(serials, style)

    def add_table(  # type: ignore[override]
        self, first_row: int, first_col: int, last_row: int, last_col: int, options: dict[str, Any]
    ) -> None:
        """An Excel table with a header row, filter and no total row; it must not overlap another.

        XlsxWriter marks every cell of a table one by one; here it sees the header and one row, then gets the range.
        """
        super().add_table(first_row, first_col, first_row + 1, last_col, options)
        table = self.tables[-1]
        table["range"] = table["a_range"] = table["autofilter"] = xl_range(
            first_row, first_col, last_row, last_col
        )

    def put_block(self, first_row: int, columns: Sequence[list[str]], heights: Mapping[int, float]) -> None:
        """Columns of cells, equally long, from column A on; `heights` of rows by their place in the block."""
        self._block, self._block_row, self._block_heights = list(columns), first_row, heights
        if columns and columns[0]:
            self._check_dimensions(first_row + len(columns[0]) - 1, len(columns) - 1)

    def _write_rows(self) -> None:
        last: int = self.dim_rowmax  # type: ignore[has-type]
        if self._block and self._block[0]:
            self.dim_rowmax = self._block_row - 1
        super()._write_rows()
        self.dim_rowmax = last
        letters = [xl_col_to_name(place) for place in range(len(self._block))]
        for place, cells in enumerate(zip(*self._block, strict=True)):
            row = self._block_row + place + 1
            height = self._block_heights.get(place)
            look = "" if height is None else f' ht="{height:.16G}" customHeight="1"'
            written = "".join(
                [f'<c r="{letter}{row}"{cell}' for letter, cell in zip(letters, cells, strict=True)]
            )
            self.fh.write(f'<row r="{row}"{look}>{written}</row>')
