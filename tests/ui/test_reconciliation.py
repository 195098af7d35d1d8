"""«Сверка с реестром»: the registry dropped, lists, answers and who waits, kept for later weeks."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from conftest import FakeReader, make_export, teachers_export
from streamlit.testing.v1 import AppTest

from sferum_core.model import ColumnMatch, ExportKind, Period, UnreadableFile
from sferum_core.norms import load_profile
from sferum_core.reconciliation_lists import Listing
from sferum_core.waiting import Organization
from sferum_ui import library, reconciling
from sferum_ui.cache import Dataset, keep_export
from sferum_ui.views import reconciliation
from tests.ui.reports import MAIN, ROOT, keep, open_page, plain, press, region_table, texts

REGION = "Озёрная область"
_REGISTRY = [
    ("МБДОУ «Детский сад № 1»", "ДОО", "Озёрный район", "7400000001"),
    ("МБДОУ «Детский сад № 3»", "ДОО", "г. Лесной", "7400000003"),
    ("МБДОУ «Детский сад № 4»", "ОО", "г. Лесной", "7400000004"),
    ("МБОУ «СОШ № 5 имени Гагарина»", "ОО", "Озёрный район", "7400000005"),
    ("МБОУ «СОШ № 6»", "ОО", "г. Лесной", "7400000006"),
    ("МБОУ «Гимназия № 12»", "ОО", "г. Лесной", "7400000012"),
    ("МДОУ «Росточек»", "ДОО", "Озёрный район", "7400000010"),
]


def registry_table() -> pd.DataFrame:
    """Seven organizations of the office: one of another type, one not on the platform."""
    columns = ["organization", "organization_type", "municipality", "inn"]
    return pd.DataFrame(_REGISTRY, columns=columns, dtype="str")


@pytest.fixture
def dataset(fresh_caches: None, reader: FakeReader) -> Dataset:
    library.store().office.change({"region": REGION})
    reader.files["registry.xlsx"] = make_export(
        ExportKind.REGISTRY, registry_table(), filename="registry.xlsx"
    )
    return keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def tab(data: str = "small", **query: str) -> AppTest:
    """The tab over a dataset."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["data"] = data
    app.run()
    for name, value in {"org_tab": "Сверка с реестром", **query}.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / "organization_check.py")).run()
    assert not app.exception, app.exception
    return app


def drop(app: AppTest, name: str = "registry.xlsx") -> AppTest:
    app.file_uploader[0].set_value([(name, b"bytes", "application/octet-stream")]).run()
    assert not app.exception, app.exception
    return app


def choose(app: AppTest, which: str) -> AppTest:
    app.session_state["rec_list"] = which
    app.run()
    assert not app.exception, app.exception
    return app


def errors(app: AppTest) -> str:
    return plain(" ".join(str(one.value) for one in app.error)).replace("\\", "")


def test_without_a_registry_the_tab_says_what_it_is_for(dataset: Dataset) -> None:
    text = plain(texts(tab()))
    assert "Загрузите свой список организаций" in text
    assert "Столбцы с людьми и контактами не сохраняются" in text


def test_a_registry_dropped_gives_the_answer_the_lists_and_is_kept(dataset: Dataset) -> None:
    app = drop(tab())
    text = plain(texts(app)).replace("\\", "")
    assert "Из 10 организаций платформы в реестре нашлось 5" in text
    assert "registry.xlsx · 7 организаций" in text
    kept = library.store().registries.current(REGION)
    assert kept is not None and kept.row_count == 7
    again = plain(texts(tab()))
    assert "Из 10 организаций платформы в реестре нашлось 5" in again
    labels = [plain(button.label) for button in app.button]
    assert "Показать: Другой тип, 1" in labels and "Показать: Только в реестре, 1" in labels


def test_a_click_on_a_figure_shows_that_list(dataset: Dataset) -> None:
    app = press(drop(tab()), "Показать: Только в реестре")
    shown = app.dataframe[0].value
    assert shown["organization"].tolist() == ["МБОУ «Гимназия № 12»"]
    assert "МБОУ «Гимназия № 12», г. Лесной" in app.code[0].value


def test_bad_registries_after_a_good_one_leave_the_good_one(dataset: Dataset, reader: FakeReader) -> None:
    municipalities = pd.DataFrame({"municipality": ["А"]}, dtype="str")
    app = drop(tab())
    for outcome, said in (
        (UnreadableFile("html", "Это веб-страница.", "Сохраните как .xlsx."), "Это веб-страница"),
        (RuntimeError("boom"), "Файл не удалось прочитать"),
        (make_export(ExportKind.MUNICIPALITIES, municipalities), "нужен список организаций"),
    ):
        reader.files["bad.xlsx"] = outcome
        app = drop(app, "bad.xlsx")
        assert said in errors(app)
        assert "Прежний реестр остался на месте" in errors(app)
        assert "нашлось 5" in plain(texts(app))
    kept = library.store().registries.current(REGION)
    assert kept is not None and kept.filename == "registry.xlsx"


def test_a_table_of_people_is_never_kept_as_a_registry(dataset: Dataset, reader: FakeReader) -> None:
    reader.files["people.xlsx"] = teachers_export()
    app = drop(tab(), "people.xlsx")
    press(app, "Сохранить реестр")
    assert "нет названий организаций" in errors(app)
    assert library.store().registries.current(REGION) is None


def test_doubtful_columns_are_asked_before_anything_is_kept(dataset: Dataset, reader: FakeReader) -> None:
    columns = tuple(
        ColumnMatch(number=n, header=f"Столбец {n}", field=name, confidence=0.6 if n == 0 else 0.95)
        for n, name in enumerate(registry_table().columns)
    )
    reader.files["odd.xlsx"] = make_export(ExportKind.REGISTRY, registry_table(), columns=columns)
    app = drop(tab(), "odd.xlsx")
    assert library.store().registries.current(REGION) is None
    (name,) = [box for box in app.selectbox if box.label.startswith("Столбец 0")]
    assert name.value == "organization"
    app = press(app, "Сохранить реестр")
    assert library.store().registries.current(REGION) is not None
    assert "нашлось 5" in plain(texts(app))


def test_without_a_region_it_is_asked_for_once(fresh_caches: None, reader: FakeReader) -> None:
    keep(make_export, ExportKind.ORGANIZATIONS, region_table())
    reader.files["registry.xlsx"] = make_export(ExportKind.REGISTRY, registry_table())
    app = drop(tab())
    app = press(app, "Сохранить реестр")
    assert "Не указано, чьи это данные" in errors(app)
    (field,) = [one for one in app.text_input if one.label == "Чьи это данные"]
    field.input(REGION)
    app = press(app, "Сохранить реестр")
    assert library.store().registries.current(REGION) is not None
    assert "нашлось 5" in plain(texts(app))


def later_week() -> Dataset:
    """The next week's export of the same region, one organization gone."""
    table = region_table().iloc[1:].reset_index(drop=True)
    period = Period(start=dt.date(2024, 4, 5), end=dt.date(2024, 4, 11))
    return keep_export(make_export(ExportKind.ORGANIZATIONS, table, period=period), dataset_id="later")


def test_an_answer_is_remembered_with_its_person_holds_later_and_can_be_taken_back(
    dataset: Dataset,
) -> None:
    app = choose(drop(tab()), "doubtful")
    assert "Росток" in plain(texts(app))
    (who,) = [one for one in app.text_input if one.label == "Кто отвечает"]
    who.input("отдел связи").run()
    app = press(app, "Одна организация")
    assert "нашлись 6" in plain(texts(app)) or "нашлось 6" in plain(texts(app))
    later_week()
    later = tab("later")
    text = plain(texts(later))
    assert "Из 9 организаций платформы в реестре нашлось 5" in text
    assert "одна организация (" in text and "отдел связи" in text
    later = press(later, "Отменить")
    assert "Из 9 организаций платформы в реестре нашлись 4, 1 проверьте сами" in plain(texts(later))


def test_a_refused_pair_is_not_offered_again(dataset: Dataset) -> None:
    app = press(choose(drop(tab()), "doubtful"), "Разные")
    assert "проверьте сами" not in plain(texts(app)).split("Реестр:")[0].split("Из 10")[1]
    assert [one.accepted for one in reconciling.answers(dataset)] == [False]


def test_who_waits_is_remembered_shown_and_gone_when_the_export_lacks_it(dataset: Dataset) -> None:
    app = choose(drop(tab()), "only_platform")
    (box,) = [one for one in app.multiselect if one.label == "Организации"]
    option = next(one for one in box.options if "тест ДС" in one)
    box.select(option).run()
    app = press(app, "Отметить выбранные")
    assert reconciling.waiting_rows(dataset) == (8,)
    assert "Ждут деактивации: 1" in plain(texts(app))
    table = region_table()
    gone = keep_export(
        make_export(ExportKind.ORGANIZATIONS, table[table["organization_id"] != "0009"]), dataset_id="gone"
    )
    assert reconciling.waiting_rows(gone) == ()
    later = choose(tab("gone"), "waiting")
    assert "уже исчезли из неё: 1" in plain(texts(later))
    press(later, "Убрать исчезнувшие")
    assert reconciling.marks(dataset) == []


def test_the_whole_list_can_be_marked_and_the_mark_taken_back(dataset: Dataset) -> None:
    app = press(choose(drop(tab()), "only_platform"), "Отметить весь список")
    count = len(reconciling.waiting_rows(dataset))
    assert count == 4
    app = choose(app, "waiting")
    (box,) = [one for one in app.multiselect if one.label == "Снять отметку"]
    box.select(box.options[0]).run()
    press(app, "Снять отметку у выбранных")
    assert len(reconciling.waiting_rows(dataset)) == count - 1


def test_workbooks_hold_what_the_lists_show(dataset: Dataset) -> None:
    drop(tab())
    registry = reconciling.registry(dataset)
    assert registry is not None
    profile = load_profile("chelyabinsk-2024")
    lists = reconciling.lists(dataset, registry.id, ())
    content = reconciliation.build_workbook(dataset, profile, registry, (), (8,), None)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for which in Listing:
        rows = list(book[which.label].iter_rows(min_row=4, values_only=True))
        assert len(rows) == max(1, lists.count(which)), which
    assert "ждёт деактивации" in [
        cell for row in book["Только на платформе"].iter_rows(values_only=True) for cell in row
    ]


def test_a_registry_can_be_deleted(dataset: Dataset) -> None:
    app = press(drop(tab()), "Удалить реестр")
    assert library.store().registries.current(REGION) is None
    assert "Загрузите свой список организаций" in plain(texts(app))


def test_by_a_link_the_tab_is_only_looked_at(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(tab())
    monkeypatch.setattr(reconciling, "why_fixed", lambda _dataset: "Страница открыта по ссылке.")
    app = choose(tab(), "doubtful")
    labels = [button.label for button in app.button]
    assert "Одна организация" not in labels and "Удалить реестр" not in labels
    assert not app.file_uploader and "Росток" in plain(texts(app))
    assert not choose(app, "only_platform").multiselect(key="org_municipality").value


def test_an_organization_that_waits_stands_apart_on_every_page(dataset: Dataset) -> None:
    library.store().waiting.mark(REGION, [Organization("0001", "Детский сад № 1", "Озёрный район")])
    annexes = plain(texts(tab(org_tab="Приложения")))
    assert "Отдельным листом: 1 организация ждёт деактивации" in annexes
    card = tab(org_tab="Список", org_card="Детский сад № 1 · 0001")
    text = plain(texts(card))
    assert "Ждут деактивации: 1" in text and "Их статусы: «Не активна» – 1" in text
    listed = card.dataframe[0].value.set_index("organization")["stranger"]
    assert listed["Детский сад № 1"] == "ждёт деактивации"
    press(card, "Снять отметку")
    assert reconciling.marks(dataset) == []


def test_the_card_marks_an_organization(dataset: Dataset) -> None:
    press(tab(org_tab="Список", org_card="Детский сад № 1 · 0001"), "Отметить: ждёт деактивации")
    assert [one.organization.organization_id for one in reconciling.marks(dataset)] == ["0001"]


def test_the_package_offers_the_reconciliation_once_there_is_a_registry(dataset: Dataset) -> None:
    drop(tab())
    extra = reconciliation.package_extra(dataset, load_profile("chelyabinsk-2024"))
    assert extra is not None and extra.name == ("Сверка с реестром",)
    assert "Сошлись" in openpyxl.load_workbook(io.BytesIO(extra.build())).sheetnames
    again = reconciliation.package_extra(dataset, load_profile("chelyabinsk-2024"))
    assert again == extra, "else the page would ask to make the package anew on every run"
    app = open_page("week_package")
    assert (
        app.checkbox(key="pkg_reconciliation").value and not app.checkbox(key="pkg_reconciliation").disabled
    )
