"""A region export in every layout met or to be expected is read whole, with no mapping by hand."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from sferum_core import read_export
from sferum_core.model import Export, ExportKind
from tests.core.reading.layouts import COUNTS, FIELD_OF, HEADERS, ORGANIZATIONS, csv, grid, xlsx

KEYS = tuple(HEADERS)


def assert_whole(export: Export, keys=KEYS, orgs=ORGANIZATIONS) -> None:
    assert export.kind is ExportKind.ORGANIZATIONS
    table = export.table
    assert len(table) == len(orgs)
    for key in keys:
        values = table[FIELD_OF[key]].tolist()
        expected = [o[key] for o in orgs]
        if key == "active":
            expected = [v == "Активна" for v in expected]
        assert values == expected, key
    assert len(table) + len(export.left_out) == export.source_rows


def read(content: bytes, name: str = "export.xlsx") -> Export:
    return read_export(content, name)


def test_plain_table() -> None:
    export = read(xlsx(grid()))
    assert_whole(export)
    assert export.source_rows == len(ORGANIZATIONS)
    assert not [f for f in export.findings if f.severity != "note"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_text_files(encoding: str, delimiter: str) -> None:
    rows = [[str(v).replace("ё", "е") for v in row] for row in grid()]
    orgs = [
        {k: v.replace("ё", "е") if isinstance(v, str) else v for k, v in o.items()} for o in ORGANIZATIONS
    ]
    assert_whole(read(csv(rows, delimiter, encoding), "export.csv"), orgs=orgs)


def test_sep_line() -> None:
    assert_whole(read(b"sep=;\r\n" + csv(grid()), "export.csv"))


def test_title_rows_above_give_the_period() -> None:
    rows = [
        ["Статистика работы образовательных организаций на платформе «Сферум»"],
        ["за период с 29 марта по 4 апреля 2024 года"],
        [],
        *grid(),
    ]
    export = read(xlsx(rows, {"Лист1": ["A1:M1", "A2:M2"]}))
    assert_whole(export)
    assert export.period is not None
    assert (export.period.start, export.period.end) == (dt.date(2024, 3, 29), dt.date(2024, 4, 4))


@pytest.mark.parametrize("merged", [True, False])
def test_header_in_two_rows(merged: bool) -> None:
    keys = ("id", "name", "type", "mun", "total", "reg", "act", "m3", "m10", "c1", "c3")
    top = [
        "ID школы",
        "Наименование ОО",
        "Тип ОО",
        "Муниципалитет",
        "Педагоги",
        None,
        None,
        "Написали сообщений",
        None,
        "Совершили звонков",
        None,
    ]
    low = [
        None,
        None,
        None,
        None,
        "всего по штату",
        "зарегистрировано",
        "активных",
        "3 и более",
        "10 и более",
        "не менее 1",
        "не менее 3",
    ]
    rows = [top, low, *grid(keys)[1:]]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1", "H1:I1", "J1:K1"] if merged else []
    assert_whole(read(xlsx(rows, {"Лист1": merges})), keys)


def test_header_in_three_rows_under_a_title() -> None:
    keys = ("name", "mun", "reg", "m3", "m10")
    rows = [
        ["Мониторинг активности"],
        ["№", "Организация", "Район", "Учителя", None, None],
        [None, None, None, "Зарегистрировано", "Написали сообщений за неделю", None],
        [None, None, None, None, "3+", "10+"],
        *[[i + 1, *[o[k] for k in keys]] for i, o in enumerate(ORGANIZATIONS)],
    ]
    merges = ["A1:F1", "A2:A4", "B2:B4", "C2:C4", "D2:F2", "D3:D4", "E3:F3"]
    assert_whole(read(xlsx(rows, {"Лист1": merges})), keys)


def test_numbering_of_columns_under_the_header() -> None:
    rows = grid()
    rows.insert(1, [str(i + 1) for i in range(len(rows[0]))])
    export = read(xlsx(rows))
    assert_whole(export)
    assert export.left_out["reason"].tolist() == ["номера столбцов"]


def test_row_number_empty_and_unknown_columns_in_any_order() -> None:
    keys = ("m10", "name", "c3", "mun", "reg", "m3", "id", "c1", "type")
    rows = grid(keys)
    wide = [["№ п/п", None, "Комментарий", *rows[0][:4], "Площадь здания, м²", *rows[0][4:]]]
    wide += [[i, None, "проверено", *r[:4], 512.5 + i, *r[4:]] for i, r in enumerate(rows[1:], 1)]
    export = read(xlsx(wide))
    assert_whole(export, keys)
    unread = {c.header for c in export.columns if c.field is None}
    assert {"№ п/п", "Комментарий", "Площадь здания, м²"} <= unread


@pytest.mark.parametrize("merged", [True, False])
def test_municipality_on_the_first_row_of_its_block(merged: bool) -> None:
    keys = ("mun", "name", "reg", "m10")
    rows = grid(keys)
    for row in (3, 2, 5, 6):
        rows[row][0] = None
    rows[1][0], rows[4][0], rows[7][0] = (ORGANIZATIONS[i]["mun"] for i in (0, 3, 6))
    export = read(xlsx(rows, {"Лист1": ["A2:A4", "A5:A7"] if merged else []}))
    assert_whole(export, keys)
    assert "filled_down" in {f.code for f in export.findings}


def test_a_single_missing_municipality_is_not_filled() -> None:
    keys = ("mun", "name", "reg", "m10")
    rows = grid(keys)
    rows[2][0] = None
    table = read(xlsx(rows)).table
    assert table["municipality"].isna().tolist() == [False, True, False, False, False, False, False]


def test_municipality_as_a_heading_row() -> None:
    keys = ("name", "reg", "m10")
    rows, seen = [grid(keys)[0]], None
    for o in ORGANIZATIONS:
        if o["mun"] != seen:
            rows.append([o["mun"], None, None])
            seen = o["mun"]
        rows.append([o[k] for k in keys])
    export = read(xlsx(rows))
    assert_whole(export, (*keys, "mun"))
    assert export.left_out["reason"].tolist() == ["заголовок группы строк"] * 3


def test_a_municipality_per_sheet() -> None:
    keys = ("id", "name", "reg", "m10")
    sheets = {
        m: grid(keys, [o for o in ORGANIZATIONS if o["mun"] == m])
        for m in dict.fromkeys(o["mun"] for o in ORGANIZATIONS)
    }
    sheets = {"Титул": [["Отчёт региона"], ["подготовлен отделом"]], **sheets}
    assert_whole(read(xlsx(sheets)), (*keys, "mun"))


def test_bare_municipality_names_of_sheets() -> None:
    keys = ("id", "name", "reg", "m10")
    sheets = {
        m.replace(" район", "").replace("г. ", "").replace(" муниципальный округ", ""): grid(
            keys, [o for o in ORGANIZATIONS if o["mun"] == m]
        )
        for m in dict.fromkeys(o["mun"] for o in ORGANIZATIONS)
    }
    export = read(xlsx(sheets))
    assert export.table["municipality"].tolist() == ["Озёрный"] * 3 + ["Светлый"] * 3 + ["Горный"]


def test_a_type_per_sheet() -> None:
    keys = ("id", "name", "mun", "reg", "m10")
    orgs = sorted(ORGANIZATIONS, key=lambda o: ("ДОО", "ОО", "СПО").index(o["type"]))
    sheets = {t: grid(keys, [o for o in orgs if o["type"] == t]) for t in ("ДОО", "ОО", "СПО")}
    assert_whole(read(xlsx(sheets)), (*keys, "type"), orgs)


def test_totals_between_and_below_are_left_out_and_checked() -> None:
    keys = ("mun", "name", *COUNTS)
    rows = [grid(keys)[0]]
    for m in dict.fromkeys(o["mun"] for o in ORGANIZATIONS):
        mine = [o for o in ORGANIZATIONS if o["mun"] == m]
        rows += [[o[k] for k in keys] for o in mine]
        rows.append([f"Итого по {m}", None, *[sum(o[k] for o in mine) for k in COUNTS]])
    rows.append(["ВСЕГО", None, *[sum(o[k] for o in ORGANIZATIONS) for k in COUNTS]])
    export = read(xlsx(rows))
    assert_whole(export, keys)
    assert export.left_out["reason"].tolist() == ["строка итога"] * 4
    assert "total_mismatch" not in {f.code for f in export.findings}

    rows[-1][3] += 1
    wrong = [f for f in read(xlsx(rows)).findings if f.code == "total_mismatch"]
    assert [(f.row, f.column) for f in wrong] == [(len(rows), HEADERS["reg"])]


def test_average_row_and_notes_below() -> None:
    keys = ("mun", "name", "reg", "m10")
    rows = [
        *grid(keys),
        ["Среднее значение по региону", None, 196, 31],
        [],
        ["* по данным платформы на 04.04.2024"],
        ["Исполнитель: отдел мониторинга"],
    ]
    export = read(xlsx(rows))
    assert_whole(export, keys)
    assert export.left_out["reason"].str.contains("среднего|примечание").all()


def test_header_repeated_on_every_page() -> None:
    rows = grid()
    rows.insert(4, rows[0])
    export = read(xlsx(rows))
    assert_whole(export)
    assert export.left_out["reason"].tolist() == ["повтор заголовка таблицы"]


def test_numbers_as_text_with_spaces_and_marks_for_nothing() -> None:
    keys = ("id", "name", "mun", "reg", "m3", "m10")
    rows = grid(keys)
    rows[2][3], rows[2][4], rows[2][5] = "1\u00a0200", "250", "1\u202f81"
    rows[1][3:] = ["20 чел.", "4,0", "2"]
    rows[3][3:] = ["—", "н/д", "нет"]
    table = read(xlsx(rows)).table
    assert table["teachers_registered"].iloc[0] == 20
    assert table["teachers_registered"].iloc[1] == 1200
    assert table["teachers_10_messages"].iloc[1] is not None
    assert table[["teachers_registered", "teachers_3_messages", "teachers_10_messages"]].iloc[2].isna().all()


def test_shares_as_percent_text_numbers_and_fractions() -> None:
    head = [
        "Организация",
        "Муниципалитет",
        "Зарегистрировано педагогов",
        "Доля педагогов, написавших 10 и более сообщений",
    ]
    base = [[o["name"], o["mun"], o["reg"]] for o in ORGANIZATIONS]
    exact = [o["m10"] / o["reg"] for o in ORGANIZATIONS]
    for render in (lambda s: f"{s * 100:.1f}%".replace(".", ","), lambda s: round(s * 100, 1), lambda s: s):
        export = read(xlsx([head, *[[*b, render(s)] for b, s in zip(base, exact, strict=True)]]))
        shares = export.table["reported_share_teachers_10_messages"].tolist()
        assert shares == pytest.approx(exact, abs=0.0006)
        assert export.table["teachers_10_messages"].dropna().tolist() == [
            o["m10"]
            for o, v in zip(ORGANIZATIONS, export.table["teachers_10_messages"].notna(), strict=True)
            if v
        ]
        assert "derived" in {f.code for f in export.findings}


def test_archive_of_a_good_and_a_bad_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("плохой.xlsx", b"PK\x03\x04 broken")
        archive.writestr("хороший.xlsx", xlsx(grid()))
    export = read(out.getvalue(), "week.zip")
    assert_whole(export)
    assert any(f.code == "member_refused" and "плохой.xlsx" in f.message for f in export.findings)


def test_several_kinds_in_one_workbook_come_along() -> None:
    municipal = [
        ["Муниципалитет", "Зарегистрировано педагогов", "Активных педагогов"],
        ["Озёрный район", 1221, 305],
        ["г. Светлый", 113, 53],
        ["Горный муниципальный округ", 41, 9],
    ]
    export = read(xlsx({"Организации": grid(), "Свод": municipal}))
    assert_whole(export)
    assert [e.kind for e in export.also] == [ExportKind.MUNICIPALITIES]
    assert export.also[0].table["teachers_active"].tolist() == [305, 53, 9]


def test_teachers_of_004() -> None:
    counts = [(18, 0), (38, 0), (0, 0), (0, 0), (65, 3), (0, 0), (0, 0), (52, 3), (10, 0), (0, 0), (8, 0)]
    rows = [["Дата", "ФИО", "Тип пол", "Связь с", "Кол-во сообщений за 7 дней", "Кол-во звонков за 7 дней"]]
    rows += [
        [dt.date(2024, 1, 29), f"Педагог Номер{'абвгдежзикл'[i]}", "teacher", 0, m, c]
        for i, (m, c) in enumerate(counts)
    ]
    export = read(xlsx(rows))
    assert export.kind is ExportKind.TEACHERS
    assert list(export.table.columns) == ["date", "full_name", "role", "linked", "messages", "calls"]
    assert (export.table["messages"].sum(), export.table["calls"].sum()) == (191, 6)
    assert (export.table["messages"] >= 10).sum() == 5
    assert export.table["date"].dt.date.unique().tolist() == [dt.date(2024, 1, 29)]


@pytest.mark.parametrize("written", ["29.01.2024", "2024-01-29", "29 января 2024", 45320])
def test_dates_as_text_and_serials(written: object) -> None:
    rows = [
        ["Дата", "ФИО", "Кол-во сообщений за 7 дней"],
        [written, "Орлова Анна", 3],
        [written, "Сомов Пётр", 0],
    ]
    assert read(xlsx(rows)).table["date"].dt.date.tolist() == [dt.date(2024, 1, 29)] * 2


def test_dates_in_the_1904_system() -> None:
    book = __import__("openpyxl").Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    sheet = book.active
    for row in (
        ["Дата", "ФИО", "Кол-во сообщений за 7 дней"],
        [45320 - 1462, "Орлова Анна", 3],
        [45320 - 1462, "Сомов Пётр", 5],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).table["date"].dt.date.tolist() == [dt.date(2024, 1, 29)] * 2


def test_two_rankings_side_by_side_as_on_the_slide_of_004() -> None:
    left = [("г. Мценск", 100.0), ("Болховский район", 98.5), ("Урицкий район", 53.9)]
    right = [("Урицкий район", 94.1), ("г. Мценск", 63.0), ("Болховский район", 0.0)]
    rows = [["№", "мо", "% Зарегистрированных воспитателей", None, "№", "мо", "% Активности воспитателей"]]
    rows += [[i + 1, *left[i], None, i + 1, *right[i]] for i in range(3)]
    rows += [[None, "Среднее значение по региону", 90.2, None, None, "Среднее значение по региону", 33.7]]
    export = read(xlsx(rows))
    assert export.kind is ExportKind.DOO_STAFF
    table = export.table.set_index("municipality")
    assert table.loc["Урицкий район", "reported_share_registered"] == pytest.approx(0.539)
    assert table.loc["Урицкий район", "reported_share_active"] == pytest.approx(0.941)
    assert len(export.table) + len(export.left_out) == export.source_rows


def test_table_004_of_municipalities() -> None:
    rows = [["№ п/п", "МО", "МО", "Зарегистрировано участников", "Активные МО", "% Активности"],
            [1, "г.Орел", 1, 12, 1, "8,3"], [2, "г.Мценск", 1, 9, 18, "200,0"], [3, "Сосковский район", 1, 1, 8, "800,0"], [4, "Школы МО", 3, 22, 27, "122,7"]]  # fmt: skip
    export = read(xlsx(rows))
    assert export.kind is ExportKind.MUNICIPALITIES
    assert list(export.table.columns) == [
        "municipality",
        "organizations",
        "teachers_registered",
        "teachers_active",
        "reported_share_active",
    ]
    assert export.table["reported_share_active"].tolist() == pytest.approx([0.083, 2.0, 8.0])
    assert export.left_out["text"].tolist() == ["4 | Школы МО | 3 | 22 | 27 | 122,7"]
    assert "total_mismatch" not in {f.code for f in export.findings}
