"""What the reader and the reports find themselves, declared beside the checks for one catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from sferum_core.model import Severity

_CHOOSE = "Проверьте столбец в разделе «Что мы поняли» и при необходимости выберите другое поле."
_NOTHING = "Ничего делать не нужно."
_RESAVE = "Откройте файл в Excel, пересчитайте и сохраните его, затем загрузите снова."
_MEND = "Исправьте ячейки в файле и загрузите его снова: пока они считаются как «нет данных»."


@dataclass(frozen=True)
class ReaderFinding:
    """One code that `reading` gives: its severity, title, when it is given and what to do."""

    code: str
    severity: Severity
    title: str
    when: str
    advice: str


_DECLARED = (
    ReaderFinding(
        "encoding_guessed",
        Severity.NOTE,
        "Кодировка угадана",
        "Текстовый файл без метки кодировки, она определена по буквам.",
        "Проверьте, что названия читаются; если нет – сохраните таблицу как .xlsx.",
    ),
    ReaderFinding(
        "hidden_sheet",
        Severity.NOTE,
        "Скрытый лист",
        "Лист скрыт, но прочитан.",
        "Если лист не нужен, удалите его из файла.",
    ),
    ReaderFinding(
        "hidden_rows",
        Severity.NOTE,
        "Скрытые строки",
        "На листе есть скрытые строки (например, фильтром), они прочитаны.",
        "Если строки не нужны, удалите их из файла.",
    ),
    ReaderFinding(
        "hidden_columns",
        Severity.NOTE,
        "Скрытые столбцы",
        "На листе есть скрытые столбцы, они прочитаны.",
        "Если столбцы не нужны, удалите их из файла.",
    ),
    ReaderFinding(
        "error_cells",
        Severity.WARNING,
        "Ошибки формул",
        "В ячейках «#ССЫЛКА!», «#Н/Д» и подобное: считаются пустыми.",
        _RESAVE,
    ),
    ReaderFinding(
        "formulas_without_value",
        Severity.WARNING,
        "Формулы без значения",
        "Файл сохранён программой без пересчёта: у формул нет значений, они считаются пустыми.",
        _RESAVE,
    ),
    ReaderFinding(
        "ragged_rows",
        Severity.WARNING,
        "Строки разной длины",
        "В текстовом файле у строк другое число столбцов, чем в заголовке.",
        "Проверьте разделители и кавычки или сохраните таблицу как .xlsx.",
    ),
    ReaderFinding(
        "sheet_skipped",
        Severity.NOTE,
        "Лист не прочитан",
        "На листе нет таблицы с показателями.",
        "Если данные на нём нужны, загрузите их отдельным файлом.",
    ),
    ReaderFinding(
        "member_refused",
        Severity.ERROR,
        "Файл из архива не прочитан",
        "Один из файлов архива повреждён или не таблица.",
        "Загрузите этот файл отдельно: причина и что делать будут названы.",
    ),
    ReaderFinding(
        "from_sheet_name",
        Severity.NOTE,
        "Взято из названия листа",
        "Муниципалитет или тип взят из названия листа или файла.",
        "Проверьте, что название листа верное.",
    ),
    ReaderFinding(
        "bad_value",
        Severity.WARNING,
        "Не то значение в ячейке",
        "Вместо числа, доли, даты или «да/нет» стоит другое.",
        _MEND,
    ),
    ReaderFinding(
        "unknown_type",
        Severity.WARNING,
        "Незнакомый тип организации",
        "В столбце типа стоит незнакомое слово.",
        _MEND,
    ),
    ReaderFinding(
        "unknown_status",
        Severity.WARNING,
        "Незнакомый статус",
        "В столбце статуса не «Активна» и не «Не активна».",
        _MEND,
    ),
    ReaderFinding(
        "damaged_id",
        Severity.ERROR,
        "Номер испорчен таблицей",
        "ID, ИНН или ОГРН записан как «1,2E+19»: последние цифры потеряны.",
        "Выгрузите файл заново и не сохраняйте его из Excel как CSV.",
    ),
    ReaderFinding(
        "filled_down",
        Severity.NOTE,
        "Значение распространено на блок",
        "Муниципалитет, тип или организация стоит только в первой строке блока (объединённые ячейки).",
        _NOTHING,
    ),
    ReaderFinding(
        "from_headings",
        Severity.NOTE,
        "Взято из строк-заголовков",
        "Муниципалитет или тип взят из строк между строками организаций.",
        _NOTHING,
    ),
    ReaderFinding(
        "content_contradicts",
        Severity.WARNING,
        "Содержимое спорит с заголовком",
        "Под знакомым заголовком стоит не то: столбец не использован.",
        _CHOOSE,
    ),
    ReaderFinding(
        "column_doubtful",
        Severity.WARNING,
        "Столбец понят не наверняка",
        "Заголовок можно понять по-разному.",
        _CHOOSE,
    ),
    ReaderFinding(
        "kind_unknown",
        Severity.ERROR,
        "Непонятно, что за таблица",
        "Знакомых столбцов не хватает, чтобы понять вид таблицы.",
        "Укажите в разделе «Что мы поняли», где организация, муниципалитет и показатели, или загрузите другую выгрузку.",
    ),
    ReaderFinding(
        "columns_unrecognized",
        Severity.NOTE,
        "Столбцы не распознаны",
        "Столбцы, которые в отчёты не входят.",
        "Если среди них есть нужный показатель, выберите для него поле в разделе «Что мы поняли».",
    ),
    ReaderFinding(
        "field_missing",
        Severity.WARNING,
        "Не найден нужный столбец",
        "Нет столбца, без которого отчёт беднее или невозможен.",
        "Если он есть в файле под другим названием, выберите его в разделе «Что мы поняли».",
    ),
    ReaderFinding(
        "earlier_week",
        Severity.NOTE,
        "Столбцы за другие недели",
        "В файле недели стоят рядом, взята последняя.",
        "Чтобы посмотреть другую неделю, выберите её столбцы в разделе «Что мы поняли».",
    ),
    ReaderFinding(
        "repeated_column",
        Severity.NOTE,
        "Столбец повторяется",
        "Два столбца с одним содержимым, взят один.",
        _NOTHING,
    ),
    ReaderFinding(
        "duplicate_field",
        Severity.WARNING,
        "Два столбца на одно поле",
        "Два разных столбца подходят под один показатель, взят первый.",
        "Проверьте выбор в разделе «Что мы поняли».",
    ),
    ReaderFinding(
        "total_mismatch",
        Severity.WARNING,
        "Итог не сходится",
        "Строка итога в файле не равна сумме строк.",
        "Сверьте итог с источником: возможно, в файле не все строки или итог посчитан иначе.",
    ),
    ReaderFinding(
        "derived",
        Severity.NOTE,
        "Число получено из доли",
        "В файле только доля и от чего она: число восстановлено однозначно.",
        "Если в выгрузке есть сами числа, загрузите её вместе с ними: они точнее.",
    ),
    ReaderFinding(
        "not_derived",
        Severity.NOTE,
        "Число из доли не восстановить",
        "По округлённой доле число людей однозначно не получить.",
        "Загрузите выгрузку, в которой есть сами числа.",
    ),
    ReaderFinding(
        "type_from_name",
        Severity.NOTE,
        "Тип взят из названия",
        "Тип не указан и определён по названию.",
        "Проверьте типы в таблице организаций.",
    ),
    ReaderFinding(
        "type_unknown",
        Severity.WARNING,
        "Тип по названию не определить",
        "Тип не указан, название о нём не говорит или говорит два.",
        "Добавьте в выгрузку столбец «Тип организации»: без типа норма не применяется.",
    ),
)

_OF_JOINING = (
    ReaderFinding(
        "files_joined",
        Severity.NOTE,
        "Неделя собрана из нескольких файлов",
        "Загружены вместе файлы одного вида за один период (или период в них не указан).",
        "Если это разные недели, загрузите файлы по одному.",
    ),
    ReaderFinding(
        "file_repeated",
        Severity.NOTE,
        "Файл загружен дважды",
        "Два загруженных файла совпадают до последнего знака.",
        _NOTHING,
    ),
    ReaderFinding(
        "join_conflict",
        Severity.WARNING,
        "Файлы противоречат друг другу",
        "Одна организация или один муниципалитет есть в двух файлах с разными числами.",
        "Сверьте эти строки и загрузите один файл, которому доверяете.",
    ),
)

_OF_REPORTS = (
    ReaderFinding(
        "share_over_100",
        Severity.NOTE,
        "Доля больше 100 %",
        "Доля главного показателя больше 100 %, показана как есть.",
        "Возможная причина: педагог нескольких организаций учтён в последней из них.",
    ),
    ReaderFinding(
        "not_checked",
        Severity.NOTE,
        "Не проверено",
        "Проверка зависит от другой, которая нашла ошибку.",
        "Исправьте причину и загрузите файл снова: проверка выполнится сама.",
    ),
)

_OF_OFFICE = (
    ReaderFinding(
        "correction_applied",
        Severity.NOTE,
        "Учтены исправления управления",
        "Тип, муниципалитет, название или численность исправлены на странице «Управление».",
        "Посмотреть и отменить исправления можно на странице «Управление».",
    ),
    ReaderFinding(
        "correction_unused",
        Severity.NOTE,
        "Исправление не понадобилось",
        "Исправленной организации нет в этой выгрузке.",
        "Если организация закрыта или сменила ID, отмените её исправление.",
    ),
    ReaderFinding(
        "mapping_remembered",
        Severity.NOTE,
        "Столбцы поняты по памяти",
        "Для файла с таким же заголовком кто-то уже указал столбцы.",
        "Изменить их можно в разделе «Поправить столбцы», забыть – на странице «Управление».",
    ),
)

READER_FINDINGS: dict[str, ReaderFinding] = {one.code: one for one in (*_DECLARED, *_OF_JOINING)}
"""Every code that `sferum_core.reading` gives."""

REPORT_FINDINGS: dict[str, ReaderFinding] = {one.code: one for one in (*_OF_OFFICE, *_OF_REPORTS)}
"""Codes that neither the reader gives nor a check declares: of the office, of the assessment, «не проверено»."""
