"""XlsxWriter with the language among the document's properties, which it does not write itself."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

LANGUAGE = "ru-RU"
_SPECIAL = re.compile(r"[_\x00-\x1f\ufffe\uffff]")


class _Core(Core):
    def _write_dc_title(self) -> None:
        super()._write_dc_title()
        self._xml_data_element("dc:language", LANGUAGE)


class _Strings(SharedStrings):
    """Texts of the cells, letter for letter.

    XlsxWriter takes «<r>…</r>» for its own rich text and writes it unescaped, so a name in a file could break
    the workbook; and it looks through each text five times.
    """

    def _write_si(self, string: str) -> None:
        text = self._escape_control_characters(string) if _SPECIAL.search(string) else string
        space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
        self.fh.write(f"<si><t{space}>{escape(text)}</t></si>")


class _Packager(Packager):
    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = _Strings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()

    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class RussianWorkbook(xlsxwriter.Workbook):
    """A workbook whose core properties name the language."""

    def _get_packager(self) -> Packager:
        return _Packager()
