"""What is wrong with a norm profile, in Russian: pydantic's errors by field and kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS = {
    "name": "имя",
    "title": "название",
    "region": "регион",
    "source": "источник",
    "caution": "предупреждение",
    "main_indicator": "главный показатель",
    "activity_rule": "правило активности",
    "activity_source": "источник правила активности",
    "denominator": "от чего считаются доли",
    "leader_min_count": "наименьшее число педагогов у лидера",
    "rules": "правила",
    "levels": "уровни",
    "types": "типы организаций",
    "indicator": "показатель",
    "low_percent": "нижняя граница нормы",
    "high_percent": "верхняя граница нормы",
    "target_percent": "цель",
    "target_inclusive": "цель включительно",
    "leader_percent": "порог лидера",
}
_MESSAGES = {
    "missing": "не заполнено",
    "extra_forbidden": "такого поля нет",
    "string_type": "должен быть текст",
    "string_too_short": "не заполнено",
    "string_too_long": "слишком длинно",
    "string_pattern_mismatch": "допустимы буквы, цифры, пробел, точка и дефис, не длиннее 80 знаков",
    "decimal_max_places": "не больше четырёх знаков после запятой",
    "greater_than_equal": "слишком маленькое число",
    "less_than_equal": "слишком большое число",
    "too_short": "выберите хотя бы одно значение",
    "too_long": "слишком много значений",
}
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("enum", "недопустимое значение"),
    ("decimal", "должно быть число"),
    ("int", "должно быть целое число"),
    ("bool", "должно быть «да» или «нет» (true или false)"),
    ("finite", "должно быть число"),
    ("tuple", "должен быть список"),
    ("model", "неверное устройство"),
)


def russian_error(error: Mapping[str, Any]) -> str:
    """One Russian sentence for one of pydantic's errors: which rule, which field, what is wrong."""
    kind = str(error["type"])
    if kind == "value_error":
        reason = str(error.get("ctx", {}).get("error", ""))
    else:
        reason = _MESSAGES.get(kind) or next(
            (text for family, text in _FAMILIES if kind.startswith(family)), "недопустимое значение"
        )
    place = []
    location = list(error["loc"])
    if location[:1] == ["rules"] and len(location) > 1 and isinstance(location[1], int):
        place.append(f"правило {location[1] + 1}")
        location = location[2:]
    if location:
        field = str(location[0])[:60]
        place.append(f"поле «{_FIELDS.get(field, field)}»")
    where = ", ".join(place)
    sentence = f"{where}: {reason}." if where else f"{reason}."
    return sentence[:1].upper() + sentence[1:]
