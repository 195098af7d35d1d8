"""Pairs the names of two lists: within one municipality, then what is left across municipalities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sferum_core.names.assignment import best_assignment
from sferum_core.names.entries import Entries
from sferum_core.names.likeness import Likeness, compare_names
from sferum_core.names.municipality_likeness import city_of, same_word, similar_keys
from sferum_core.names.parts import NameParts, name_parts
from sferum_core.names.places import place_of

ACCEPT = 0.85  # from here on a pair by name is accepted
DOUBT = 0.6  # from here on a pair is shown to the user
MARGIN = 0.04  # a second candidate this near makes a pair doubtful
SAME_TERRITORY = (
    0.6  # of the shorter list: so many sure pairs show that two spellings are of one municipality
)
LEAST_PAIRS = 5
TELLING_PAIRS = 3  # of them must agree in more than a number and a kind
WRITTEN_OTHERWISE = 0.95  # the most a pair of such a municipality can have
UNSURE = 0.8  # the most a pair across municipalities can have
_CROWD = (
    40_000  # a word that so many pairs share tells nothing; names that share only such words are not weighed
)
_FULL_BLOCK = 20_000  # pairs of one municipality that are all compared; above, only those that share a word


@dataclass
class State:
    """What is settled so far."""

    platform: Entries
    registry: Entries
    pairs: list[tuple[int, int, float, str]]
    doubtful: list[tuple[int, int, float, str]]
    forbidden: set[tuple[int, int]]
    free_platform: set[int]
    free_registry: set[int]

    def settle(self, first: int, second: int, score: float, reason: str, sure: bool) -> None:
        (self.pairs if sure else self.doubtful).append((first, second, score, reason))
        self.free_platform.discard(first)
        self.free_registry.discard(second)


def match_names(state: State) -> None:
    """Pair the rows of each municipality; where only its spelling may differ, a pair is no more than doubtful."""
    if not (state.platform.has_places and state.registry.has_places):
        rows, others = sorted(state.free_platform), sorted(state.free_registry)
        single = _one_municipality(state.platform, rows) and _one_municipality(state.registry, others)
        _match_block(state, rows, others, "" if single else "муниципалитет не указан, а номера повторяются")
        return
    left, right = (
        _by_place(state.platform, state.free_platform),
        _by_place(state.registry, state.free_registry),
    )
    for place, rows in left.items():
        if place in right:
            _match_block(state, rows, right[place])
    platform, registry = set(state.platform.places), set(state.registry.places)
    for place, other in _one_to_one(
        platform, registry, lambda one, two: similar_keys(one, two) or same_word(one, two)
    ):
        _match_territory(state, left.get(place, []), right.get(other, []))
    left, right = (
        _by_place(state.platform, state.free_platform),
        _by_place(state.registry, state.free_registry),
    )
    for place, other in _one_to_one(platform, registry, similar_keys):
        _match_block(
            state, left.get(place, []), right.get(other, []), note="муниципалитет записан по-разному"
        )


def _by_place(side: Entries, free: set[int]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row in sorted(free):
        if side.places[row]:
            rows[side.places[row]].append(row)
    return rows


def _one_to_one(left: set[str], right: set[str], alike: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """Keys of one list only that are alike and have no other such key: «г. Челябинск», «Челябинский ГО»."""
    alone, others = sorted(left - right - {""}), sorted(right - left - {""})
    near = [(one, two) for one in alone for two in others if alike(one, two)]
    return [
        (one, two)
        for one, two in near
        if sum(one == first for first, _ in near) == 1 and sum(two == second for _, second in near) == 1
    ]


def _match_territory(state: State, left: list[int], right: list[int]) -> None:
    """Pair two municipalities written otherwise, when what is listed under both shows that they are one.

    Most of the shorter list must find its pair in the other one, and several pairs must tell more than a number and a
    kind: numbers alone agree between a city and the district around it, too.
    """
    found = State(state.platform, state.registry, [], [], state.forbidden, set(left), set(right))
    _match_block(found, left, right)
    telling = sum(
        compare_names(state.platform.parts[row], state.registry.parts[other]).telling
        for row, other, *_ in found.pairs
    )
    enough = len(found.pairs) >= max(LEAST_PAIRS, SAME_TERRITORY * min(len(left), len(right)))
    if not (enough and telling >= TELLING_PAIRS):
        return
    for row, other, score, reason in found.pairs:
        note = f"муниципалитет записан по-разному, но списки совпадают ({len(found.pairs)})"
        state.settle(row, other, min(score, WRITTEN_OTHERWISE), f"{reason}; {note}", sure=True)
    for row, other, score, reason in found.doubtful:
        state.settle(row, other, score, f"{reason}; муниципалитет записан по-разному", sure=False)


def _match_block(state: State, left: list[int], right: list[int], note: str = "") -> None:
    if not left or not right:
        return
    scores: dict[tuple[int, int], tuple[float, str]] = {}
    seen: dict[tuple[int, int], Likeness] = {}
    for row, other in _candidates(state, left, right):
        if (row, other) in state.forbidden:
            continue
        pair = (state.platform.parts[row], state.registry.parts[other])
        known = (id(pair[0]), id(pair[1]))  # names written alike share one object
        likeness = seen.get(known) or seen.setdefault(known, compare_names(*pair))
        if likeness.score < DOUBT:
            continue
        scores[row, other] = (likeness.score, likeness.reason)
    if note:
        for row, other in _chosen(scores):
            score, reason = scores[row, other]
            state.settle(row, other, min(score, UNSURE), f"{reason}; {note}", sure=False)
        return
    _settle_sure(state, scores)
    rivals = _rivals(scores)
    for row, other in _chosen(scores):
        score, reason = scores[row, other]
        rival = max(sum(rivals["platform", row]) - score, sum(rivals["registry", other]) - score)
        sure = score >= ACCEPT and rival < score - MARGIN
        if score >= ACCEPT and not sure:
            reason += "; есть ещё одна похожая запись"
        state.settle(row, other, score, reason, sure)


def _one_municipality(side: Entries, rows: list[int]) -> bool:
    """Whether numbers of one kind hardly repeat, as in the list of one office."""
    numbered = Counter(
        (parts.type, parts.kind, parts.number) for parts in map(side.parts.__getitem__, rows) if parts.number
    )
    repeated = sum(count for count in numbered.values() if count > 2)
    return repeated <= 0.2 * sum(numbered.values())


def _settle_sure(state: State, scores: dict[tuple[int, int], tuple[float, str]]) -> None:
    """Settle pairs that nothing else comes near; what they leave free may be sure then. `scores` shrinks."""
    while True:
        nearest = _rivals(scores)
        sure = [
            (row, other)
            for (row, other), (score, _) in scores.items()
            if score >= ACCEPT
            and all(
                near[-1] == score and (len(near) < 2 or near[-2] < score - MARGIN)
                for near in (nearest["platform", row], nearest["registry", other])
            )
        ]
        if not sure:
            return
        for row, other in sure:
            state.settle(row, other, *scores[row, other], sure=True)
        rows, others = {row for row, _ in sure}, {other for _, other in sure}
        for pair in [pair for pair in scores if pair[0] in rows or pair[1] in others]:
            del scores[pair]


def _rivals(scores: Mapping[tuple[int, int], tuple[float, str]]) -> dict[tuple[str, int], list[float]]:
    """The two best scores of every row of either side."""
    best: dict[tuple[str, int], list[float]] = defaultdict(list)
    for (row, other), (score, _) in scores.items():
        best["platform", row].append(score)
        best["registry", other].append(score)
    return {key: sorted(values)[-2:] for key, values in best.items()}


def _chosen(scores: Mapping[tuple[int, int], tuple[float, str]]) -> list[tuple[int, int]]:
    """The best pairing of what can be accepted, then of the rest: no sure pair makes way for two doubts."""
    sure = best_assignment({pair: score for pair, (score, _) in scores.items() if score >= ACCEPT})
    rows, others = {row for row, _ in sure}, {other for _, other in sure}
    rest = {
        pair: score for pair, (score, _) in scores.items() if pair[0] not in rows and pair[1] not in others
    }
    return sure + best_assignment(rest)


def _candidates(state: State, left: list[int], right: list[int]) -> Iterable[tuple[int, int]]:
    if len(left) * len(right) <= _FULL_BLOCK:
        return _not_forbidden(state, left, right)
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for other in right:
        for feature in _features(state.registry.parts[other]):
            index[feature].append(other)
    sharing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in left:
        for feature in _features(state.platform.parts[row]):
            if feature in index:
                sharing[feature].append(row)
    pairs: set[tuple[int, int]] = set()
    for feature, rows in sharing.items():
        if len(rows) * len(index[feature]) <= _CROWD:
            pairs.update((row, other) for row in rows for other in index[feature])
    return sorted(pairs)


def _not_forbidden(state: State, left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs that neither type nor number forbids."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for other in right:
        parts = state.registry.parts[other]
        where[parts.type, parts.number].append(other)
    for row in left:
        own = state.platform.parts[row]
        for (kind, number), others in where.items():
            if (kind == own.type or not kind or not own.type) and (
                number == own.number or not number or not own.number
            ):
                for other in others:
                    yield row, other


def _features(parts: NameParts) -> set[tuple[str, str]]:
    features = {("core", "|".join(parts.core))}
    if parts.number:
        features.add(("number", f"{parts.type}|{parts.number}"))
    features.update(("word", word[:4]) for word in parts.nickname.split())
    features.update(("place", place.stem[:4]) for place in parts.places)
    features.update(("dedication", word[:4]) for word in parts.dedication)
    if parts.acronym:
        features.add(("word", parts.acronym[:4]))
    return features


def match_across(state: State) -> None:
    """Leftovers that look like one organization listed under another municipality: doubtful, never more."""
    if not (state.platform.has_places and state.registry.has_places):
        return
    left = _told_apart(state.platform, state.free_platform)
    right = _told_apart(state.registry, state.free_registry)
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for other, parts in right.items():
        for feature in _features(parts):
            index[feature].append(other)
    scores: dict[tuple[int, int], tuple[float, str]] = {}
    for row, parts in left.items():
        near = {
            other
            for feature in _features(parts)
            if len(index.get(feature, ())) * len(left) <= 100 * _CROWD
            for other in index.get(feature, ())
        }
        place = state.platform.places[row]
        for other in sorted(near):
            if place and place == state.registry.places[other]:
                continue
            likeness = compare_names(parts, right[other])
            if likeness.score >= ACCEPT and likeness.telling and (row, other) not in state.forbidden:
                scores[row, other] = (likeness.score, likeness.reason)
    rivals: dict[tuple[str, int], int] = defaultdict(int)
    for row, other in scores:
        rivals["platform", row] += 1
        rivals["registry", other] += 1
    for (row, other), (score, reason) in sorted(scores.items(), key=lambda item: (-item[1][0], item[0])):
        if rivals["platform", row] == 1 and rivals["registry", other] == 1:
            known = state.platform.places[row] and state.registry.places[other]
            note = "муниципалитеты разные" if known else "муниципалитет указан только у одной"
            state.settle(row, other, min(score, UNSURE), f"{reason}; {note}", sure=False)


def _told_apart(side: Entries, free: set[int]) -> dict[int, NameParts]:
    """The parts of free rows that say more than kind and number; in a city the city is the place."""
    found = {}
    for row in sorted(free):
        parts = name_parts(side.names[row])
        city = city_of(side.places[row])
        if city and not parts.places:
            parts = replace(parts, places=(place_of(city, noun=True, city=True),))
        if parts.distinctive:
            found[row] = parts
    return found
