"""Names: organization types, municipalities, and entries that do not belong in the lists."""

from sferum_core.names.municipalities import (
    GROUP_ORDER,
    municipality_display,
    municipality_group,
    municipality_key,
    municipality_keys,
)
from sferum_core.names.municipality_likeness import similar_municipalities
from sferum_core.names.organization_types import organization_type, organization_types
from sferum_core.names.strangers import Stranger, stranger, strangers

__all__ = [
    "GROUP_ORDER",
    "Stranger",
    "municipality_display",
    "municipality_group",
    "municipality_key",
    "municipality_keys",
    "organization_type",
    "organization_types",
    "similar_municipalities",
    "stranger",
    "strangers",
]
