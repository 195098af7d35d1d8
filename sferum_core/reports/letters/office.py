"""The letter of a region to heads of municipal offices, modelled on 000 (letter of 09.04.2024 № 1151)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sferum_core.indicators import INDICATORS
from sferum_core.model import Period, Status
from sferum_core.names.cases import Case, in_case
from sferum_core.next_steps import PLATFORM_SUPPORT
from sferum_core.norms import Level, NormProfile
from sferum_core.reports.columns import NO_NORM, NO_TARGET
from sferum_core.reports.letters.algorithm import algorithm
from sferum_core.reports.letters.counts import BEHIND, TypeCounts, by_type, municipality_list
from sferum_core.reports.letters.facts import municipality_facts, table_facts, week_facts
from sferum_core.reports.letters.fields import LetterFields
from sferum_core.reports.letters.parts import Block, Letter, NewPage, Paragraph, Table
from sferum_core.reports.letters.phrases import (
    TYPE_GENITIVE,
    TYPE_NOMINATIVE,
    behind_words,
    by_organizations,
    date_words,
    have,
    in_organizations,
    line,
    norm_words,
    period_words,
    source_words,
)
from sferum_core.reports.organizations import ANNEX_WORDS
from sferum_core.waiting import acting, waiting_words
from sferum_core.wording import NO_BREAK_SPACE, number, organizations, percent, plural

SUBJECT = "О работе образовательных организаций\nна платформе «Сферум»"
PLATFORM_IN_FULL = (
    "информационно-коммуникационной образовательной платформе «Сферум» (далее – платформа «Сферум»)"
)
HEADS = (
    "Руководителям",
    "органов местного самоуправления,",
    "осуществляющих управление",
    "в сфере образования",
)


@dataclass(frozen=True)
class Annexes:
    """Numbers of the annexes that hold the lists, by type of organization; empty for none."""

    by_type: Mapping[str, int]
    titles: Sequence[str] = ()

    def named(self, *kinds: str) -> str:
        """« (приложение 1)», «» when there is none."""
        numbers = sorted({self.by_type[kind] for kind in kinds if kind in self.by_type})
        if not numbers:
            return ""
        word = "приложение" if len(numbers) == 1 else "приложения"
        return f" ({word} {', '.join(map(str, numbers))})"


NO_ANNEXES = Annexes({})


def region_letter(
    words: pd.DataFrame,
    profile: NormProfile,
    period: Period | str | None,
    fields: LetterFields,
    annexes: Annexes = NO_ANNEXES,
) -> Letter:
    """The letter to all heads of municipal offices. `words` is the assessed table after `with_words`."""
    counted = by_type(acting(words), profile)
    body: list[Block] = [Paragraph(_opening(fields, period)), *_unanswered(fields), *_norms(profile, counted)]
    body.append(Paragraph(f"По статистике платформы «Сферум» {period_words(period)}:"))
    body += _by_types(counted, profile, annexes, with_municipalities=True)
    body += _waiting(words)
    if not len(words):
        body.append(Paragraph("в выгрузке за этот период нет ни одной организации.", "item"))
    body += _requests(counted, fields, annexes)
    facts = {**week_facts(profile, period), **table_facts(words)}
    return Letter(HEADS, SUBJECT, body, fields, tuple(annexes.titles), facts=facts)


def municipality_letter(
    words: pd.DataFrame,
    municipality: str,
    profile: NormProfile,
    period: Period | str | None,
    fields: LetterFields,
    corrections: Mapping[str, str] | None = None,
) -> Letter:
    """The letter to the head of one municipal office: `words` holds the rows of that municipality only.

    Lists of its organizations are annexes in the same document. `corrections` are the office's own genitives.
    """
    name = line(municipality)
    whose = addressed(name, corrections)
    counted = by_type(acting(words), profile)
    listed = [counts for counts in counted if counts.count(Status.INACTIVE, *BEHIND)]
    numbers = {counts.organization_type: place for place, counts in enumerate(listed, 1)}
    titles = [
        f"{_list_title(counts)}, {organizations(counts.count(Status.INACTIVE, *BEHIND))}" for counts in listed
    ]
    inactive = sum(counts.count(Status.INACTIVE) for counts in counted)
    if inactive:
        titles.append("Алгоритм действий по активации организации на платформе «Сферум»")
    annexes = Annexes(numbers, titles)
    body: list[Block] = [Paragraph(_opening(fields, period)), *_norms(profile, counted)]
    body.append(
        Paragraph(
            f"По статистике платформы «Сферум» {period_words(period)} в Вашем муниципалитете ({name}) "
            f"на платформе {plural(len(words), 'состоит', 'состоят', 'состоит')} "
            f"{organizations(len(words))}, в том числе:"
            if len(words)
            else f"По статистике платформы «Сферум» {period_words(period)} организаций Вашего муниципалитета "
            f"({name}) на платформе нет."
        )
    )
    body += _by_types(counted, profile, annexes, with_municipalities=False)
    body += _waiting(words)
    body += _requests(counted, fields, annexes, algorithm_number=len(titles) if inactive else None)
    annex: list[Block] = []
    for counts in listed:
        annex += [NewPage(), *_list_annex(counts, numbers[counts.organization_type])]
    if inactive:
        annex += [NewPage(), *algorithm(len(titles))]
    addressee = (
        "Руководителю",
        "органа местного самоуправления,",
        "осуществляющего управление",
        "в сфере образования",
    )
    facts = {**week_facts(profile, period), **table_facts(words), **municipality_facts(name, corrections)}
    return Letter((*addressee, whose), SUBJECT, body, fields, tuple(titles), tuple(annex), facts)


def addressed(name: str, corrections: Mapping[str, str] | None = None) -> str:
    """Whose head is written to: the genitive, or the nominative in brackets where the genitive is only a guess."""
    form = in_case(name, Case.GENITIVE, corrections)
    return form.text if form.sure else f"(муниципалитет: {line(name)})"


def _list_title(counts: TypeCounts) -> str:
    """«Дошкольные образовательные организации: не активные и ниже нормы»."""
    words = [ANNEX_WORDS[status] for status in (Status.INACTIVE, *BEHIND) if counts.count(status)]
    return f"{_capital(_kind(counts))}: {' и '.join(words)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _opening(fields: LetterFields, period: Period | str | None) -> str:
    if not fields.names_earlier:
        return f"Направляем сведения о работе образовательных организаций на {PLATFORM_IN_FULL}."
    day = date_words(fields.earlier_date) if fields.earlier_date else fields.word("earlier_date")
    return (
        f"В продолжение письма от {day} № {fields.word('earlier_number')} направляем сведения о работе "
        f"образовательных организаций на {PLATFORM_IN_FULL}."
    )


def _unanswered(fields: LetterFields) -> list[Block]:
    """Who has not answered the earlier letter, as the office asked to name them."""
    names = [line(name, 200) for name in fields.unanswered]
    if not names or not fields.names_earlier:
        return []
    whose = "муниципалитета" if len(names) == 1 else "следующих муниципалитетов"
    return [
        Paragraph(
            f"До настоящего времени ответ на указанное письмо не поступил от {whose}: {', '.join(names)}."
        )
    ]


def _norms(profile: NormProfile, counted: Sequence[TypeCounts]) -> list[Block]:
    """Which indicator judges, and each type's norm (000: «для дошкольных … определен от 2,5% – 5%»)."""
    indicator = INDICATORS[profile.main_indicator].name
    rules = [counts for counts in counted if counts.rule is not None]
    source = source_words(profile.source)
    if not rules:
        goal = profile.rule(Level.MUNICIPALITY, None, profile.main_indicator)
        told = f" Для муниципалитета и региона {norm_words(goal)}." if goal is not None else ""
        return [
            Paragraph(
                f"Активность педагогических работников определяется показателем «{indicator}». "
                f"Для отдельных организаций норма не задана.{told} {source}".rstrip()
            )
        ]
    blocks: list[Block] = [
        Paragraph(f"Активность педагогических работников определяется показателем «{indicator}»:")
    ]
    for place, counts in enumerate(rules, 1):
        assert counts.rule is not None
        end = "." if place == len(rules) else ";"
        whom = TYPE_GENITIVE.get(counts.organization_type, counts.organization_type)
        blocks.append(Paragraph(f"для {whom} {norm_words(counts.rule)}{end}", "subitem"))
    if source:
        blocks.append(Paragraph(source))
    return blocks


def inactive_meaning(rows: pd.DataFrame, profile: NormProfile) -> str:
    """What «Не активна» means here: the file's word, or the profile's rule."""
    by_rule = bool(len(rows)) and bool((rows["active_by"] == "rule").fillna(False).all())
    if by_rule:
        return f"по правилу активности: организация активна, если {profile.activity_rule.label}"
    return (
        "в организации зарегистрирован только администратор или зарегистрированных пользователей нет"
        if profile.activity_rule != "three_teachers"
        else "так указано в выгрузке платформы"
    )


def _by_types(
    counted: Sequence[TypeCounts], profile: NormProfile, annexes: Annexes, *, with_municipalities: bool
) -> list[Block]:
    """A numbered point a type. Types without a norm and without anything to say share one sentence."""
    blocks: list[Block] = []
    explained = False
    place = 0
    quiet: list[str] = []
    for counts in counted:
        told = _told(counts, profile, explain=not explained, with_municipalities=with_municipalities)
        explained = explained or bool(counts.count(Status.INACTIVE))
        kind = _kind(counts)
        if not told:
            quiet.append(f"{kind}{NO_BREAK_SPACE}–{NO_BREAK_SPACE}{number(counts.total)}")
            continue
        place += 1
        blocks.append(
            Paragraph(
                f"{place}) {kind}{annexes.named(counts.organization_type)}, всего{NO_BREAK_SPACE}{number(counts.total)}:",
                "item",
            )
        )
        ends = [";"] * (len(told) - 1) + ["."]
        blocks += [Paragraph(f"– {text}{end}", "subitem") for text, end in zip(told, ends, strict=True)]
    if quiet:
        blocks.append(
            Paragraph(f"Организаций со статусом «Не активна» нет, норма не задана: {', '.join(quiet)}.")
        )
    return blocks


def _waiting(words: pd.DataFrame) -> list[Block]:
    """Those that wait for deactivation, counted apart from the points above."""
    count = len(words) - len(acting(words))
    if not count:
        return []
    return [
        Paragraph(
            f"Отдельно: {waiting_words(count)}. В общее число организаций они входят, в пункты выше и в списки – нет; "
            "действий от них не требуется.",
            "item",
        )
    ]


def _kind(counts: TypeCounts) -> str:
    return TYPE_NOMINATIVE.get(
        counts.organization_type, f"организации типа «{line(counts.organization_type)}»"
    )


def _told(counts: TypeCounts, profile: NormProfile, *, explain: bool, with_municipalities: bool) -> list[str]:
    """What there is to say about the organizations of one type."""
    inactive, behind = counts.with_status(Status.INACTIVE), counts.with_status(*BEHIND)
    no_data = counts.with_status(Status.NO_DATA)
    told: list[str] = []
    if len(inactive):
        text = f"{organizations(len(inactive))} {have(len(inactive))} статус «Не активна»"
        if explain:
            text += f" ({inactive_meaning(inactive, profile)})"
        if with_municipalities:
            text += f" в следующих муниципалитетах: {municipality_list(inactive)}"
        told.append(text)
    elif counts.rule is not None:
        told.append("организаций со статусом «Не активна» нет")
    if counts.rule is not None:
        mark = behind_words(counts.rule)
        below = "ниже нормы" if counts.rule.low_percent is not None else "ниже целевого значения"
        if len(behind):
            text = f"в {in_organizations(len(behind))} активность работы педагогов {below} ({mark})"
            if with_municipalities:
                text += f" в следующих муниципалитетах: {municipality_list(behind)}"
            told.append(text)
        else:
            told.append(f"организаций с активностью педагогов {below} ({mark}) нет")
    elif told and counts.organization_type:
        told.append("норма для организаций этого типа не задана")
    if len(no_data):
        told.append(f"по {by_organizations(len(no_data))} данных нет, оценить активность нельзя")
    return told


def _requests(
    counted: Sequence[TypeCounts],
    fields: LetterFields,
    annexes: Annexes,
    *,
    algorithm_number: int | None = None,
) -> list[Block]:
    """What to do by when (000, «Повышение показателей активности»; 001)."""
    inactive = [counts for counts in counted if counts.count(Status.INACTIVE)]
    behind = [counts for counts in counted if counts.count(*BEHIND)]
    good = any(counts.count(Status.WITHIN_NORM, Status.TARGET_MET, Status.LEADER) for counts in counted)
    aim = (
        "Для повышения показателей просим"
        if inactive or behind
        else "Отстающих организаций нет. Для сохранения достигнутых показателей просим"
        if good
        else "Просим"
    )
    blocks: list[Block] = [Paragraph(f"{aim} в срок до {fields.deadline_words}:")]
    steps: list[list[str]] = [
        [
            "Провести сверку организаций, зарегистрированных на платформе «Сферум»:",
            "– если организация реорганизована или ликвидирована, направить в службу поддержки платформы "
            f"«Сферум» ({PLATFORM_SUPPORT}) официальный запрос на деактивацию организации, приложив документ "
            "о ликвидации и заявку на удаление сообщества за подписью руководителя и печатью организации "
            "с обязательным указанием ID организации;",
            "– если неверно указаны тип организации или территориальная принадлежность, сообщить об этом "
            f"{fields.support_words}.",
        ]
    ]
    if inactive:
        where = annexes.named(*[counts.organization_type for counts in inactive])
        how = (
            f" по алгоритму (приложение {algorithm_number})"
            if algorithm_number
            else ", начиная с регистрации педагогов"
        )
        steps.append([f"Обеспечить активацию организаций, имеющих статус «Не активна»{where}{how}."])
    if behind:
        where = annexes.named(*[counts.organization_type for counts in behind])
        steps.append(
            [
                f"В организациях с активностью ниже установленной{where} перевести на платформу «Сферум» рабочие "
                "чаты педагогов, создать чаты с обучающимися и родителями, вести канал для сотрудников."
            ]
        )
    if not counted:
        steps = [["Зарегистрировать образовательные организации на платформе «Сферум»."]]
    steps.append(
        [
            "Взять на контроль активность организаций: еженедельно рассматривать статистику платформы "
            "(monitoring.sferum.ru, личный кабинет администратора организации)."
        ]
    )
    for place, (first, *rest) in enumerate(steps, 1):
        blocks.append(Paragraph(f"{place}. {first}", "item"))
        blocks += [Paragraph(text, "subitem") for text in rest]
    return blocks


def _list_annex(counts: TypeCounts, number_of: int) -> list[Block]:
    rows = counts.with_status(Status.INACTIVE, *BEHIND)
    order = {status.value: place for place, status in enumerate(Status)}
    rows = rows.assign(_order=rows["status"].map(order)).sort_values(["_order"], kind="stable")
    return [
        Paragraph(f"Приложение {number_of}", "annex"),
        Paragraph(_list_title(counts), "heading"),
        organization_table(rows),
    ]


def organization_table(rows: pd.DataFrame) -> Table:
    """№, name with ID, status, share, missing to the norm."""
    names = rows["organization"] if "organization" in rows.columns else pd.Series(pd.NA, index=rows.index)
    ids = rows["organization_id"] if "organization_id" in rows.columns else pd.Series(pd.NA, index=rows.index)
    missing = rows["missing_to_norm"].where(rows["missing_to_norm"].notna(), rows["missing_to_target"])
    only_target = rows["why_no_norm"].eq(NO_NORM) & rows["why_no_target"].ne(NO_TARGET)
    reasons = rows["why_no_target"].where(only_target, rows["why_no_norm"])
    lines = []
    for place, (name, identity, status, share, lacking, reason) in enumerate(
        zip(names, ids, rows["status"], rows["main_share"], missing, reasons, strict=True), 1
    ):
        lines.append(
            (
                str(place),
                "название не указано" if pd.isna(name) else line(name, 300),
                "не указан" if pd.isna(identity) else line(identity, 60),
                Status(status).label,
                percent(None if pd.isna(share) else float(share)),
                reason if pd.isna(lacking) else number(int(lacking)),
            )
        )
    header = ("№", "Организация", "ID", "Статус", "Доля", "Не хватает, чел.")
    return Table(header, lines, (10, 63, 24, 27, 22, 24), frozenset({0, 4, 5}))


__all__ = ["Annexes", "addressed", "municipality_letter", "organization_table", "region_letter"]
