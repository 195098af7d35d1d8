"""«Управление»: settings of the office, corrections by ID, the staff list, columns confirmed once."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.model import ExportKind, OrganizationType, UnreadableFile
from sferum_core.next_steps import STEPS
from sferum_core.norms import load_profile, profile_names
from sferum_core.reading.fields import FIELDS
from sferum_store import CorrectedField, Correction, CorrectionRecord, StoreError
from sferum_ui import corrections as laid
from sferum_ui import intake, library, state, visitor
from sferum_ui.components import escape_markdown, short_table

MAX_LISTED = 200
BY_ORGANIZATION = [field for field in CorrectedField if field is not CorrectedField.SPELLING]


def context_line() -> str:
    """Whose office it is."""
    office = library.office()
    named = [part for part in (office.name, office.region) if part] if office else []
    return " · ".join(named) or "Заполните один раз: регион, адрес для ссылок, подпись"


def _say(error: StoreError) -> None:
    st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")


def _need_region() -> str | None:
    whose = laid.region()
    if not whose:
        st.info("Сначала укажите регион на вкладке «Настройки»: исправления хранятся для него.")
        return None
    return whose


def settings() -> None:
    """The form of the office's settings."""
    store = library.store()
    now = store.office.current()
    profiles = list(profile_names())
    with st.form("office_settings"):
        name = st.text_input("Название управления", now.name, max_chars=200)
        region = st.text_input(
            "Регион", now.region, max_chars=200, help="Под этим названием сохраняются недели и исправления."
        )
        profile = st.selectbox(
            "Профиль норм по умолчанию",
            profiles,
            index=profiles.index(now.default_profile) if now.default_profile in profiles else 0,
            format_func=lambda one: load_profile(one).title,
        )
        address = st.text_input(
            "Адрес приложения для коллег",
            now.public_address,
            placeholder="http://192.168.1.10:8501",
            help="Из него делаются ссылки. Без него ссылка откроется только на этом компьютере.",
        )
        st.markdown("**Куда обращаться**")
        left, right = st.columns(2)
        platform = left.text_input("Поддержка платформы", now.support_platform, max_chars=200)
        regional = right.text_input("Служба поддержки региона", now.support_region, max_chars=200)
        more = st.text_area(
            "Другие адреса, по одному в строке", "\n".join(now.support_addresses), height="content"
        )
        st.markdown("**Подпись писем**")
        left, right = st.columns(2)
        post = left.text_input("Должность", now.signatory_post, max_chars=200)
        signatory = right.text_input("Кто подписывает", now.signatory_name, max_chars=200)
        letterhead = st.text_area(
            "Кто отправляет, как на бланке", now.letterhead, max_chars=500, height="content",
            placeholder="Если отличается от названия управления",
        )  # fmt: skip
        left, right = st.columns(2)
        executor = left.text_input("Исполнитель", now.executor, max_chars=200)
        phone = right.text_input("Телефон исполнителя", now.executor_phone, max_chars=200)
        steps = _steps_fields(dict(now.next_steps))
        if st.form_submit_button("Сохранить", type="primary"):
            try:
                store.office.change(
                    {
                        "name": name,
                        "region": region,
                        "default_profile": profile,
                        "public_address": address,
                        "support_platform": platform,
                        "support_region": regional,
                        "support_addresses": [line for line in more.splitlines() if line.strip()],
                        "signatory_post": post,
                        "signatory_name": signatory,
                        "letterhead": letterhead,
                        "executor": executor,
                        "executor_phone": phone,
                        "next_steps": steps,
                    },
                    by=visitor.name(),
                )
            except StoreError as error:
                _say(error)
            else:
                st.success("Настройки сохранены.", icon=":material/check:")


def _steps_fields(known: dict[str, str]) -> dict[str, str]:
    """The next steps as the office words them; an empty field keeps the document's words."""
    given = {}
    with st.expander("Что делать организации – своими словами"):
        st.caption("Пустое поле оставляет слова документа.")
        for code, step in STEPS.items():
            text = st.text_area(step.text, known.get(code, ""), key=f"off_step_{code}", height="content")
            if text.strip():
                given[code] = text
    return given


def corrections() -> None:
    """Add a correction for an organization of the open file or for a spelling; the list of all, each undoable."""
    whose = _need_region()
    if whose is None:
        return
    st.write(
        "Исправление делается один раз и действует для всех следующих файлов: тип, муниципалитет, название, "
        "численность – по ID организации; написание муниципалитета – для всех строк."
    )
    one, spelling = st.columns(2, gap="large")
    with one:
        _organization_form(whose)
    with spelling:
        _spelling_form(whose)
    _history(whose)


def _organization_form(whose: str) -> None:
    st.markdown("**Организация**")
    table = _open_table()
    field = st.selectbox("Что исправить", BY_ORGANIZATION, format_func=lambda one: one.label, key="off_field")
    with st.form("off_organization", border=False, clear_on_submit=True):
        if table is not None:
            labels = {
                str(key): f"{name} · {key}"
                for key, name in zip(table["organization_id"], table["organization"], strict=True)
                if pd.notna(key)
            }
            subject = st.selectbox(
                "Организация",
                list(labels),
                index=None,
                format_func=lambda key: labels.get(key, key),
                placeholder="Начните вводить название или ID",
            )
        else:
            subject = st.text_input("ID организации")
        if field is CorrectedField.TYPE:
            value: object = st.selectbox("Верный тип", [str(kind) for kind in OrganizationType])
        elif field.is_count:
            value = st.number_input("Сколько человек", min_value=0, step=1)
        else:
            value = st.text_input("Как правильно")
        note = st.text_input("Примечание", placeholder="Почему, не обязательно", max_chars=200)
        if st.form_submit_button("Исправить", type="primary"):
            _add(whose, field, subject or "", value, note)


def _open_table() -> pd.DataFrame | None:
    opened = state.current()
    if opened is None or opened.export.kind is not ExportKind.ORGANIZATIONS:
        return None
    table = opened.export.table
    return table if {"organization_id", "organization"} <= set(table.columns) else None


def _spelling_form(whose: str) -> None:
    st.markdown("**Написание муниципалитета**")
    with st.form("off_spelling", border=False, clear_on_submit=True):
        met = st.text_input("Как встречается", placeholder="Залогощенский район")
        right = st.text_input("Как правильно", placeholder="Залегощенский район")
        if st.form_submit_button("Принять написание"):
            _add(whose, CorrectedField.SPELLING, met, right, "")


def _add(whose: str, field: CorrectedField, subject: str, value: object, note: str) -> None:
    if not subject.strip() or not str(value).strip():
        st.error("Исправление не записано: заполните, что исправить и как правильно.")
        return
    fitting = int(str(value)) if field.is_count else str(value)
    try:
        library.store().corrections.add(
            whose, Correction(field, subject, fitting), note=note, by=visitor.name()
        )
    except StoreError as error:
        _say(error)
        return
    st.success("Записано. Действует для файлов, которые загрузят после этого.", icon=":material/check:")


def _history(whose: str) -> None:
    known = [record for record in library.store().corrections.history(whose) if record.undone_at is None]
    staff = [record for record in known if record.correction.field.is_count]
    shown = [record for record in known if not record.correction.field.is_count and record.is_effective]
    st.subheader("Действуют сейчас", anchor=False)
    if staff:
        number = wording.organizations(len({record.correction.subject for record in staff}))
        st.caption(f"Численность известна для {number}: вкладка «Численность».")
    if not shown:
        st.write("Других исправлений пока нет." if staff else "Исправлений пока нет.")
    for record in shown[:MAX_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"sf-week-c{record.number}"):
            st.html(_record_html(record))
            st.button("Отменить", key=f"off_undo_{record.number}", on_click=_undo, args=(record.number,))
    if len(shown) > MAX_LISTED:
        st.caption(f"И ещё {wording.number(len(shown) - MAX_LISTED)}.")


def _record_html(record: CorrectionRecord) -> str:
    made = record.correction
    by = f", {record.made_by}" if record.made_by else ""
    note = f" · {record.note}" if record.note else ""
    return (
        f'<div class="sf-week"><b>{escape(made.subject)}</b> {escape(made.field.label)}: '
        f"{escape(str(made.value))}"
        f'<span class="sf-muted">{record.made_at.astimezone():%d.%m.%Y}{escape(by + note)}</span></div>'
    )


def _undo(number: int) -> None:
    library.quietly(lambda store: store.corrections.undo(number, by=visitor.name()))


def staff_list() -> None:
    """Take head counts from the office's registry, by ID, so that «% зарегистрированных» exists."""
    whose = _need_region()
    if whose is None:
        return
    st.write(
        "Загрузите реестр управления: таблицу с ID организаций и численностью педагогов (и обучающихся). "
        "Численность добавится ко всем следующим выгрузкам, и появится доля зарегистрированных."
    )
    dropped = st.file_uploader(
        "Реестр с численностью",
        max_upload_size=intake.most_megabytes(),
        key="off_registry",
        label_visibility="collapsed",
    )
    if dropped is not None:
        _take_staff(whose, intake.File(dropped.name, dropped.getvalue()))
    known = [
        record
        for record in library.store().corrections.history(whose)
        if record.is_effective and record.correction.field.is_count
    ]
    if not known:
        st.caption("Численность пока не загружена.")
        return
    subjects = {record.correction.subject for record in known}
    newest = max(record.made_at for record in known)
    st.caption(
        f"Численность известна для {len(subjects)} "
        f"{wording.plural(len(subjects), 'организации', 'организаций', 'организаций')}, "
        f"обновлена {newest.astimezone():%d.%m.%Y}."
    )


def _take_staff(whose: str, file: intake.File) -> None:
    try:
        export = intake.read(file)
    except UnreadableFile as error:
        st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
        return
    found = staff_counts(export.table)
    if not found:
        st.error(
            "В таблице нет ID организаций с численностью. Нужны столбцы «ID» и «Численность педагогов»; "
            "если они названы иначе, переименуйте их и загрузите ещё раз."
        )
        return
    people = wording.organizations(len({one.subject for one in found}))
    st.write(f"Найдена численность: {people}.")
    if st.button("Сохранить численность", type="primary", key="off_staff_save"):
        try:
            written = library.store().corrections.add_many(whose, found, note=file.name, by=visitor.name())
        except StoreError as error:
            _say(error)
            return
        st.success(f"Записано изменений: {wording.number(written)}.", icon=":material/check:")


def staff_counts(table: pd.DataFrame) -> list[Correction]:
    """Head counts by ID that a registry or an export holds."""
    if "organization_id" not in table.columns:
        return []
    found = []
    for field in (CorrectedField.TEACHERS_TOTAL, CorrectedField.STUDENTS_TOTAL):
        if field.value in table.columns:
            known = table[table["organization_id"].notna() & table[field.value].notna()]
            pairs = zip(known["organization_id"], known[field.value], strict=True)
            found += [Correction(field, str(key), int(count)) for key, count in pairs]
    return found


def columns() -> None:
    """The columns somebody confirmed, by header; each can be forgotten."""
    known = library.store().mappings.all()
    if not known:
        st.write(
            "Пока ничего: когда вы поправите столбцы файла, выбор запомнится для файлов с тем же заголовком."
        )
        return
    for kept in known:
        with st.container(border=True, key=f"sf-mapping-{kept.fingerprint[:12]}"):
            by = f", {escape_markdown(kept.confirmed_by)}" if kept.confirmed_by else ""
            st.caption(f"Указано {kept.confirmed_at.astimezone():%d.%m.%Y}{by}")
            rows = [
                {
                    "Столбец": column if isinstance(column, str) else f"столбец {column + 1}",
                    "Что это": FIELDS[field].title if field in FIELDS else "не используется",
                }
                for column, field in kept.choices.items()
            ]
            short_table(pd.DataFrame(rows), alt="Столбцы, указанные вручную")
            st.button(
                "Забыть",
                key=f"off_forget_{kept.fingerprint[:12]}",
                on_click=_forget,
                args=(kept.fingerprint,),
            )


def _forget(fingerprint: str) -> None:
    library.quietly(lambda store: store.mappings.forget(fingerprint))
