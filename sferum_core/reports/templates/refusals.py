"""Why an office's template cannot be used, in a sentence, and what to do about it."""

from __future__ import annotations

from sferum_core.model import UnreadableFile

_SAVE = "Откройте шаблон в Word или LibreOffice, сохраните как .docx без макросов и загрузите снова."
_SAVE_XLSX = "Откройте шаблон в Excel или LibreOffice, сохраните как .xlsx без макросов и загрузите снова."
_LATER = "Подождите минуту и попробуйте ещё раз."

REFUSALS: dict[str, tuple[str, str]] = {
    "not_docx": ("Это не документ Word (.docx).", _SAVE),
    "not_xlsx": ("Это не книга Excel (.xlsx).", _SAVE_XLSX),
    "macros": ("В шаблоне есть макросы, такие файлы не принимаются.", "Сохраните файл без макросов."),
    "external": (
        "Шаблон ссылается на другой файл или на сайт (связанная картинка, шаблон или данные).",
        "Вставьте картинку в сам документ, разорвите связи и загрузите шаблон снова.",
    ),
    "embedded": (
        "В шаблон вставлен другой файл или элемент управления, такие файлы не принимаются.",
        "Удалите вставленные объекты (кроме картинок), сохраните и загрузите шаблон снова.",
    ),
    "fields": (
        "В шаблоне есть поле Word, которое берёт данные из другого файла или программы{names}.",
        "Удалите это поле (его видно по Alt + F9), сохраните и загрузите шаблон снова.",
    ),
    "broken": ("Шаблон повреждён: открыть его не удалось.", "Сохраните его заново и загрузите снова."),
    "too_big": ("Шаблон больше {limit} МБ.", "Уменьшите картинки на бланке."),
    "unknown_fields": (
        "В шаблоне есть поля, которых нет: {names}.",
        "{similar}Поля, которые есть: {known}.",
    ),
    "syntax": (
        "Разметка полей в шаблоне нарушена{where}.",
        "Проверьте, что каждая {{{{ закрыта }}}}, а у каждого {{% for %}} есть {{% endfor %}}.",
    ),
    "forbidden": (
        "В шаблоне есть выражение, которое не разрешено.",
        "Оставьте только имена полей и циклы по спискам.",
    ),
    "nothing_to_fill": (
        "В шаблоне нечего заполнять: нет ни одного знакомого поля{what}.",
        "{advice}",
    ),
    "too_slow": ("Шаблон заполняется слишком долго.", "Упростите шаблон."),
    "too_demanding": (
        "Шаблон требует слишком много памяти.",
        "Уменьшите шаблон: картинки, пустые строки и столбцы.",
    ),
    "busy": ("Сейчас открываются другие файлы, очередь не дошла.", _LATER),
    "failed": ("Заполнить шаблон не удалось из-за сбоя на сервере.", _LATER),
}


def refuse_template(code: str, **values: object) -> UnreadableFile:
    """The exception for a code of the catalogue."""
    message, advice = REFUSALS[code]
    return UnreadableFile(
        f"template_{code}", message.format_map(_Lenient(values)), advice.format_map(_Lenient(values))
    )


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
