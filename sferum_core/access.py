"""Who may do what, declared as data; and an export as an editor of one municipality may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from sferum_core.model import Export, ExportKind, Finding
from sferum_core.names.municipalities import municipality_key, municipality_keys

NOWHERE = "-"
"""A scope that holds no municipality: nothing of any organization is shown."""


class Role(StrEnum):
    """What a visitor is; each next one may do what those before may, but a stranger and a guest of a link."""

    STRANGER = "stranger"
    VIEWER = "viewer"
    MUNICIPALITY = "municipality"
    REGION = "region"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """Russian name."""
        return _LABELS[self]


_LABELS = {
    Role.STRANGER: "без входа",
    Role.VIEWER: "просмотр по ссылке",
    Role.MUNICIPALITY: "редактор муниципалитета",
    Role.REGION: "редактор региона",
    Role.ADMINISTRATOR: "администратор",
}
GIVEN_ROLES = (Role.MUNICIPALITY, Role.REGION, Role.ADMINISTRATOR)
"""Roles that a person can be given; the others come of themselves."""


class Act(StrEnum):
    """What the app does for a visitor."""

    READ = "read"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    SHARE = "share"
    MARK = "mark"
    TASKS = "tasks"
    PROFILE = "profile"
    ARCHIVE = "archive"
    PACKAGE = "package"
    SAVE = "save"
    ORIGINAL = "original"
    DELETE = "delete"
    OFFICE = "office"
    CORRECT = "correct"
    SETTINGS = "settings"
    PEOPLE = "people"
    JOURNAL = "journal"

    @property
    def label(self) -> str:
        """Russian words for the table of Справка."""
        return _ACTS[self]


_ACTS = {
    Act.READ: "смотреть отчёты и режим планёрки",
    Act.DOWNLOAD: "скачивать таблицы открытого отчёта",
    Act.UPLOAD: "загружать выгрузки и указывать столбцы",
    Act.SHARE: "делать и отзывать ссылки",
    Act.MARK: "отмечать просмотренное",
    Act.TASKS: "вести поручения планёрки",
    Act.PROFILE: "составлять свой профиль норм",
    Act.ARCHIVE: "открывать недели архива",
    Act.PACKAGE: "готовить пакет недели и письма",
    Act.SAVE: "сохранять недели в архив",
    Act.ORIGINAL: "скачивать исходные файлы недель",
    Act.DELETE: "удалять недели",
    Act.OFFICE: "открывать «Управление»",
    Act.CORRECT: "исправлять типы, муниципалитеты и численность",
    Act.SETTINGS: "менять настройки управления",
    Act.PEOPLE: "назначать людей и роли",
    Act.JOURNAL: "читать журнал действий",
}

_VIEWER = frozenset({Act.READ, Act.DOWNLOAD})
_MUNICIPALITY = _VIEWER | {
    Act.UPLOAD, Act.SHARE, Act.MARK, Act.TASKS, Act.PROFILE, Act.ARCHIVE, Act.PACKAGE,
}  # fmt: skip
_REGION = _MUNICIPALITY | {Act.SAVE, Act.ORIGINAL, Act.DELETE, Act.OFFICE, Act.CORRECT}

ALLOWED: dict[Role, frozenset[Act]] = {
    Role.STRANGER: frozenset(),
    Role.VIEWER: _VIEWER,
    Role.MUNICIPALITY: _MUNICIPALITY,
    Role.REGION: _REGION,
    Role.ADMINISTRATOR: frozenset(Act),
}
"""The whole table of permissions: role × act."""


@dataclass(frozen=True)
class Person:
    """A visitor. `scope` is the key of the only municipality whose organizations are shown; None for all."""

    role: Role
    identity: str = ""
    name: str = ""
    scope: str | None = None
    municipality: str = ""

    def may(self, act: Act) -> bool:
        """Whether the table allows it."""
        return act in ALLOWED[self.role]


def narrower(one: str | None, other: str | None) -> str | None:
    """The scope that both allow."""
    if one is None or other is None:
        return other if one is None else one
    return one if one == other else NOWHERE


def scope_of(municipality: str) -> str:
    """The scope of a municipality by its name; a blank or strange name is nowhere, never everywhere."""
    return municipality_key(municipality) or NOWHERE


WHOLE_KINDS = frozenset({ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF})
"""Tables of sums, without organizations: shown to all editors."""
_NAMING = ("organization_id", "organization", "inn", "ogrn", "address", "full_name")


def narrowed(export: Export, scope: str, *, own: bool = False) -> Export:
    """The export with the organizations of one municipality only, and with nothing said of any other.

    Findings about single rows, samples of cells and left-out rows go: they quote the file. `own` is for the file's
    uploader: a table that names no municipality at all is then shown as it is.
    """
    also = tuple(narrowed(other, scope, own=own) for other in export.also)
    if export.kind in WHOLE_KINDS:
        return replace(export, also=also)
    named = "municipality" in export.table.columns and bool(export.table["municipality"].notna().any())
    if own and not named:
        return replace(export, also=also)
    table = within(export.table, scope) if named else export.table.iloc[:0]
    table = table.reset_index(drop=True)
    return replace(
        export,
        table=table,
        also=also,
        columns=tuple(column.model_copy(update={"samples": ()}) for column in export.columns),
        findings=tuple(finding for finding in export.findings if _says_no_names(finding)),
        left_out=export.left_out.iloc[:0],
        source_rows=len(table),
    )


def within(table: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Rows of one municipality of a table that names them; those that name none belong to nobody's scope."""
    return table[municipality_keys(table["municipality"]).eq(scope).fillna(False).astype(bool)]


def _says_no_names(finding: Finding) -> bool:
    return finding.row is None and finding.value is None and "«" not in finding.message + finding.advice


def nameless(table: pd.DataFrame) -> pd.DataFrame:
    """The table for sums over the whole region: everything but what names an organization or a person."""
    naming = [name for name in _NAMING if name in table]
    blank = table[naming].reindex([-1] * len(table)).set_axis(table.index)
    return table.assign(**{name: blank[name] for name in naming})
