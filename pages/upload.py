"""Загрузка: drop an export, see how it was understood, go on to the reports."""

import logging

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sferum_core import wording
from sferum_core.model import Export, ExportKind, UnreadableFile
from sferum_ui import fixit, intake, state, uploads
from sferum_ui.cache import Dataset
from sferum_ui.components import page_head
from sferum_ui.upload_view import demo_button, file_card, refusal
from sferum_ui.where_to_get import WHERE_TO_GET

REFUSALS = "_refusals"
ROUND = "_upload_round"
PURPOSE = "Из недельной выгрузки «Сферума» – проверка организаций, рейтинги муниципалитетов, письмо и приложения к нему"
BEST_FIRST = [
    ExportKind.ORGANIZATIONS,
    ExportKind.MUNICIPALITIES,
    ExportKind.DOO_STAFF,
    ExportKind.TEACHERS,
    ExportKind.DISTANCE_LESSONS,
    ExportKind.CALL_PARTICIPANTS,
]


def read_files() -> None:
    """Read what was dropped, one file after another; open the most useful table; forget the upload."""
    most = intake.most_megabytes()
    key = f"files_{st.session_state.setdefault(ROUND, 0)}"
    with st.container(key="sf-drop"):
        files = st.file_uploader(
            "Перетащите выгрузку сюда или выберите файл",
            accept_multiple_files=True,
            key=key,
            max_upload_size=most,
            label_visibility="collapsed",
        )
    st.caption(
        f"Excel (xlsx, xlsm, xls), LibreOffice (ods), текст (csv, txt, tsv) или архив zip с ними, "
        f"до {most} МБ каждый. Можно несколько сразу."
    )
    if not files:
        return
    take(files)
    del files  # a rerun keeps the variables of this function for a while
    st.rerun()


def take(files: list[UploadedFile]) -> None:
    """Read, keep and check what was dropped; nothing of the bytes stays here or in Streamlit's own memory."""
    refused: list[tuple[str, str, str]] = []
    read: list[tuple[intake.File, Export]] = []
    answers: list[intake.File] = []
    with st.status("Читаем файлы…", expanded=True) as progress:
        for number, dropped in enumerate(files, start=1):
            file = intake.File(dropped.name, dropped.getvalue())
            progress.update(label=f"Читаем файл {number} из {len(files)}: {file.name}")
            try:
                export = intake.read(file)
                if fixit.is_answer(export):
                    answers.append(file)
                else:
                    read.append((file, export))
            except UnreadableFile as error:
                refused.append((file.name, error.message, error.advice))
            except Exception:
                logging.getLogger(__name__).exception("reading failed")
                refused.append(
                    (
                        file.name,
                        "Файл не удалось прочитать: внутри что-то, чего мы не ждали.",
                        "Откройте его в Excel, сохраните как .xlsx и загрузите ещё раз.",
                    )
                )
        opened = intake.open_all([file for file, _ in read], [export for _, export in read])
        progress.update(
            label=f"Готово: {wording.counted(len(read) + len(answers), 'файл', 'файла', 'файлов')}",
            state="complete",
        )
    uploads.let_go(files)
    st.session_state[REFUSALS] = refused
    st.session_state[ROUND] += 1
    intake.let_go(files)
    if opened:
        state.open_dataset(min(opened, key=usefulness))
    if answers:
        refused += fixit.take_dropped(state.current(), answers)


def usefulness(dataset: Dataset) -> int:
    """Place of a table among the kinds the reports want most."""
    kind = dataset.export.kind
    return BEST_FIRST.index(kind) if kind in BEST_FIRST else len(BEST_FIRST)


page_head("Загрузка", "" if state.current() else PURPOSE, share=False)
read_files()
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    demo_button()
    with st.popover("Где взять выгрузку?", type="tertiary"):
        st.markdown(WHERE_TO_GET)

for name, message, advice in st.session_state.get(REFUSALS, []):
    refusal(name, message, advice)

current = state.current()
if current is not None:
    file_card(current, is_open=True)
elif state.was_dropped():
    st.info(
        "Файла по этой ссылке на сервере уже нет: он хранится, пока работает сервер и есть место. "
        "Загрузите выгрузку ещё раз – отчёты будут такими же."
    )
others = [dataset for dataset in intake.own_datasets() if current is None or dataset.id != current.id]
if others:
    st.subheader("Другие загруженные файлы", anchor=False)
    for dataset in others:
        file_card(dataset, is_open=False)
