"""A download that takes seconds: asked for, made beside the pages with its progress in sight, then given."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from sferum_core.access import Act
from sferum_ui import access, private
from sferum_ui.components.downloads import download_file
from sferum_ui.components.text import escape_markdown
from sferum_ui.jobs import Job, Make

WAITING = "Ждём очереди: готовится файл другого пользователя…"


def prepared_download(
    label: str, ask: str, make: Make, of: Hashable, file_name: str, mime: str, key: str
) -> None:
    """A button `ask`, then how far the file is, then the button `label` that gives it.

    `of` says what the file is made of: it is asked for anew when that changes. The file stays in the session's
    own memory, never on the disk, and is forgotten with it.
    """
    if not access.may(Act.DOWNLOAD):
        return
    jobs: dict[str, Job] = private.memory().thing("jobs", dict)
    job = jobs.get(key)
    if job is not None and job.of != of and not job.is_running:
        jobs.pop(key)
        job = None
    if job is not None and job.is_running:
        with st.container(key=f"sf-prepared-{key}"):
            _progress(job)
        return
    if job is None or job.failed:
        if st.button(ask, key=f"{key}_ask"):
            jobs[key] = Job(of, make, in_memory=0)
            st.rerun()
        if job is not None:
            st.caption("Файл подготовить не удалось. Попробуйте ещё раз.")
        return
    download_file(label, job.content, file_name, mime, key)


@st.fragment(run_every=0.6)
def _progress(job: Job) -> None:
    if not job.is_running:
        st.rerun()
    text = WAITING if job.waiting else f"{escape_markdown(job.label or 'Готовим файл')}…"
    st.progress(min(job.fraction, 1.0), text=text)
