"""Workbooks that tell of weeks: the native chart of a trend, changes of the staff's shares."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from sferum_core.reports import staff_workbook
from sferum_core.staff import doo_staff
from sferum_core.trend_sums import REGION_KEY
from tests.core.books import meta, organizations, trend_book, trend_of


def test_the_native_chart_of_weeks_breaks_where_a_week_is_missing() -> None:
    trend = trend_of("plain")
    shares = trend[trend["municipality_key"] == REGION_KEY]["share"]
    assert shares.notna().tolist() == [True, False, True, True]
    with zipfile.ZipFile(io.BytesIO(trend_book("plain"))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    lines = re.findall(r"<c:yVal><c:numRef><c:f>([^<]+)</c:f>", chart)
    assert lines[:2] == ["'По неделям'!$C$4", "'По неделям'!$C$6:$C$7"]
    assert len(lines) == 6 and chart.count("<c:legendEntry>") == 3
    book = openpyxl.load_workbook(io.BytesIO(trend_book("plain")))
    rows = list(book["По неделям"].iter_rows(min_row=4, values_only=True))
    assert [row[2] for row in rows] == [
        "недели нет" if pd.isna(one) else pytest.approx(one) for one in shares
    ]
    assert rows[-1][5] == pytest.approx(shares.iloc[-1] - shares.iloc[-2])


def test_the_staff_workbook_has_the_changes_of_the_week() -> None:
    now = organizations("plain")
    before = now.assign(teachers_registered=(now["teachers_registered"] - 1).clip(lower=0))
    report, then = doo_staff(now), doo_staff(before)
    book = openpyxl.load_workbook(io.BytesIO(staff_workbook(report, meta(12), then)))
    values = list(book["Сотрудники ДОО"].iter_rows(min_row=3, values_only=True))
    place = values[0].index("Регистрация: изменение за неделю, процентных пунктов")
    was = then.municipalities.set_index("municipality")["share_registered"]
    is_now = report.municipalities.set_index("municipality")["share_registered"]
    assert len(values) > 1
    for row in values[1:]:
        assert row[place] == pytest.approx(is_now[row[0]] - was[row[0]])
    region = list(book["Регион"].iter_rows(min_row=3, values_only=True))
    change = region[1][region[0].index("Регистрация: изменение за неделю, процентных пунктов")]
    assert change == pytest.approx(report.region["share_registered"] - then.region["share_registered"])
