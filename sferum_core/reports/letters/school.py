"""The letter of a municipal office to the head of one organization: own figures, what is missing, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sferum_core.indicators import INDICATORS, SHARE_INDICATORS, indicator_counts
from sferum_core.model import Period, Status
from sferum_core.next_steps import Support, next_steps
from sferum_core.norms import Level, NormProfile, Rule
from sferum_core.reports.letters.algorithm import TITLE, algorithm
from sferum_core.reports.letters.counts import BEHIND
from sferum_core.reports.letters.facts import municipality_facts, organization_facts, week_facts
from sferum_core.reports.letters.fields import LetterFields
from sferum_core.reports.letters.office import SUBJECT
from sferum_core.reports.letters.parts import Block, Letter, NewPage, Paragraph, Table
from sferum_core.reports.letters.phrases import line, norm_words, of, period_words, source_words
from sferum_core.wording import number, percent

NEEDS_LETTER = (Status.INACTIVE, *BEHIND)
"""Statuses that are written about; an office may ask for letters to all."""

_ALWAYS = ("teachers_registered", "teachers_active", "teachers_linked", "students_registered")
"""Indicators a letter shows even without a norm; the others are in the workbook."""

_VERDICTS: dict[Status, str] = {
    Status.INACTIVE: "имеет статус «Не активна»",
    Status.BELOW_NORM: "активна, но активность педагогов ниже нормы",
    Status.TARGET_MISSED: "активна, но целевое значение активности педагогов не достигнуто",
    Status.WITHIN_NORM: "активна, активность педагогов в пределах нормы",
    Status.TARGET_MET: "активна, целевое значение активности педагогов достигнуто",
    Status.LEADER: "входит в число лидеров по активности педагогов",
    Status.NO_NORM: "состоит на платформе; норма для организаций этого типа не задана",
    Status.NO_DATA: "состоит на платформе; данных для оценки активности нет",
}


class SchoolLetters:
    """Letters to organizations of one assessed table: what they share is worked out once for all of them."""

    def __init__(
        self,
        words: pd.DataFrame,
        profile: NormProfile,
        period: Period | str | None,
        fields: LetterFields,
        corrections: Mapping[str, str] | None = None,
    ) -> None:
        """`words` is the assessed table after `with_words`; `corrections` are the office's own genitives."""
        self._corrections = corrections
        self._rows: list[dict[Any, Any]] = words.to_dict("records")
        self._profile, self._period, self._fields = profile, period, fields
        self._support = Support(region=line(fields.region_support) or Support().region)
        self._counts: dict[str, tuple[list[Any], list[Any]]] = {}
        for code in SHARE_INDICATORS:
            found = indicator_counts(words, code, profile.denominator)
            if found is not None:
                self._counts[code] = (found[0].tolist(), found[1].tolist())

    def __len__(self) -> int:
        return len(self._rows)

    def statuses(self) -> Iterator[tuple[int, Status]]:
        """Places in the table with their status."""
        for place, row in enumerate(self._rows):
            yield place, Status(row["status"])

    def letter(self, place: int) -> Letter:
        """The letter to the organization in 0-based row `place`."""
        row = self._rows[place]
        status = Status(row["status"])
        kind = _text(row, "organization_type")
        rule = (
            self._profile.rule(Level.ORGANIZATION, kind or None, self._profile.main_indicator)
            if kind
            else None
        )
        name = _text(row, "organization") or "название не указано"
        body: list[Block] = [
            Paragraph("Уважаемый руководитель!", "greeting"),
            Paragraph(self._verdict(row, name, status)),
        ]
        table = self._table(place, kind)
        if table.rows:
            body += [Paragraph("Показатели организации:"), table]
        body += self._norm(row, status, rule)
        steps = next_steps(row, status, self._support)
        if steps:
            body.append(
                Paragraph(
                    f"Просим выполнить в срок до {self._fields.deadline_words} следующие действия:"
                    if status in NEEDS_LETTER
                    else "Рекомендуем следующие действия:"
                )
            )
            body += [Paragraph(f"{at}. {step.text}", "item") for at, step in enumerate(steps, 1)]
        elif status not in NEEDS_LETTER:
            body.append(Paragraph("Просим сохранить достигнутый уровень работы."))
        enclosed = status in NEEDS_LETTER
        return Letter(
            ("Руководителю", line(name, 300)),
            SUBJECT,
            body,
            self._fields,
            (f"{TITLE[0].lower()}{TITLE[1:]}, на 1 л. в 1 экз",) if enclosed else (),
            (NewPage(), *algorithm()) if enclosed else (),
            self._facts(row, [step.text for step in steps]),
        )

    def _facts(self, row: dict[Any, Any], steps: list[str]) -> dict[str, Any]:
        own = organization_facts(row)
        return {
            **week_facts(self._profile, self._period),
            **municipality_facts(_text(row, "municipality_shown"), self._corrections),
            "организация": own["название"],
            "id_организации": own["id"],
            **{key: own[key] for key in ("тип", "статус", "доля", "не_хватает")},
            "шаги": steps,
        }

    def _verdict(self, row: dict[Any, Any], name: str, status: Status) -> str:
        facts = [f"ID {line(identity, 60)}"] if (identity := _text(row, "organization_id")) else []
        where = _text(row, "municipality_shown")
        about = f" ({', '.join([*facts, line(where)])})" if facts or where else ""
        return (
            f"По статистике информационно-коммуникационной образовательной платформы «Сферум» "
            f"{period_words(self._period)} организация {line(name, 300)}{about} {_VERDICTS[status]}."
        )

    def _table(self, place: int, kind: str) -> Table:
        lines = []
        for code, (above, below) in self._counts.items():
            top, bottom = above[place], below[place]
            if pd.isna(top) or pd.isna(bottom):
                continue
            item = INDICATORS[code]
            rule = self._profile.rule(Level.ORGANIZATION, kind or None, code) if kind else None
            if rule is None and code not in (*_ALWAYS, self._profile.main_indicator):
                continue
            share = percent(int(top) / int(bottom)) if int(bottom) else "нет данных"
            lines.append(
                (
                    item.name,
                    f"{number(int(top))} из {number(int(bottom))}",
                    share,
                    norm_words(rule) if rule else "не задана",
                )
            )
        header = ("Показатель", "Человек", "Доля", "Норма и цель")
        return Table(header, lines, (78, 27, 20, 45), frozenset({1, 2}))

    def _norm(self, row: dict[Any, Any], status: Status, rule: Rule | None) -> list[Block]:
        """How many people are missing to the norm and to the target, and where the norm comes from."""
        if rule is None:
            return []
        found: list[str] = []
        for key, goal in (("missing_to_norm", "нормы"), ("missing_to_target", "целевого значения")):
            lacking = row.get(key)
            if status is not Status.INACTIVE and not pd.isna(lacking) and int(lacking) > 0:
                missing = of(int(lacking), "педагога", "педагогов")
                found.append(f"до {goal} {'– ' if found else 'не хватает '}{missing}")
        text = ""
        if found:
            joined = ", ".join(found)
            text = f"По показателю «{INDICATORS[self._profile.main_indicator].name}» {joined}. "
        if self._profile.source:
            text += source_words(self._profile.source)
        return [Paragraph(text.strip())] if text.strip() else []


def _text(row: dict[Any, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)
