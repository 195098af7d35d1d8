"""Native Excel charts: ranked bars and lines over weeks on a sheet of their own, printed on one A4."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import xlsxwriter
from xlsxwriter.chartsheet import Chartsheet

from sferum_core.palette import INK, SERIES, status_colour
from sferum_core.reports.book import Chart, Sheet, Trend

FONT = "Arial"
MOST = 70  # bars that can be told apart on one page; the table has them all
MOST_TICKS = 14  # dates under the lines
_PERCENT = "0.0%"


def write_chart(
    book: xlsxwriter.Workbook, target: Chartsheet, sheet: Sheet, sheet_name: str, first_row: int
) -> None:
    """Draw the chart of `sheet`, whose rows begin at 0-based `first_row` of the sheet named `sheet_name`."""
    if isinstance(sheet.chart, Trend):
        drawn = _lines(book, sheet, sheet.chart, sheet_name, first_row)
    elif sheet.chart is not None:
        drawn = _bars(book, sheet, sheet.chart, sheet_name, first_row)
    else:
        return
    target.set_chart(drawn)
    target.set_paper(9)
    target.set_landscape()  # LibreOffice loses the chart of an upright page
    target.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    target.set_footer("&R&8Страница &P из &N")


def _lines(
    book: xlsxwriter.Workbook, sheet: Sheet, chart: Trend, sheet_name: str, first_row: int
) -> xlsxwriter.chart.Chart:
    """Each run of weeks with a value is a series of its own, so that a gap stays a gap: Excel takes words for 0."""
    keys = [column.key for column in sheet.columns]
    date = keys.index(chart.date)
    font = {"name": FONT, "size": 9, "color": INK["light"].text}
    lines = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    unnamed, count = [], 0
    for place, key in enumerate(chart.values):
        column = keys.index(key)
        colour = INK["light"].text if place == 0 else SERIES["light"][(place - 1) % len(SERIES["light"])]
        for number, (start, end) in enumerate(_runs(sheet.frame[key])):
            rows = first_row + start, first_row + end
            lines.add_series(
                {
                    "name": sheet.columns[column].header,
                    "categories": [sheet_name, rows[0], date, rows[1], date],
                    "values": [sheet_name, rows[0], column, rows[1], column],
                    "line": {"color": colour, "width": 2.75 if place == 0 else 1.75},
                    "marker": {
                        "type": "circle",
                        "size": 5,
                        "fill": {"color": colour},
                        "border": {"color": colour},
                    },
                }
            )
            if number:
                unnamed.append(count)
            count += 1
    _title(lines, chart.title)
    lines.set_legend({"position": "bottom", "font": font, "delete_series": unnamed})
    grid = {"color": INK["light"].grid}
    days = pd.to_datetime(sheet.frame[chart.date])
    first, last = days.min(), days.max()
    lines.set_x_axis(
        {
            "min": _serial(first) - 7,
            "max": _serial(last) + 7,
            "major_unit": 7 * max(1, round((last - first).days / 7 / MOST_TICKS)),
            "num_format": "dd.mm" if (last - first).days < 300 else "mm.yyyy",
            "num_font": font,
            "line": grid,
            "major_gridlines": {"visible": False},
        }
    )
    lines.set_y_axis(
        {
            "min": 0,
            "num_format": "0%",
            "num_font": font,
            "major_gridlines": {"visible": True, "line": grid},
            "line": {"none": True},
        }
    )
    return lines


def _serial(day: pd.Timestamp) -> int:
    """A date as spreadsheets count it."""
    return (day - pd.Timestamp(1899, 12, 30)).days


def _runs(values: pd.Series) -> Iterator[tuple[int, int]]:
    """First and last place of each run of values that are there."""
    start = None
    known = [*values.notna().tolist(), False]
    for place, is_known in enumerate(known):
        if is_known and start is None:
            start = place
        elif not is_known and start is not None:
            yield start, place - 1
            start = None


def _title(drawn: xlsxwriter.chart.Chart, title: str) -> None:
    drawn.set_title({"name": title, "name_font": {"name": FONT, "size": 13, "bold": True}, "overlay": False})


def _bars(
    book: xlsxwriter.Workbook, sheet: Sheet, chart: Chart, sheet_name: str, first_row: int
) -> xlsxwriter.chart.Chart:
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
    _title(bars, title)
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
    return bars


def _points(sheet: Sheet, chart: Chart, shown: int) -> list[dict[str, dict[str, str]] | None] | None:
    """A colour for each bar by its status; the word stands in the table."""
    if chart.status is None:
        return None
    statuses = sheet.frame[chart.status].tolist()[:shown]
    return [{"fill": {"color": status_colour(str(status)).fill}} for status in statuses]
