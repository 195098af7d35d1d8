"""Загрузка: drop an export, see how it was understood, go on to the reports."""

from sferum_ui.components import page_head

page_head("Загрузка", share=False)
