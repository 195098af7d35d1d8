"""Long names in a narrow column: initials for the legal form, the number of the school in sight."""

import pandas as pd
import pytest

from sferum_core.names.short import short_name, short_names


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (
            "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 5»",
            "МБОУ «СОШ № 5»",
        ),
        (
            "МУНИЦИПАЛЬНОЕ КАЗЁННОЕ ДОШКОЛЬНОЕ ОБРАЗОВАТЕЛЬНОЕ УЧРЕЖДЕНИЕ ДЕТСКИЙ САД № 12",
            "МКДОУ ДЕТСКИЙ САД № 12",
        ),
        (
            "Государственное автономное профессиональное образовательное учреждение «Озёрский техникум»",
            "ГАПОУ «Озёрский техникум»",
        ),
        (
            "Муниципальное автономное учреждение дополнительного образования «Дом детского творчества»",
            "МАУ ДО «Дом детского творчества»",
        ),
        ("Автономная некоммерческая общеобразовательная организация «Лицей»", "АНОО «Лицей»"),
        (
            "Учреждение без прилагательных, но с очень длинным названием",
            "Учреждение без прилагательных, но с очень длинным названием",
        ),
        ("МБОУ «Начальная общеобразовательная школа»", "МБОУ «Начальная общеобразовательная школа»"),
    ],
)  # fmt: skip
def test_the_number_of_the_school_comes_into_sight(name: str, short: str) -> None:
    assert short_name(name) == short


def test_missing_names_stay_missing_and_rows_keep_their_places() -> None:
    names = pd.Series(
        ["СОШ № 1", None, "Муниципальное бюджетное дошкольное образовательное учреждение № 3"],
        index=[7, 3, 9],
        dtype="str",
    )
    found = short_names(names)
    assert found.index.tolist() == [7, 3, 9] and str(found.dtype) == "str"
    assert found[7] == "СОШ № 1" and pd.isna(found[3]) and found[9] == "МБДОУ № 3"
