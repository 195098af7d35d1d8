"""The invented demo region, from a seed: organizations, their six weeks, one school's teachers."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scripts import demo_names as names
from scripts.demo_names import Municipality

SEED = 2024
WEEK_ENDS = tuple(dt.date(2024, 4, 4) - dt.timedelta(days=7 * back) for back in range(5, -1, -1))
# The week 22–28 March has the school holidays in it, the one of 8 March is a day shorter.
WEEK_MOODS = (0.86, 0.9, 0.84, 0.98, 0.47, 1.06)
TEACHER_DATES = (dt.date(2024, 3, 28), dt.date(2024, 4, 2), dt.date(2024, 4, 4))


@dataclass(frozen=True)
class Organization:
    """What does not change from week to week."""

    organization_id: str
    name: str
    type: str  # as the export states it; "" when it states nothing
    municipality: str  # as this row of the export spells it
    home: Municipality
    teachers_total: int
    students_total: int | None
    joined: float  # part of the staff list that is registered
    linked: float  # part of the registered that linked the electronic journal
    activity: float  # chance that a registered teacher writes 10 messages in an ordinary week
    inactive_until: int  # number of the first week in which it is active; 99 for never
    overflow: bool = False  # more active than registered, as happens in real exports


@dataclass(frozen=True)
class TeacherRow:
    """A row of «По учителям»: messages and calls of the 7 days that end on `date`."""

    date: dt.date
    full_name: str
    linked: bool
    messages: int
    calls: int


@dataclass
class Week:
    """One week of the region: organizations in the order of the export, and their figures by field."""

    end: dt.date
    rows: list[tuple[Organization, dict[str, int | str | None]]] = field(default_factory=list)

    @property
    def start(self) -> dt.date:
        """The Friday that opens the week."""
        return self.end - dt.timedelta(days=6)


# Parts of 1 for the types of a municipality, cities and districts apart: ДОО, ОО, ДОД.
CITY_PARTS = (0.53, 0.31, 0.1)
DISTRICT_PARTS = (0.42, 0.49, 0.09)


def _adjective(rng: random.Random) -> str:
    start, root = rng.choice(names.VILLAGE_STARTS), rng.choice(names.VILLAGE_ROOTS)
    return f"{start}{root}"


def _kindergarten(rng: random.Random, number: int, home: Municipality) -> str:
    flower = names.KINDERGARTENS[(number * 7 + home.size) % len(names.KINDERGARTENS)]
    if home.city:
        return rng.choice(
            [
                f"МБДОУ «Детский сад № {number}»",
                f"МАДОУ «Детский сад № {number} «{flower}»",
                f"МБДОУ д/с № {number} «{flower}» г. {home.city}",
                f"Детский сад № {number} г. {home.city} МКДОУ",
                f"МАДОУ «ЦРР – детский сад № {number}»",
            ]
        )
    return rng.choice(
        [
            f"МБДОУ «Детский сад «{flower}» с. {_adjective(rng).capitalize()}ое",
            f"МКДОУ «{_adjective(rng)}ий детский сад «{flower}»",
            f"МКДОУ детский сад № {number} «{flower}»",
        ]
    )


def _school(rng: random.Random, number: int, home: Municipality) -> str:
    if home.city:
        if number == 1:
            return f"МАОУ «Гимназия № 1» г. {home.city}"
        if number == 2:
            return f"МАОУ «Лицей № 2» г. {home.city}"
        return rng.choice([f"МБОУ «СОШ № {number}» г. {home.city}", f"МАОУ СОШ № {number} г. {home.city}"])
    village = _adjective(rng)
    return rng.choices(
        [
            f"МБОУ «{village}ая СОШ»",
            f"МКОУ «{village}ая ООШ»",
            f"МБОУ «{village}ая НОШ»",
            f"МБОУ СОШ с. {village}ое",
        ],
        weights=[5, 3, 1, 2],
    )[0]


def _size(rng: random.Random, kind: str, city: bool) -> tuple[int, int | None]:
    """Head counts of teachers and students; kindergartens have no students on the platform."""
    if kind == "ДОО":
        return (rng.randint(16, 46) if city else rng.randint(4, 24)), None
    if kind == "ОО":
        teachers = rng.randint(34, 96) if city else rng.randint(9, 38)
        return teachers, int(teachers * rng.uniform(9, 16))
    if kind == "СПО":
        teachers = rng.randint(28, 90)
        return teachers, int(teachers * rng.uniform(9, 14))
    if kind == "ДПО":
        return rng.randint(8, 30), None
    teachers = rng.randint(12, 48) if city else rng.randint(5, 20)
    return teachers, int(teachers * rng.uniform(14, 26))


def _activity(rng: random.Random, kind: str, mood: float) -> float:
    if kind == "ДОО":  # most write little, a few a lot
        share = rng.betavariate(0.55, 22) if rng.random() < 0.9 else rng.betavariate(3, 14)
    elif kind == "ОО":
        share = rng.betavariate(1.7, 6.5)
    elif kind == "СПО":
        share = rng.betavariate(1.6, 9)
    else:
        share = rng.betavariate(1, 14)
    return min(share * mood, 0.92)


def _organization(rng: random.Random, serial: int, name: str, kind: str, home: Municipality) -> Organization:
    teachers, students = _size(rng, kind, bool(home.city))
    asleep = {"ДОО": 0.135, "ОО": 0.03, "СПО": 0.05, "ДПО": 0.12, "ДОД": 0.18}[kind]
    if home.mood < 0.6:
        asleep *= 2.2
    spelling = rng.choice(home.spellings) if home.spellings and rng.random() < 0.06 else home.name
    return Organization(
        organization_id=f"{4100 + serial * 37:08d}",
        name=name,
        type=kind,
        municipality=spelling,
        home=home,
        teachers_total=teachers,
        students_total=students,
        joined=min(1.0, rng.betavariate(9, 1.6)),
        linked=rng.betavariate(7, 2.2),
        activity=_activity(rng, kind, home.mood),
        inactive_until=rng.choices([99, 1, 2, 3, 4, 5], weights=[70, 5, 6, 6, 5, 8])[0]
        if rng.random() < asleep
        else 0,
    )


def _unique(name: str, taken: set[str]) -> str:
    """`name`, with the number of a branch of the village where it is taken already."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} (корпус {number})", number + 1
    taken.add(candidate)
    return candidate


def _municipality_organizations(
    rng: random.Random, home: Municipality, serials: Iterator[int]
) -> list[Organization]:
    parts = CITY_PARTS if home.city else DISTRICT_PARTS
    preschools, schools = round(home.size * parts[0]), round(home.size * parts[1])
    clubs = max(1, min(round(home.size * parts[2]), len(names.CLUBS)))
    rest = home.size - preschools - schools - clubs
    if rest < 0 or not home.city:
        schools, rest = schools + rest, 0
    taken: set[str] = set()
    found: list[Organization] = []

    def add(name: str, kind: str) -> None:
        found.append(_organization(rng, next(serials), _unique(name, taken), kind, home))

    for number in range(1, preschools + 1):
        add(_kindergarten(rng, number, home), "ДОО")
    for number in range(1, schools + 1):
        add(_school(rng, number, home), "ОО")
    for number in range(clubs):
        form = "МБУ ДО" if rng.random() < 0.8 else "МАУ ДО"
        add(f"{form} «{names.CLUBS[number]}»", "ДОД")
    for number in range(rest):
        if number == rest - 1 and rest > 2:
            add(f"МАУ ДПО «Учебно-методический центр» г. {home.city}", "ДПО")
        else:
            college = names.COLLEGES[number % len(names.COLLEGES)]
            title = home.city.removeprefix("ЗАТО ").removesuffix("а") + "ий"
            add(f"ОГБПОУ «{title} {college}»", "СПО")
    return found


def _troubles(rng: random.Random, organizations: list[Organization]) -> list[Organization]:
    """Puts in what real lists have: over 100 %, a wrong legal form, a doubtful type."""
    by_type = {kind: [i for i, o in enumerate(organizations) if o.type == kind] for kind in ("ДОО", "ОО")}
    awake = [i for i in by_type["ДОО"] if not organizations[i].inactive_until]
    for i in rng.sample(awake, 4):
        organizations[i] = replace(organizations[i], overflow=True, joined=0.12)
    rural = [i for i in by_type["ОО"] if not organizations[i].home.city]
    wrong, mixed, closed = rng.sample(rural, 3)
    organizations[wrong] = replace(organizations[wrong], name="МБДОУ «Верхнеключевская средняя школа»")
    organizations[mixed] = replace(
        organizations[mixed], name="МБОУ «Начальная школа – детский сад № 7»", type=""
    )
    organizations[closed] = replace(
        organizations[closed], name="МБОУ «Старомостовская ООШ» (реорганизована)", inactive_until=99
    )
    return organizations


def _strangers(rng: random.Random, serials: Iterator[int]) -> list[Organization]:
    """Test organizations and education offices, which the platform lists among the rest."""
    city, lake, district = (names.MUNICIPALITIES[i] for i in (0, 7, 10))
    found = []
    for name, kind, home in (
        ("тест ДС", "ДОО", city),
        ("МОУ ДЕМО СОШ № 1", "ОО", city),
        ("Управление образования администрации города Лугоборска", "", city),
        ("Отдел образования администрации Озёрного района", "", lake),
        ("Тестовая школа", "ОО", district),
    ):
        made = _organization(rng, next(serials), name, kind or "ДОД", home)
        found.append(
            replace(
                made,
                type=kind,
                municipality=home.name,
                students_total=None,
                teachers_total=6,
                inactive_until=0,
            )
        )
    return found


def organizations(seed: int = SEED) -> list[Organization]:
    """About 1,200 organizations, by municipality, in the order in which an export lists them."""
    rng = random.Random(seed)
    serials = iter(range(1, 10_000))
    made = [o for home in names.MUNICIPALITIES for o in _municipality_organizations(rng, home, serials)]
    made = _troubles(rng, made) + _strangers(rng, serials)
    order = {home.name: i for i, home in enumerate(names.MUNICIPALITIES)}
    return sorted(made, key=lambda o: order[o.home.name])


def _count(rng: random.Random, size: int, chance: float) -> int:
    """How many of `size` do what each does with this chance."""
    return sum(rng.random() < chance for _ in range(size))


def _figures(rng: random.Random, organization: Organization, week: int) -> dict[str, int | str | None]:
    asleep = week < organization.inactive_until
    o, mood = organization, WEEK_MOODS[week]
    total = o.teachers_total
    registered = 0 if asleep else max(2, round(total * o.joined * (0.93 + 0.014 * week)))
    if asleep and rng.random() < 0.25:
        registered = 1
    chance = min(o.activity * mood * rng.uniform(0.85, 1.15), 1.0)
    ten = _count(rng, registered, chance)
    three = ten + _count(rng, registered - ten, min(chance * 1.4, 0.9))
    active = three + _count(rng, registered - three, min(chance * 1.2, 0.9))
    one_call = _count(rng, three, 0.22 * mood)
    if o.overflow:
        active = registered + rng.randint(1, 4)
        ten = three = min(active, registered + 1)
    students = o.students_total
    students_registered = (
        None if students is None else (0 if asleep else round(students * min(o.joined, 0.9) * 0.82))
    )
    students_linked = None if students_registered is None else round(students_registered * o.linked * 0.9)
    students_active = None
    if students_registered is not None:
        students_active = round(students_registered * min(0.95, (0.12 + chance * 1.3) * mood))
    return {
        "status": "Не активна" if asleep else "Активна",
        "admins_registered": 0
        if asleep and rng.random() < 0.3
        else rng.choices([1, 2, 3], weights=[7, 3, 1])[0],
        "teachers_total": total,
        "teachers_registered": min(registered, total),
        "teachers_active": active,
        "teachers_linked": round(min(registered, total) * o.linked * (0.9 + 0.02 * week)),
        "teachers_created_chat": _count(rng, three, 0.45),
        "teachers_3_messages": three,
        "teachers_10_messages": ten,
        "teachers_1_call": one_call,
        "teachers_3_calls": _count(rng, one_call, 0.3),
        "students_total": students,
        "students_registered": students_registered,
        "students_linked": students_linked,
        "students_active": students_active,
    }


def teachers_organization(all_organizations: list[Organization]) -> Organization:
    """The organization whose «По учителям» file the demo has: the largest active school of the main city."""
    schools = [
        o
        for o in all_organizations
        if o.type == "ОО" and o.home.size == 176 and "СОШ" in o.name and not o.inactive_until
    ]
    return max(
        (o for o in schools if "ДЕМО" not in o.name), key=lambda o: (-abs(o.teachers_total - 62), o.name)
    )


def teacher_rows(seed: int = SEED) -> list[TeacherRow]:
    """Some sixty invented teachers of one school on three dates; two of them share a full name."""
    rng = random.Random(seed + 1)
    size = teachers_organization(organizations(seed)).teachers_total
    people: list[str] = []
    while len(people) < size - 1:
        parts: tuple[tuple[str, ...], ...]
        if rng.random() < 0.86:
            parts = names.FEMALE_SURNAMES, names.FEMALE_NAMES, names.FEMALE_PATRONYMICS
        else:
            parts = names.MALE_SURNAMES, names.MALE_NAMES, names.MALE_PATRONYMICS
        person = " ".join(rng.choice(part) for part in parts)
        if person not in people:
            people.append(person)
    people.append(people[7])  # a full name is no key
    people.sort()
    rows = []
    habits = [(rng.random() < 0.78, rng.betavariate(0.5, 2.2) * 60, rng.random() < 0.15) for _ in people]
    for date, mood in zip(TEACHER_DATES, (0.4, 0.8, 1.0), strict=True):
        for person, (linked, messages, calls) in zip(people, habits, strict=True):
            count = int(messages * mood * rng.uniform(0.7, 1.3)) if messages > 3 else 0
            rows.append(TeacherRow(date, person, linked, count, rng.randint(1, 4) if calls and count else 0))
    return rows


def _from_teachers(rows: list[TeacherRow]) -> dict[str, int | str | None]:
    """The school's figures of the newest week, counted from its teachers, so that both files agree."""
    last = [row for row in rows if row.date == TEACHER_DATES[-1]]
    return {
        "teachers_total": len(last),
        "teachers_registered": len(last),
        "teachers_active": sum(row.messages > 0 for row in last),
        "teachers_linked": sum(row.linked for row in last),
        "teachers_created_chat": sum(row.messages >= 20 for row in last),
        "teachers_3_messages": sum(row.messages >= 3 for row in last),
        "teachers_10_messages": sum(row.messages >= 10 for row in last),
        "teachers_1_call": sum(row.calls >= 1 for row in last),
        "teachers_3_calls": sum(row.calls >= 3 for row in last),
    }


def weeks(seed: int = SEED) -> list[Week]:
    """The six weeks, oldest first. A few organizations appear or leave the list on the way."""
    every = organizations(seed)
    school = teachers_organization(every)
    counted = _from_teachers(teacher_rows(seed))
    found = []
    for number, end in enumerate(WEEK_ENDS):
        rng = random.Random(seed * 100 + number)
        week = Week(end)
        for position, organization in enumerate(every):
            figures = _figures(rng, organization, number)
            absent = (position % 301 == 17 and number < 2) or (position % 397 == 23 and number > 3)
            if absent:
                continue
            if organization is school and number == len(WEEK_ENDS) - 1:
                figures |= counted
            week.rows.append((organization, figures))
        found.append(week)
    return found
