"""Versions of what reads and of what computes, kept beside everything saved."""

READER_VERSION = "1"
"""Raise it when the reader understands a file differently than before."""

CALCULATION_VERSION = "1"
"""Raise it when the same table and profile give other figures or statuses than before."""
