"""Participants of calls: who was there and how long, and whether a call counts (000).

000: a call counts when it lasts 3 minutes or more and has two participants or more.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.reading.call_columns import call_number
from sferum_core.reading.moments import CLOCK_DAY
from sferum_core.wording import NO_BREAK_SPACE, counted, number

LEAST_SECONDS = 180
LEAST_PARTICIPANTS = 2
RULE = "не короче 3 минут, участников двое или больше"
RULE_SOURCE = "000, «Показатели статистики», строка «1 звонок за неделю»"
PARTICIPANT_COLUMNS = (
    "participant",
    "participant_id",
    "role",
    "entries",
    "first_joined",
    "last_left",
    "seconds",
    "same_time",
)
CALL_COLUMNS = (
    "call",
    "participants",
    "rows",
    "started",
    "ended",
    "seconds",
    "together_seconds",
    "counts",
    "reason",
)
_NAMELESS = re.compile(
    r"(?:гост[ьи]|guest|аноним\w*|anonym\w*|пользовател\w*|user|участник|unknown|неизвестн\w*)(?:\W*\d+)?",
    re.IGNORECASE,
)
_DAY = np.timedelta64(86_400, "s")


@dataclass(frozen=True, eq=False)
class CallReport:
    """The calls of one table. `calls` has `CALL_COLUMNS` (a row a call), `participants` `PARTICIPANT_COLUMNS`
    with `call`, longest stay first; `presence` how many were there from each moment on (call, moment, people).

    Seconds are missing where the file has no times; `counts` is missing where it cannot be told, and `reason`
    says why in Russian. `clock_only`: the file gives times of day without dates.
    """

    calls: pd.DataFrame
    participants: pd.DataFrame
    presence: pd.DataFrame
    clock_only: bool


def call_report(table: pd.DataFrame, filename: str = "") -> CallReport:
    """The calls of a table of kind `call_participants`; rows of one participant (who came again) are one person.

    A participant is told by the ID or post address where the file has one, else by the name. Nameless ones
    («Гость») are as many people as were there at the same time.
    """
    rows = table.reset_index(drop=True)
    frame = _spans(rows)
    frame["call"] = (
        rows["call_id"].astype("str").fillna(call_number(filename))
        if "call_id" in rows
        else call_number(filename)
    )
    frame["person"] = _people(rows)
    frame["nameless"] = _nameless(rows)
    islands = _islands(frame)
    people = _participants(frame, islands, rows)
    presence = _presence(islands)
    calls = _calls(frame, people, presence)
    clock = frame["joined"] < pd.Timestamp(CLOCK_DAY) + 2 * _DAY
    return CallReport(calls, people[["call", *PARTICIPANT_COLUMNS]], presence, bool(clock.any()))


_CALL_TYPES = {
    "call": "str",
    "participants": "Int64",
    "rows": "Int64",
    "started": "datetime64[s]",
    "ended": "datetime64[s]",
    "seconds": "Int64",
    "together_seconds": "Int64",
    "counts": "boolean",
    "reason": "str",
}


def _spans(rows: pd.DataFrame) -> pd.DataFrame:
    """Entering, leaving and seconds of every row; what is missing follows from the other two where it can."""
    nothing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    joined = rows["joined_at"].astype("datetime64[s]") if "joined_at" in rows else nothing
    left = rows["left_at"].astype("datetime64[s]") if "left_at" in rows else nothing
    seconds = (
        rows["duration_seconds"].astype("Int64")
        if "duration_seconds" in rows
        else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    )
    joined, left = _over_midnight(joined, left)
    stay = seconds.astype("Float64").fillna(0).astype("int64").astype("timedelta64[s]")
    left = left.where(left.notna() | joined.isna() | seconds.isna(), joined + stay)
    joined = joined.where(joined.notna() | left.isna() | seconds.isna(), left - stay)
    between = ((left - joined).dt.total_seconds()).astype("Float64")
    between = between.where(between >= 0)
    seconds = seconds.where(seconds.notna(), between.round().astype("Int64"))
    return pd.DataFrame({"joined": joined, "left": left, "seconds": seconds})


def _over_midnight(joined: pd.Series, left: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Times of day without dates: who leaves «earlier» than they came left on the next day."""
    clock = joined < pd.Timestamp(CLOCK_DAY) + _DAY
    wrapped = (left < joined) & clock
    if not wrapped.any():
        return joined, left
    next_day = clock & ~wrapped & (joined <= left[wrapped].max()) & (joined < joined[wrapped].min())
    return joined.where(~next_day, joined + _DAY), left.where(~(wrapped | next_day), left + _DAY)


def _people(rows: pd.DataFrame) -> pd.Series:
    """What tells participants apart; a row with neither ID nor name is a participant of its own."""
    own = pd.Series([f"?{place}" for place in range(len(rows))], index=rows.index, dtype="str")
    names = own
    if "full_name" in rows:
        texts = rows["full_name"].astype("str")
        plain = texts.str.lower().str.replace("ё", "е").str.split().str.join(" ")
        names = plain.where(plain.notna() & (plain != ""), own)
    if "participant_id" in rows:
        ids = rows["participant_id"].astype("str").str.lower()
        names = ("#" + ids).where(ids.notna(), names)
    return names.astype("str")


def _nameless(rows: pd.DataFrame) -> pd.Series:
    """Rows of guests and the like, whose name doesn't tell one from another."""
    if "full_name" not in rows:
        return pd.Series(False, index=rows.index)
    texts = rows["full_name"].astype("str").str.strip()
    found = {text for text in texts.dropna().unique() if _NAMELESS.fullmatch(text)}
    known = rows["participant_id"].notna() if "participant_id" in rows else False
    return texts.isin(found) & ~pd.Series(known, index=rows.index)


def _islands(frame: pd.DataFrame) -> pd.DataFrame:
    """Spans of one person that touch or overlap, made one: two devices at once don't count twice."""
    known = frame.dropna(subset=["joined", "left"])
    known = known[(known["left"] >= known["joined"]).to_numpy(dtype=bool)]
    known = known.sort_values(["call", "person", "joined"], kind="stable")
    group = [known["call"], known["person"]]
    latest = known["left"].astype("int64").groupby(group).cummax()
    before = latest.groupby(group).shift(1)
    starts = (before.isna() | (known["joined"].astype("int64") > before) | known["nameless"]).to_numpy(
        dtype=bool
    )
    known = known.assign(island=np.cumsum(starts))
    merged = known.groupby("island", sort=True).agg(
        call=("call", "first"), person=("person", "first"), joined=("joined", "min"), left=("left", "max")
    )
    return merged.reset_index(drop=True)


def _participants(frame: pd.DataFrame, islands: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A row a participant of a call, in the order of `PARTICIPANT_COLUMNS`, longest stay first."""
    keys = ["call", "person"]
    grouped = frame.groupby(keys, sort=False)
    result = grouped.agg(
        entries=("joined", "size"),
        first_joined=("joined", "min"),
        last_left=("left", "max"),
        summed=("seconds", lambda values: values.sum(min_count=1)),
        nameless=("nameless", "first"),
    )
    timed = frame["joined"].notna() & frame["left"].notna()
    whole = timed.groupby([frame["call"], frame["person"]], sort=False).all().reindex(result.index)
    stay = (islands["left"] - islands["joined"]).dt.total_seconds()
    covered = stay.groupby([islands["call"], islands["person"]]).sum().reindex(result.index).astype("Float64")
    summed = result["summed"].astype("Float64")
    result["seconds"] = summed.mask(
        whole.to_numpy(dtype=bool) & covered.notna().to_numpy(dtype=bool), covered
    )
    result["same_time"] = _at_once(frame).reindex(result.index).fillna(1)
    firsts = frame.drop_duplicates(keys).set_index(keys).index
    places = frame.index[~frame.duplicated(keys)]
    for name, column in (
        ("participant", "full_name"),
        ("participant_id", "participant_id"),
        ("role", "role"),
    ):
        texts = rows.loc[places, column] if column in rows else pd.Series(pd.NA, index=places)
        result[name] = pd.Series(texts.astype("str").array, index=firsts)
    counts = dict.fromkeys(("entries", "seconds", "same_time"), "Int64")
    result = result.reset_index().astype(counts)
    return result.sort_values(
        "seconds", ascending=False, na_position="last", kind="stable", ignore_index=True
    )


def _at_once(frame: pd.DataFrame) -> pd.Series:
    """How many rows of one person hold at the same moment, at most, by call and person."""
    known = frame.dropna(subset=["joined", "left"])
    events = pd.concat(
        [
            known[["call", "person"]].assign(moment=known["joined"], change=1),
            known[["call", "person"]].assign(moment=known["left"], change=-1),
        ]
    ).sort_values(["call", "person", "moment", "change"], kind="stable")
    there = events["change"].cumsum()  # every person ends at zero
    return there.groupby([events["call"], events["person"]]).max().clip(lower=1)


def _presence(islands: pd.DataFrame) -> pd.DataFrame:
    """How many people are there from each moment on, by call; who leaves as another comes is not beside them."""
    events = pd.concat(
        [
            islands[["call"]].assign(moment=islands["joined"], people=1),
            islands[["call"]].assign(moment=islands["left"], people=-1),
        ]
    )
    steps = events.groupby(["call", "moment"], sort=True)["people"].sum().reset_index()
    steps["people"] = steps["people"].cumsum().astype("Int64")
    return steps


def _calls(frame: pd.DataFrame, people: pd.DataFrame, presence: pd.DataFrame) -> pd.DataFrame:
    heads = people["same_time"].where(people["nameless"], 1).groupby(people["call"]).sum()
    longest = people.groupby("call")["seconds"].max()
    length = presence["moment"].diff().shift(-1).dt.total_seconds()
    last = presence["call"] != presence["call"].shift(-1)
    together = length.where(~last & (presence["people"] >= LEAST_PARTICIPANTS).to_numpy(dtype=bool), 0)
    beside = together.groupby(presence["call"]).sum()
    lines = []
    for call, mine in frame.groupby("call", sort=False):
        started, ended = mine["joined"].min(), mine["left"].max()
        seconds: object = longest[call]  # a call lasts at least as long as its longest guest stays
        if not pd.isna(started) and not pd.isna(ended):
            seconds = int((ended - started).total_seconds())
        timed = bool(mine["joined"].notna().all() and mine["left"].notna().all())
        side = int(beside.get(call, 0)) if timed else pd.NA
        counts, reason = verdict(int(heads[call]), seconds, side)
        lines.append((call, int(heads[call]), len(mine), started, ended, seconds, side, counts, reason))
    return pd.DataFrame(lines, columns=list(CALL_COLUMNS)).astype(_CALL_TYPES)


def verdict(participants: int, seconds: object, together: object = pd.NA) -> tuple[object, str]:
    """Whether a call counts by 000 (NA when it cannot be told), and why in Russian.

    `together`: seconds with two participants and more; a call that counts without them is told apart.
    """
    words = counted(participants, "участник", "участника", "участников")
    if participants < LEAST_PARTICIPANTS:
        return False, f"не засчитывается: {words}, а нужно не меньше двух"
    if pd.isna(seconds):  # type: ignore[call-overload]
        return pd.NA, "неизвестно: времени в файле нет, и длился ли звонок 3 минуты, не сказать"
    length = int(seconds)  # type: ignore[call-overload]
    if length < LEAST_SECONDS:
        return False, f"не засчитывается: длился {duration_words(length)}, а нужно не меньше 3 минут"
    reason = f"засчитывается: {words}, длился {duration_words(length)}"
    if not pd.isna(together) and int(together) < LEAST_SECONDS:  # type: ignore[call-overload]
        alone = duration_words(int(together))  # type: ignore[call-overload]
        reason += f"; но двое и больше были вместе только {alone}, проверьте"
    return True, reason


def duration_words(seconds: int | None) -> str:
    """«1 ч 05 мин», «12 мин 30 с», «45 с»; «нет данных» for nothing."""
    if seconds is None or pd.isna(seconds):
        return "нет данных"
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{number(hours)}{NO_BREAK_SPACE}ч {minutes:02d}{NO_BREAK_SPACE}мин"
    if minutes:
        tail = f" {left}{NO_BREAK_SPACE}с" if left else ""
        return f"{minutes}{NO_BREAK_SPACE}мин{tail}"
    return f"{left}{NO_BREAK_SPACE}с"


def moment_words(moment: dt.datetime | pd.Timestamp | None, clock_only: bool) -> str:
    """«26.09.2023 10:00», or «10:00» where the file has no dates."""
    if moment is None or pd.isna(moment):
        return "нет данных"
    return f"{moment:%H:%M}" if clock_only else f"{moment:%d.%m.%Y %H:%M}"
