"""Headers by their meaning: the documents' own wordings, and wordings nobody has written down yet."""

from __future__ import annotations

import pytest

from sferum_core.reading.headers import read_header, read_path

READ = {
    # 000
    "Регистрация учителей": "teachers_registered",
    "Регистрация учеников": "students_registered",
    "Количество активных организаций": "organizations_active",
    "Количество учителей, связавших аккаунты ЭЖД": "teachers_linked",
    "Количество учеников, связавших аккаунты ЭЖД": "students_linked",
    "Количество учителей, написавших минимум 10 сообщений в чаты за неделю": "teachers_10_messages",
    "Количество учителей, совершивших минимум 1 звонок за неделю": "teachers_1_call",
    "Доля учителей, написавших в групповых чатах минимум 10 сообщений за неделю": "reported_share_teachers_10_messages",
    "ID школы": "organization_id",
    "статус": "is_active",
    # 001
    "Количество учителей, создавших как минимум один чат": "teachers_created_chat",
    "Количество учителей, написавших как минимум три сообщения за неделю": "teachers_3_messages",
    "Количество учителей, написавших как минимум десять сообщения за неделю": "teachers_10_messages",
    "Количество учителей, создавших как минимум один звонок в неделю": "teachers_1_call",
    "Количество учителей, создавших как минимум три звонка в неделю": "teachers_3_calls",
    # 002
    "Муниципалитет": "municipality",
    "Образовательные организации": "organization",
    "Активных педагогов": "teachers_active",
    "Доля педагогов, которые активно используют Сферум (пишущие)": "reported_share_teachers_active",
    "Доля обучающихся, которые активно используют Сферум (читающие)": "reported_share_students_active",
    "Доля педагогов и обучающихся, которые связали учётные записи электронного журнала и дневника и Сферума": "reported_share_users_linked",
    # 004
    "МО": "municipality",
    "Зарегистрировано участников": "teachers_registered",
    "Активные МО": "teachers_active",
    "% Активности": "reported_share_teachers_active",
    "% Зарегистрированных воспитателей": "reported_share_teachers_registered",
    "% Активности воспитателей актуальн": "reported_share_teachers_active",
    "ФИО": "full_name",
    "Тип пол": "role",
    "Кол-во сообщений за 7 дней": "messages",
    "Кол-во звонков за 7 дней": "calls",
    # wordings of the same things that no document shows
    "Учителя, 10+ сообщений": "teachers_10_messages",
    "Педагоги ≥ 3 сообщ.": "teachers_3_messages",
    "Педагогов с 3 и более сообщениями": "teachers_3_messages",
    "Педагогов, написавших более 9 сообщений": "teachers_10_messages",
    "Учителей, отправивших не менее десяти сообщений за отчётную неделю": "teachers_10_messages",
    "Кол-во пед. работников, совершивших не менее трёх звонков за 7 дней": "teachers_3_calls",
    "Учителей, совершивших 1 звонок длительностью не менее 3 минут с числом участников два и более": "teachers_1_call",
    "Число педагогов, совершивших хотя бы один звонок (от 3 минут, 2 и более участника)": "teachers_1_call",
    "Доля педагогов (10 и более сообщений), %": "reported_share_teachers_10_messages",
    "Доля педагогов (3 и более сообщений), %": "reported_share_teachers_3_messages",
    "Процент учителей, совершивших минимум 3 звонка": "reported_share_teachers_3_calls",
    "Численность педагогических работников": "teachers_total",
    "Общее количество зарегистрированных учителей": "teachers_registered",
    "Учителей в сообществе организации": "teachers_registered",
    "Педагогов на платформе": "teachers_registered",
    "Читающие обучающиеся": "students_active",
    "Количество администраторов": "admins_registered",
    "Родителей зарегистрировано": "parents_registered",
    "Полное наименование организации": "organization",
    "Городской округ / муниципальный район": "municipality",
    "Уровень образования": "organization_type",
    "Идентификатор школы": "organization_id",
    "Зарегиcтрировано учитeлей": "teachers_registered",  # Latin c and e
    "КОЛИЧЕСТВО УЧИТЕЛЕЙ, НАПИСАВШИХ МИНИМУМ 10 СООБЩЕНИЙ": "teachers_10_messages",
    "Количество учи-\nтелей, напи-\nсавших минимум 10 сооб-\nщений": "teachers_10_messages",
    "teachers_10_messages": "teachers_10_messages",
}  # fmt: skip
NOT_READ = [
    "Педагогов, написавших от 3 до 9 сообщений",
    "Педагогов, написавших менее 10 сообщений",
    "Количество педагогов, написавших 5 и более сообщений",
    "Количество учителей, не написавших ни одного сообщения",
    "Не зарегистрировано педагогов",
    "Неактивных учителей",
    "Прирост зарегистрированных учителей",
    "Учителей зарегистрировано за прошлую неделю",
    "Целевой показатель",
    "Количество учителей, написавших минимум 10 сообщений за месяц",
    "Рейтинг по активности педагогов",
    "Количество учителей, создавших чат и написавших минимум 3 сообщения",
    "доля",
    "Площадь, м²",
    "Количество учителей, совершивших 5 и более звонков",
]


@pytest.mark.parametrize(("header", "field"), READ.items())
def test_wording_names_the_field(header: str, field: str) -> None:
    assert read_header(header).field == field


@pytest.mark.parametrize("header", NOT_READ)
def test_what_is_no_indicator_of_the_week_stays_unread_with_a_reason(header: str) -> None:
    reading = read_header(header)
    assert reading.field is None
    assert reading.reason


def test_more_than_ten_is_not_surely_at_least_ten() -> None:
    loose = read_header("Педагогов, написавших более 10 сообщений")
    assert loose.field == "teachers_10_messages"
    assert loose.confidence < 0.75


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("Педагоги", "всего"), "teachers_total"),
        (("Педагоги", "зарегистрировано"), "teachers_registered"),
        (("Обучающиеся", "зарегистрировано"), "students_registered"),
        (("Ученики", "Связь с ЭЖД"), "students_linked"),
        (("Педагоги", "из них активных", "%"), "reported_share_teachers_active"),
        (("Показатели активности", "Зарегистрировано педагогов"), "teachers_registered"),
        (("Доля, %", "Зарегистрировано педагогов"), "reported_share_teachers_registered"),
        (("Сообщения", "Педагоги", "10+"), "teachers_10_messages"),
        (("Учителя", "Совершили звонков", "1 и более"), "teachers_1_call"),
        (("Учителя", "Совершили звонков", "≥3"), "teachers_3_calls"),
        (("Организация", "ID"), "organization_id"),
        (("Организация", "Наименование"), "organization"),
        (("Прошлая неделя", "Активных педагогов"), None),
    ],
)
def test_groups_over_headers(path: tuple[str, ...], field: str | None) -> None:
    assert read_path(path).field == field


@pytest.mark.parametrize("noun", ["сообщений", "сообщ.", "сообщения"])
@pytest.mark.parametrize("who", ["учителей", "педагогов", "сотрудников", "пед. работников", "преподавателей"])
@pytest.mark.parametrize("count", [3, 10])
@pytest.mark.parametrize(
    "form", ["минимум {n} {noun}", "не менее {n} {noun}", "{n}+ {noun}", "≥{n} {noun}", ">= {n} {noun}", "{n} и более {noun}", "{noun}: от {n}", "хотя бы {n} {noun} за 7 дней", "{n} или больше {noun}"],
)  # fmt: skip
def test_thresholds_are_never_mixed_up(noun: str, who: str, count: int, form: str) -> None:
    header = f"Количество {who}, написавших {form.format(n=count, noun=noun)}"
    assert read_header(header).field == f"teachers_{count}_messages"
