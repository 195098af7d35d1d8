"""Native Excel charts: ranked bars on a sheet of their own, printed on one A4."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.chartsheet import Chartsheet

from sferum_core.palette import INK, status_colour
from sferum_core.reports.book import Chart, Sheet

FONT = "Arial"
MOST = 70  # bars that can be told apart on one page; the table has them all
_PERCENT = "0.0%"


def write_chart(
    book: xlsxwriter.Workbook, target: Chartsheet, sheet: Sheet, chart: Chart, sheet_name: str, first_row: int
) -> None:
    """Draw `chart` of `sheet`, whose rows begin at 0-based `first_row` of the sheet named `sheet_name`."""
    keys = [column.key for column in sheet.columns]
    category, value = keys.index(chart.category), keys.index(chart.value)
    is_share = sheet.columns[value].kind in ("share", "change")
    shown = min(len(sheet.frame), MOST)
    last = first_row + shown - 1
    size = 9 if shown <= 20 else 8 if shown <= 32 else 7 if shown <= 45 else 5.5
    font = {"name": FONT, "size": size, "color": INK["light"].text}
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "name": sheet.columns[value].header,
            "categories": [sheet_name, first_row, category, last, category],
            "values": [sheet_name, first_row, value, last, value],
            "fill": {"color": INK["light"].accent},
            "gap": 35,
            "points": _points(sheet, chart, shown),
            "data_labels": {"value": True, "num_format": _PERCENT if is_share else "#,##0", "font": font},
        }
    )
    title = chart.title if shown == len(sheet.frame) else f"{chart.title} (первые {MOST})"
    bars.set_title({"name": title, "name_font": {"name": FONT, "size": 13, "bold": True}, "overlay": False})
    bars.set_legend({"none": True})
    bars.set_y_axis(
        {
            "reverse": True,
            "num_font": font,
            "major_tick_mark": "none",
            "line": {"color": INK["light"].grid},
            "interval_unit": 1,
        }
    )
    bars.set_x_axis(
        {
            "min": 0,
            "num_format": "0%" if is_share else "#,##0",
            "num_font": font,
            "major_gridlines": {"visible": True, "line": {"color": INK["light"].grid}},
            "line": {"none": True},
        }
    )
    target.set_chart(bars)
    target.set_paper(9)
    target.set_landscape()  # LibreOffice loses the chart of an upright page
    target.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    target.set_footer("&R&8Страница &P из &N")


def _points(sheet: Sheet, chart: Chart, shown: int) -> list[dict[str, dict[str, str]] | None] | None:
    """A colour for each bar by its status; the word stands in the table."""
    if chart.status is None:
        return None
    statuses = sheet.frame[chart.status].tolist()[:shown]
    return [{"fill": {"color": status_colour(str(status)).fill}} for status in statuses]
