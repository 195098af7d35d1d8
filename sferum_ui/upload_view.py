"""The card of a file on «Загрузка»: what was understood, what is wrong, what was left out, where to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from sferum_core import wording
from sferum_core.checks import NOT_CHECKED
from sferum_core.model import ColumnMatch, Export, ExportKind, UnreadableFile
from sferum_core.reading.fields import FIELDS, fields_of
from sferum_ui import cache, demo, fixit, intake, navigation, state, theme
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown, short_table
from sferum_ui.components.tables import table
from sferum_ui.views import findings_seen
from sferum_ui.views import fixit as fixit_view
from sferum_ui.views.saving import keeping

SURE = 0.8
LIKELY = 0.5
IGNORE = ""
MAX_SHORT_ROWS = 30


def is_unused(column: ColumnMatch) -> bool:
    """Whether the column is known and has no place in our table («№ п/п», a phone)."""
    return column.field is None and column.confidence >= SURE


def is_doubtful(column: ColumnMatch) -> bool:
    """Whether the reader took the column for something without being sure."""
    return column.field is not None and column.confidence < SURE


def sureness(column: ColumnMatch) -> str:
    """How sure the reader is about a column, in words."""
    if is_unused(column):
        return "✓ не нужен"
    if column.field is None:
        return "○ не распознан"
    if column.confidence >= SURE:
        return "✓ уверенно"
    return "◐ скорее всего" if column.confidence >= LIKELY else "? не уверены"


def field_title(code: str | None) -> str:
    """Russian name of a field; «не используется» for none."""
    return FIELDS[code].title if code in FIELDS else "не используется"


def file_card(dataset: Dataset, *, is_open: bool) -> None:
    """One file with its verdict; the open one unfolded, the others with «Открыть»."""
    export = dataset.export
    with st.container(border=True, key=f"sf-file-{dataset.id.replace('.', '-')}"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            st.subheader(escape_markdown(dataset.filename), anchor=False)
            st.html(f'<p class="sf-plain">{summary_html(dataset)}</p>')
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            if is_open:
                _main_button(export)
            else:
                st.button("Открыть", key=f"open_{dataset.id}", on_click=state.open_id, args=(dataset.root,))
        if not is_open:
            return
        _reports(export)
        keeping(dataset)
        answered = fixit.taken(dataset)
        if answered is not None:
            fixit_view.outcome(dataset, answered)
        _also(dataset)
        _details(dataset)


def summary_html(dataset: Dataset) -> str:
    """«Организации · 29.03–04.04.2024 · 1 204 строки», then the verdict in its colour."""
    export = dataset.export
    period = export.period.label if export.period else "период не указан"
    parts = [export.kind.label, period, wording.rows(len(export.table))]
    if dataset.is_demo:
        parts.insert(0, state.DEMO_REGION)
    return " · ".join(parts) + "<br>" + theme.verdict_html(state.checked(dataset).verdict)


def _main_button(export: Export) -> None:
    reports = navigation.reports_for(export.kind)
    if reports and st.button("Открыть отчёты", type="primary", key="open_reports"):
        navigation.go_to(reports[0].name)


def _reports(export: Export) -> None:
    reports = navigation.reports_for(export.kind)
    if not reports:
        if export.kind is ExportKind.UNKNOWN:
            st.write("Не удалось понять, что это за таблица. Укажите ниже, что в каких столбцах.")
        elif export.kind is ExportKind.REGISTRY:
            st.write(
                "Это ваш реестр организаций. Сам по себе он отчёта не даёт: откройте выгрузку, а реестр загрузите на "
                "странице «Проверка организаций», вкладка «Сверка с реестром». Численность педагогов из него берёт "
                "«Управление», вкладка «Численность»."
            )
            with st.container(horizontal=True, gap="medium", key="sf-reports"):
                for entry in navigation.reports_for(ExportKind.ORGANIZATIONS)[:1]:
                    navigation.link_to(entry, "К сверке с реестром", org_tab="Сверка с реестром")
        else:
            st.caption("По таблице этого вида отчётов пока нет.")
        return
    with st.container(horizontal=True, gap="medium", key="sf-reports"):
        for entry in reports:
            navigation.link_to(entry)
            if entry.name == "organization_check" and export.kind is ExportKind.ORGANIZATIONS:
                navigation.link_to(entry, "Приложения к письму", org_tab="Приложения")


def _also(dataset: Dataset) -> None:
    others = cache.companions(dataset)
    if not others:
        return
    st.write("В файле есть и другие таблицы:")
    with st.container(horizontal=True):
        for other in others:
            rows = wording.rows(len(other.export.table))
            st.button(
                f"{other.export.kind.label}, {rows}",
                key=f"also_{other.id}",
                help=escape_markdown(other.filename),
                on_click=state.open_id,
                args=(other.root,),
            )


def _details(dataset: Dataset) -> None:
    export = dataset.export
    found = state.checked(dataset)
    wrong = len({(f.code, f.message) for f in found.findings if f.code != NOT_CHECKED})
    titles = [
        "Что мы поняли",
        f"Что не так · {wrong}" if wrong else "Что не так",
        f"Что не вошло · {wording.number(len(export.left_out))}" if len(export.left_out) else "Что не вошло",
    ]
    understood, findings, left_out = st.tabs(titles, key=f"details_{dataset.id}", on_change="rerun")
    with understood:
        _understood(dataset)
    with findings:
        findings_seen.show(dataset, with_ages=bool(findings.open) or not dataset.is_demo)
        if findings.open:
            fixit_view.show(dataset)
    with left_out:
        _left_out(dataset)


def _understood(dataset: Dataset) -> None:
    export = dataset.export
    if not export.columns:
        st.write("Столбцов в файле нет.")
        return
    known = sum(column.field is not None or is_unused(column) for column in export.columns)
    doubtful = sum(map(is_doubtful, export.columns))
    st.write(
        f"{wording.plural(known, 'Распознан', 'Распознано', 'Распознано')} "
        f"{wording.counted(known, 'столбец', 'столбца', 'столбцов')} из {wording.number(len(export.columns))}."
        + (f" Проверьте выделенные, их {wording.number(doubtful)}." if doubtful > 1 else "")
        + (" Проверьте выделенный." if doubtful == 1 else "")
    )
    st.html(columns_html(cache.own_columns(dataset), samples=dataset.is_demo or intake.is_own(dataset.id)))
    if intake.can_read_again(dataset.id):
        _mapping_form(dataset)
    elif not dataset.is_demo:
        st.caption("Чтобы поправить столбцы, загрузите файл ещё раз.")


def columns_html(columns: Sequence[ColumnMatch], *, samples: bool) -> str:
    """A row a source column: header, field with the reason under it, samples, sureness; doubtful ones first.

    Samples are cells of the file: only for the one who uploaded it.
    """
    rows = []
    for column in sorted(columns, key=lambda column: not is_doubtful(column)):
        unsure = is_doubtful(column) or column.field is None
        why = f"<small>{escape(column.reason)}</small>" if column.reason and unsure else ""
        header = escape(column.header) if column.header else f"столбец {column.number + 1}"
        shown = escape("; ".join(column.samples[:3])) if samples else ""
        mark = ' class="sf-doubt"' if is_doubtful(column) else ""
        rows.append(
            f'<tr{mark}><td>{header}<span class="sf-narrow">{shown}</span></td>'
            f"<td>{escape(field_title(column.field))}{why}"
            f'<span class="sf-narrow">{escape(sureness(column))}</span></td>'
            + (f'<td class="sf-wide">{shown}</td>' if samples else "")
            + f'<td class="sf-wide">{escape(sureness(column))}</td></tr>'
        )
    beside = "".join(
        f'<th scope="col" class="sf-wide">{title}</th>'
        for title in [*(["Например"] if samples else []), "Уверенность"]
    )
    return (
        '<div class="sf-table"><table aria-label="Столбцы файла и то, как они поняты">'
        f'<thead><tr><th scope="col">В файле</th><th scope="col">Мы поняли</th>{beside}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _mapping_form(dataset: Dataset) -> None:
    export = dataset.export
    unsure = [c for c in cache.own_columns(dataset) if c.confidence < SURE]
    with st.expander("Поправить столбцы", expanded=export.kind is ExportKind.UNKNOWN):
        show_all = st.toggle("Показать и те столбцы, в которых мы уверены", key=f"all_{dataset.id}")
        shown = list(cache.own_columns(dataset)) if show_all else unsure
        if not shown:
            st.write("Все столбцы поняты уверенно.")
            return
        options = [IGNORE, *(field.code for field in fields_of(export.kind))]
        with st.form(f"mapping_{dataset.id}_{dataset.version}", border=False):
            chosen = {column.number: _column_select(column, options) for column in shown}
            submitted = st.form_submit_button("Применить", type="primary")
    if submitted:
        mapping = changed_mapping(export, chosen)
        if not mapping:
            st.info("Ничего не изменено.")
            return
        try:
            with st.spinner("Читаем файл заново…"):
                state.open_dataset(intake.read_again(dataset.id, mapping))
        except UnreadableFile as error:
            refusal(dataset.filename, error.message, error.advice)
            return
        st.rerun()


def _column_select(column: ColumnMatch, options: list[str]) -> str:
    header = escape_markdown(column.header or f"столбец {column.number + 1}")
    samples = "; ".join(column.samples[:3])
    current = column.field or IGNORE
    choices = options if current in options else [*options, current]
    return st.selectbox(
        f"{header}  \n:gray[{escape_markdown(samples)}]" if samples else header,
        choices,
        index=choices.index(current),
        format_func=field_title,
        key=f"column_{column.number}",
        help=escape_markdown(column.reason) if column.reason else None,
    )


def changed_mapping(export: Export, chosen: dict[int, str]) -> dict[str | int, str]:
    """Only what the user changed: by header text, by number where headers repeat or are empty."""
    repeats = Counter(column.header for column in export.columns)
    return {
        (column.header if column.header and repeats[column.header] == 1 else column.number): chosen[
            column.number
        ]
        for column in export.columns
        if column.number in chosen and chosen[column.number] != (column.field or IGNORE)
    }


def _left_out(dataset: Dataset) -> None:
    export = dataset.export
    left_out = export.left_out
    total = wording.number(export.source_rows)
    if left_out.empty:
        st.write(f"Вошли все строки таблицы: {total}.")
        return
    st.write(
        f"В файле под заголовком {wording.rows(export.source_rows)}: "
        f"вошло {wording.number(len(export.table))}, не вошло {wording.number(len(left_out))}."
    )
    for reason, count in left_out["reason"].value_counts().items():
        st.markdown(f"- {escape_markdown(reason)}: {wording.number(count)}")
    titles = {"sheet": "Лист", "row": "Строка", "reason": "Почему", "text": "Что в строке"}
    if not (dataset.is_demo or intake.is_own(dataset.id)):
        del titles["text"]
    shown = left_out[[column for column in titles if column in left_out.columns]]
    if len(shown) <= MAX_SHORT_ROWS:
        short_table(shown.rename(columns=titles).astype("str"), alt="Строки, которые не вошли")
    else:
        table(shown, titles, key=f"left_out_{dataset.id}", alt="Строки, которые не вошли")


def refusal(filename: str, message: str, advice: str) -> None:
    """A file that could not be read: what happened and what to do; nothing technical."""
    st.error(f"**{escape_markdown(filename)}.** {escape_markdown(message)}  \n{escape_markdown(advice)}")


def demo_button() -> None:
    """«Посмотреть на демонстрационных данных», when the demo is there."""
    if demo.is_available() and st.button("Посмотреть на демонстрационных данных", key="demo"):
        with st.spinner("Открываем демонстрационную область…"):
            state.open_dataset(demo.open_demo())
        st.rerun()
