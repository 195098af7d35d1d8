"""Letters: their figures are the table's, blanks stay visible, text from files is text and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pandas as pd
import pytest

from sferum_core.model import Period, Status
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.reports.letters import (
    Annexes,
    Letter,
    LetterFields,
    SchoolLetters,
    chat_text,
    letter_docx,
    municipality_letter,
    plain_text,
    region_letter,
)
from sferum_core.reports.letters.algorithm import STEPS
from sferum_core.reports.letters.phrases import date_words, in_organizations, period_words
from sferum_core.reports.organizations import with_words
from tests.core.books import HOSTILE, organizations

PROFILE = load_profile("chelyabinsk-2024")
WEEK = Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4))
FIELDS = LetterFields(
    office="Управление образования\nОзёрного района",
    number="01-15/77",
    date=dt.date(2024, 4, 9),
    position="Начальник управления",
    name="И. О. Фамилия",
    executor="Фамилия Имя Отчество",
    phone="000-00-00",
    deadline=dt.date(2024, 4, 19),
    earlier_number="0909",
    earlier_date=dt.date(2024, 3, 27),
)


def table(rows: list[tuple[str, str, str, bool, int, int]]) -> pd.DataFrame:
    """Name, type, municipality, stated activity, registered teachers, those with ten messages."""
    frame = pd.DataFrame(
        rows,
        columns=[
            "organization",
            "organization_type",
            "municipality",
            "is_active",
            "teachers_registered",
            "teachers_10_messages",
        ],
    )
    frame.insert(0, "organization_id", [f"{place:06d}" for place in range(len(frame))])
    for name in ("organization_id", "organization", "organization_type", "municipality"):
        frame[name] = frame[name].astype("str")
    frame["is_active"] = frame["is_active"].astype("boolean")
    for name in ("teachers_registered", "teachers_10_messages"):
        frame[name] = frame[name].astype("Int64")
    return frame


REGION = table(
    [
        ("Детский сад № 1", "ДОО", "Озёрный район", False, 0, 0),
        ("Детский сад № 2", "ДОО", "г. Лесной", False, 0, 0),
        ("Детский сад № 3", "ДОО", "г. Лесной", True, 40, 0),
        ("Детский сад № 4", "ДОО", "г. Лесной", True, 40, 2),
        ("СОШ № 5", "ОО", "Озёрный район", True, 50, 2),
        ("СОШ № 6", "ОО", "Озёрный район", True, 50, 30),
        ("Техникум связи", "СПО", "г. Лесной", True, 20, 5),
    ]
)


def words(frame: pd.DataFrame = REGION) -> pd.DataFrame:
    return with_words(assess_organizations(frame, PROFILE), PROFILE)


def text_of(letter: Letter) -> str:
    return plain_text(letter).replace("\u00a0", " ").replace("\u202f", " ")


def document(letter: Letter) -> docx.document.Document:
    return docx.Document(io.BytesIO(letter_docx(letter)))


def text_in_word(letter: Letter) -> str:
    """All text of the document in its order, tables too."""
    body = document(letter).element.body
    return " ".join("".join(node.itertext()) for node in body.iter() if node.tag.endswith("}p"))


def test_the_regions_letter_counts_and_names_municipalities_in_full() -> None:
    """000: «90 организаций имеют статус «Не активна» … в следующих муниципалитетах»."""
    text = text_of(region_letter(words(), PROFILE, WEEK, FIELDS, Annexes({"ДОО": 1, "ОО": 2}, ("А", "Б"))))
    assert "за период с 29 марта по 4 апреля 2024 года" in text
    assert "В продолжение письма от 27 марта 2024 года № 0909" in text
    assert "для дошкольных образовательных организаций норма – от 2,5 % до 5 %, цель – более 5 %;" in text
    assert "Источник норм: письмо ГБУ ДПО «ЧИРО» от 09.04.2024 № 1151." in text
    assert "1) дошкольные образовательные организации (приложение 1), всего 4:" in text
    assert "2 организации имеют статус «Не активна»" in text
    assert "городские округа: г. Лесной – 1; муниципальные районы и округа: Озёрный район – 1" in text
    assert "в 1 организации активность работы педагогов ниже нормы (менее 2,5 %)" in text
    assert "в срок до 19 апреля 2024 года" in text
    assert "info@sferum.ru" in text
    assert "Приложения:\n1. А;\n2. Б." in text
    assert "Начальник управления    И. О. Фамилия" in text
    assert "документ 000" not in text


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "1 организации"), (2, "2 организациях"), (11, "11 организациях"), (21, "21 организации")],
)
def test_in_organizations(count: int, expected: str) -> None:
    assert in_organizations(count).replace("\u00a0", " ") == expected


def test_periods_in_words() -> None:
    assert date_words(dt.date(2024, 4, 9)).replace("\u00a0", " ") == "9 апреля 2024 года"
    years = Period(start=dt.date(2023, 12, 29), end=dt.date(2024, 1, 4))
    told = period_words(years).replace("\u00a0", " ")
    assert told == "за период с 29 декабря 2023 года по 4 января 2024 года"
    assert period_words(None) == "за отчётный период"


def test_empty_fields_are_lines_to_write_on_and_nobody_is_invented() -> None:
    letter = region_letter(words(), PROFILE, WEEK, LetterFields())
    text = text_of(letter)
    assert re.search(r"^_+ № _+$", text, re.M)
    assert re.search(r"^На № _+ от _+$", text, re.M)
    assert re.search(r"в срок до _+:", text)
    assert re.search(r"^_+    _+$", text, re.M), "the signature"
    assert re.search(r"^Исполнитель: _+$", text, re.M)
    assert "В продолжение письма" not in text
    half = text_of(region_letter(words(), PROFILE, WEEK, LetterFields(earlier_number="0909")))
    assert re.search(r"В продолжение письма от _+ № 0909 направляем", half)
    assert len(LetterFields().empty) == 8
    assert FIELDS.empty == []


def test_a_profile_without_norms_for_organizations_says_so() -> None:
    tomsk = load_profile("tomsk-2024")
    letter = region_letter(with_words(assess_organizations(REGION, tomsk), tomsk), tomsk, WEEK, FIELDS)
    assert "Для отдельных организаций норма не задана." in text_of(letter)


def test_the_letter_to_one_municipality_declines_its_name_and_lists_its_organizations() -> None:
    own = words()
    own = own[own["municipality_shown"] == "Озёрный район"]
    letter = municipality_letter(own, "Озёрный район", PROFILE, WEEK, FIELDS)
    assert letter.addressee[-1] == "Озёрного района"
    text = text_of(letter)
    assert "состоят 3 организации" in text
    assert "Детский сад № 1 | 000000 | Не активна" in text
    assert "СОШ № 5 | 000004 | Ниже нормы | 4,0 % | 3" in text
    assert "Детский сад № 2" not in text
    corrected = municipality_letter(
        own, "Озёрный район", PROFILE, WEEK, FIELDS, {"Озёрный район": "Заозерья"}
    )
    assert corrected.addressee[-1] == "Заозерья"


def test_the_letter_to_a_school_has_its_own_figures_and_what_is_missing() -> None:
    letters = SchoolLetters(words(), PROFILE, WEEK, FIELDS)
    text = text_of(letters.letter(4))
    assert (
        "организация СОШ № 5 (ID 000004, Озёрный район) активна, но активность педагогов ниже нормы" in text
    )
    assert "2 из 50 | 4,0 % | норма – от 10 % до 25 %, цель – более 25 %" in text
    assert "до нормы не хватает 3 педагогов, до целевого значения – 11 педагогов" in text
    assert all(step in text for step in STEPS)
    good = text_of(letters.letter(5))
    assert "целевое значение активности педагогов достигнуто" in good
    assert STEPS[0] not in good and "Просим выполнить" not in good


def test_the_chat_text_is_short_and_names_those_behind() -> None:
    text = chat_text(words(), PROFILE, WEEK, FIELDS).replace("\u00a0", " ")
    assert (
        "Всего 7 организаций: не активны – 2, ниже нормы (показатель «10 сообщений за неделю») – 2." in text
    )
    assert "– СОШ № 5 (3)" in text
    many = table([("МБДОУ " + "я" * 300, "ДОО", "Озёрный район", i % 2 == 0, 40, 0) for i in range(500)])
    text = chat_text(words(many), PROFILE, WEEK, FIELDS)
    assert len(text) < 4_000 and "и ещё 235" in text
    assert "Организаций в выгрузке нет" in chat_text(words(REGION.iloc[:0]), PROFILE, WEEK, FIELDS)


@pytest.mark.parametrize(
    "fields", [FIELDS, LetterFields(office=HOSTILE[0], number="\x00=1", name="<w:t>&{{x}}")]
)
def test_hostile_text_stays_text(fields: LetterFields) -> None:
    own = words(organizations("hostile"))
    letters = SchoolLetters(own, PROFILE, WEEK, fields)
    made = [letters.letter(place) for place in range(len(own))]
    made += [region_letter(own, PROFILE, WEEK, fields)]
    made += [municipality_letter(own, name, PROFILE, WEEK, fields) for name in set(own["municipality_shown"])]
    for letter in made:
        content = letter_docx(letter)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                ElementTree.fromstring(package.read(name))
            body = package.read("word/document.xml").decode()
            assert "TargetMode" not in package.read("word/_rels/document.xml.rels").decode()
        assert "instrText" not in body and "fldSimple" not in body and "w:hyperlink" not in body
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", body)
        text_in_word(letter)
    if fields.name.startswith("<"):
        assert "<w:t>&{{x}}" in text_in_word(made[0])


def test_the_look_of_an_office_letter() -> None:
    """GOST R 7.0.97: margins 3, 1, 2, 2 cm, a Times-like font of 14 points."""
    made = document(region_letter(words(), PROFILE, WEEK, FIELDS))
    section = made.sections[0]
    assert [round(side.cm, 1) for side in (section.left_margin, section.right_margin)] == [3.0, 1.0]
    assert [round(side.cm, 1) for side in (section.top_margin, section.bottom_margin)] == [2.0, 2.0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    defaults = made.styles.element.xml
    assert 'w:ascii="Times New Roman"' in defaults and 'w:sz w:val="28"' in defaults
    assert 'w:lang w:val="ru-RU"' in defaults
    body = [paragraph for paragraph in made.paragraphs if paragraph.text.startswith("По статистике")]
    assert body[0].paragraph_format.alignment == 3
    assert made.core_properties.language == "ru-RU"


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = region_letter(words(), PROFILE, WEEK, FIELDS)
    assert letter_docx(letter) == letter_docx(letter)


def test_figures_of_letter_chat_and_table_are_the_same() -> None:
    own = words()
    inactive = int((own["status"] == Status.INACTIVE.value).sum())
    assert f"не активны – {inactive}," in chat_text(own, PROFILE, WEEK, FIELDS)
    stated = re.findall(
        r"(\d+) организаци\w+ име\w+ статус", text_of(region_letter(own, PROFILE, WEEK, FIELDS))
    )
    assert sum(map(int, stated)) == inactive


@pytest.mark.writer
def test_letters_open_in_libreoffice(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None
    letters = SchoolLetters(words(organizations("hostile")), PROFILE, WEEK, FIELDS)
    made = {"region": region_letter(words(), PROFILE, WEEK, FIELDS), "school": letters.letter(1)}
    for name, letter in made.items():
        (tmp_path / f"{name}.docx").write_bytes(letter_docx(letter))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    files = [str(tmp_path / f"{name}.docx") for name in made]
    command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert all((tmp_path / f"{name}.pdf").stat().st_size > 5_000 for name in made)
