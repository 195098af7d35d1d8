"""Templates of an office, docx and xlsx: foreign files, checked and filled in a limited process."""

from sferum_core.reports.templates.catalogue import FIELDS, HOW_TO, LISTS, TemplateField, TemplateList
from sferum_core.reports.templates.docx import check_docx_template, fill_docx
from sferum_core.reports.templates.sample import sample_template
from sferum_core.reports.templates.table import TableFilling, TableTemplate, fill_xlsx, inspect_xlsx_template

__all__ = [
    "FIELDS",
    "HOW_TO",
    "LISTS",
    "TableFilling",
    "TableTemplate",
    "TemplateField",
    "TemplateList",
    "check_docx_template",
    "fill_docx",
    "fill_xlsx",
    "inspect_xlsx_template",
    "sample_template",
]
