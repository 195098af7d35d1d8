"""Loads every module of the pages once, by one thread.

Viewers who open different pages of a fresh server at the same moment would load them from several threads, and
Python gives up on modules that wait for each other («deadlock detected»): those viewers saw an error.
"""

from __future__ import annotations

import importlib
import threading

VIEWS = (
    "sferum_core",
    "sferum_core.charts",
    "sferum_core.pictures",
    "sferum_core.reports",
    "sferum_ui.components",
    "sferum_ui.components.prepared",
    "sferum_ui.help_tables",
    "sferum_ui.help_texts",
    "sferum_ui.profile_editor",
    "sferum_ui.upload_view",
    "sferum_store",
    "sferum_ui.views.annexes",
    "sferum_ui.views.by_weeks",
    "sferum_ui.views.archive",
    "sferum_ui.views.calls",
    "sferum_ui.views.changes",
    "sferum_ui.views.comparison",
    "sferum_ui.views.drawn",
    "sferum_ui.views.fixit",
    "sferum_ui.views.heat",
    "sferum_ui.views.journal_list",
    "sferum_ui.views.kept_names",
    "sferum_ui.views.lessons",
    "sferum_ui.views.letter_preview",
    "sferum_ui.views.mailing_answers",
    "sferum_ui.views.mailings",
    "sferum_ui.views.meeting",
    "sferum_ui.views.meeting_print",
    "sferum_ui.views.meeting_tasks",
    "sferum_ui.views.office",
    "sferum_ui.views.organization_list",
    "sferum_ui.views.own_templates",
    "sferum_ui.views.people",
    "sferum_ui.views.ranking",
    "sferum_ui.views.reconciliation",
    "sferum_ui.views.staff",
    "sferum_ui.views.teachers",
    "sferum_ui.views.teachers_names",
    "sferum_ui.views.week_package",
    "sferum_ui.where_to_get",
)
_lock = threading.Lock()


def load_views() -> None:
    """Load what the pages import; the first viewer waits for it, all others find it there."""
    with _lock:
        for name in VIEWS:
            importlib.import_module(name)
