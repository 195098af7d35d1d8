"""Sets up the environment and starts the app: what `make run` and run.bat call. Standard library only.

    python scripts/run.py          set up what is missing and serve the app
    python scripts/run.py setup    set up only; `setup --dev` adds the tools for tests

Settings: SFERUM_ADDRESS (127.0.0.1; 0.0.0.0 opens the app to the office's network), SFERUM_PORT (8501),
SFERUM_BROWSER (0 leaves the browser closed), PYTHON_VENV (.venv).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
DEFAULT_PORT = 8501
PORTS_TO_TRY = 20
EVERYWHERE = ("0.0.0.0", "::")


class Stop(Exception):  # noqa: N818 - it ends the run with a sentence, it is not a fault
    """Nothing can be done; the text is a Russian sentence for the screen."""


def say(text: str) -> None:
    """Prints a line at once, whatever the console's encoding."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def check_python(version: tuple[int, ...]) -> None:
    """Stops with a sentence on a Python that the app cannot run on."""
    if tuple(version[:2]) < OLDEST:
        found, needed = ".".join(map(str, version[:2])), ".".join(map(str, OLDEST))
        raise Stop(
            f"Нужен Python {needed} или новее, а запущен Python {found}.\n"
            "Установите новый с https://www.python.org/downloads/ и повторите запуск."
        )


def venv_folder() -> Path:
    """Where the environment stands."""
    return ROOT / os.environ.get("PYTHON_VENV", ".venv")


def venv_python(folder: Path) -> Path:
    """The environment's own interpreter."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _works(python: Path) -> bool:
    """Whether an environment is there and runs on a fitting version (it may have been moved or upgraded)."""
    if not python.exists():
        return False
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    return _quietly([str(python), "-c", probe])


def _quietly(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv(folder: Path) -> None:
    """Makes the environment; without the venv module tries other ways, then says what to install."""
    if _works(venv_python(folder)):
        return
    if folder.exists():
        shutil.rmtree(folder)
    say("Создаю окружение Python (один раз)…")
    target = str(folder)
    ways = [
        [sys.executable, "-m", "venv", target],
        [sys.executable, "-m", "virtualenv", "--quiet", target],
        [sys.executable, "-m", "venv", "--without-pip", target],  # pip of the host installs into it
    ]
    for way in ways:
        if _quietly(way) and _works(venv_python(folder)) and pip_command(venv_python(folder)):
            return
        shutil.rmtree(folder, ignore_errors=True)
    raise Stop(
        "Не получилось создать окружение: в этом Python нет модуля venv.\n"
        "В Debian и Ubuntu: sudo apt install python3-venv. В Windows переустановите Python с python.org."
    )


def pip_command(python: Path) -> list[str] | None:
    """How to call pip for the environment: its own, else the host's; None when there is none."""
    if _quietly([str(python), "-m", "pip", "--version"]):
        return [str(python), "-m", "pip"]
    hosts = [sys.executable, "-m", "pip", "--python", str(python)]
    return hosts if _quietly([*hosts, "--version"]) else None


def requirements_digest(files: list[Path]) -> str:
    """Changes when a requirements file or the interpreter's version does."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def install(folder: Path, dev: bool) -> None:
    """Installs pinned requirements when they changed since the last time."""
    runtime, tools = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    stamps = {folder / "installed-run.sha256": requirements_digest([runtime])}
    if dev:
        stamps[folder / "installed-dev.sha256"] = requirements_digest([runtime, tools])
    if all(stamp.is_file() and stamp.read_text() == digest for stamp, digest in stamps.items()):
        return
    pip = pip_command(venv_python(folder))
    if pip is None:
        raise Stop("В окружении нет pip. Удалите папку .venv и повторите запуск.")
    say("Ставлю библиотеки: в первый раз это занимает несколько минут…")
    wanted = str(tools if dev else runtime)
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise Stop(
            "Библиотеки не установились (причина – строкой выше). Проверьте доступ к интернету или\n"
            "к хранилищу пакетов вашей сети (переменная PIP_INDEX_URL) и повторите запуск."
        )
    for stamp, digest in stamps.items():
        stamp.write_text(digest)


def setting(name: str) -> str:
    """An environment variable; `set NAME=value && …` of Windows leaves a space behind the value."""
    return os.environ.get(name, "").strip()


def configured_address() -> str:
    """Where to listen: SFERUM_ADDRESS, else `address` of .streamlit/config.toml, else this computer only."""
    import tomllib  # noqa: PLC0415 - missing on Pythons that check_python turns away

    config = ROOT / ".streamlit" / "config.toml"
    server = tomllib.loads(config.read_text("utf-8")).get("server", {}) if config.is_file() else {}
    return setting("SFERUM_ADDRESS") or server.get("address") or "127.0.0.1"


def is_free(address: str, port: int) -> bool:
    """Whether a server may listen there, without disturbing one that does."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # a port in TIME_WAIT is free; on Windows the option would share a taken one
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def choose_port(address: str, asked: str) -> int:
    """The port that was asked for, else the first free one from 8501 on."""
    if asked:
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            raise Stop(f"SFERUM_PORT должен быть числом от 1 до 65535, а задано «{asked}».")
        if not is_free(address, int(asked)):
            raise Stop(f"Порт {asked} на {address} занят или закрыт. Задайте другой: SFERUM_PORT.")
        return int(asked)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TO_TRY):
        if is_free(address, port):
            return port
    last = DEFAULT_PORT + PORTS_TO_TRY - 1
    raise Stop(f"На {address} нет свободного порта с {DEFAULT_PORT} по {last}. Задайте свой: SFERUM_PORT.")


def office_address() -> str | None:
    """This computer's address in its network; no packet is sent to learn it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def greeting(address: str, port: int) -> list[str]:
    """What to tell about where the app is."""
    local = f"http://127.0.0.1:{port}" if address in EVERYWHERE else f"http://{address}:{port}"
    lines = ["", f"Сферум-отчёты открыты: {local}"]
    if address in EVERYWHERE:
        near = office_address()
        if near:
            lines.append(f"Для коллег в сети:      http://{near}:{port}")
    return [*lines, "Остановить: Ctrl+C", ""]


def _announce(server: subprocess.Popen[bytes], address: str, port: int) -> None:
    """Waits until the server answers, prints the address and opens the browser."""
    host = "127.0.0.1" if address in EVERYWHERE else address
    local = f"http://{host}:{port}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None:
        try:
            with direct.open(f"{local}/_stcore/health", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        return
    for line in greeting(address, port):
        say(line)
    if sys.stdout.isatty() and os.environ.get("SFERUM_BROWSER", "1") != "0":
        webbrowser.open(local)


def serve(python: Path) -> int:
    """Starts the server and stays until it ends; its exit code."""
    address = configured_address()
    port = choose_port(address, setting("SFERUM_PORT"))
    say("Запускаю…")
    command = [
        *(str(python), "-m", "streamlit", "run", "app.py"),
        *("--server.address", address, "--server.port", str(port), "--server.headless", "true"),
        *("--logger.hideWelcomeMessage", "true"),
    ]
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):  # a closed window ends the server too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    # A session of its own keeps Ctrl+C from the server: it ends in order and without an English message.
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=os.name != "nt")
    threading.Thread(target=_announce, args=(server, address, port), daemon=True).start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        _end(server)
        say("Остановлено.")
        return 0


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()


def main(arguments: list[str]) -> int:
    """Command line; the exit code."""
    try:
        check_python(sys.version_info[:3])
        folder = venv_folder()
        make_venv(folder)
        install(folder, dev="--dev" in arguments)
        return 0 if "setup" in arguments else serve(venv_python(folder))
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
