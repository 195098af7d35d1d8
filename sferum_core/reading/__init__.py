"""Bytes of an export from outside -> `Export`: formats, layout, columns, values, and what was found on the way."""

from sferum_core.reading.export import read_export
from sferum_core.reading.joining import join_drop, join_files

__all__ = ["join_drop", "join_files", "read_export"]
