"""The files of a package, part by part: each with its path and what makes it; nothing is made here yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache, partial

import pandas as pd

from sferum_core.charts.slide import slide_ranking
from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.model import OrganizationType, Status
from sferum_core.municipalities import municipality_leaders, organization_leaders
from sferum_core.norms import Level
from sferum_core.pictures import Heading, Picture, picture_of, png, svg
from sferum_core.reports.columns import indicator_header
from sferum_core.reports.comparison import comparison_workbook
from sferum_core.reports.findings import findings_workbook
from sferum_core.reports.letters import (
    NEEDS_LETTER,
    Annexes,
    Letter,
    SchoolLetters,
    annex_docx,
    chat_text,
    municipality_letter,
    region_letter,
)
from sferum_core.reports.letters.algorithm import TITLE as ALGORITHM
from sferum_core.reports.letters.algorithm import algorithm
from sferum_core.reports.letters.counts import for_letters
from sferum_core.reports.names import file_name, folder_name
from sferum_core.reports.organizations import (
    annex_from_words,
    annex_title,
    letter_order,
    organizations_from_words,
)
from sferum_core.reports.package_parts import Extra, Package, Part, PlannedFile
from sferum_core.reports.ready import Columns
from sferum_core.reports.staff import staff_workbook
from sferum_core.reports.summary import judged_types, summary_workbook
from sferum_core.reports.templates import TableFilling, fill_xlsx
from sferum_core.staff import doo_staff
from sferum_core.waiting import acting

DOCX_TITLE_CHARACTERS = 60


def annex_types(package: Package) -> list[tuple[int, OrganizationType, tuple[Status, ...]]]:
    """Number, type and statuses of the two annexes (000): not active, and behind the norm where there is one."""
    found = []
    for number, kind in enumerate((OrganizationType.PRESCHOOL, OrganizationType.SCHOOL), 1):
        rule = package.profile.rule(Level.ORGANIZATION, kind, package.profile.main_indicator)
        statuses: tuple[Status, ...] = (Status.INACTIVE,)
        if rule is not None:
            statuses += (Status.BELOW_NORM if rule.low_percent is not None else Status.TARGET_MISSED,)
        found.append((number, kind, statuses))
    return found


def annexes_of_letter(package: Package) -> Annexes:
    """What the letter encloses; nothing when the annexes are not in the package."""
    if Part.ANNEXES not in package.parts:
        return Annexes({})
    annexes = annex_types(package)
    return Annexes(
        {str(kind): number for number, kind, _ in annexes},
        [f"{annex_title(kind, statuses)}, в электронном виде" for _, kind, statuses in annexes],
    )


def wanted_files(package: Package) -> Iterator[PlannedFile]:
    for part, files in (
        (Part.SUMMARY, _summary),
        (Part.ANNEXES, _annexes),
        (Part.LEADERS, _leaders),
        (Part.STAFF, _staff),
        (Part.PICTURES, _pictures),
        (Part.FINDINGS, _findings),
        (Part.REGION_LETTER, _region_letter),
    ):
        if part in package.parts:
            yield from files(package)
    for extra in package.extras:
        path = _path(extra.folder, *extra.name, date=package.date, ending=extra.ending)
        yield PlannedFile(path, extra.build)
    for part, files in (
        (Part.MUNICIPALITIES, _municipalities),
        (Part.MUNICIPALITY_LETTERS, _municipality_letters),
        (Part.CHAT, _chats),
        (Part.SCHOOL_LETTERS, _school_letters),
    ):
        if part in package.parts:
            yield from files(package)


def _path(folder: str, *parts: str, date: dt.date | None, ending: str = "xlsx") -> str:
    name = file_name(*parts, date=date, ending=ending)
    inside = "/".join(folder_name(step) for step in folder.split("/") if step)
    return f"{inside}/{name}" if inside else name


def _summary(package: Package) -> Iterator[PlannedFile]:
    def build() -> bytes:
        by_type = {
            kind: package.compared(kind)[0] for kind in judged_types(package.assessed, package.profile)
        }
        return summary_workbook(
            package.words,
            package.profile,
            package.about("Итоги недели"),
            package.comparison,
            package.region,
            by_type,
        )

    yield PlannedFile(_path("", "Сводная книга", date=package.date), build)


def _annexes(package: Package) -> Iterator[PlannedFile]:
    for number, kind, statuses in annex_types(package):
        title = annex_title(kind, statuses)

        def build(
            number: int = number,
            kind: OrganizationType = kind,
            statuses: tuple[Status, ...] = statuses,
            title: str = title,
        ) -> bytes:
            return annex_from_words(
                package.words,
                package.profile,
                package.about(f"Приложение {number}. {title}"),
                kind,
                statuses,
                number=number,
                without_strangers=package.without_strangers,
            )

        yield PlannedFile(_path("", f"Приложение {number}", title, date=package.date), build)


def _leaders(package: Package) -> Iterator[PlannedFile]:
    def build() -> bytes:
        code = package.profile.main_indicator
        return comparison_workbook(
            package.comparison,
            package.region,
            package.profile,
            code,
            package.about("Лидеры недели"),
            municipality_leaders=municipality_leaders(package.comparison, package.profile),
            organization_leaders=organization_leaders(package.assessed, package.profile, code),
            brief=True,
        )

    yield PlannedFile(_path("", "Лидеры", date=package.date), build)


def _staff(package: Package) -> Iterator[PlannedFile]:
    def build() -> bytes:
        report, before = doo_staff(package.assessed), None
        if package.previous is not None:
            before = doo_staff(package.previous, report.indicator)
        return staff_workbook(report, package.about("Сотрудники ДОО"), before)

    yield PlannedFile(_path("", "Сотрудники ДОО", date=package.date), build)


def _pictures(package: Package) -> Iterator[PlannedFile]:
    """The ranking of each judged type, or of all together where none is judged."""
    code = package.profile.main_indicator
    for kind in judged_types(package.assessed, package.profile) or [""]:

        def picture(kind: str = kind) -> Picture:
            compared, total = package.compared(kind)
            region = None if pd.isna(total["share"]) else float(total["share"])
            told = [package.meta.region, package.meta.period_label, f"нормы: {package.meta.profile_title}"]
            drawn = slide_ranking(compared, region)
            heading = Heading(
                f"{indicator_header(code).removesuffix(', %')}: {kind or 'все типы организаций'}",
                " · ".join(part for part in told if part),
            )
            return picture_of(drawn.figure.to_dict(), heading, alt=drawn.alt, fonts=package.fonts)

        def in_png(picture: Callable[[], Picture] = picture) -> bytes:
            return png(picture(), package.fonts)

        def in_svg(picture: Callable[[], Picture] = picture) -> bytes:
            return svg(picture())

        for ending, build in (("png", in_png), ("svg", in_svg)):
            if ending == "svg" or package.fonts:
                path = _path("Картинки", "Рейтинг", kind, date=package.date, ending=ending)
                yield PlannedFile(path, build)


def _findings(package: Package) -> Iterator[PlannedFile]:
    export = package.export
    if export is not None:
        yield PlannedFile(
            _path("", "Замечания к выгрузке", date=package.date),
            lambda: findings_workbook(export, package.about("Замечания к выгрузке")),
        )


def forms(package: Package, template: bytes) -> list[Extra]:
    """The office's own xlsx filled for the region and for each municipality, as extras of the package.

    All are filled in a few processes when the first one is asked for.
    """
    whole = letter_order(package.belonging) if len(package.belonging) else package.belonging
    parts = [
        (package.meta.region or "Все организации", whole, letter_to_heads(package)),
        *_own_parts(package, whole),
    ]

    @cache
    def made() -> list[bytes]:
        return fill_xlsx(template, [TableFilling(rows, letter) for _, rows, letter in parts])

    def one(place: int) -> bytes:
        return made()[place]

    return [
        Extra((name,), partial(one, place), "По форме учреждения") for place, (name, _, _) in enumerate(parts)
    ]


def _own_parts(package: Package, whole: pd.DataFrame) -> list[tuple[str, pd.DataFrame, Letter]]:
    period, fields, own = package.meta.period, package.fields, package.corrections
    return [
        (name, rows, municipality_letter(rows, name, package.profile, period, fields, own))
        for name, rows in addressees(whole)
    ]


def _region_letter(package: Package) -> Iterator[PlannedFile]:
    path = _path("Письма", "Письмо руководителям", date=package.date, ending="docx")
    yield PlannedFile(path, letter=lambda: letter_to_heads(package))


def letter_to_heads(package: Package) -> Letter:
    """The one letter to all heads of municipal offices."""
    return region_letter(
        package.belonging,
        package.profile,
        package.meta.period,
        package.fields,
        annexes_of_letter(package),
    )


def municipalities(words: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Rows of each municipality by its shown name, in the order of the alphabet; rows without one together."""
    groups = words.groupby("municipality_shown", sort=False)
    return sorted(
        ((str(name), rows) for name, rows in groups), key=lambda pair: pair[0].casefold().replace("ё", "е")
    )


def addressees(words: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Municipalities to write to: rows that name none have nobody to be sent to, books and annexes hold them."""
    return [(name, rows) for name, rows in municipalities(words) if name != UNKNOWN_MUNICIPALITY]


def _municipalities(package: Package) -> Iterator[PlannedFile]:
    columns = Columns(package.words)
    named = package.words["municipality_shown"].to_frame().assign(place=range(len(package.words)))
    stranger = package.words["stranger"].astype(object)
    keys = [key for key in package.words.columns if key != "stranger"]
    for name, rows in municipalities(named):

        def build(name: str = name, rows: pd.DataFrame = rows) -> bytes:
            meta = package.about(f"Организации: {name}", f"муниципалитет: {name}")
            places = rows["place"].tolist()
            frame = pd.DataFrame(
                index=range(len(places)), columns=keys, dtype=object
            )  # its cells are in `ready`
            return organizations_from_words(
                frame.assign(stranger=stranger.iloc[places].array),
                package.profile,
                meta,
                one_municipality=True,
                ready=columns.part(places),
            )

        yield PlannedFile(_path("Муниципалитеты", name, date=package.date), build)


def _municipality_letters(package: Package) -> Iterator[PlannedFile]:
    for name, rows in addressees(for_letters(package.belonging)):

        def letter(name: str = name, rows: pd.DataFrame = rows) -> Letter:
            return municipality_letter(
                rows, name, package.profile, package.meta.period, package.fields, package.corrections
            )

        path = _path("Письма/Муниципалитетам", name, date=package.date, ending="docx")
        yield PlannedFile(path, letter=letter)
    if package.on_letterhead:
        yield from _annexes_of_municipalities(package)


def _annexes_of_municipalities(package: Package) -> Iterator[PlannedFile]:
    for name, _, letter in _own_parts(package, package.belonging):
        if letter.annex:
            path = _path("Письма/Муниципалитетам", name, "Приложения", date=package.date, ending="docx")
            title = f"Приложения к письму: {name}"
            yield PlannedFile(path, partial(annex_docx, letter.annex, title))


def _chats(package: Package) -> Iterator[PlannedFile]:
    for name, rows in addressees(for_letters(package.belonging)):

        def build(name: str = name, rows: pd.DataFrame = rows) -> bytes:
            text = chat_text(rows, package.profile, package.meta.period, package.fields, name)
            return text.replace("\n", "\r\n").encode("utf-8-sig")

        yield PlannedFile(_path("Тексты для чатов", name, date=package.date, ending="txt"), build)


def _school_letters(package: Package) -> Iterator[PlannedFile]:
    words = acting(package.belonging)
    wanted = words[words["status"].isin([status.value for status in NEEDS_LETTER])]
    letters = SchoolLetters(wanted, package.profile, package.meta.period, package.fields, package.corrections)
    missing = pd.Series(pd.NA, index=wanted.index, dtype="str")
    names = wanted.get("organization", missing).fillna("Без названия").tolist()
    ids = wanted.get("organization_id", missing).fillna("").tolist()
    if package.on_letterhead and names:
        path = _path("Письма/Организациям", "Приложение", "Алгоритм действий", date=None, ending="docx")
        yield PlannedFile(path, partial(annex_docx, algorithm(), ALGORITHM))
    for place, (name, identity, where) in enumerate(
        zip(names, ids, wanted["municipality_shown"].tolist(), strict=True)
    ):

        def letter(place: int = place) -> Letter:
            return letters.letter(place)

        folder = f"Письма/Организациям/{folder_name(where)}"
        short = str(name)[:DOCX_TITLE_CHARACTERS]
        path = _path(folder, short, str(identity)[:40], date=None, ending="docx")
        yield PlannedFile(path, letter=letter)
