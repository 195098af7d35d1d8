"""A session forgets names and files when it is left alone, and nothing of people gets into what sessions share."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from sferum_core import read_export
from sferum_store.privacy import storable_export
from sferum_ui import private

NAME, PHONE, MAIL = "Пробова Авдотья Кузьминична", "8 (900) 111-22-33", "avdotya@example.ru"
PAPER = "112-233-445 95"
ASIDE = {
    "Ответственный": NAME, "Контакты": f"{PHONE}, {MAIL}", "СНИЛС": PAPER, "Дата рождения": "01.02.1971",
    "Куратор": "Пробова Авдотья", "Логин": "avdotya", "Примечание": f"отв. {NAME} тел. {PHONE}", "Заведующая": "Пробова А. К.",
}  # fmt: skip
KINDS: dict[str, dict[str, object]] = {
    "organizations": {"ID школы": "101", "Наименование организации": "МБОУ СОШ № 1", "Тип": "ОО", "Муниципалитет": "г. Лесной",
                      "Зарегистрировано учителей": 10, "Учителей всего": 20},
    "registry": {"ИНН": "7017001234", "ОГРН": "1027000000000", "Наименование организации": "МБОУ СОШ № 1", "Тип": "ОО",
                 "Муниципалитет": "г. Лесной", "Адрес": f"ул. Ленина, 1, тел. {PHONE}"},
    "municipalities": {"МО": "г. Лесной", "Зарегистрировано участников": 10, "Активные МО": 5, "% Активности": "50%"},
    "doo_staff": {"мо": "г. Лесной", "% Зарегистрированных воспитателей": "90%", "% Активности воспитателей": "33%"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_people_beside_a_table_are_not_kept(kind: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    own = {**KINDS[kind], **ASIDE}
    sheet.append(list(own))
    for number in range(6):
        sheet.append([f"{value} {number}" if value == "г. Лесной" else value for value in own.values()])
    sheet.append(["", f"Исполнитель: {NAME}, тел. {PHONE}"])
    output = io.BytesIO()
    book.save(output)
    export = read_export(output.getvalue(), f"Выгрузка {NAME}.xlsx")
    assert export.kind == kind
    kept, _ = storable_export(export)
    said = "\n".join(
        (
            kept.table.to_csv(),
            kept.left_out.to_csv(),
            str(kept.columns),
            str(kept.findings),
            kept.source.filename,
        )
    )
    for secret in ("Пробова", "Авдотья", "avdotya", "111-22-33", PAPER, "01.02.1971"):
        assert secret not in said, secret


def test_an_idle_session_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = private.SessionMemory()
    files: dict[str, bytes] = memory.thing("bytes", dict)
    files["a"] = b"names"
    private.watcher.watch(memory)
    private.watcher.look()
    assert memory.thing("bytes", dict) is files
    monkeypatch.setattr(memory, "touched", memory.touched - private.idle_seconds() - 1)
    private.watcher.look()
    assert memory.was_forgotten
    assert memory.thing("bytes", dict) == {}


def test_names_of_organizations_stay_as_they_are() -> None:
    table = pd.DataFrame({"ID школы": ["1"], "Наименование организации": ["МБОУ «СОШ им. Соснина Ивана Ивановича»"],
                          "Муниципалитет": ["г. Лесной"], "Зарегистрировано учителей": [3]})  # fmt: skip
    kept, _ = storable_export(read_export(table.to_csv(index=False, sep=";").encode(), "a.csv"))
    assert kept.table["organization"].tolist() == ["МБОУ «СОШ им. Соснина Ивана Ивановича»"]
