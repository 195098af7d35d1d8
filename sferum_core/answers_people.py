"""The answer first, for the pages about people, lessons and calls: sentences with figures, never a name."""

from __future__ import annotations

import pandas as pd

from sferum_core.answers import escape_markdown
from sferum_core.calls import LEAST_PARTICIPANTS, CallReport, duration_words
from sferum_core.lessons import LessonReport
from sferum_core.teachers import TeacherReport
from sferum_core.wording import NO_BREAK_SPACE, counted, number, percent, plural, teachers


def _bold(text: str) -> str:
    return f"**{text}**"


def teachers_answer(report: TeacherReport) -> str:
    """How many teachers wrote 10 and 3 messages, who is close, who is silent; without a date when there is none."""
    total = report.teachers
    day = f"На {report.date:%d.%m.%Y} в" if report.date else "В"
    if not total:
        return f"{day} файле нет ни одного педагога."
    sentences = [f"{day} файле {_bold(teachers(total))}."]
    ten, three = report.count("teachers_10_messages"), report.count("teachers_3_messages")
    if ten is not None and three is not None:
        wrote = plural(ten, "написал", "написали", "написали")
        sentences.append(
            f"Не менее 10 сообщений за 7 дней {wrote} {_bold(number(ten))} "
            f"({percent(report.share('teachers_10_messages'))}), не менее трёх – {_bold(number(three))} "
            f"({percent(report.share('teachers_3_messages'))})."
        )
        near = report.near("teachers_10_messages")
        if near:
            sentences.append(
                f"Почти у порога {_bold(number(near))}: до десяти не хватает от одного до трёх сообщений."
            )
        silent = int((report.people["messages"] == 0).sum())
        if silent:
            sentences.append(
                f"Не {plural(silent, 'писал', 'писали', 'писали')} ничего {_bold(number(silent))}."
            )
    else:
        sentences.append("Числа сообщений в файле нет.")
    return " ".join(sentences)


def lessons_answer(report: LessonReport) -> str:
    """The share of distance lessons, where most are and where none."""
    total = report.total
    lessons, distance = total["lessons_total"], total["lessons_distance"]
    if pd.isna(lessons) and pd.isna(distance):
        return "В файле нет числа уроков: показать можно только то, что в нём есть."
    sentences = []
    if pd.isna(lessons) or pd.isna(distance):
        known = "уроков" if pd.isna(distance) else "дистанционных уроков"
        value = lessons if pd.isna(distance) else distance
        sentences.append(f"В файле есть только число {known}: {_bold(number(value))}.")
    else:
        of = f"{number(lessons)}{NO_BREAK_SPACE}{plural(int(lessons), 'урока', 'уроков', 'уроков')}"
        held = plural(int(distance), "проведён", "проведены", "проведено")
        share = percent(total["share_distance"], _digits(total["share_distance"]))
        sentences.append(f"Из {of} дистанционно {held} {_bold(number(distance))} ({_bold(share)}).")
    rows = report.organizations
    if len(rows) > 1 and "lessons_distance" in rows:
        none = int((rows["lessons_distance"] == 0).sum())
        best = rows[rows["rank"] == 1]
        if len(best) == 1 and best["share_distance"].iloc[0] > 0:
            name = best.iloc[0].get("organization")
            if isinstance(name, str):
                share = percent(best["share_distance"].iloc[0], _digits(best["share_distance"].iloc[0]))
                sentences.append(f"Больше всего – {escape_markdown(name)}: {_bold(share)}.")
        if none:
            count = counted(none, "организации", "организациях", "организациях")
            sentences.append(f"Ни одного дистанционного урока – в {_bold(count)}.")
    planned, actual = total["participants_planned"], total["participants_actual"]
    if not pd.isna(planned) and not pd.isna(actual) and planned:
        sentences.append(
            f"Планировалось участников: {number(planned)}, пришло {_bold(number(actual))} "
            f"({percent(total['share_attended'])})."
        )
    return " ".join(sentences)


def _digits(share: object) -> int:
    """Two decimals for shares below 1 %: 1 of 612 is 0,16 %, not 0,2 %."""
    return 2 if not pd.isna(share) and 0 < float(share) < 0.01 else 1  # type: ignore[call-overload,arg-type]


def share_words(share: object) -> str:
    """«0,16 %» below one percent, «12,5 %» above; «нет данных» for nothing."""
    return percent(share, _digits(share))  # type: ignore[arg-type]


def _why(reason: str) -> str:
    """The part of a reason that the sentence before does not say yet."""
    said = reason.rsplit("; но ", 1)[-1] if "; но " in reason else reason.split(": ", 1)[-1]
    return said[:1].upper() + said[1:]


def calls_answer(report: CallReport) -> str:
    """One call in a sentence; several as how many of them count."""
    calls = report.calls
    if calls.empty:
        return "В файле нет участников звонка."
    if len(calls) == 1:
        call = calls.iloc[0]
        head = f"Звонок {escape_markdown(call['call'])}" if call["call"] else "Звонок"
        people = counted(int(call["participants"]), "участник", "участника", "участников")
        length = f", длился {_bold(duration_words(call['seconds']))}" if not pd.isna(call["seconds"]) else ""
        counts = call["counts"]
        verdict = "засчитывается ли, неизвестно" if pd.isna(counts) else str(call["reason"]).split(":", 1)[0]
        why = (
            ""
            if not pd.isna(counts) and counts and ";" not in call["reason"]
            else f" {_why(call['reason'])}."
        )
        return f"{head}: {_bold(people)}{length}, {_bold(verdict)}.{why}"
    good = int(calls["counts"].fillna(False).sum())
    alone = int((calls["participants"] < LEAST_PARTICIPANTS).sum())
    unknown = int(calls["counts"].isna().sum())
    short = len(calls) - good - alone - unknown
    words = counted(len(calls), "звонка", "звонков", "звонков")
    parts = [
        f"Из {words} {plural(good, 'засчитывается', 'засчитываются', 'засчитываются')} {_bold(number(good))}."
    ]
    if alone:
        parts.append(f"Меньше двух участников – {number(alone)}.")
    if short:
        parts.append(f"Короче 3 минут – {number(short)}.")
    if unknown:
        parts.append(f"Неизвестно – {number(unknown)}: в файле нет времени.")
    return " ".join(parts)
