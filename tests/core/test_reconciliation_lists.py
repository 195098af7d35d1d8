"""Lists of a сверка: every row once, what the registry does not cover apart, branches under their heads, requests."""

from __future__ import annotations

import pandas as pd

from sferum_core.names.branches import branches
from sferum_core.reconciliation import reconcile
from sferum_core.reconciliation_lists import Listing, Lists, reconciliation_answer, reconciliation_lists
from sferum_core.reconciliation_request import (
    MOST_LISTED,
    correction_request,
    deactivation_request,
    registration_note,
)


def table(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    columns = ["organization_id", "organization", "municipality", "organization_type"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


PLATFORM = table(
    ("01", "МБОУ «СОШ № 5»", "г. Лесной", "ОО"),
    ("02", "МБДОУ «Детский сад № 7 «Ёлочка»", "г. Лесной", "ОО"),
    ("03", "МБОУ «Лицей № 9»", "Озёрный район", "ОО"),
    ("04", "тест ДС", "г. Лесной", "ДОО"),
    ("05", "МБОУ «Гимназия № 3»", "Дальний район", "ОО"),
    ("06", "МБДОУ «Детский сад № 11»", "г. Лесной", "ДОО"),
)
REGISTRY = table(
    (None, "МБОУ СОШ №5", "г. Лесной", "ОО"),
    (None, "МБДОУ детский сад № 7 «Елочка»", "г. Лесной", "ДОО"),
    ("03", "МБОУ Лицей № 9", "г. Лесной", "ОО"),
    (None, "МБОУ ООШ № 8", "Озёрный район", "ОО"),
)


def lists(platform: pd.DataFrame = PLATFORM, registry: pd.DataFrame = REGISTRY) -> Lists:
    return reconciliation_lists(platform, registry, reconcile(platform, registry))


def ids(found: Lists, which: Listing) -> list[str]:
    return found.frames[which]["organization_id"].tolist()


def test_every_row_of_the_platform_is_in_one_of_four_lists() -> None:
    found = lists()
    rows = [
        *found.frames[Listing.MATCHED]["platform_row"],
        *found.frames[Listing.DOUBTFUL]["platform_row"],
        *found.frames[Listing.ONLY_PLATFORM]["row"],
        *found.frames[Listing.OUTSIDE]["row"],
    ]
    assert sorted(rows) == list(range(len(PLATFORM)))


def test_a_municipality_the_registry_lacks_is_no_reason_for_deactivation() -> None:
    found = lists()
    assert ids(found, Listing.OUTSIDE) == ["05"]
    assert ids(found, Listing.ONLY_PLATFORM) == ["04", "06"]
    assert "охватывает 2 из 3 муниципалитетов" in reconciliation_answer(found)


def test_a_registry_without_municipalities_covers_where_its_pairs_are() -> None:
    found = lists(registry=REGISTRY.iloc[:2].drop(columns=["municipality", "organization_id"]))
    assert ids(found, Listing.OUTSIDE) == ["03", "05"]


def test_types_and_municipalities_that_differ_are_told_with_both_values() -> None:
    found = lists()
    types = found.frames[Listing.TYPES]
    assert types[["organization_id", "organization_type", "registry_type"]].values.tolist() == [
        ["02", "ОО", "ДОО"]
    ]
    places = found.frames[Listing.MUNICIPALITIES]
    assert places[["organization_id", "municipality", "registry_municipality"]].values.tolist() == [
        ["03", "Озёрный район", "г. Лесной"]
    ]
    text = correction_request(types, places, "desk@example.org", "Управление").text
    assert "указано «ОО», должно быть «ДОО»" in text and "указано «Озёрный район»" in text


def test_test_organizations_are_told_apart_among_those_only_on_the_platform() -> None:
    frame = lists().frames[Listing.ONLY_PLATFORM]
    assert frame["stranger"].notna().tolist() == [True, False]


def test_the_request_names_ids_and_the_documents_of_the_letter() -> None:
    request = deactivation_request(lists().frames[Listing.ONLY_PLATFORM], "info@sferum.ru", "Управление")
    assert request.to == "info@sferum.ru"
    assert "2. ID 06 – МБДОУ «Детский сад № 11», г. Лесной" in request.text
    assert "документ о ликвидации" in request.text and "за подписью руководителя и с печатью" in request.text
    assert request.text.endswith("Управление")


def test_a_long_request_says_what_it_leaves_out() -> None:
    rows = pd.DataFrame({"organization": [f"СОШ № {n}" for n in range(MOST_LISTED + 5)]}, dtype="str")
    assert "… и ещё 5" in deactivation_request(rows).text
    assert "ID не указан" in deactivation_request(rows).text
    assert "назначить администратором" in registration_note(rows).text


def test_empty_sides_give_empty_lists_and_a_sentence() -> None:
    empty = PLATFORM.iloc[:0]
    assert "сверять нечего" in reconciliation_answer(lists(platform=empty))
    nothing = lists(registry=REGISTRY.iloc[:0])
    assert nothing.count(Listing.MATCHED) == 0 and nothing.count(Listing.ONLY_PLATFORM) == 0
    assert nothing.count(Listing.OUTSIDE) == len(PLATFORM)


def test_branches_stand_under_their_heads_or_under_nobody() -> None:
    frame = table(
        ("1", "МБОУ СОШ № 4", "г. Лесной", "ОО"),
        ("2", "МБОУ «Лицей № 6»", "г. Лесной", "ОО"),
        ("3", "Филиал МБОУ СОШ № 4", "г. Лесной", "ОО"),
        ("4", "СП детский сад «Ромашка» МБОУ СОШ № 4", "г. Лесной", "ДОО"),
        ("5", "Филиал МБОУ СОШ № 44", "г. Лесной", "ОО"),
        ("6", "МКОУ «Боровинская ООШ»", "Озёрный район", "ОО"),
        ("7", "Заречный филиал МКОУ «Боровинская ООШ»", "Озёрный район", "ОО"),
        ("8", "Филиал МБОУ «Лицей № 6»", "Озёрный район", "ОО"),
    )
    assert {one.row: one.head for one in branches(frame)} == {2: 0, 3: 0, 4: None, 6: 5, 7: None}
