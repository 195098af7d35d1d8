"""One week through every carrier – screen, workbook, letter, chat, picture, package: each key figure is the same everywhere."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from sferum_core import charts, read_export
from sferum_core.answers import organizations_answer, staff_answer
from sferum_core.answers_people import teachers_answer
from sferum_core.charts.people import distribution_bars
from sferum_core.filtering import status_figures, with_filter_columns
from sferum_core.model import OrganizationType, Status
from sferum_core.municipalities import compare_assessed
from sferum_core.norms import Level
from sferum_core.organizations import assess_organizations
from sferum_core.pictures import Heading, picture_of, svg
from sferum_core.reports import ReportMeta, organizations_workbook
from sferum_core.reports.comparison import comparison_workbook
from sferum_core.reports.package import Package, Part, write_package
from sferum_core.reports.teachers import people_workbook, teachers_workbook
from sferum_core.reports.trends import trend_workbook
from sferum_core.staff import doo_staff
from sferum_core.teachers import roll_up_detail, teacher_report
from sferum_core.trend_words import trend_answer
from sferum_core.trends import REGION_KEY
from sferum_core.wording import number, percent
from tests.core.books import PROFILE, meta
from tests.core.test_trend_charts import MAIN as TREND_INDICATOR
from tests.core.test_trend_charts import TREND

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
MUNICIPALITIES = 6
MAIN = PROFILE.main_indicator
COUNTED = (Status.INACTIVE, Status.BELOW_NORM, Status.WITHIN_NORM, Status.TARGET_MET)
ANNEX_TYPES = (OrganizationType.PRESCHOOL, OrganizationType.SCHOOL)
PARTS = frozenset(
    {
        Part.SUMMARY, Part.ANNEXES, Part.MUNICIPALITIES, Part.STAFF, Part.PICTURES,
        Part.REGION_LETTER, Part.MUNICIPALITY_LETTERS, Part.CHAT,
    }
)  # fmt: skip
Counts = dict[str, dict[Status, int]]


@cache
def screen() -> pd.DataFrame:
    """The page's own table: some municipalities of the demo region."""
    table = read_export((DEMO / "demo_2024-04-04.xlsx").read_bytes(), "demo_2024-04-04.xlsx").table
    shown = with_filter_columns(assess_organizations(table, PROFILE))
    kept = sorted(shown["municipality_shown"].unique())[:MUNICIPALITIES]
    return shown[shown["municipality_shown"].isin(kept).to_numpy(dtype=bool)].reset_index(drop=True)


@cache
def truth() -> Counts:
    """Counts of statuses by municipality, row by row, as a person would count."""
    counts: Counts = {}
    for name, status in zip(screen()["municipality_shown"], screen()["status"], strict=True):
        own = counts.setdefault(name, dict.fromkeys(Status, 0))
        own[Status(status)] += 1
    return counts


def sums(counts: Counts, status: Status) -> int:
    return sum(own.get(status, 0) for own in counts.values())


@cache
def package() -> zipfile.ZipFile:
    made = Package(screen(), PROFILE, about("Пакет недели"), parts=PARTS)
    target = tempfile.SpooledTemporaryFile(max_size=1 << 24)  # noqa: SIM115 - the archive reads it
    write_package(made, target)  # type: ignore[arg-type]
    return zipfile.ZipFile(target)  # type: ignore[arg-type]


def about(title: str) -> ReportMeta:
    return replace(meta(len(screen())), title=title)


def rows(content: bytes, sheet: str) -> list[dict[str, Any]]:
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    start = next(place for place, line in enumerate(lines) if line[1:] and line[0] and line[1])
    return [dict(zip(map(str, lines[start]), line, strict=True)) for line in lines[start + 1 :]]


def named(start: str, ending: str = "") -> list[str]:
    return [name for name in package().namelist() if name.startswith(start) and name.endswith(ending)]


def by_status(lines: list[dict[str, Any]]) -> Counts:
    return {
        line["Муниципалитет"]: {status: int(line.get(f"«{status.label}», ед.", 0) or 0) for status in COUNTED}
        for line in lines
    }


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return plain("\n".join(paragraph.text for paragraph in document.paragraphs))


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f\u2060]", " ", text).replace("**", "")


def picture(chart: charts.Chart) -> list[str]:
    root = ElementTree.fromstring(svg(picture_of(chart.figure.to_dict(), Heading("x"))))
    return [plain("".join(node.itertext())) for node in root.iter() if node.tag.endswith("}text")]


def in_the_picture() -> Counts:
    """Counts of the stacked bars that the picture is drawn from, and the words of it."""
    chart = charts.status_bars(screen(), mode="count")
    counts: Counts = {name: {} for name in truth()}
    for trace in chart.figure.to_dict()["data"]:
        for (name, status), value in zip(trace["customdata"], trace["x"], strict=True):
            counts[name][Status(status)] = int(value)
    told = picture(chart)
    for own in counts.values():
        assert f"{number(sum(own.values()))} орг." in told
        assert all(str(count) in told for count in own.values() if count / sum(own.values()) >= 0.06)
    return counts


def in_letters_to_municipalities() -> Counts:
    counts: Counts = {}
    for name in named("Письма/Муниципалитетам/", ".docx"):
        text = text_of(package().read(name))
        shown = name.rsplit("/", 1)[1].split(". 20")[0]
        silent = re.findall(r"– (\d+) организаци\w+ име\w+ статус «Не активна»", text)
        below = re.findall(r"– в (\d+) организаци\w+ активность работы педагогов ниже нормы", text)
        counts[shown] = {Status.INACTIVE: sum(map(int, silent)), Status.BELOW_NORM: sum(map(int, below))}
        assert f"{sum(truth()[shown].values())} организаци" in text
    return counts


def in_the_letter_to_all() -> Counts:
    counts: Counts = {name: {Status.INACTIVE: 0, Status.BELOW_NORM: 0} for name in truth()}
    text = text_of(package().read(*named("Письма/Письмо руководителям")))
    for status, sentence in (
        (Status.INACTIVE, r"статус «Не активна»[^\n]*?муниципалитет\w*: ([^\n]*)"),
        (Status.BELOW_NORM, r"ниже нормы \([^\n]*?муниципалитет\w*: ([^\n]*)"),
    ):
        for listed in re.findall(sentence, text):
            for name in counts:
                counts[name][status] += sum(
                    map(int, re.findall(rf"(?<!\w){re.escape(name)} – (\d+)", listed))
                )
    return counts


def in_chats() -> Counts:
    counts: Counts = {}
    for name in named("Тексты для чатов/"):
        text = plain(package().read(name).decode("utf-8-sig"))
        shown = name.rsplit("/", 1)[1].split(". 20")[0]
        whole, silent, below = re.findall(r"Всего (\d+) .*?не активны – (\d+), ниже нормы .*? – (\d+)", text)[
            0
        ]
        counts[shown] = {Status.INACTIVE: int(silent), Status.BELOW_NORM: int(below)}
        assert int(whole) == sum(truth()[shown].values())
    return counts


def in_books_of_municipalities() -> Counts:
    counts: Counts = {}
    for name in named("Муниципалитеты/"):
        lines = rows(package().read(name), "Организации")
        shown = {line["Муниципалитет"] for line in lines}
        assert len(shown) == 1
        own = counts.setdefault(shown.pop(), dict.fromkeys(COUNTED, 0))
        for line in lines:
            status = next(one for one in Status if one.label == line["Статус"])
            own[status] = own.get(status, 0) + 1
    return counts


def in_annexes() -> Counts:
    counts: Counts = {}
    for name in named("Приложение"):
        for place, own in by_status(rows(package().read(name), "Свод")).items():
            before = counts.setdefault(place, dict.fromkeys(COUNTED, 0))
            counts[place] = {status: before[status] + own[status] for status in COUNTED}
    return counts


CARRIERS = {
    "page's workbook": lambda: by_status(
        rows(organizations_workbook(screen(), PROFILE, about("x")), "По муниципалитетам")
    ),
    "summary": lambda: by_status(rows(package().read(*named("Сводная книга")), "По муниципалитетам")),
    "books of municipalities": in_books_of_municipalities,
    "picture": in_the_picture,
    "letters to municipalities": in_letters_to_municipalities,
    "letter to all": in_the_letter_to_all,
    "chats": in_chats,
}


@pytest.mark.parametrize("carrier", list(CARRIERS))
def test_counts_of_each_municipality_are_the_screens(carrier: str) -> None:
    told = CARRIERS[carrier]()
    assert set(told) == set(truth())
    for name, own in told.items():
        for status in set(own) & set(COUNTED):
            assert own[status] == truth()[name][status], (name, status)


def test_annexes_hold_the_same_organizations_of_their_types() -> None:
    kinds = screen()["organization_type"].isin([str(kind) for kind in ANNEX_TYPES])
    told = in_annexes()
    for status in (Status.INACTIVE, Status.BELOW_NORM):
        here = screen()[(kinds & (screen()["status"] == status.value)).to_numpy(dtype=bool)]
        assert {name: own[status] for name, own in told.items() if own[status]} == (
            here.groupby("municipality_shown").size().to_dict()
        )


def test_the_sentence_and_the_strip_of_the_page_say_the_sums() -> None:
    text = plain(organizations_answer(screen()))
    assert f"Из {len(screen())} организаций {sums(truth(), Status.INACTIVE)} не активны" in text
    assert f"{sums(truth(), Status.BELOW_NORM)} работают ниже нормы" in text
    strip = {figure.main: figure.count for figure in status_figures(screen(), most=9)}
    assert strip and all(
        count == sums(truth(), status) for status, count in strip.items() if status in COUNTED
    )
    totals = rows(package().read(*named("Сводная книга")), "Итоги")[-1]
    assert [totals[f"«{status.label}», ед."] for status in COUNTED] == [sums(truth(), one) for one in COUNTED]


@pytest.mark.parametrize("kind", [str(kind) for kind in ANNEX_TYPES])
def test_shares_of_municipalities_are_one_in_workbooks_and_pictures(kind: str) -> None:
    compared, region = compare_assessed(screen(), PROFILE, MAIN, kind)
    expected = dict(zip(compared["municipality"], compared["share"].astype("float64"), strict=True))
    naive = screen()[(screen()["organization_type"] == kind).to_numpy(dtype=bool)]
    both = naive[naive["teachers_10_messages"].notna() & naive["teachers_registered"].notna()]
    by_hand = both.groupby("municipality_shown")[["teachers_10_messages", "teachers_registered"]].sum()
    for name, line in by_hand.iterrows():
        assert expected[str(name)] == pytest.approx(line.iloc[0] / line.iloc[1])
    header = "Педагоги, написавшие не менее 10 сообщений, %"
    books = [
        rows(package().read(*named("Сводная книга")), f"Рейтинг {kind}"),
        rows(comparison_workbook(compared, region, PROFILE, MAIN, about("x")), "Муниципалитеты"),
    ]
    for lines in books:
        assert {line["Муниципалитет"]: line[header] for line in lines} == pytest.approx(expected)
    rule = PROFILE.rule(Level.MUNICIPALITY, kind, MAIN)
    page = picture(charts.ranked_bars(compared, region, rule, "Доля"))
    slide = package().read(*named(f"Картинки/Рейтинг. {kind}", ".svg")).decode()
    told = plain(" ".join(ElementTree.fromstring(slide).itertext()))
    for name, share in expected.items():
        assert plain(percent(share)) in page and name in told and plain(percent(share)) in told
    assert f"Регион {plain(percent(region['share']))}" in page
    assert f"регион: {plain(percent(region['share']))}" in told
    target = None if rule is None else rule.target_percent
    if target is not None:
        letter = text_of(package().read(*named("Письма/Письмо руководителям")))
        assert f"более {target:g} %".replace(".", ",") in letter, "the norm of the letter is the profile's"


def test_what_each_organization_lacks_is_one_in_book_letter_and_chat() -> None:
    missing = {
        str(one): int(count)
        for one, count, status in zip(
            screen()["organization"], screen()["missing_to_norm"], screen()["status"], strict=True
        )
        if status == Status.BELOW_NORM.value
    }
    in_books = {}
    for name in named("Муниципалитеты/"):
        for line in rows(package().read(name), "Организации"):
            if line["Статус"] == Status.BELOW_NORM.label:
                in_books[line["Организация"]] = int(line["Не хватает до нормы, чел."])
    assert in_books == missing
    in_letters = {}
    for name in named("Письма/Муниципалитетам/", ".docx"):
        for table in docx.Document(io.BytesIO(package().read(name))).tables[1:]:
            for row in table.rows[1:]:
                cells = [cell.text for cell in row.cells]
                if cells[3] == Status.BELOW_NORM.label:
                    in_letters[cells[1]] = int(cells[5])
    assert in_letters == missing
    in_chat = {}
    for name in named("Тексты для чатов/"):
        listed = re.findall(r"^– (.+) \((\d+)\)\r?$", package().read(name).decode("utf-8-sig"), re.MULTILINE)
        in_chat |= {one: int(count) for one, count in listed}
    assert in_chat and in_chat.items() <= missing.items()


def test_staff_figures_are_one_on_page_in_book_picture_and_package() -> None:
    report = doo_staff(screen())
    region = report.region
    heads = f"({number(region['teachers_registered'])} из {number(region['teachers_total'])})"
    assert plain(heads) in plain(staff_answer(report))
    here = screen()[(screen()["organization_type"] == "ДОО").to_numpy(dtype=bool)]
    assert int(region["teachers_registered"]) == int(here["teachers_registered"].sum())
    lines = {
        line["Муниципалитет"]: line
        for line in rows(package().read(*named("Сотрудники ДОО")), "Сотрудники ДОО")
    }
    told = {which: picture(chart) for which, chart in vars(charts.staff_rankings(report)).items()}
    for row in report.municipalities.to_dict("records"):
        line = lines[row["municipality"]]
        assert line["Зарегистрировано воспитателей, чел."] == row["teachers_registered"]
        assert line["Зарегистрировано воспитателей, %"] == pytest.approx(float(row["share_registered"]))
        assert line["Не хватает до 100 %, чел."] == row["missing_to_full"]
        for which in ("registered", "active"):
            assert plain(percent(row[f"share_{which}"])) in told[which]
    assert plain(percent(region["share_active"])) in told["active"]
    assert plain(percent(region["share_active"])) in plain(staff_answer(report))


def test_teachers_figures_are_one_on_page_in_books_and_picture() -> None:
    name = "demo_teachers_2024-04-04.xlsx"
    table = read_export((DEMO / name).read_bytes(), name).table
    report = teacher_report(table)
    thresholds = report.thresholds.set_index("indicator")
    ten, whole = (int(thresholds.loc["teachers_10_messages", key]) for key in ("count", "known"))
    assert ten == int((report.people["messages"] >= 10).sum())
    assert f"написали {number(ten)} " in plain(teachers_answer(report)).replace("\u202f", " ")
    book = teachers_workbook(report, roll_up_detail(table, report.date), about("x"))
    line = next(one for one in rows(book, "Показатели") if "10 сообщ" in one["Показатель"])
    assert (line["Педагогов, чел."], line["Из скольких, чел."]) == (ten, whole)
    chart = distribution_bars(report.distribution, "messages").figure.to_dict()["data"][0]
    bins = [int(value) for value in report.distribution[report.distribution["column"] == "messages"]["from"]]
    assert sum(people for start, people in zip(bins, chart["y"], strict=True) if start >= 10) == ten
    listed = rows(people_workbook(report.people, about("x")), "Педагоги")
    assert sum(one["Сообщений за 7 дней, ед."] >= 10 for one in listed) == ten
    organizations = rows(book, "Организации")
    headed = next(key for key in organizations[0] if key.startswith("Педагогов, написавших не менее 10"))
    assert sum(one[headed] for one in organizations) == ten


def test_trends_are_one_on_page_in_book_and_picture() -> None:
    region = TREND[(TREND["municipality_key"] == REGION_KEY).to_numpy(dtype=bool)]
    known = region[region["share"].notna()]
    lines = rows(trend_workbook(TREND, PROFILE, TREND_INDICATOR, about("x")), "По неделям")
    header = next(key for key in lines[0] if key.endswith(", %"))
    shares = [line[header] for line in lines if isinstance(line[header], float)]
    assert shares == pytest.approx(known["share"].astype("float64").tolist())
    chart = charts.trend_lines(TREND, None, "Доля")
    drawn = next(trace for trace in chart.figure.to_dict()["data"] if trace["customdata"][0][0] == REGION_KEY)
    assert [y for y in drawn["y"] if y is not None] == pytest.approx(shares)
    newest = plain(percent(shares[-1]))
    assert newest in picture(chart) and newest in plain(trend_answer(TREND, TREND_INDICATOR))
    assert newest in plain(chart.alt)
