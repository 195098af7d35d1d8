"""Tab «Сверка с реестром»: the answer, figures that filter, the lists, workbooks, answers given, who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from sferum_core import wording
from sferum_core.norms import NormProfile
from sferum_core.reconciliation_lists import ABOUT, Listing, Lists, reconciliation_answer
from sferum_core.reports.names import file_name
from sferum_core.reports.package_parts import Extra
from sferum_core.reports.reconciliation import reconciliation_workbook
from sferum_core.waiting import waiting_words
from sferum_store import NotFound, StoreError
from sferum_ui import reconciling, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import Figure, Origin, answer, download_xlsx, escape_markdown, figures
from sferum_ui.reconciling import GIVEN, Registry
from sferum_ui.views import data, reconciliation_registry, waiting
from sferum_ui.views.reconciliation_rows import show_answers, show_list

LIST, WAITING = "rec_list", "waiting"
STRIP = (
    Listing.MATCHED,
    Listing.DOUBTFUL,
    Listing.ONLY_PLATFORM,
    Listing.ONLY_REGISTRY,
    Listing.TYPES,
    Listing.MUNICIPALITIES,
)


def show(dataset: Dataset, profile: NormProfile) -> None:
    """The whole tab."""
    failed = st.session_state.pop(reconciling.FAILED, "")
    if failed:
        st.error(escape_markdown(failed))
    fixed = reconciling.why_fixed(dataset)
    if fixed:
        st.info(escape_markdown(fixed))
    registry = reconciling.registry(dataset)
    if registry is None:
        _nothing(dataset, fixed=bool(fixed))
        return
    given = reconciling.given(reconciling.answers(dataset))
    try:
        with st.spinner("Сверяем выгрузку с реестром…"):
            lists = reconciling.lists(dataset, registry.id, given)
    except (NotFound, LookupError):
        st.info("Реестр только что заменили или удалили. Обновите страницу.")
        return
    except StoreError as error:
        st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
        return
    waiting_now = len(reconciling.waiting_rows(dataset))
    told = f" Ждут деактивации: **{wording.number(waiting_now)}**." if waiting_now else ""
    answer(reconciliation_answer(lists) + told, about="reconciliation")
    reconciliation_registry.about(dataset, registry, fixed=bool(fixed))
    if dataset.is_demo:
        st.caption(
            "Реестр демонстрационный. Ответы и отметки на демонстрационных данных помнит только это окно браузера."
        )
    if lists.unused_decisions:
        st.caption(
            f"Прежних ответов, которые сейчас не к чему применить: {wording.number(lists.unused_decisions)}. "
            "Организации исчезли или названы иначе."
        )
    _strip(lists)
    chosen = _choice(lists, len(reconciling.marks(dataset)))
    if not fixed and chosen in (
        Listing.DOUBTFUL.value,
        Listing.ONLY_PLATFORM.value,
        Listing.DUPLICATES.value,
        WAITING,
    ):
        _who()
    if chosen == WAITING:
        waiting.show(dataset, fixed=bool(fixed))
    else:
        show_list(dataset, lists, Listing(chosen), fixed=bool(fixed))
    _downloads(dataset, profile, registry, given, chosen)
    show_answers(dataset, fixed=bool(fixed))


def _nothing(dataset: Dataset, *, fixed: bool) -> None:
    st.subheader("Сверка с вашим реестром", anchor=False)
    st.write(
        "Загрузите свой список организаций, и здесь появится, кто на платформе лишний (на деактивацию), кого не хватает, "
        "кто записан дважды, у кого неверен тип или муниципалитет. Реестр хранится до замены: в следующие недели сверка "
        "обновится сама, а ваши ответы запомнятся."
    )
    st.caption("Провести сверку просит письмо от 09.04.2024 № 1151, п. 1 (000).")
    if not fixed:
        reconciliation_registry.drop(dataset)


def _strip(lists: Lists) -> None:
    platform = lists.platform_rows - lists.count(Listing.OUTSIDE)
    figures(
        [
            Figure(
                one.value,
                one.label,
                lists.count(one),
                share=lists.count(one) / platform
                if platform and one in (Listing.MATCHED, Listing.ONLY_PLATFORM)
                else None,
                origin=Origin(ABOUT[one].meaning, source=ABOUT[one].source),
            )
            for one in STRIP
        ],
        key="rec",
        active={str(st.session_state.get(LIST, ""))},
        on_click=_choose,
    )


def _choose(key: str) -> None:
    st.session_state[LIST] = key


def _choice(lists: Lists, marked: int) -> str:
    """Which list is shown: by a click on a figure or here."""
    titles = {one.value: f"{one.label} · {wording.number(lists.count(one))}" for one in Listing}
    if not lists.count(Listing.OUTSIDE):
        titles.pop(Listing.OUTSIDE.value)
    titles[WAITING] = f"Ждут деактивации · {wording.number(marked)}"
    if st.session_state.get(LIST) not in titles:
        first = next((one.value for one in Listing if lists.count(one)), Listing.MATCHED.value)
        st.session_state[LIST] = first
    return str(
        st.pills(
            "Показать список",
            list(titles),
            key=LIST,
            format_func=titles.__getitem__,
            bind="query-params",
            required=True,
        )
    )


def _who() -> None:
    name = st.text_input(
        "Кто отвечает",
        value=visitor.name(),
        placeholder="Имя или отдел, не обязательно",
        max_chars=visitor.MOST,
        key="_rec_who",
        width=300,
        help="Запоминается вместе с датой у каждого ответа и отметки.",
    )
    if name != visitor.name():
        visitor.remember(name)


def build_workbook(
    dataset: Dataset,
    profile: NormProfile,
    registry: Registry,
    given: GIVEN,
    rows: Sequence[int],
    which: Listing | None,
) -> bytes:
    """The workbook of one list, or of all; runs without a session."""
    lists = waiting.told(reconciling.lists(dataset, registry.id, given), rows)
    title = "Сверка с реестром" if which is None else f"Сверка с реестром. {which.label}"
    meta = data.report_meta(dataset, profile, title, f"реестр: {registry.filename}")
    return reconciliation_workbook(lists, meta, which)


@dataclass(frozen=True)
class _Reconciled:
    """Makes the workbook of the сверка; equal ones make the same workbook."""

    dataset: Dataset = field(compare=False)
    profile: NormProfile = field(compare=False)
    registry: Registry
    given: GIVEN
    waiting: tuple[int, ...]

    def __call__(self) -> bytes:
        return build_workbook(self.dataset, self.profile, self.registry, self.given, self.waiting, None)


def package_extra(dataset: Dataset, profile: NormProfile) -> Extra | None:
    """The workbook of the сверка for the package; None without a registry."""
    registry = reconciling.registry(dataset)
    if registry is None:
        return None
    given = reconciling.given(reconciling.answers(dataset))
    build = _Reconciled(dataset, profile, registry, given, reconciling.waiting_rows(dataset))
    return Extra(("Сверка с реестром",), build)


def _downloads(dataset: Dataset, profile: NormProfile, registry: Registry, given: GIVEN, chosen: str) -> None:
    rows = reconciling.waiting_rows(dataset)
    with st.container(horizontal=True, key="sf-rec-downloads"):
        if chosen != WAITING:
            which = Listing(chosen)
            download_xlsx(
                "Скачать этот список",
                partial(build_workbook, dataset, profile, registry, given, rows, which),
                file_name("Сверка", which.label, date=data.last_day(dataset)),
                "rec_download_list",
            )
        download_xlsx(
            "Скачать всю сверку",
            partial(build_workbook, dataset, profile, registry, given, rows, None),
            file_name("Сверка с реестром", date=data.last_day(dataset)),
            "rec_download",
        )
    if rows:
        st.caption(
            f"{waiting_words(len(rows))}: они остаются в выгрузке и в списках сверки и отмечены в столбце «Отметка»."
        )
