"""Names: organization types, municipalities, and entries that do not belong in the lists."""

from sferum_core.names.organization_types import organization_type, organization_types
from sferum_core.names.strangers import Stranger, stranger, strangers

__all__ = [
    "Stranger",
    "organization_type",
    "organization_types",
    "stranger",
    "strangers",
]
