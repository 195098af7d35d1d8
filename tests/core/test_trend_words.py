"""The answer to a trend: course, newest week, gaps and special weeks in right Russian."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from sferum_core.norms import load_profile
from sferum_core.trend_words import trend_answer
from sferum_core.trends import trend_table, week_sums

PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator
FIRST = dt.date(2024, 2, 2)


def answer(*weeks: tuple[int, int | None]) -> str:
    """Weeks of (number, active of 100 teachers)."""
    parts = []
    for number, active in weeks:
        table = pd.DataFrame(
            {
                "organization": pd.Series(["Школа"], dtype="str"),
                "municipality": pd.Series(["г. Тихий"], dtype="str"),
                "teachers_registered": pd.Series([100], dtype="Int64"),
                MAIN: pd.Series([active], dtype="Int64"),
            }
        )
        start = FIRST + dt.timedelta(days=7 * number)
        parts.append(week_sums(table, PROFILE).assign(start=start, end=start + dt.timedelta(days=6)))
    text = trend_answer(trend_table(pd.concat(parts), PROFILE, MAIN), MAIN)
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\\", "")


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (
            [(0, 10), (1, 12), (2, 15)],
            "С недели 02.02–08.02 по неделю 16.02–22.02 «10 сообщений за неделю» по региону: "
            "рост с 10,0 % до **15,0 %** (**+5,0 п. п.**). За последнюю неделю **+3,0 п. п.**",
        ),
        (
            [(0, 10), (2, 8)],
            "С недели 02.02–08.02 по неделю 16.02–22.02 «10 сообщений за неделю» по региону: "
            "снижение с 10,0 % до **8,0 %** (**−2,0 п. п.**). "
            "Предыдущей недели в архиве нет, поэтому изменение за неделю не показано. "
            "Пропущена 1 неделя: на графике там разрыв.",
        ),
        (
            [(0, 10), (1, None), (2, 10)],
            "С недели 02.02–08.02 по неделю 16.02–22.02 «10 сообщений за неделю» по региону: "
            "было и осталось **10,0 %**. Предыдущей недели в архиве нет, поэтому изменение за неделю не показано. "
            "Без этого показателя 1 неделя.",
        ),
        (
            [(0, 10)],
            "Данные есть за одну неделю, 02.02–08.02: «10 сообщений за неделю» по региону – **10,0 %**.",
        ),
        (
            [(0, None)],
            "Показать динамику нельзя: по показателю «10 сообщений за неделю» нет данных ни в одной неделе.",
        ),
    ],
)
def test_the_course_of_the_region(weeks: list[tuple[int, int | None]], words: str) -> None:
    assert answer(*weeks) == words


def test_special_weeks_are_named() -> None:
    text = answer((4, 20), (5, 20), (6, 20), (7, 5), (8, 20), (10, 4))
    assert text.endswith(
        "Особые недели: весенние каникулы (примерно) – 22.03–28.03; у всех ниже обычного – 12.04–18.04."
    )
    assert "Пропущена 1 неделя" in text
