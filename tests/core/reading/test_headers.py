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
    # names of a program's fields
    "teachers_10plus_messages": "teachers_10_messages",
    "teachers_msg_3plus": "teachers_3_messages",
    "teachers_ge10_messages": "teachers_10_messages",
    "teachers10msg": "teachers_10_messages",
    "cnt_teachers_3_msg": "teachers_3_messages",
    "teachers_calls_3plus": "teachers_3_calls",
    "active_teachers_7d": "teachers_active",
    "teachersRegistered": "teachers_registered",
    "pct_teachers_10_msg": "reported_share_teachers_10_messages",
    "messages_7d": "messages",
    "org_id": "organization_id",
    "school_type": "organization_type",
    "mun_name": "municipality",
    "active_flag": "is_active",
    "active_orgs": "organizations_active",
    "report_date": "date",
    "fio": "full_name",
    # abbreviations, soft hyphens, accounts
    "К-во зарег. пед.": "teachers_registered",
    "Акт. пед.": "teachers_active",
    "Кол-во сотр. с 3 и > сообщ.": "teachers_3_messages",
    "Заре\u00adгистри\u00adровано педа\u00adгогов": "teachers_registered",
    "Пользователей с ролью «Учитель»": "teachers_registered",
    "Пользователей с ролью «Ученик»": "students_registered",
    "Педагогические работники, зарегистрированные в MAX": "teachers_registered",
    "Админы": "admins_registered",
    "Контингент": "students_total",
    "Среднесписочная численность педагогических работников": "teachers_total",
    "Количество педагогов в организации по данным ОО": "teachers_total",
    # several people in one header: the first is counted
    "Зарегистрировано родителей (законных представителей) обучающихся": "parents_registered",
    # numbers that are no thresholds
    "Учителей, написавших минимум 10 сообщений за 14 неделю 2024": "teachers_10_messages",
    "Учителей, написавших минимум 10 сообщений (с 29 марта по 4 апреля)": "teachers_10_messages",
    "Доля педагогов, написавших 10+ сообщений, от числа зарегистрированных, %": "reported_share_teachers_10_messages",
    "Наименование муниципального образовательного учреждения": "organization",
    "Наименование муниципального образования": "municipality",
    "Администрация района": "municipality",
    "Статус (активна/не активна)": "is_active",
    "Активность (да/нет)": "is_active",
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
    # other roles have no such indicator
    "Ученики, написавшие минимум 3 сообщения",
    "Родители, написавшие 10 и более сообщений",
    "Учащихся, совершивших минимум 1 звонок",
    "Администраторы, написавшие 10+ сообщений",
    "students_msg_10plus",
    "Всего пользователей (педагоги, ученики, родители)",
    "Количество активных учителей и учеников",
    # other periods
    "Активных педагогов за пред. неделю",
    "Пр. нед.: 10+ сообщ.",
    "Активные педагоги неделю назад",
    "Активные педагоги: было",
    "Активных педагогов за март",
    "Активных педагогов за 30 дней",
    "Количество учителей, написавших 10+ сообщений за 2 недели",
    "Педагоги, написавшие 10+ сообщений нарастающим итогом",
    "active_teachers_30d",
    "teachers_active_prev_week",
    # plans, changes, places, only the new ones
    "Педагоги, написавшие 10+ сообщений (план)",
    "Δ активных педагогов",
    "teachers_delta",
    "Новые зарегистрированные педагоги",
    "Выполнение плана, %",
    "Индекс активности",
    # bounds from above
    "Учителя, написавшие не более 10 сообщений",
    "Учителя: максимум 10 сообщений",
    "Учителей, написавших ровно 10 сообщений",
    # not people
    "Количество чатов, созданных педагогами",
    "Количество классов с активными педагогами",
    "Доля ОО с 10+ сообщениями педагогов",
    "Количество сообщений педагогов за неделю",
    "Длительность звонков, мин",
    "Заявки на регистрацию педагогов",
    "Активные педагоги (написали 10+ или совершили 3+ звонка)",
    "Отвязали ЭЖД (учителя)",
    "Код муниципалитета",
    "user_id",
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
        (("Активных педагогов", "План"), None),
        (("Активных педагогов", "Факт"), "teachers_active"),
        (("Активных педагогов", "отчётная неделя"), "teachers_active"),
        (("Активных педагогов", "изменение"), None),
        (("Сотрудники", "Зарегистрировано", "всего"), "teachers_registered"),
        (("Сотрудники", "Зарегистрировано", "доля от штата"), "reported_share_teachers_registered"),
        (
            ("Педагоги", "написали сообщений", "10 и более", "% от зарег."),
            "reported_share_teachers_10_messages",
        ),
        (("Ученики", "10+ сообщ."), None),
        (("Учителя", "Сообщения", "всего"), None),
        (("Среднее", "Активных педагогов"), None),
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
