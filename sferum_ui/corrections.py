"""The office's own corrections and confirmed columns, laid over what was read, once for every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sferum_core.model import Export, ExportKind, Finding, Severity
from sferum_core.next_steps import PLATFORM_SUPPORT, REGION_SUPPORT, Support
from sferum_store import KeptMapping, apply_corrections, headers_of
from sferum_ui import library

CORRECTED_KINDS = (ExportKind.ORGANIZATIONS, ExportKind.REGISTRY)


def region() -> str:
    """Whose corrections hold: the region of the office's settings; "" when it is not set."""
    office = library.office()
    return office.region if office is not None else ""


SupportParams = tuple[str, str, tuple[tuple[str, str], ...]]


def support_params() -> SupportParams:
    """The addresses and words of the office for «Что делать», as a part of a cache's key."""
    office = library.office()
    if office is None:
        return (PLATFORM_SUPPORT, REGION_SUPPORT, ())
    platform, desk = office.support_platform or PLATFORM_SUPPORT, office.support_region or REGION_SUPPORT
    return (platform, desk, tuple(sorted(office.next_steps.items())))


def support(params: SupportParams) -> Support:
    """`support_params` as the core takes it."""
    platform, desk, words = params
    return Support(platform, desk, dict(words))


def corrected(export: Export) -> Export:
    """The export with the corrections of the office, each told in a finding; the tables beside it too."""
    return replace(_corrected(export), also=tuple(_corrected(other) for other in export.also))


def _corrected(export: Export) -> Export:
    whose = region()
    if export.kind not in CORRECTED_KINDS or not whose:
        return export
    known = library.quietly(lambda store: store.corrections.for_region(whose))
    if not known:
        return export
    table, findings = apply_corrections(export.table, known)
    return replace(export, table=table, findings=(*export.findings, *findings))


def kept_mapping(export: Export) -> KeptMapping | None:
    """The columns somebody confirmed for files with this header, when they differ from how it was read."""
    kept = library.quietly(lambda store: store.mappings.find(headers_of(export)))
    if kept is None:
        return None
    read: dict[str | int, str] = {}
    for column in export.columns:
        read[column.header] = read[column.number] = column.field or ""
    same = all(read.get(column) == field for column, field in kept.choices.items())
    return None if same else kept


def told(export: Export, kept: KeptMapping) -> Export:
    """The export with a note that its columns were understood as somebody confirmed them."""
    day = f"{kept.confirmed_at.astimezone():%d.%m.%Y}"
    by = f", {kept.confirmed_by}" if kept.confirmed_by else ""
    note = Finding(
        code="mapping_remembered",
        severity=Severity.NOTE,
        message=f"Столбцы поняты так, как их указали для такого же заголовка ({day}{by}).",
        advice="Изменить их можно в разделе «Поправить столбцы», забыть – на странице «Управление».",
        count=len(kept.choices),
    )
    return replace(export, findings=(*export.findings, note))


def remember_mapping(export: Export, choices: Mapping[str | int, str], by: str) -> None:
    """Keep the user's choice of columns for the next file with this header."""
    kept = library.quietly(lambda store: store.mappings.find(headers_of(export)))
    whole = {**(kept.choices if kept else {}), **choices}
    library.quietly(lambda store: store.mappings.remember(headers_of(export), whole, by=by))
