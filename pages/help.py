"""Справка: what indicators, statuses and norms mean, where exports come from, the profile editor."""

from sferum_ui.components import page_head

page_head("Справка", share=False)
