"""Sferum statistics: reading exports, judging them, comparing, reporting. Pure: no screen, no store, no clock."""

from sferum_core.model import (
    ColumnMatch,
    Export,
    ExportKind,
    Finding,
    Limits,
    OrganizationType,
    Period,
    Severity,
    Source,
    Status,
    UnreadableFile,
)
from sferum_core.municipalities import compare_municipalities, region_total
from sferum_core.names import municipality_key, organization_type
from sferum_core.norms import NormProfile, load_profile, profile_names
from sferum_core.organizations import assess_organizations
from sferum_core.reading import read_export
from sferum_core.reconciliation import Reconciliation, reconcile
from sferum_core.staff import doo_staff

__all__ = [
    "ColumnMatch",
    "Export",
    "ExportKind",
    "Finding",
    "Limits",
    "NormProfile",
    "OrganizationType",
    "Period",
    "Reconciliation",
    "Severity",
    "Source",
    "Status",
    "UnreadableFile",
    "assess_organizations",
    "compare_municipalities",
    "doo_staff",
    "load_profile",
    "municipality_key",
    "organization_type",
    "profile_names",
    "read_export",
    "reconcile",
    "region_total",
]
