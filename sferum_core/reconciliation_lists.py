"""What follows from a сверка: lists of organizations, each with what to do and the document that says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from sferum_core.names import municipality_key, stranger
from sferum_core.names.branches import branches
from sferum_core.reconciliation import Reconciliation
from sferum_core.wording import number, organizations, plural

FAIR_PART = 0.3  # of a municipality's organizations with a pair: the registry covers it, whatever it calls it
LETTER = "000, письмо от 09.04.2024 № 1151, п. 1"
REGISTER = "003, «Порядок действий при регистрации или восстановлении доступа ОУ»; 001"


class Listing(StrEnum):
    """The lists a сверка gives, in the order of the page."""

    DOUBTFUL = "doubtful"
    ONLY_PLATFORM = "only_platform"
    ONLY_REGISTRY = "only_registry"
    DUPLICATES = "duplicates"
    TYPES = "types"
    MUNICIPALITIES = "municipalities"
    BRANCHES = "branches"
    MATCHED = "matched"
    OUTSIDE = "outside"

    @property
    def label(self) -> str:
        """Its name on the screen and of its sheet."""
        return ABOUT[self].title


@dataclass(frozen=True)
class About:
    """What a list is: title, its meaning and what to do, the document, the words for no rows."""

    title: str
    meaning: str
    source: str
    empty: str


ABOUT: dict[Listing, About] = {
    Listing.DOUBTFUL: About(
        "Проверьте сами",
        "Записи похожи, но полной уверенности нет. Решите, одна ли это организация: ответ запомнится.",
        "",
        "Сомнительных пар нет.",
    ),
    Listing.ONLY_PLATFORM: About(
        "Только на платформе",
        "Есть на платформе, в реестре такой не нашлось. Если организация реорганизована или ликвидирована, направьте в "
        "поддержку платформы официальный запрос на деактивацию. К нему приложите документ о ликвидации и заявку на "
        "удаление сообщества за подписью руководителя и с печатью организации, обязательно с ID.",
        LETTER,
        "Лишних на платформе нет: все её организации из муниципалитетов реестра в нём нашлись.",
    ),
    Listing.ONLY_REGISTRY: About(
        "Только в реестре",
        "Есть в реестре, на платформе такой не нашлось. Чтобы зарегистрировать организацию, отправьте в поддержку "
        "платформы документ о назначении администратора (с формулировкой «назначить администратором ИКОП «Сферум») и "
        "заполненную анкету.",
        REGISTER,
        "Все организации реестра есть на платформе.",
    ),
    Listing.DUPLICATES: About(
        "Записаны дважды",
        "Один ID или одно название в одном муниципалитете встречается несколько раз. На платформе лишнее сообщество "
        "убирают запросом на деактивацию с его ID, в реестре – правкой самого списка.",
        LETTER,
        "Повторов нет ни на платформе, ни в реестре.",
    ),
    Listing.TYPES: About(
        "Другой тип",
        "Организация нашлась, но тип на платформе и в реестре разный. Если неверен тип на платформе, сообщите в службу "
        "поддержки региона.",
        LETTER,
        "Типы совпадают у всех найденных пар.",
    ),
    Listing.MUNICIPALITIES: About(
        "Другой муниципалитет",
        "Организация нашлась, но территория на платформе и в реестре разная. Если неверна территория на платформе, "
        "сообщите в службу поддержки региона.",
        LETTER,
        "Муниципалитеты совпадают у всех найденных пар.",
    ),
    Listing.BRANCHES: About(
        "Филиалы",
        "Филиалы и структурные подразделения платформы при своих головных организациях: платформа считает их отдельными "
        "организациями.",
        "000, таблица показателей: «включая филиалы»",
        "Филиалов среди организаций платформы не видно.",
    ),
    Listing.MATCHED: About(
        "Сошлись",
        "Организации платформы, которым нашлась пара в реестре: по ID, ОГРН, ИНН, затем по названию в своём "
        "муниципалитете.",
        "",
        "Ни одной пары не нашлось: проверьте, тот ли реестр загружен.",
    ),
    Listing.OUTSIDE: About(
        "Вне реестра",
        "Муниципалитетов этих организаций в реестре нет совсем, поэтому о них сверка ничего не говорит: это не повод для "
        "деактивации. Чтобы сверить и их, загрузите реестр всего региона.",
        "",
        "Реестр охватывает все муниципалитеты выгрузки.",
    ),
}

PLATFORM, REGISTRY = "на платформе", "в реестре"


@dataclass(frozen=True, eq=False)
class Lists:
    """Every list as a frame, and the sizes of both sides. Columns are text, `score` 0–1, `…_row` 0-based rows."""

    frames: dict[Listing, pd.DataFrame]
    platform_rows: int
    registry_rows: int
    unused_decisions: int
    municipalities: int = 0
    covered: int = 0

    def count(self, listing: Listing) -> int:
        """How many rows a list has."""
        return len(self.frames[listing])


def reconciliation_lists(platform: pd.DataFrame, registry: pd.DataFrame, result: Reconciliation) -> Lists:
    """The lists of one сверка; `platform` and `registry` are the frames `result` was made from."""
    left, right = _sides(platform), _sides(registry)
    keys, covered = _scope(left, right, result)
    only = _only_platform(left, result)
    outside = ~pd.Series([keys[row] in covered for row in only["row"]], index=only.index, dtype="bool")
    frames = {
        Listing.DOUBTFUL: _pairs(left, right, result.doubtful),
        Listing.ONLY_PLATFORM: only[~outside].reset_index(drop=True),
        Listing.ONLY_REGISTRY: right.iloc[result.only_registry["row"]].reset_index(drop=True),
        Listing.DUPLICATES: _duplicates(left, right, result),
        Listing.TYPES: _differing(left, right, result, "organization_type"),
        Listing.MUNICIPALITIES: _differing(left, right, result, "municipality"),
        Listing.BRANCHES: _branches(platform, left, result),
        Listing.MATCHED: _pairs(left, right, result.pairs),
        Listing.OUTSIDE: only[outside].reset_index(drop=True),
    }
    known = set(keys) - {""}
    return Lists(
        frames, len(platform), len(registry), len(result.unused_decisions), len(known), len(known & covered)
    )


def reconciliation_answer(lists: Lists) -> str:
    """The main thing in one or two sentences, figures in bold (Markdown)."""
    matched, doubtful = lists.count(Listing.MATCHED), lists.count(Listing.DOUBTFUL)
    dead, missing = lists.count(Listing.ONLY_PLATFORM), lists.count(Listing.ONLY_REGISTRY)
    if not lists.platform_rows:
        return "В выгрузке нет ни одной организации: сверять нечего."
    asked = lists.platform_rows - lists.count(Listing.OUTSIDE)
    scope = ""
    if lists.covered < lists.municipalities and asked < lists.platform_rows:
        scope = f"Реестр охватывает {number(lists.covered)} из {municipalities_of(lists.municipalities)}. "
    where = (" в нём" if lists.covered == 1 else " в них") if scope else ""
    first = scope + (
        f"Из {number(asked)} {plural(asked, 'организации', 'организаций', 'организаций')} "
        f"платформы{where} в реестре {plural(matched, 'нашлась', 'нашлись', 'нашлось')} **{number(matched)}**"
    )
    if doubtful:
        first += f", **{number(doubtful)}** {plural(doubtful, 'проверьте', 'проверьте', 'проверьте')} сами"
    first += f", **{number(dead)}** в реестре нет." if dead else "; лишних на платформе нет."
    second = (
        f" Ещё **{organizations(missing)}** реестра {plural(missing, 'не нашлась', 'не нашлись', 'не нашлись')} на "
        f"платформе."
        if missing
        else " Все остальные организации реестра на платформе есть."
    )
    return first + second


def municipalities_of(count: int) -> str:
    """«27 муниципалитетов», in the genitive."""
    return f"{number(count)} {plural(count, 'муниципалитета', 'муниципалитетов', 'муниципалитетов')}"


def _scope(left: pd.DataFrame, right: pd.DataFrame, result: Reconciliation) -> tuple[list[str], set[str]]:
    """The municipality's key of each platform row, and the keys the registry speaks of.

    A municipality is spoken of when the registry names it, or when pairs were found for a fair part of it: offices write
    it otherwise, or not at all. Rows without a municipality count as spoken of.
    """

    def keyed(frame: pd.DataFrame) -> list[str]:
        names = frame["municipality"].fillna("").tolist()
        known = {name: municipality_key(name) if name.strip() else "" for name in set(names)}
        return [known[name] for name in names]

    keys = keyed(left)
    sizes = Counter(keys)
    met = Counter(keys[row] for row in [*result.pairs["platform_row"], *result.doubtful["platform_row"]])
    named = set(keyed(right))
    return keys, {
        key for key, size in sizes.items() if not key or key in named or met[key] >= FAIR_PART * size
    }


def _sides(table: pd.DataFrame) -> pd.DataFrame:
    """The columns lists show, all there, with the row's place."""
    wanted = (
        "organization_id",
        "organization",
        "municipality",
        "organization_type",
        "inn",
        "ogrn",
        "address",
    )
    missing = pd.Series(pd.NA, index=table.index, dtype="str")
    frame = pd.DataFrame({name: table[name].astype("str") if name in table else missing for name in wanted})
    frame["row"] = np.arange(len(table))
    return frame.reset_index(drop=True)


def _pairs(left: pd.DataFrame, right: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    one = left.iloc[pairs["platform_row"]].reset_index(drop=True)
    two = right.iloc[pairs["registry_row"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "platform_row": pairs["platform_row"].to_numpy(),
            "registry_row": pairs["registry_row"].to_numpy(),
            "organization_id": one["organization_id"],
            "organization": one["organization"],
            "registry_organization": two["organization"],
            "municipality": one["municipality"],
            "registry_municipality": two["municipality"],
            "organization_type": one["organization_type"],
            "registry_type": two["organization_type"],
            "registry_id": two["organization_id"],
            "inn": two["inn"],
            "ogrn": two["ogrn"],
            "score": pairs["score"].to_numpy(),
            "reason": pairs["reason"].to_numpy(),
        }
    )


def _only_platform(left: pd.DataFrame, result: Reconciliation) -> pd.DataFrame:
    frame = left.iloc[result.only_platform["row"]].reset_index(drop=True)
    found = [None if pd.isna(name) else stranger(str(name)) for name in frame["organization"]]
    frame["stranger"] = pd.Series(
        [pd.NA if one is None else str(one) for one in found], index=frame.index, dtype="str"
    )
    return frame


def _duplicates(left: pd.DataFrame, right: pd.DataFrame, result: Reconciliation) -> pd.DataFrame:
    parts = []
    for side, table, word in (("platform", left, PLATFORM), ("registry", right, REGISTRY)):
        rows = result.duplicates[result.duplicates["side"] == side]
        frame = table.iloc[rows["row"]].reset_index(drop=True)
        frame.insert(0, "group", rows["group"].to_numpy() + 1)
        frame.insert(0, "side", word)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True).astype({"side": "str"})


def _differing(left: pd.DataFrame, right: pd.DataFrame, result: Reconciliation, field: str) -> pd.DataFrame:
    told = result.conflicts[result.conflicts["field"] == field]
    scores = result.pairs.set_index("platform_row")
    pairs = pd.DataFrame(
        {
            "platform_row": told["platform_row"].to_numpy(),
            "registry_row": told["registry_row"].to_numpy(),
            "score": scores["score"].reindex(told["platform_row"]).to_numpy(),
            "reason": scores["reason"].reindex(told["platform_row"]).to_numpy(),
        }
    )
    return _pairs(left, right, pairs)


def _branches(platform: pd.DataFrame, left: pd.DataFrame, result: Reconciliation) -> pd.DataFrame:
    found = branches(platform)
    rows, heads = [one.row for one in found], [one.head for one in found]
    frame = left.iloc[rows].reset_index(drop=True)
    names, ids = left["organization"].tolist(), left["organization_id"].tolist()
    frame["head"] = pd.Series(
        [pd.NA if head is None else names[head] for head in heads], index=frame.index, dtype="str"
    )
    frame["head_id"] = pd.Series(
        [pd.NA if head is None else ids[head] for head in heads], index=frame.index, dtype="str"
    )
    matched, doubtful = set(result.pairs["platform_row"]), set(result.doubtful["platform_row"])
    words = ["есть" if row in matched else "проверьте" if row in doubtful else "не найден" for row in rows]
    frame["in_registry"] = pd.Series(words, index=frame.index, dtype="str")
    return frame.sort_values(["municipality", "head", "organization"], kind="stable", ignore_index=True)
