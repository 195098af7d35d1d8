"""Totals that do not add up are told once a column, however many there are."""

from __future__ import annotations

from sferum_core import read_export


def test_wrong_totals_of_many_municipalities_are_one_finding_a_column() -> None:
    lines = ["Муниципалитет;Организация;Зарегистрировано учителей;Активных учителей"]
    for place in range(300):
        lines += [f"Лесной {place} район;СОШ № {n};{10 + n};{3 + n}" for n in (1, 2, 3)]
        lines.append(f"Итого по Лесной {place} район;;99;15")
    export = read_export("\n".join(lines).encode(), "a.csv")
    told = [one for one in export.findings if one.code == "total_mismatch"]
    assert [one.column for one in told] == ["Зарегистрировано учителей"]
    assert told[0].count == 300
    assert "не сходятся 300\u00a0итогов" in told[0].message
    assert "в файле 99, сумма 36" in str(told[0].value)
    assert "и ещё 297" in str(told[0].value)
