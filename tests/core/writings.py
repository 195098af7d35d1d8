"""A region's organizations as two offices would write them, with the truth kept: for measuring the сверка.

Settlements, nicknames and dedications are real ones; which stands with which is drawn by a seeded generator.
"""
# ruff: noqa: E501 - lists of words stay on one line

from __future__ import annotations

import random
from dataclasses import dataclass

import pandas as pd

# A city or a district, its town in the nominative and the genitive («» for a city: it is its own town).
CITIES = "Орёл Орла|Тамбов Тамбова|Вологда Вологды|Псков Пскова|Курск Курска|Калуга Калуги|Брянск Брянска|Рязань Рязани|Пенза Пензы|Саратов Саратова|Омск Омска|Томск Томска|Чита Читы"
DISTRICTS = (
    "Ливенский Ливны Ливен|Мценский Мценск Мценска|Кромской Кромы Кром|Болховский Болхов Болхова|Змиевский Змиевка Змиевки|Верховский Верховье Верховья|Моршанский Моршанск Моршанска|Рассказовский Рассказово Рассказова"
    "|Кирсановский Кирсанов Кирсанова|Уваровский Уварово Уварова|Грязовецкий Грязовец Грязовца|Великоустюгский Устюг Устюга|Тотемский Тотьма Тотьмы|Печорский Печоры Печор|Островский Остров Острова|Опочецкий Опочка Опочки"
    "|Льговский Льгов Льгова|Рыльский Рыльск Рыльска|Козельский Козельск Козельска|Людиновский Людиново Людинова|Клинцовский Клинцы Клинцов|Почепский Почеп Почепа|Касимовский Касимов Касимова|Скопинский Скопин Скопина"
    "|Сердобский Сердобск Сердобска|Нижнеломовский Ломов Ломова|Балашовский Балашов Балашова|Вольский Вольск Вольска|Калачинский Калачинск Калачинска|Исилькульский Исилькуль Исилькуля"
)
# A village in the nominative, the genitive and as an adjective.
VILLAGES = (
    "Ивановка Ивановки Ивановская|Ивантеевка Ивантеевки Ивантеевская|Петровское Петровского Петровская|Покровка Покровки Покровская|Берёзовка Берёзовки Берёзовская|Каменка Каменки Каменская|Сосновка Сосновки Сосновская"
    "|Речица Речицы Речицкая|Троицкое Троицкого Троицкая|Никольское Никольского Никольская|Успенское Успенского Успенская|Черемошное Черемошного Черемошенская|Коротыш Коротыша Коротышская|Крутое Крутого Крутовская"
    "|Казанское Казанского Казанская|Сергиевское Сергиевского Сергиевская|Навесное Навесного Навесненская|Орлик Орлика Орликовская|Ломовец Ломовца Ломовецкая|Дубровка Дубровки Дубровская|Липовка Липовки Липовская"
    "|Хотынец Хотынца Хотынецкая|Шаблыкино Шаблыкина Шаблыкинская|Знаменка Знаменки Знаменская|Студенец Студенца Студенецкая|Ярлуково Ярлукова Ярлуковская|Синявка Синявки Синявская|Плеханово Плеханова Плехановская"
    "|Фащёвка Фащёвки Фащёвская|Казинка Казинки Казинская|Бутырки Бутырок Бутырская|Подгорное Подгорного Подгоренская|Заречье Заречья Зареченская|Юрьево Юрьева Юрьевская|Малиново Малинова Малиновская|Рябинки Рябинок Рябинская"
)
NICKNAMES = "Ромашка|Солнышко|Сказка|Теремок|Берёзка|Колосок|Родничок|Светлячок|Золотой ключик|Аленький цветочек|Радуга|Росинка|Журавушка|Чебурашка|Ласточка|Звёздочка|Ручеёк|Малышок|Алёнушка|Петушок|Дюймовочка|Василёк|Незабудка|Тополёк|Улыбка|Гнёздышко|Колокольчик|Буратино|Светлана|Снежинка|Лесная сказка|Семицветик|Пчёлка|Умка|Капелька|Жар-птица|Орлёнок|Красная шапочка|Кораблик|Одуванчик"
PERSONS = "А.С. Пушкина|М.В. Ломоносова|Ю.А. Гагарина|И.С. Тургенева|С.А. Есенина|Г.К. Жукова|Л.Н. Толстого|Н.С. Лескова|А.П. Чехова|К.Э. Циолковского|М.Ю. Лермонтова|И.А. Бунина"
HEROES = "Героя Советского Союза И.Н. Машкарина|Героя Советского Союза В.И. Меркулова|Героя Российской Федерации А.В. Дорохина|Героя Советского Союза А.И. Маринеско|дважды Героя Советского Союза Г.М. Гречко"
FORMS = {
    "ОО": "МБОУ муниципальное бюджетное общеобразовательное учреждение|МКОУ муниципальное казённое общеобразовательное учреждение|МАОУ муниципальное автономное общеобразовательное учреждение|МОУ муниципальное общеобразовательное учреждение",
    "ДОО": "МБДОУ муниципальное бюджетное дошкольное образовательное учреждение|МКДОУ муниципальное казённое дошкольное образовательное учреждение|МАДОУ муниципальное автономное дошкольное образовательное учреждение",
    "ДОД": "МБУ ДО муниципальное бюджетное учреждение дополнительного образования|МБУДО муниципальное бюджетное учреждение дополнительного образования",
}
SCHOOLS = "СОШ средняя общеобразовательная школа|СШ средняя школа|ООШ основная общеобразовательная школа|Гимназия гимназия|Лицей лицей"
CENTRES = "ДДТ Дом детского творчества|ЦВР Центр внешкольной работы|ДЮСШ детско-юношеская спортивная школа|ДШИ детская школа искусств|СЮН станция юных натуралистов"


def _rows(text: str) -> list[list[str]]:
    return [line.split(" ") for line in text.split("|")]


@dataclass(frozen=True)
class Organization:
    """What an organization is, whoever writes its name."""

    type: str
    form: tuple[str, str]
    kind: tuple[str, str]
    number: int
    nickname: str
    village: tuple[str, ...]
    person: str
    municipality: int


@dataclass(frozen=True)
class Territory:
    """A municipality: two spellings, its name in the genitive, its town in the genitive, whether it is a city."""

    platform: str
    registry: str
    town: str
    city: bool
    district: str


def territories() -> list[Territory]:
    """43 municipalities, cities and districts with a town."""
    found = []
    for name, genitive in _rows(CITIES):
        found.append(Territory(f"г. {name}", f"городской округ город {name}", genitive, True, ""))
    for adjective, _town, genitive in _rows(DISTRICTS):
        of = adjective[:-2] + "ого"
        found.append(Territory(f"{adjective} район", f"{adjective} муниципальный округ", genitive, False, of))
    return found


def _form(draw: random.Random, kind: str) -> tuple[str, str]:
    short, full = draw.choice(
        [
            (row[0] + " ДО", " ".join(row[2:])) if row[1] == "ДО" else (row[0], " ".join(row[1:]))
            for row in _rows(FORMS[kind])
        ]
    )
    return short, full


def organizations(draw: random.Random, places: list[Territory], each: int) -> list[Organization]:
    """About `each` organizations a municipality; numbers differ within a kind, nicknames and villages within a municipality."""
    found = []
    schools = [(row[0], " ".join(row[1:])) for row in _rows(SCHOOLS)]
    centres = [(row[0], " ".join(row[1:])) for row in _rows(CENTRES)]
    for number, place in enumerate(places):
        villages = [] if place.city else [tuple(row) for row in _rows(VILLAGES)]
        nicknames = NICKNAMES.split("|")
        homes = villages[
            :
        ]  # a garden and a school may share a village, two gardens without nicknames may not
        for words in (villages, homes, nicknames):
            draw.shuffle(words)
        gardens, lessons = [*range(1, each * 2)], [*range(1, each * 2)]
        for count in range(each):
            nickname = nicknames[count % len(nicknames)] if count < len(nicknames) else ""
            lot = draw.random()
            if lot < 0.5:
                rural = bool(homes) and draw.random() < 0.45
                village = homes.pop() if rural else ()
                found.append(
                    Organization(
                        "ДОО", _form(draw, "ДОО"), ("детский сад", "детский сад"), 0 if rural else gardens.pop(0),
                        nickname if draw.random() < 0.6 else "", village, "", number,
                    )
                )  # fmt: skip
            elif lot < 0.93 or count >= len(centres):
                rural = bool(villages) and draw.random() < 0.6
                person = draw.choice([*PERSONS.split("|"), *HEROES.split("|")]) if draw.random() < 0.4 else ""
                kind = schools[0] if rural else draw.choices(schools, (10, 3, 1, 2, 2))[0]
                found.append(
                    Organization(
                        "ОО", _form(draw, "ОО"), kind, 0 if rural else lessons.pop(0), "",
                        villages.pop() if rural else (), person, number,
                    )
                )  # fmt: skip
            else:
                found.append(Organization("ДОД", _form(draw, "ДОД"), centres[count], 0, "", (), "", number))
    return found


def short_name(draw: random.Random, one: Organization, place: Territory) -> str:
    """As the platform's list would have it: short forms, little else."""
    kind = (
        one.kind[0] if one.type != "ДОО" else draw.choice(["детский сад", "Детский сад", "д/с", "ДС", "Д/с"])
    )
    number = (
        draw.choice([f"№ {one.number}", f"№{one.number}", f"N {one.number}", f"№  {one.number}"])
        if one.number
        else ""
    )
    words = [kind, number]
    if one.type == "ОО" and one.village and draw.random() < 0.7:
        words = [one.village[2], kind]
    elif one.village:
        words.append(draw.choice([f"с. {one.village[0]}", f"с.{one.village[0]}", f"села {one.village[1]}"]))
    if one.nickname and (not one.number or draw.random() < 0.7):
        words.insert(2, f"«{one.nickname}»")
    if one.person and draw.random() < 0.5:
        words.append(draw.choice(["им. ", "имени "]) + draw.choice([one.person, one.person.split(" ")[-1]]))
    name = " ".join(word for word in words if word)
    if draw.random() < 0.5:
        name = draw.choice(["«{}»", '"{}"']).format(name)
    if draw.random() < 0.9:
        name = f"{one.form[0]} {name}"
    if one.number and draw.random() < 0.4:
        name += draw.choice([f" г. {place.town}", f" г.{place.town}", f" города {place.town}"])
    return _spoiled(draw, name)


def full_name(draw: random.Random, one: Organization, place: Territory) -> str:
    """As the office's registry would have it: the full legal name more often than not."""
    if draw.random() < 0.15:
        return short_name(draw, one, place)
    kind = one.kind[1]
    if one.type == "ДОО":
        kind = draw.choice(["детский сад", "детский сад", "центр развития ребёнка – детский сад"])
    number = draw.choice([f"№ {one.number}", f"№{one.number}"]) if one.number else ""
    after = (
        draw.choice(["", "", " общеразвивающего вида", " комбинированного вида"]) if one.type == "ДОО" else ""
    )
    after = (
        draw.choice(["", "", "", " с углублённым изучением отдельных предметов"])
        if one.type == "ОО" and one.number
        else after
    )
    before, behind = (
        (f"{kind} {number}{after}", "") if draw.random() < 0.5 else (f"{kind}{after} {number}", "")
    )
    if one.type == "ОО" and one.village and draw.random() < 0.7:
        before = f"{one.village[2]} {kind}"
    elif one.village:
        behind = f" {draw.choice(['села', 'с.'])} {one.village[1] if draw.random() < 0.6 else one.village[0]}"
    if one.nickname and draw.random() < (0.85 if one.number else 0.97):
        before += f" «{one.nickname}»"
    if one.person and draw.random() < 0.9:
        before += f" имени {one.person}"
    if one.number and draw.random() < 0.7:
        behind = draw.choice([f" города {place.town}", f" г. {place.town}"])
    if place.district and draw.random() < 0.6:
        behind += draw.choice(
            [f" {place.district} района", f" {place.district} муниципального округа Примерской области"]
        )
    quoted = draw.random() < 0.6
    before = " ".join(before.split())
    name = (
        f"{one.form[1]} «{before[:1].upper()}{before[1:]}»{behind}"
        if quoted
        else f"{one.form[1]} {before}{behind}"
    )
    return _spoiled(draw, name)


def _spoiled(draw: random.Random, name: str) -> str:
    lot = draw.random()
    if lot < 0.08:
        return name.upper()
    if lot < 0.16:
        return name.replace("ё", "е")
    if lot < 0.2:
        return name.translate(str.maketrans("МОСАЕКоасе", "MOCAEKoace"))
    if lot < 0.25:
        words = name.split(" ")
        long = [place for place, word in enumerate(words) if len(word) > 8 and word.isalpha()]
        if long:
            place = draw.choice(long)
            letter = draw.randrange(2, len(words[place]) - 3)
            words[place] = words[place][:letter] + words[place][letter + 1 :]
            return " ".join(words)
    return name


def region(seed: int, *, each: int = 70) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[int, int]]]:
    """Two lists (organization, municipality) and the true pairs of 0-based rows; a tenth is on one side only."""
    draw = random.Random(seed)
    places = territories()
    left: list[tuple[int, str, str]] = []
    right: list[tuple[int, str, str]] = []
    for number, one in enumerate(organizations(draw, places, each)):
        place = places[one.municipality]
        lot = draw.random()
        if lot > 0.05:
            left.append((number, short_name(draw, one, place), place.platform))
        if lot < 0.95:
            right.append((number, full_name(draw, one, place), place.registry))
    draw.shuffle(left)
    draw.shuffle(right)
    where = {number: row for row, (number, _, _) in enumerate(right)}
    truth = {(row, where[number]) for row, (number, _, _) in enumerate(left) if number in where}
    columns = ["organization", "municipality"]
    return (
        pd.DataFrame([row[1:] for row in left], columns=columns, dtype="str"),
        pd.DataFrame([row[1:] for row in right], columns=columns, dtype="str"),
        truth,
    )


def written_pairs(text: str) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[int, int]]]:
    """Two lists and the true pairs, from a text written by hand.

    `@ platform's | registry's spelling of a municipality`; `= platform's || registry's name` of one organization;
    `~` the same of two that must not be accepted; `p`, `r` a name on one side only.
    """
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    truth = set()
    places = ("", "")
    for line in filter(None, map(str.strip, text.splitlines())):
        mark, told = line[0], line[1:].strip()
        if mark == "@":
            first, second = (word.strip() for word in told.split("|"))
            places = (first, second)
            continue
        if mark in "=~":
            one, two = (word.strip() for word in told.split("||"))
            if mark == "=":
                truth.add((len(left), len(right)))
            left.append((one, places[0]))
            right.append((two, places[1]))
        else:
            (left if mark == "p" else right).append((told, places[mark == "r"]))
    columns = ["organization", "municipality"]
    return (
        pd.DataFrame(left, columns=columns, dtype="str"),
        pd.DataFrame(right, columns=columns, dtype="str"),
        truth,
    )
