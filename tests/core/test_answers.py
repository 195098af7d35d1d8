"""The answer first: figures in bold, right grammar, names from files harmless in Markdown."""

import pandas as pd
import pytest

from sferum_core.answers import comparison_answer, escape_markdown, organizations_answer, staff_answer
from sferum_core.municipalities import compare_municipalities, region_total
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.staff import doo_staff

CHELYABINSK = load_profile("chelyabinsk-2024")
TOMSK = load_profile("tomsk-2024")


def assessed(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """(id, municipality, status)."""
    names = ["organization_id", "municipality", "status"]
    return pd.DataFrame(rows, columns=names, dtype="str")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_organizations_in_one_sentence_each() -> None:
    rows = [
        *((str(n), "Озёрный район", "inactive") for n in range(2)),
        ("2", "Озёрный район", "below_norm"),
        ("3", "г. Лесной", "inactive"),
        *((str(n), "г. Лесной", "below_norm") for n in range(4, 8)),
        *((str(n), "г. Лесной", "within_norm") for n in range(8, 21)),
    ]
    before = [(name, place, "within_norm" if name in "012" else status) for name, place, status in rows]
    text = plain(organizations_answer(assessed(*rows), assessed(*before)))
    assert text == (
        "Из 21 организации **3 не активны**, **5** работают **ниже нормы**. "
        "Больше всего неактивных: Озёрный район – **2** из 3. С прошлой недели в число отстающих вошли **3**."
    )


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("within_norm", "inactive", "С прошлой недели из числа отстающих вышла **1**."),
        ("inactive", "within_norm", "С прошлой недели в число отстающих вошла **1**."),
        ("inactive", "below_norm", "С прошлой недели состав отстающих не изменился."),
    ],
)
def test_who_moved(now: str, before: str, words: str) -> None:
    text = organizations_answer(assessed(("1", "А", now)), assessed(("1", "А", before)))
    assert text.endswith(words)


def test_another_week_than_the_one_before_is_named() -> None:
    text = organizations_answer(
        assessed(("1", "А", "inactive")), assessed(("1", "А", "within_norm")), since="С недели 01.03–07.03"
    )
    assert text.endswith("С недели 01.03–07.03 в число отстающих вошла **1**.")


def test_other_organizations_last_week_say_nothing_about_moves() -> None:
    assert "прошлой недели" not in organizations_answer(
        assessed(("1", "А", "inactive")), assessed(("2", "А", "no_data"))
    )


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (["inactive"], "Из 1 организации **1 не активна**."),
        (["within_norm"] * 5, "Из 5 организаций **неактивных и отстающих нет**."),
        (
            ["no_norm"] * 2,
            "Из 2 организаций неактивных нет. Для отдельных организаций норма в этом профиле не задана.",
        ),
        (
            ["no_data", "below_norm"],
            "Из 2 организаций **1** работает **ниже нормы**. Нет данных – 1 организация.",
        ),
        (["target_missed"], "Из 1 организации **1** не достигла цели."),
        ([], "В таблице нет организаций."),
    ],
)
def test_states_of_organizations(statuses: list[str], words: str) -> None:
    rows = [(str(number), "А", status) for number, status in enumerate(statuses)]
    assert plain(organizations_answer(assessed(*rows))) == words


def table(*rows: tuple[str, int | None, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "municipality": pd.Series([row[0] for row in rows], dtype="str"),
            "teachers_registered": pd.Series([row[2] for row in rows], dtype="Int64"),
            "teachers_active": pd.Series([row[1] for row in rows], dtype="Int64"),
        }
    )


def answer(*rows: tuple[str, int | None, int]) -> str:
    source = table(*rows)
    compared = compare_municipalities(source, TOMSK, "teachers_active")
    return plain(
        comparison_answer(compared, region_total(source, TOMSK, "teachers_active"), "teachers_active")
    )


def test_the_comparison_in_words() -> None:
    assert answer(
        ("А-ский район", 3, 10), ("Б-ский район", 1, 10), ("В-ский район", 1, 10), ("Г-ский район", None, 5)
    ) == (
        "По региону **16,7 %** (5 из 30): цель не достигнута. Из 3 муниципалитетов достиг цели **1**. "
        "Впереди А-ский район: **30,0 %** (3 из 10). Внизу 2 муниципалитета: по **10,0 %**. "
        "Нет данных – 1 муниципалитет."
    )


def test_a_comparison_without_data() -> None:
    assert answer(("А-ский район", None, 5)).startswith("В файле нет данных")


def test_a_name_from_a_file_stays_words() -> None:
    assert "\\*\\*район\\*\\*" in answer(("**район**", 3, 10), ("Б", 1, 10))


def test_staff_in_words() -> None:
    source = table(("А-ский район", 5, 10), ("Б-ский район", 0, 10))
    source["teachers_total"] = pd.Series([10, 11], dtype="Int64")
    assert plain(staff_answer(doo_staff(source))) == (
        "В Сферуме зарегистрировано **95,2 %** сотрудников ДОО (20 из 21). "
        "Из зарегистрированных активны **25,0 %** (5 из 20). "
        "Все сотрудники зарегистрированы в **1** из 2 муниципалитетов. "
        "До полной регистрации не хватает **1 сотрудника**. Ни одного активного – **1 муниципалитет**."
    )


def test_the_answer_of_a_real_assessment() -> None:
    rows = pd.DataFrame({"organization": ["А"], "organization_type": ["ДОО"], "is_active": [False]})
    assert "не активна" in organizations_answer(assess_organizations(rows, CHELYABINSK))


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("МБДОУ «Сад № 5»", "МБДОУ «Сад № 5»"),
        ("[сюда](http://x)", "\\[сюда\\]\\(http\\:\u2060//x\\)"),
        (":red[x] $y$", "\\:red\\[x\\] \\$y\\$"),
        ("<b>a</b>\n# b", "\\<b\\>a\\</b\\> \\# b"),
        ("a\u202eb", "a b"),
    ],
)
def test_markdown_is_escaped(raw: str, escaped: str) -> None:
    assert escape_markdown(raw) == escaped
