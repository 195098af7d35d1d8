"""Entries that do not belong in the lists are recognized, and ordinary organizations are left alone."""

from __future__ import annotations

import pandas as pd
import pytest

from sferum_core.names import Stranger, stranger, strangers

NAMES = {
    Stranger.TEST: """тест ДС
МОУ ДЕМО СОШ №1
Test
демо-школа
тест СПО
тест ДО
Тестовая школа
Тест 1
СГО ДЕМО
тест-школа
Тест_школа
Демонстрационная школа
Школа тест
школа-тест
ТЕСТОВОЕ ОУ
Учебная школа для тестирования
Пробная школа""",
    Stranger.OFFICE: """Управление образования Болховского района
МКУ «Управление образования Мотыгинского района»
Отдел образования администрации Ивановского района
Комитет по образованию г. Ливны
Департамент образования
УО Ивановского района
Министерство образования и науки
Муниципальный отдел управления образованием
Муниципальное казенное учреждение «Управление образования»
Районный отдел образования
ГорУО""",
    Stranger.CLOSED: """МБОУ СОШ №5 (ликвидирована)
СОШ №3 реорганизовано
ЗАКРЫТА МБДОУ №3
МБДОУ №3 ЗАКРЫТ
Детский сад №4 (закрыт)
(закрыта) СОШ №1
ООШ №7 – реорганизована путем присоединения
НЕ ДЕЙСТВУЕТ школа №5
школа №3 закрыта с 01.09.2023
НЕ ИСПОЛЬЗОВАТЬ МБОУ СОШ № 4
Образовательная организация (удалена)
МБОУ СОШ №5 (прекращена деятельность)
МБОУ СОШ №5 исключена из ЕГРЮЛ
МБОУ СОШ №5 (на консервации)
Не работает ДС №5
МБДОУ № 3 (приостановлена деятельность)""",
    Stranger.SERVICE: """ОРЦОКО - Сферум
Орел Орцоко
admin
Внешний участник
Техподдержка
Тех. поддержка
Администратор Сферум""",
}
ORDINARY = """Тестово школа
МБОУ Тестовская СОШ
Аттестат
Детский сад Демьянка
МБДОУ Демидовский детский сад
Специальное учебно-воспитательное учреждение закрытого типа
СОШ Управления образования
МБОУ СОШ № 3 Комитета по образованию
Школа №5 г. Закрытого
Детский сад «Пример»
Открытая (сменная) школа
МБУ ДО Центр «Контест»
МБОУ Протестантская гимназия
"""


@pytest.mark.parametrize(
    ("expected", "name"), [(kind, name) for kind, names in NAMES.items() for name in names.splitlines()]
)
def test_stranger_is_recognized(expected: Stranger, name: str) -> None:
    assert stranger(name) == expected


@pytest.mark.parametrize("name", ORDINARY.splitlines())
def test_ordinary_name_is_no_stranger(name: str) -> None:
    assert stranger(name) is None


def test_series_keeps_index_and_holds_plain_words() -> None:
    found = strangers(pd.Series(["СОШ № 1", "тест ДС", None], index=[2, 1, 0], dtype="str"))
    assert found.dtype == "str"
    assert list(found.index) == [2, 1, 0]
    assert found.fillna("").tolist() == ["", "Тестовая организация", ""]
