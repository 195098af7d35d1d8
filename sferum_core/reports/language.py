"""XlsxWriter with the language among the document's properties, which it does not write itself."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager

LANGUAGE = "ru-RU"


class _Core(Core):
    def _write_dc_title(self) -> None:
        super()._write_dc_title()
        self._xml_data_element("dc:language", LANGUAGE)


class _Packager(Packager):
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class RussianWorkbook(xlsxwriter.Workbook):
    """A workbook whose core properties name the language."""

    def _get_packager(self) -> Packager:
        return _Packager()
