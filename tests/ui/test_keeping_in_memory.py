"""What is kept in memory: results, the store's answers, datasets; and when each is made anew."""

from __future__ import annotations

import threading
import time

import pytest
from conftest import make_export

from sferum_core.model import ExportKind
from sferum_store import open_store
from sferum_ui import cache, library
from sferum_ui.cache import Bounded, Dataset, MemoryStore, Results
from sferum_ui.weights import weight_of


def test_two_who_ask_at_once_wait_for_one_computation() -> None:
    made: list[int] = []

    def slow() -> int:
        time.sleep(0.1)
        made.append(1)
        return 7

    results, found = Results(5), []
    threads = [threading.Thread(target=lambda: found.append(results.find("key", slow))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 4
    assert len(made) == 1


def test_a_result_that_failed_is_asked_for_again_and_none_is_a_result() -> None:
    results, calls = Results(5), []

    def fails() -> None:
        calls.append("failed")
        raise LookupError

    with pytest.raises(LookupError):
        results.find("key", fails)
    assert results.find("key", lambda: calls.append("made")) is None
    assert results.find("key", fails) is None
    assert calls == ["failed", "made"]


def test_the_oldest_results_go() -> None:
    results, calls = Results(2), []
    for key in ("a", "b", "c", "a", "c"):
        results.find(key, lambda key=key: calls.append(key))  # type: ignore[misc]
    assert calls == ["a", "b", "c", "a"]


def test_heavy_things_leave_earlier_but_one_may_stay() -> None:
    kept = Bounded[int](10, 100, lambda weight: weight)
    for key, weight in (("a", 60), ("b", 30), ("c", 50)):
        kept.keep(key, weight)
    assert [kept.find(key) for key in "abc"] == [None, 30, 50]
    kept.keep("d", 500)
    assert [kept.find(key) for key in "bcd"] == [None, None, 500]


def test_tables_in_memory_are_bounded_by_what_they_weigh() -> None:
    store = MemoryStore(limit=10, most=2 * weight_of(make_export()))
    for number in range(3):
        store.put(Dataset(str(number), "файл.xlsx", make_export()))
    assert [store.get(str(number)) is not None for number in range(3)] == [False, True, True]


def test_the_store_is_asked_once_until_somebody_writes() -> None:
    asked: list[int] = []

    def regions(store: object) -> list[str]:
        asked.append(1)
        return list(library.store().weeks.regions(ExportKind.ORGANIZATIONS))

    assert library.recalled("regions", regions) == []
    assert library.recalled("regions", regions) == []
    assert len(asked) == 1
    library.store().office.change({"region": "Наша область"}, by="")
    assert library.recalled("regions", regions) == []
    assert len(asked) == 2, "what this process writes is seen at once"
    assert (office := library.office()) is not None and office.region == "Наша область"


def test_what_another_process_writes_is_seen_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (before := library.office()) is not None and not before.region
    other = open_store()
    other.office.change({"region": "Другая область"}, by="")
    monkeypatch.setattr(library, "FRESH_SECONDS", 0.0)
    assert (now := library.office()) is not None and now.region == "Другая область"


def test_an_error_of_the_store_is_not_kept() -> None:
    def fails(store: object) -> str:
        raise LookupError

    with pytest.raises(LookupError):
        library.recall("question", fails)
    assert library.recall("question", lambda store: "answer") == "answer"


def test_forgetting_a_file_forgets_what_was_worked_out_of_it() -> None:
    first = cache.keep_export(make_export())

    def count(dataset: Dataset, profile: object) -> list[int]:
        return [len(dataset.export.table)]

    made = cache.compute(count, first.id, "chelyabinsk-2024")
    assert cache.compute(count, first.id, "chelyabinsk-2024") is made
    again = cache.keep_export(make_export(), dataset_id=first.id)
    assert again.version == first.version + 1
    assert cache.compute(count, first.id, "chelyabinsk-2024") is not made, "a new version is worked out anew"
    cache.forget(first.id)
    with pytest.raises(LookupError):
        cache.compute(count, first.id, "chelyabinsk-2024")
