"""Fields an office may put into its own templates, declared as data: for the filling, for checks and for Справка."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TemplateField:
    """One field: its name in a template, what stands in its place, an example."""

    name: str
    meaning: str
    example: str


@dataclass(frozen=True)
class TemplateList:
    """A list to go through with a loop: its name, the usual name of one item, the item's fields."""

    name: str
    item: str
    meaning: str
    fields: tuple[TemplateField, ...] = ()


FIELDS: tuple[TemplateField, ...] = (
    TemplateField("отправитель", "Кто отправляет, как на бланке", "Управление образования"),
    TemplateField("номер", "Исходящий номер", "01-15/77"),
    TemplateField("дата", "Дата письма", "09.04.2024"),
    TemplateField("ответ_номер", "Номер письма, на которое отвечаем", "123"),
    TemplateField("ответ_дата", "Дата письма, на которое отвечаем", "01.04.2024"),
    TemplateField("должность", "Должность подписывающего", "Начальник отдела"),
    TemplateField("подпись", "Инициалы и фамилия подписывающего", "И. О. Фамилия"),
    TemplateField("исполнитель", "Исполнитель", "Фамилия Имя Отчество"),
    TemplateField("телефон", "Телефон исполнителя", "000-00-00"),
    TemplateField("срок", "Срок исполнения словами", "19 апреля 2024 года"),
    TemplateField("прежний_номер", "Номер прежнего письма", "0909"),
    TemplateField("прежняя_дата", "Дата прежнего письма", "27.03.2024"),
    TemplateField("адресат", "Кому письмо, все строки", "Руководителю органа управления образованием"),
    TemplateField("тема", "Заголовок письма", "О работе на платформе «Сферум»"),
    TemplateField("период", "Отчётный период", "29.03–04.04.2024"),
    TemplateField("период_словами", "Период словами", "за период с 29 марта по 4 апреля 2024 года"),
    TemplateField("показатель", "Главный показатель профиля норм", "Доля активных педагогов"),
    TemplateField("источник_норм", "Откуда нормы", "письмо от 09.04.2024 № 1151"),
    TemplateField("муниципалитет", "Муниципалитет, именительный падеж", "Озёрный район"),
    TemplateField("муниципалитет_родительный", "Муниципалитет: кого? чего?", "Озёрного района"),
    TemplateField("муниципалитет_дательный", "Муниципалитет: кому? чему?", "Озёрному району"),
    TemplateField("муниципалитет_предложный", "Муниципалитет: (в) ком? чём?", "Озёрном районе"),
    TemplateField("организация", "Организация, если письмо ей", "МБОУ «СОШ № 3»"),
    TemplateField("id_организации", "ID организации на платформе", "00012345"),
    TemplateField("тип", "Тип организации", "ОО"),
    TemplateField("статус", "Статус организации", "Ниже нормы"),
    TemplateField("доля", "Доля по главному показателю", "8,3 %"),
    TemplateField("не_хватает", "Скольких педагогов не хватает до нормы или цели", "3"),
    TemplateField("организаций", "Сколько организаций", "61"),
    TemplateField("не_активны", "Сколько не активны", "14"),
    TemplateField("ниже_нормы", "Сколько активны, но ниже нормы или цели", "9"),
)

_ROW = (
    TemplateField("номер", "Номер по порядку", "1"),
    TemplateField("название", "Название организации", "МБОУ «СОШ № 3»"),
    TemplateField("id", "ID организации", "00012345"),
    TemplateField("тип", "Тип", "ОО"),
    TemplateField("муниципалитет", "Муниципалитет", "Озёрный район"),
    TemplateField("статус", "Статус", "Ниже нормы"),
    TemplateField("доля", "Доля по главному показателю", "8,3 %"),
    TemplateField("не_хватает", "Скольких педагогов не хватает", "3"),
    TemplateField("что_делать", "Первое действие", "Переведите рабочие чаты на платформу."),
)

LISTS: tuple[TemplateList, ...] = (
    TemplateList("абзацы", "абзац", "Абзацы готового письма: {{ абзац }}"),
    TemplateList("шаги", "шаг", "Что делать организации: {{ шаг }}"),
    TemplateList("приложения", "приложение", "Названия приложений: {{ приложение }}"),
    TemplateList("организации", "строка", "Не активные и ниже нормы: {{ строка.название }}", _ROW),
)

FIELD_NAMES: tuple[str, ...] = (*(field.name for field in FIELDS), *(item.name for item in LISTS))

HOW_TO = (
    "Поле пишется в двойных фигурных скобках: {{ дата }}. Абзацы готового письма – тремя абзацами: "
    "{%p for абзац in абзацы %}, {{ абзац }}, {%p endfor %}. Строки таблицы – тремя строками: "
    "{%tr for строка in организации %}, строка с полями, {%tr endfor %}."
)
