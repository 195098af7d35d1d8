"""Templates of an office, docx and xlsx: foreign files, checked and filled in a limited process."""

from sferum_core.reports.templates.catalogue import FIELDS, HOW_TO, LISTS, TemplateField, TemplateList
from sferum_core.reports.templates.docx import check_docx_template, fill_docx

__all__ = [
    "FIELDS",
    "HOW_TO",
    "LISTS",
    "TemplateField",
    "TemplateList",
    "check_docx_template",
    "fill_docx",
]
