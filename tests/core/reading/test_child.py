"""The reading child: its own limits, what it may import, and that its death is only its own."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading import child
from sferum_core.reading import open as opening
from sferum_core.reading.open import open_file
from tests.core.reading import files

READING = Path(child.__file__).parent


def run_child(folder: Path, content: bytes, file_format: str, **limits: int) -> dict[str, object]:
    name = f"file.{file_format}"
    (folder / name).write_bytes(content)
    task = {
        "file": name,
        "format": file_format,
        "unpacked_bytes": 0,
        "limits": {**Limits().model_dump(), **limits},
    }
    (folder / "task.json").write_text(json.dumps(task), encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-I", str(READING / "child.py"), str(folder)], env={}, cwd=folder, check=True
    )
    assert done.returncode == 0
    return json.loads((folder / "answer.json").read_bytes())


def test_it_reaches_calamine_without_an_environment(tmp_path: Path) -> None:
    answer = run_child(tmp_path, files.xlsx(), "xlsx")
    assert [sheet["n_rows"] for sheet in answer["sheets"]] == [4]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["child.py", "scan.py", "text.py", "charset.py", "ole.py", "biff.py"])
def test_it_imports_the_standard_library_and_calamine_only(name: str) -> None:
    tree = ast.parse((READING / name).read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {
        (node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert imported <= set(sys.stdlib_module_names) | {"python_calamine"}


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are Unix's")
def test_memory_it_may_not_have_ends_it_and_nobody_else() -> None:
    for content in (
        files.shared_strings_bomb(),
        files.xlsx(change=lambda book: book.active.cell(1_048_576, 16_384, 1)),
    ):
        with pytest.raises(UnreadableFile) as caught:
            open_file(content, "бомба.xlsx")
        assert caught.value.code == "too_demanding"
    assert open_file(files.xlsx(), "хороший.xlsx").books[0].sheets[0].n_rows == 4


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are Unix's")
def test_time_it_may_not_have_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stuck = tmp_path / "child.py"
    stuck.write_text("import time\ntime.sleep(60)\n", encoding="ascii")
    monkeypatch.setattr(opening, "_CHILD", stuck)
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx", Limits(wall_seconds=0.2))
    assert caught.value.code == "too_slow"


def lying_answer(cells: bytes, rows: int, codes: int = 0) -> str:
    """A child that says one thing in answer.json and leaves another in cells.bin."""
    column = {"numbers": 0, "codes": codes, "texts": 0, "text_bytes": 0}
    sheet = {"name": "a", "hidden": False, "n_rows": rows, "merged": [], "columns": [column]}
    answer = json.dumps({"sheets": [sheet]})
    return f"open('cells.bin', 'wb').write({cells!r}); open('answer.json', 'w').write({answer!r})"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import os; os.abort()", "too_demanding"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
        ("pass", "reader_failed"),
        ("import sys; sys.exit(3)", "too_demanding"),
        ("open('answer.json', 'w').write('[]')", "reader_failed"),
        ("open('answer.json', 'w').write('{\"refused\": \"nonsense\"}')", "reader_failed"),
        (lying_answer(cells=b"123", rows=4), "reader_failed"),
        (lying_answer(cells=b"12345", rows=4), "reader_failed"),
        (lying_answer(cells=b"\x09", rows=1), "reader_failed"),
        (lying_answer(cells=b"\x02" + b"\x07\0\0\0", rows=1, codes=1), "reader_failed"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_whatever_it_does_the_parent_answers_with_a_sentence(
    script: str, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "child.py").write_text(script, encoding="ascii")
    monkeypatch.setattr(opening, "_CHILD", tmp_path / "child.py")
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx")
    assert caught.value.code == code


def test_two_read_at_once_and_a_third_waits_within_bounds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.touch()
    waiting = tmp_path / "child.py"
    waiting.write_text(
        f"import time\nlog = open({str(log)!r}, 'a')\nlog.write('+'); log.flush()\n"
        "time.sleep(0.5)\nlog.write('-'); log.flush()\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(opening, "_CHILD", waiting)
    codes: list[str] = []

    def read() -> None:
        try:
            open_file(files.xlsx(), "a.xlsx")
        except UnreadableFile as error:
            codes.append(error.code)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["reader_failed"] * 6
    at_once = most = 0
    for step in log.read_text():
        at_once += 1 if step == "+" else -1
        most = max(most, at_once)
    assert most == opening.CHILDREN_AT_ONCE


def test_a_place_that_never_comes_free_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_SLOTS", threading.BoundedSemaphore(1))
    opening._SLOTS.acquire()
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx", Limits(wall_seconds=0.1))
    assert caught.value.code == "busy"
    assert time.monotonic() - started < 20


def test_no_folder_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening.tempfile, "tempdir", str(tmp_path))
    open_file(files.xlsx(), "a.xlsx")
    for content in (files.shared_strings_bomb(), b"a;\0b"):
        with pytest.raises(UnreadableFile):
            open_file(content, "b.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are Unix's")
def test_a_server_with_many_open_connections_reads_on(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1_200:
        pytest.fail("the machine allows fewer than 1,200 descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1_200), hard))
    taken = [(tmp_path / "x").open("w") for _ in range(1_100)]
    try:
        assert open_file(files.xlsx(), "a.xlsx").books[0].sheets[0].n_rows == 4
    finally:
        for handle in taken:
            handle.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("problem", [AttributeError, OSError])
def test_it_is_awaited_without_a_process_handle_too(
    problem: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_handle(_pid: int) -> int:
        raise problem

    monkeypatch.setattr(opening.os, "pidfd_open", refuse_handle, raising=False)
    assert open_file(files.xlsx(), "a.xlsx").books[0].sheets[0].n_rows == 4
