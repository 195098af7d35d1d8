"""Workbooks, letters and the package of a week: tables in, bytes of xlsx, docx and zip out."""

from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.changes import changes_workbook
from sferum_core.reports.comparison import comparison_workbook
from sferum_core.reports.findings import findings_workbook
from sferum_core.reports.names import file_name
from sferum_core.reports.organizations import annex_title, annex_workbook, organizations_workbook
from sferum_core.reports.package import Extra, Package, Part, write_package
from sferum_core.reports.staff import staff_workbook
from sferum_core.reports.trends import trend_workbook
from sferum_core.reports.workbook import write_workbook

__all__ = [
    "Book",
    "Column",
    "Extra",
    "Package",
    "Part",
    "ReportMeta",
    "Sheet",
    "annex_title",
    "annex_workbook",
    "changes_workbook",
    "comparison_workbook",
    "file_name",
    "findings_workbook",
    "organizations_workbook",
    "staff_workbook",
    "trend_workbook",
    "write_package",
    "write_workbook",
]
