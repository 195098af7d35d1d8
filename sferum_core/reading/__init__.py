"""Bytes of an export from outside -> `Export`: formats, layout, columns, values, and what was found on the way."""

from sferum_core.reading.export import read_export

__all__ = ["read_export"]
