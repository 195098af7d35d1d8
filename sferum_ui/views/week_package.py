"""«Пакет недели»: what goes in, the fields of the letter, the making of the zip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from functools import partial
from typing import IO, Any

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.names.cases import CaseForms
from sferum_core.norms import NormProfile
from sferum_core.organizations import assess_organizations
from sferum_core.reading.values import parse_date
from sferum_core.reports.letters import FIELD_TITLES, NEEDS_LETTER, LetterFields
from sferum_core.reports.letters.phrases import by_organizations, of
from sferum_core.reports.names import file_name
from sferum_core.reports.organizations import with_words
from sferum_core.reports.package import Package, Part, forms, plan, write_package
from sferum_core.reports.package_parts import Extra
from sferum_core.reports.templates import fill_docx
from sferum_core.waiting import acting, waiting_note, with_waiting
from sferum_ui import cache, fixit, history, letter_memory, library, reconciling, state
from sferum_ui.cache import Dataset
from sferum_ui.components import download_file, escape_markdown
from sferum_ui.components.pictures import FONTS
from sferum_ui.jobs import Job, Report
from sferum_ui.views import changes, data

ZIP = "application/zip"
_JOB = "_package_job"
_PARTS, WITHOUT, _ASKED = "_package_parts", "_package_without", "_package_asked"

TABLES = (
    Part.SUMMARY,
    Part.ANNEXES,
    Part.MUNICIPALITIES,
    Part.LEADERS,
    Part.STAFF,
    Part.PICTURES,
    Part.FINDINGS,
    Part.RECONCILIATION,
    Part.FIXIT,
)
LETTERS = (Part.REGION_LETTER, Part.MUNICIPALITY_LETTERS, Part.SCHOOL_LETTERS, Part.CHAT)
_LINES = {
    "office": "Первая строка\nВторая строка",
    "position": "Начальник отдела",
}
_HINTS = {
    "number": "01-15/77",
    "name": "И. О. Фамилия",
    "region_support": "адрес почты или телефон",
}


@dataclass(frozen=True)
class Contents:
    """What the open file gives for a package."""

    organizations: int
    municipalities: int
    addressees: int
    behind: int
    strangers: int
    waiting: int = 0
    reconciled: bool = False


@dataclass(frozen=True)
class Templates:
    """The office's own files, checked; None for none."""

    letter: bytes | None = None
    table: bytes | None = None


@cache.bulky
def words(dataset: Dataset, profile: NormProfile, waiting: tuple[int, ...] = ()) -> pd.DataFrame:
    """The assessed table with the columns reports need; `waiting` are rows that wait for deactivation."""
    return with_words(with_waiting(assess_organizations(dataset.export.table, profile), waiting), profile)


def contents(dataset: Dataset, profile: NormProfile, waiting: tuple[int, ...] = ()) -> Contents:
    """How many of everything."""
    table = data.computed(words, dataset, waiting)
    must_act = acting(table)
    return Contents(
        organizations=len(table),
        municipalities=int(table["municipality_shown"].nunique()),
        addressees=int((table["municipality_shown"].drop_duplicates() != UNKNOWN_MUNICIPALITY).sum()),
        behind=int(must_act["status"].isin([status.value for status in NEEDS_LETTER]).sum()),
        strangers=int((table["stranger"].fillna("") != "").sum()) if len(table) else 0,
        waiting=len(table) - len(must_act),
    )


def package(
    dataset: Dataset,
    profile: NormProfile,
    table: pd.DataFrame,
    parts: frozenset[Part],
    fields: LetterFields,
    corrections: Mapping[str, str],
    without: bool,
    reconciled: Extra | None = None,
) -> Package:
    """The package as the page asks for it, in the app's own look; with what changed where the week before is known."""
    before = next((week for week in history.earlier(dataset) if week.is_before), None)
    extras = []
    if before is not None:
        build = partial(changes.workbook, dataset, profile, state.profile_key(), before.id)
        extras.append(Extra(("Что изменилось",), build))
    if reconciled is not None and Part.RECONCILIATION in parts:
        extras.append(reconciled)
    if Part.FIXIT in parts:
        extras += fixit.extras(dataset, profile)
    return Package(
        table,
        profile,
        data.report_meta(dataset, profile, "Пакет недели"),
        fields=fields,
        parts=parts,
        export=dataset.export,
        previous=None if before is None else changes.assessed_then(before.id),
        extras=extras,
        corrections=corrections,
        without_strangers=without,
        prepared=table,
        fonts=FONTS,
    )


def number_of_files(
    dataset: Dataset,
    profile: NormProfile,
    parts: tuple[str, ...],
    without: bool,
    on_letterhead: bool,
    waiting: tuple[int, ...] = (),
    reconciled: bool = False,
) -> int:
    """How many files these parts give."""
    chosen = frozenset(map(Part, parts))
    table = data.computed(words, dataset, waiting)
    made = package(dataset, profile, table, chosen, LetterFields(), {}, without)
    more = int(reconciled and Part.RECONCILIATION in chosen)
    return len(plan(replace(made, on_letterhead=on_letterhead))) + more


def answer_text(files: int, known: Contents, own: Templates) -> str:
    """What the package will be, in a sentence."""
    if files and own.table is not None:
        files += known.addressees + 1
    if not files:
        return "В пакет пока ничего не выбрано."
    count = f"{wording.number(files)} {wording.plural(files, 'файл', 'файла', 'файлов')}"
    whole = f"{by_organizations(known.organizations)} и " + of(
        known.municipalities, "муниципалитету", "муниципалитетам"
    )
    return f"В пакете **{count}** одним архивом: таблицы, письма и сообщения по {whole}."


def choose_parts(known: Contents) -> tuple[frozenset[Part], bool]:
    """Check boxes of the parts; what was chosen is kept in the session."""
    one = known.municipalities <= 1
    chosen: dict[str, bool] = st.session_state.setdefault(
        _PARTS,
        {part.value: part is not Part.SCHOOL_LETTERS if not one else part not in _OF_REGION for part in Part},
    )
    left, right = st.columns(2, gap="large")
    for column, title, parts in ((left, "Таблицы", TABLES), (right, "Письма и сообщения", LETTERS)):
        with column:
            st.markdown(f"**{title}**")
            for part in parts:
                if part is Part.RECONCILIATION and not known.reconciled:
                    label = f"{part.label} · реестр не загружен"
                    st.checkbox(label, key=f"pkg_{part.value}", disabled=True, help=part.about)
                    continue
                chosen[part.value] = st.checkbox(
                    f"{part.label}{_how_many(part, known)}",
                    value=chosen[part.value],
                    key=f"pkg_{part.value}",
                    help=part.about,
                )
    without = bool(st.session_state.get(WITHOUT, False))
    if known.strangers:
        without = st.toggle(
            f"Без особых записей ({wording.number(known.strangers)}): тестовых, служебных, закрытых, "
            "органов управления",
            value=without,
            key="pkg_without",
            help="Из приложений, писем и сообщений. В книгах муниципалитетов они остаются и отмечены.",
        )
        st.session_state[WITHOUT] = without
    if known.waiting:
        st.caption(waiting_note(known.waiting))
    taken = {part for part in Part if chosen[part.value]}
    return frozenset(taken if known.reconciled else taken - {Part.RECONCILIATION}), without


_OF_REGION = (Part.REGION_LETTER, Part.MUNICIPALITY_LETTERS, Part.MUNICIPALITIES)


def _how_many(part: Part, known: Contents) -> str:
    count = {
        Part.MUNICIPALITIES: known.municipalities,
        Part.MUNICIPALITY_LETTERS: known.addressees,
        Part.CHAT: known.addressees,
        Part.SCHOOL_LETTERS: known.behind,
    }.get(part)
    return "" if count is None else f" · {wording.number(count)}"


def letter_fields(dataset: Dataset) -> LetterFields:
    """The form of the letter's fields; kept with the week and the office, empty ones leave a line to write on."""
    kept = letter_memory.fields(dataset)
    st.caption(
        "Всё по желанию: вместо пустого поля в письме останется линия. Номер, даты и срок хранятся с этой неделей; "
        "отправитель, подпись, исполнитель и служба поддержки – с управлением, для всех следующих писем."
    )
    left, middle, right = st.columns(3, gap="medium")
    for column, names in (
        (left, ("office", "number", "date", "reply_number", "reply_date")),
        (middle, ("position", "name", "executor", "phone")),
        (right, ("deadline", "earlier_number", "earlier_date", "region_support")),
    ):
        with column:
            for name in names:
                kept[name] = _field(name, kept)
    letter_memory.keep(dataset)
    known = {field.name for field in fields_of(LetterFields)}
    return LetterFields(**{name: value for name, value in kept.items() if name in known and value})


def _field(name: str, kept: Mapping[str, Any]) -> Any:
    key, title = f"pkg_field_{name}", FIELD_TITLES[name]
    if name in letter_memory.DATES:
        return _date(title, key, kept.get(name))
    if name in _LINES:
        return st.text_area(
            title, value=kept.get(name, ""), placeholder=_LINES[name], height=84, max_chars=500, key=key
        )
    return st.text_input(
        title, value=kept.get(name, ""), placeholder=_HINTS.get(name), max_chars=200, key=key
    )


def _date(title: str, key: str, kept: dt.date | None) -> dt.date | None:
    """A date typed as «19.04.2024»; what cannot be a date is said at once and not taken."""
    shown = f"{kept:%d.%m.%Y}" if kept else ""
    typed = st.text_input(title, value=shown, placeholder="ДД.ММ.ГГГГ", max_chars=20, key=key)
    found = parse_date(typed.strip()) if typed.strip() else None
    if typed.strip() and found is None:
        st.caption("Это не дата. Напишите, например, 19.04.2024.")
    return found


def corrections() -> CaseForms:
    """The office's own case forms of names, remembered for every week."""
    found = library.quietly(lambda store: store.case_forms.forms())
    return CaseForms() if found is None else found


def making(
    dataset: Dataset,
    profile: NormProfile,
    parts: frozenset[Part],
    fields: LetterFields,
    without: bool,
    own: Templates,
    forms_of_names: CaseForms,
    reconciled: Extra | None = None,
) -> None:
    """The button, then how far it is, then the file."""
    waiting = reconciling.waiting_rows(dataset)
    of = (
        dataset.id,
        dataset.version,
        state.profile_key(),
        tuple(sorted(parts)),
        fields,
        forms_of_names.items_by_case(),
        without,
        own,
        waiting,
        reconciled,
    )
    if st.session_state.pop(_ASKED, False) and parts:  # here, with what the page holds now, not at the click
        made = package(
            dataset,
            profile,
            data.computed(words, dataset, waiting),
            parts,
            fields,
            forms_of_names,
            without,
            reconciled,
        )
        st.session_state[_JOB] = Job(of, partial(_write, made, own))
    job: Job | None = st.session_state.get(_JOB)
    with st.container(key="sf-package-make"):
        if job is not None and job.is_running:
            _progress(job)
            return
        ready = job is not None and job.is_ready and job.of == of
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Собрать пакет" if job is None else "Собрать заново",
                type="secondary" if ready else "primary",
                key="pkg_make",
                disabled=not parts,
                on_click=_ask,
            )
            if job is not None and ready:
                _download(dataset, job)
        if not parts:
            st.caption("Отметьте хотя бы одну часть.")
        elif job is not None and job.failed:
            st.error(
                "Пакет собрать не удалось. Попробуйте ещё раз; если не поможет – соберите его по частям."
            )
        elif job is not None and not ready:
            st.caption("Состав или данные изменились. Соберите пакет заново.")


def _ask() -> None:
    st.session_state[_ASKED] = True


def _download(dataset: Dataset, job: Job) -> None:
    download_file(
        "Скачать архив",
        job.content,
        file_name("Пакет недели", date=data.last_day(dataset), ending="zip"),
        ZIP,
        "pkg_download",
        kind="primary",
    )
    st.markdown(f"Готово: {wording.counted(job.total, 'файл', 'файла', 'файлов')}.")


def _write(made: Package, own: Templates, target: IO[bytes], report: Report) -> None:
    """Runs beside the pages: what the office's own files need is made here too."""
    if own.letter is not None:
        made = replace(made, write_letters=partial(fill_docx, own.letter), on_letterhead=True)
    if own.table is not None:
        made = replace(made, extras=[*made.extras, *forms(made, own.table)])
    write_package(made, target, report)


@st.fragment(run_every=0.6)
def _progress(job: Job) -> None:
    if not job.is_running:
        st.rerun()
    if job.waiting:
        text = "Ждём очереди: собирается пакет другого пользователя…"
    elif not job.total:
        text = "Готовим таблицы…"
    else:
        text = f"{wording.number(job.written)} из {wording.number(job.total)}: {escape_markdown(job.label)}"
    st.progress(min(job.fraction, 1.0), text=text)
