"""The reading child: its own limits, what it may import, and that its death is only its own."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading import child, export
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
        [sys.executable, "-I", str(READING / "launch.py"), opening._READER, str(folder)],
        env={},
        cwd=folder,
        check=True,
    )
    assert done.returncode == 0
    return json.loads((folder / "answer.json").read_bytes())


def test_it_reaches_calamine_without_an_environment(tmp_path: Path) -> None:
    answer = run_child(tmp_path, files.xlsx(), "xlsx")
    assert [sheet["n_rows"] for sheet in answer["sheets"]] == [4]  # type: ignore[attr-defined]


CORE = READING.parent
STARTED = {  # what it may import beside the standard library, and how many modules of the product come with it
    "reading/launch.py": (set(), 1),
    "reading/child.py": ({"python_calamine"}, 10),
    "reports/templates/docx_child.py": ({"docxtpl", "jinja2", "lxml"}, 2),
    "reports/templates/xlsx_child.py": ({"openpyxl"}, 2),
}


def imports(path: Path) -> set[str]:
    """Full names of what a module imports, inside its functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {
                name for name in whole if CORE.parent.joinpath(*name.split(".")).with_suffix(".py").exists()
            }
            found |= modules or {node.module or ""}
    return found


@pytest.mark.parametrize("script", STARTED)
def test_it_imports_the_standard_library_and_its_format_only(script: str) -> None:
    foreign, modules = STARTED[script]
    seen: set[Path] = set()
    ahead = [CORE / script]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imports(path):
            if name.startswith("sferum_core."):
                ahead.append(CORE.parent.joinpath(*name.split(".")).with_suffix(".py"))
            else:
                assert name.split(".")[0] in sys.stdlib_module_names | foreign, f"{path.name}: {name}"
    assert len(seen) == modules, [path.name for path in seen]


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
    monkeypatch.setattr(opening, "_LAUNCHER", stuck)
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
    monkeypatch.setattr(opening, "_LAUNCHER", tmp_path / "child.py")
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
    monkeypatch.setattr(opening, "_LAUNCHER", waiting)
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


def script(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Another child in place of the reader's."""
    (folder / "child.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(opening, "_LAUNCHER", folder / "child.py")


@pytest.mark.skipif(sys.platform == "win32", reason="modes and descriptors are Unix's")
def test_it_gets_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script(
        monkeypatch,
        tmp_path,
        "import json, os, sys\n"
        f"log = os.open({str(log)!r}, os.O_CREAT | os.O_WRONLY)\n"
        "held = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if n != str(log) and"
        " os.path.exists(f'/proc/self/fd/{n}')] if sys.platform == 'linux' else ['/dev/null']\n"
        "told = dict(environ=dict(os.environ), isolated=sys.flags.isolated, held=held, cwd=os.getcwd(),\n"
        "            mode=os.stat('.').st_mode & 0o777, files=sorted(os.listdir('.')), path=sys.path)\n"
        "os.write(log, json.dumps(told).encode())\n",
    )
    monkeypatch.setenv("SECRET", "x")
    with (tmp_path / "open").open("w") as held, pytest.raises(UnreadableFile):
        os.set_inheritable(held.fileno(), True)
        open_file(files.xlsx(), "Иванов.xlsx")
    told = json.loads(log.read_text())
    assert set(told["environ"]) <= {"LC_CTYPE"}, "Python sets it itself"
    assert told["isolated"] == 1
    assert {name for name in told["held"] if not name.startswith(("/proc", str(log)))} == {"/dev/null"}
    assert told["mode"] == 0o700
    assert told["files"] == ["file.xlsx", "task.json"]
    assert Path(told["cwd"]).name.startswith("sferum-read-")
    assert not any(Path(entry) == Path.cwd() for entry in told["path"])


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_no_process_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script(
        monkeypatch,
        tmp_path,
        f"import os, time\nopen({str(log)!r}, 'a').write(f'{{os.getpid()}} ')\ntime.sleep(60)",
    )
    for _ in range(2):
        with pytest.raises(UnreadableFile) as caught:
            open_file(files.xlsx(), "a.xlsx", Limits(wall_seconds=0.4))
        assert caught.value.code == "too_slow"
    started = log.read_text().split()
    assert len(started) == 2
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()], "neither running nor a zombie"


def test_waiting_for_a_place_takes_nothing_from_the_time_for_reading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script(monkeypatch, tmp_path, "import time\ntime.sleep(0.4)")
    monkeypatch.setattr(opening, "_SLOTS", threading.BoundedSemaphore(1))
    opening._SLOTS.acquire()
    threading.Timer(1.2, opening._SLOTS.release).start()
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx", Limits(wall_seconds=0.8))
    assert caught.value.code == "reader_failed", "it was let in and not stopped"


def test_many_at_once_are_all_read() -> None:
    rows: list[int] = []

    def read() -> None:
        rows.append(open_file(files.csv_text().encode(), "a.csv").books[0].sheets[0].n_rows)

    threads = [threading.Thread(target=read) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [4] * 16


def test_an_archive_waits_for_its_place_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(threading.BoundedSemaphore().__class__):  # type: ignore[misc]
        taken = 0

        def acquire(self, *args: object, **more: object) -> bool:
            Counted.taken += 1
            return super().acquire(*args, **more)

    monkeypatch.setattr(opening, "_SLOTS", Counted(1))
    archive = files.zipped({f"{n}.csv": files.csv_text().encode() for n in range(3)})
    assert len(open_file(archive, "a.zip").books) == 3
    assert Counted.taken == 1


def test_the_files_of_an_archive_share_one_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(monkeypatch, tmp_path, "import time\ntime.sleep(0.3)")
    archive = files.zipped({f"{n}.csv": b"a;b\n1;2\n" for n in range(20)})
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        open_file(archive, "a.zip", Limits(wall_seconds=1))
    assert caught.value.code == "zip_nothing_readable"
    assert time.monotonic() - started < 4


def test_folders_of_a_server_that_was_killed_are_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening.tempfile, "tempdir", str(tmp_path))
    for name, age in (("sferum-read-old", 7200), ("sferum-read-new", 60), ("other-old", 7200)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.xlsx").write_bytes(b"x")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    open_file(files.xlsx(), "a.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other-old", "sferum-read-new"]


@pytest.mark.parametrize("where", ["write_bytes", "write_text"])
def test_a_full_disk_is_told(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening.Path, where, full)
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx")
    assert caught.value.code == "reader_failed"


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening.sys, "executable", "/nonexistent/python")
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.xlsx(), "a.xlsx")
    assert caught.value.code == "reader_failed"
    assert opening._SLOTS.acquire(timeout=0)
    opening._SLOTS.release()


def test_without_limits_of_a_process_the_clock_is_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    as_on_windows = (
        f"import sys, runpy\nsys.modules['resource'] = None\nsys.argv[0] = {str(opening._LAUNCHER)!r}\n"
    )
    script(monkeypatch, tmp_path, as_on_windows + "runpy.run_path(sys.argv[0], run_name='__main__')")
    assert open_file(files.xlsx(), "a.xlsx").books[0].sheets[0].n_rows == 4
    with pytest.raises(UnreadableFile) as caught:
        open_file(files.csv_text().encode() * 20_000, "a.csv", Limits(wall_seconds=0.05))
    assert caught.value.code == "too_slow"


@pytest.mark.parametrize(
    "problem", [MemoryError, AttributeError, AssertionError, RecursionError, ZeroDivisionError]
)
def test_a_fault_of_the_reader_itself_is_told_as_a_refusal(
    problem: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise problem("Иванов Иван")

    monkeypatch.setattr(export, "find_tables", fail)
    with pytest.raises(UnreadableFile) as caught:
        export.read_export(files.xlsx(), "a.xlsx")
    assert caught.value.code == "unexpected_layout"
    assert "Иванов" not in caught.value.message + caught.value.advice
