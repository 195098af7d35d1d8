"""The catalogue of refusals: why a file cannot be read, in a sentence, and what the user can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from sferum_core.model import Limits, UnreadableFile

_SAVE_AS_XLSX = "Откройте файл в Excel или LibreOffice и сохраните как .xlsx, затем загрузите снова."
_EXPORT_AGAIN = "Сформируйте выгрузку ещё раз и загрузите её без изменений."
_REPACK = "Распакуйте архив и загрузите файлы по одному или заново упакуйте их в обычный .zip."
_SPLIT = "Оставьте в файле только нужную таблицу или разделите её на несколько файлов."
_CSV_UTF8 = "Откройте исходную таблицу и сохраните её как .xlsx или как «CSV UTF-8»."
_TRY_LATER = "Подождите минуту и загрузите файл ещё раз."


@dataclass(frozen=True)
class Refusal:
    """A reason for refusal. `message_template` takes the values that `refuse` is given."""

    message_template: str
    advice: str


REFUSALS: dict[str, Refusal] = {
    # the file as a whole
    "empty_file": Refusal("Файл пустой: в нём нет ни одного символа.", _EXPORT_AGAIN),
    "empty_table": Refusal("В файле нет ни одной заполненной ячейки.", _EXPORT_AGAIN),
    "file_too_big": Refusal("Файл больше {limit} МБ.", _SPLIT),
    "not_a_table": Refusal(
        "Это не таблица: содержимое файла – {what}.",
        "Загрузите выгрузку в формате .xlsx, .xls, .ods или .csv.",
    ),
    "unknown_format": Refusal(
        "Не удалось понять, что это за файл: это не таблица и не текст.",
        "Загрузите выгрузку в формате .xlsx, .xls, .ods или .csv.",
    ),
    "html_table": Refusal("Это веб-страница, сохранённая с окончанием таблицы.", _SAVE_AS_XLSX),
    "spreadsheet_xml": Refusal("Это таблица в формате XML, а не .xlsx.", _SAVE_AS_XLSX),
    "other_table": Refusal("Это таблица в формате {what}: такие таблицы не читаются.", _SAVE_AS_XLSX),
    "old_xls": Refusal("Это таблица очень старой версии Excel (до 1993 года).", _SAVE_AS_XLSX),
    "other_archive": Refusal("Это архив {what}: такие архивы не открываются.", _REPACK),
    "password": Refusal(
        "Файл защищён паролем.", "Снимите пароль: откройте файл, сохраните его без пароля и загрузите снова."
    ),
    "broken_workbook": Refusal("Файл повреждён: таблицу из него прочитать не удалось.", _SAVE_AS_XLSX),
    "no_sheets": Refusal("В книге нет листов с ячейками (только диаграммы или макросы).", _EXPORT_AGAIN),
    "no_table": Refusal(
        "В файле не нашлось таблицы с показателями.",
        "Проверьте, что загружаете выгрузку статистики, а не отчёт или письмо: "
        "см. «Где взять выгрузку?» в Справке.",
    ),
    "header_only": Refusal("В таблице есть заголовок, но нет ни одной строки с данными.", _EXPORT_AGAIN),
    "unexpected_layout": Refusal(
        "Таблица устроена так, что прочитать её не удалось.",
        "Оставьте на листе одну таблицу с заголовком в первой строке и загрузите файл снова.",
    ),
    # archives and the packages that workbooks are
    "zip_broken": Refusal("Архив повреждён или загружен не полностью.", _EXPORT_AGAIN),
    "zip_empty": Refusal("В архиве нет файлов.", _EXPORT_AGAIN),
    "zip_too_many_entries": Refusal("В архиве больше {limit} файлов.", _REPACK),
    "zip_part_too_big": Refusal("Внутри файла есть часть больше {limit} МБ в распакованном виде.", _SPLIT),
    "zip_total_too_big": Refusal("В распакованном виде файл больше {limit} МБ.", _SPLIT),
    "zip_method": Refusal("Файлы в архиве сжаты необычным способом.", _REPACK),
    "zip_encrypted": Refusal(
        "Архив защищён паролем.", "Снимите пароль: распакуйте архив и загрузите файлы без пароля."
    ),
    "zip_duplicate_names": Refusal("В архиве несколько файлов с одним именем.", _REPACK),
    "zip_overlap": Refusal("Архив устроен неправильно: файлы в нём перекрываются.", _REPACK),
    "zip_unsafe_name": Refusal("В архиве есть файл с недопустимым именем или ссылка вместо файла.", _REPACK),
    "zip_lying": Refusal("Архив устроен неправильно: его оглавление не совпадает с содержимым.", _REPACK),
    "zip_bad_checksum": Refusal("Файл повреждён: контрольная сумма не сходится.", _EXPORT_AGAIN),
    "zip_nested": Refusal("Внутри архива лежит ещё один архив.", _REPACK),
    "zip_nothing_readable": Refusal("Ни один файл из архива прочитать не удалось.", _REPACK),
    "zip_too_many_files": Refusal(
        "В архиве больше {limit} таблиц.", "Загрузите таблицы несколькими архивами."
    ),
    # XML inside workbooks
    "xml_dtd": Refusal("Внутри файла есть объявление DTD, в таблицах его не бывает.", _SAVE_AS_XLSX),
    "xml_depth": Refusal("Внутри файла слишком глубоко вложенные данные.", _SAVE_AS_XLSX),
    "xml_encoding": Refusal("Внутри файла данные записаны не в UTF-8.", _SAVE_AS_XLSX),
    # sizes of the table
    "too_many_sheets": Refusal("В книге больше {limit} листов.", _SPLIT),
    "too_many_rows": Refusal("На листе больше {limit} строк.", _SPLIT),
    "too_many_columns": Refusal("На листе больше {limit} столбцов.", _SPLIT),
    "too_many_cells": Refusal("В таблице больше {limit} ячеек.", _SPLIT),
    "cell_too_long": Refusal(
        "В одной из ячеек больше {limit} символов.", "Сократите текст в этой ячейке и загрузите файл снова."
    ),
    "too_much_text": Refusal("В таблице слишком много разного текста.", _SPLIT),
    "line_too_long": Refusal("В файле есть строка длиннее {limit} КБ.", _CSV_UTF8),
    # text files
    "nul_bytes": Refusal("В текстовом файле есть нулевые байты: он повреждён.", _CSV_UTF8),
    "encoding_broken": Refusal("Файл записан в UTF-8, но повреждён: лишние байты в строке {row}.", _CSV_UTF8),
    "encoding_mixed": Refusal("В файле смешаны разные кодировки, часть текста нечитаема.", _CSV_UTF8),
    "encoding_unknown": Refusal("Не удалось определить кодировку файла.", _CSV_UTF8),
    "unclosed_quote": Refusal(
        "В файле не закрыта кавычка (открыта около строки {row}).",
        "Исправьте кавычки или сохраните таблицу как .xlsx.",
    ),
    # the reading itself
    "too_demanding": Refusal("Файл устроен так, что для чтения нужно слишком много памяти.", _SAVE_AS_XLSX),
    "too_slow": Refusal("Файл читается слишком долго, чтение остановлено.", _SPLIT),
    "busy": Refusal("Сейчас читаются другие файлы, очередь не дошла.", _TRY_LATER),
    "reader_failed": Refusal("Прочитать файл не удалось из-за сбоя на сервере.", _TRY_LATER),
}


# Which of the limits a sentence names, and how many of its units make the one in the sentence.
_LIMITS: dict[str, tuple[str, int]] = {
    "file_too_big": ("file_bytes", 1 << 20),
    "zip_too_many_entries": ("zip_entries", 1),
    "zip_part_too_big": ("part_bytes", 1 << 20),
    "zip_total_too_big": ("total_bytes", 1 << 20),
    "zip_too_many_files": ("sheets", 1),
    "too_many_sheets": ("sheets", 1),
    "too_many_rows": ("rows", 1),
    "too_many_columns": ("columns", 1),
    "too_many_cells": ("cells", 1),
    "cell_too_long": ("cell_characters", 1),
    "line_too_long": ("line_bytes", 1024),
}


def catalogue(limits: Limits) -> list[tuple[str, str, str]]:
    """Code, sentence and advice of every refusal, as they are under these limits; «…» where a file decides."""
    result = []
    for code, refusal in REFUSALS.items():
        name, unit = _LIMITS.get(code, ("", 1))
        error = refuse(code, **({"limit": getattr(limits, name) // unit} if name else {}))
        result.append((code, error.message, refusal.advice))
    return result


def refuse(code: str, **values: object) -> UnreadableFile:
    """The exception for a code of the catalogue, its sentence filled in with `values`."""
    refusal = REFUSALS[code]
    shown = {
        name: f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else value
        for name, value in values.items()
    }
    return UnreadableFile(code, refusal.message_template.format_map(_Lenient(shown)), refusal.advice)


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
