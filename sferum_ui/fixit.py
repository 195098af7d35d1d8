"""«Что исправить» behind the pages: what is to be mended in the open file, books given out, answers taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core.access import Act
from sferum_core.checks import CheckReport
from sferum_core.corrections import CorrectedField, Correction
from sferum_core.fixit import (
    AnswerBook,
    NotAnAnswer,
    Outcome,
    ToMend,
    lay_answers,
    read_answers,
    same_headers,
    to_mend,
)
from sferum_core.fixit.mending import KINDS
from sferum_core.model import Export, UnreadableFile
from sferum_core.norms import NormProfile
from sferum_core.reports.fixit import FOLDER, TITLE, fixit_archive, fixit_workbook, outcome_workbook
from sferum_core.reports.package_parts import Extra
from sferum_ui import access, cache, checking, corrections, derived, intake, library, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.intake import File
from sferum_ui.views import data
from sferum_ui.work import run_checks

Refusal = tuple[str, str, str]
_OUTCOMES = "_fixit_outcomes"
_KEPT_FIELDS = {field.value: field for field in CorrectedField if field is not CorrectedField.SPELLING}


@dataclass(frozen=True, eq=False)
class Taken:
    """What answers came to: the outcome, the dataset they were laid over, and files that were refused."""

    outcome: Outcome
    source_id: str
    profile: NormProfile


def is_for(dataset: Dataset) -> bool:
    """Whether rows of the dataset can be given out for mending."""
    return dataset.export.kind in KINDS and not dataset.is_personal and not derived.dates_of(dataset)


def wanted(dataset: Dataset, *, with_notes: bool = False) -> ToMend:
    """What is to be mended in a dataset under the chosen norms, from the cache."""
    found: ToMend = cache.compute(
        _wanted, dataset.id, state.profile_key(), *checking.key_of(dataset), with_notes
    )
    return found


@cache.bulky
def _wanted(
    dataset: Dataset, profile: NormProfile, previous_id: str, today: dt.date | None, with_notes: bool
) -> ToMend:
    check = _check(profile, checking.previous_export(previous_id), today)
    return to_mend(dataset.export, check(dataset.export), with_notes=with_notes)


def _check(
    profile: NormProfile, previous: Export | None, today: dt.date | None
) -> Callable[[Export], CheckReport]:
    def check(export: Export) -> CheckReport:
        return run_checks(export, profile, previous=previous, today=today)

    return check


def book(dataset: Dataset, profile: NormProfile, mending: ToMend, key: str | None = None) -> bytes:
    """One workbook, made on the click."""
    return fixit_workbook(mending, data.report_meta(dataset, profile, TITLE), key)


def archive(dataset: Dataset, profile: NormProfile, mending: ToMend) -> bytes:
    """All workbooks in one zip, made on the click."""
    return fixit_archive(mending, data.report_meta(dataset, profile, TITLE))


def told_book(dataset: Dataset, taken: Taken) -> bytes:
    """The outcome row by row, made on the click."""
    return outcome_workbook(taken.outcome, data.report_meta(dataset, taken.profile, "Итог исправлений"))


def extras(dataset: Dataset, profile: NormProfile) -> list[Extra]:
    """The books as files of the week's package."""
    if not is_for(dataset):
        return []
    mending = wanted(dataset)
    whole = Extra((TITLE, "весь регион"), partial(book, dataset, profile, mending), FOLDER)
    each = [
        Extra((TITLE, name), partial(book, dataset, profile, mending, key), FOLDER)
        for key, name in mending.municipalities.items()
    ]
    return [whole, *each]


def is_answer(export: Export) -> bool:
    """Whether a file that was read is a «Что исправить» that came back, and no export."""
    return any(same_headers(column.header for column in one.columns) for one in (export, *export.also))


def take(dataset: Dataset, files: Sequence[File]) -> tuple[Dataset, list[Refusal]]:
    """Lay the answers over the dataset; what they correct becomes a dataset of its own, the source stays.

    Returns the dataset to show, the one given when nothing was changed, and what was refused.
    """
    access.require(Act.UPLOAD)
    books, refused, mending = _read(dataset, files)
    if not books:
        return dataset, refused
    profile = state.profile()
    previous_id, today = checking.key_of(dataset)
    check = _check(profile, checking.previous_export(previous_id), today)
    outcome = lay_answers(mending, books, check, with_notes=mending is not wanted(dataset))
    shown = dataset if outcome.changes.empty else _kept(dataset, outcome.export)
    outcomes = st.session_state.setdefault(_OUTCOMES, {})
    outcomes[shown.id] = Taken(outcome, dataset.id, profile)
    return shown, refused


def take_dropped(dataset: Dataset | None, files: Sequence[File]) -> list[Refusal]:
    """Answers dropped where exports are: laid over the open file, which is shown; what was refused."""
    if dataset is None or not is_for(dataset):
        return [
            (
                file.name,
                f"Это книга «{TITLE}», а не выгрузка.",
                "Откройте выгрузку, по которой она сделана, и загрузите книгу ещё раз.",
            )
            for file in files
        ]
    shown, refused = take(dataset, files)
    state.open_dataset(shown)
    return refused


def _read(dataset: Dataset, files: Sequence[File]) -> tuple[list[AnswerBook], list[Refusal], ToMend]:
    """The books, what is none, and what they are answers to: with the notes where the books were given out with them."""
    mending = wanted(dataset)
    books: list[AnswerBook] = []
    refused: list[Refusal] = []
    for file in files:
        try:
            books += read_answers(file.content, file.name, mending, intake.limits())
        except UnreadableFile as error:
            refused.append((file.name, error.message, error.advice))
        except NotAnAnswer:
            refused.append(
                (
                    file.name,
                    f"Это не книга «{TITLE}»: в ней нет столбцов «Код строки» и «Что не так».",
                    "Загрузите книгу, которую скачали здесь и исправили.",
                )
            )
    fuller = wanted(dataset, with_notes=True)
    known = {row.code for row in mending.rows}
    noted = {row.code for row in fuller.rows} - known
    given = {answer.code for one in books for answer in one.rows}
    return books, refused, fuller if noted & given else mending


_CORRECTED = ", с исправлениями"


def _kept(dataset: Dataset, export: Export) -> Dataset:
    """The corrected table as a dataset of its own, beside the source."""
    name = export.source.filename.removesuffix(_CORRECTED) + _CORRECTED
    source = export.source.model_copy(update={"filename": name})
    made = cache.keep_export(replace(export, source=source, also=()), is_demo=dataset.is_demo)
    intake.own(made.id)
    return made


def taken(dataset: Dataset) -> Taken | None:
    """What the answers laid over a dataset came to, in this session."""
    found: Taken | None = st.session_state.get(_OUTCOMES, {}).get(dataset.id)
    return found


def lasting(dataset: Dataset, found: Taken) -> list[Correction]:
    """Corrections that hold in later weeks too: type, municipality, name and staff of organizations with an ID."""
    table = found.outcome.export.table
    if dataset.is_demo or not corrections.region() or "organization_id" not in table.columns:
        return []
    made = []
    for place, field in zip(found.outcome.changes["place"], found.outcome.changes["field"], strict=True):
        code, value = table["organization_id"].iloc[place], table[field].iloc[place]
        if field in _KEPT_FIELDS and not pd.isna(code) and not pd.isna(value):
            kind = _KEPT_FIELDS[field]
            made.append(Correction(kind, str(code), int(value) if kind.is_count else str(value)))
    return made


def keep_lasting(made: Sequence[Correction]) -> int:
    """Remember them for later weeks; how many are new. StoreError when the database can't."""
    return library.store().corrections.add_many(
        corrections.region(), made, note="из книги «Что исправить»", by=visitor.name()
    )
