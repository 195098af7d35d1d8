"""What a viewer sees when a page fails: a Russian sentence; the details go to the server's log."""

from __future__ import annotations

import logging

import streamlit as st

from sferum_ui import faults

MESSAGE = (
    "На этой странице произошла ошибка, остальные работают. Обновите страницу; если не поможет, загрузите "
    "файл ещё раз или сообщите администратору время ошибки – подробности записаны на сервере."
)


def show(error: Exception) -> bool:
    """Log the error and say it in Russian; True keeps the built-in English box away."""
    logging.getLogger(__name__).error("a page failed\n%s", faults.told(error))
    st.error(MESSAGE)
    return True
