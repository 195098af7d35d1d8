"""Building blocks of every page; pages import them from here."""

from sferum_ui.components.charts import chart
from sferum_ui.components.downloads import download_csv, download_file, download_xlsx
from sferum_ui.components.figures import Figure, Origin, figures, where_from
from sferum_ui.components.filters import choice, filter_row, one_of, rows_left, search, text_search
from sferum_ui.components.findings import findings_list, main_causes
from sferum_ui.components.page import answer, empty_state, foot, page_head
from sferum_ui.components.pictures import picture_downloads
from sferum_ui.components.sharing import share_button
from sferum_ui.components.tables import (
    bar_column,
    share_cells,
    share_column,
    short_table,
    status_badge,
    table,
)
from sferum_ui.components.text import escape_markdown, unbroken

__all__ = [
    "Figure",
    "Origin",
    "answer",
    "bar_column",
    "chart",
    "choice",
    "download_csv",
    "download_file",
    "download_xlsx",
    "empty_state",
    "escape_markdown",
    "figures",
    "filter_row",
    "findings_list",
    "foot",
    "main_causes",
    "one_of",
    "page_head",
    "picture_downloads",
    "rows_left",
    "search",
    "share_button",
    "share_cells",
    "share_column",
    "short_table",
    "status_badge",
    "table",
    "text_search",
    "unbroken",
    "where_from",
]
