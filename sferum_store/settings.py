"""Every setting of the app in one declared place: environment variables `SFERUM_…`, their defaults and meaning."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sferum_core.model import Limits
from sferum_store.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SFERUM_"
DATABASE_FILE = "sferum.sqlite"
_LIMITS = Limits()


class Settings(BaseSettings):
    """Settings by environment variables; a blank variable is the same as none (`set NAME=` of Windows)."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, str_strip_whitespace=True
    )

    address: str = Field(
        "127.0.0.1",
        description="Где слушает приложение; `0.0.0.0` открывает его сети управления (читает `scripts/run.py`).",
    )
    port: int = Field(
        8501,
        ge=1,
        le=65535,
        description="Порт; если не задан, берётся первый свободный начиная с 8501 (читает `scripts/run.py`).",
    )
    browser: bool = Field(
        True, description="`0` – не открывать браузер при запуске (читает `scripts/run.py`)."
    )
    public_url: str = Field(
        "",
        description="Адрес, по которому приложение открывают коллеги, например `https://otchety.example.ru`. "
        "Из него делаются ссылки. Если пуст, берётся адрес из настроек управления.",
    )
    data_dir: Path = Field(
        ROOT / "data",
        description="Папка для базы SQLite и её служебных файлов.",
        json_schema_extra={"shown_default": "`data/` в папке приложения"},
    )
    database_url: str = Field(
        "",
        description="Адрес базы: `postgresql://пользователь:пароль@сервер/база`. Пусто – файл SQLite "
        f"`{DATABASE_FILE}` в `SFERUM_DATA_DIR`.",
        repr=False,
    )
    database_pool: int = Field(
        5,
        ge=1,
        le=100,
        description="Сколько соединений с PostgreSQL держит один процесс (ещё столько же – в пик).",
    )
    database_wait_seconds: float = Field(
        30, gt=0, le=600, description="Сколько секунд ждать занятую базу, прежде чем сказать об этом."
    )
    draft_days: int = Field(
        14, ge=1, le=366, description="Сколько дней хранится загруженный, но не сохранённый файл (черновик)."
    )
    link_week_days: int = Field(7, ge=1, le=366, description="Срок ссылки «на неделю», в днях.")
    link_term_days: int = Field(120, ge=1, le=1830, description="Срок ссылки «на полугодие», в днях.")
    session_idle_minutes: int = Field(
        60,
        ge=1,
        le=1440,
        description="Через сколько минут бездействия открытая страница забывает загруженные файлы и имена людей.",
    )
    keep_originals: bool = Field(
        True,
        description="`0` – не хранить исходные файлы сохранённых недель (скачать их из архива будет нельзя).",
    )
    sign_in: Literal["none", "password", "oidc", "headers"] = Field(
        "none",
        description="Вход: `none` – без входа, приложение слушает только свой компьютер; `password` – один пароль "
        "управления; `oidc` – учётные записи организации; `headers` – вход делает прокси.",
    )
    password_hash: str = Field(
        "",
        repr=False,
        description="Хеш пароля управления (argon2). Пусто – заданный командой `python -m sferum_store password`.",
    )
    sign_in_idle_minutes: int = Field(
        120, ge=1, le=1440, description="Через сколько минут без действий нужно войти снова: кабинет общий."
    )
    sign_in_hours: int = Field(
        12, ge=1, le=168, description="Через сколько часов вход кончается в любом случае: рабочий день."
    )
    sign_in_failures: int = Field(
        8, ge=1, le=1000, description="Сколько неверных паролей за 15 минут терпят от одного адреса."
    )
    administrators: str = Field(
        "",
        description="Первые администраторы: адреса почты через запятую (для `oidc` и `headers`). "
        "Остальных назначают на странице «Управление».",
    )
    oidc_domains: str = Field(
        "",
        description="Домены почты через запятую, с которыми можно войти. Пусто – любые, но роль нужна всё равно.",
    )
    oidc_claim: str = Field(
        "",
        description="Имя утверждения (claim), по которому провайдер сообщает роль. Пусто – роли из списка людей.",
    )
    oidc_claim_roles: str = Field(
        "",
        description="Значения этого утверждения: `значение=administrator`, `значение=region`, "
        "`значение=municipality:Озёрный район`, через `;`.",
    )
    header_user: str = Field("X-Remote-User", description="Заголовок прокси с адресом почты вошедшего.")
    header_secret: str = Field(
        "",
        repr=False,
        description="Общий секрет приложения и прокси (не короче 24 знаков), его прокси шлёт в `X-Sferum-Proxy-Secret`: "
        "без него заголовкам не верят.",
    )
    header_peers: str = Field(
        "127.0.0.1, ::1",
        description="Адреса и сети прокси через запятую: от других заголовки не принимаются.",
    )
    link_failures: int = Field(
        30, ge=1, le=10_000, description="Сколько неверных ссылок за 10 минут терпят от одного адреса."
    )
    link_failures_overall: int = Field(
        600,
        ge=1,
        le=1_000_000,
        description="Сколько неверных ссылок за 10 минут терпят от всех: дальше ошибшийся адрес ждёт сразу.",
    )
    audit_days: int = Field(
        365, ge=0, le=3660, description="Сколько дней хранится журнал действий; `0` – без срока."
    )
    keep_names: bool = Field(
        False,
        description="`1` – хранить имена педагогов зашифрованными (см. `docs/personal_data.md`). "
        "Нужен ключ и вход по учётным записям.",
    )
    names_key: str = Field(
        "",
        description="Ключ шифрования имён; при смене – новый и прежний через запятую. "
        "Делается командой `python -m sferum_store names-key`.",
        repr=False,
    )
    names_key_file: Path | None = Field(
        None,
        description="Файл с ключом шифрования имён вместо `SFERUM_NAMES_KEY`.",
        json_schema_extra={"shown_default": "пусто"},
    )
    names_days: int = Field(120, ge=1, le=1830, description="Сколько дней хранятся имена.")
    limit_file_bytes: int = Field(
        _LIMITS.file_bytes,
        gt=0,
        description="Наибольший размер файла; регион из 3000 организаций занимает до 2 МиБ.",
    )
    limit_zip_entries: int = Field(
        _LIMITS.zip_entries, gt=0, description="Наибольшее число частей в архиве или книге."
    )
    limit_part_bytes: int = Field(
        _LIMITS.part_bytes,
        gt=0,
        description="Наибольший размер одной распакованной части; 100 000 строк – 30 МиБ.",
    )
    limit_total_bytes: int = Field(
        _LIMITS.total_bytes, gt=0, description="Наибольший размер всего распакованного архива."
    )
    limit_sheets: int = Field(
        _LIMITS.sheets, gt=0, description="Наибольшее число листов: лист на каждый муниципалитет."
    )
    limit_cells: int = Field(_LIMITS.cells, gt=0, description="Наибольшее число ячеек в файле.")
    limit_rows: int = Field(_LIMITS.rows, gt=0, description="Наибольшее число строк листа.")
    limit_columns: int = Field(_LIMITS.columns, gt=0, description="Наибольшее число столбцов листа.")
    limit_cell_characters: int = Field(
        _LIMITS.cell_characters,
        gt=0,
        description="Наибольшая длина текста в ячейке; столько допускает Excel.",
    )
    limit_line_bytes: int = Field(
        _LIMITS.line_bytes, gt=0, description="Наибольшая длина строки текстового файла (csv, txt)."
    )
    limit_text_bytes: int = Field(
        _LIMITS.text_bytes,
        gt=0,
        description="Сколько байт могут занять все разные тексты файла.",
    )
    limit_memory_bytes: int = Field(
        _LIMITS.memory_bytes, gt=0, description="Сколько памяти может занять чтение одного файла."
    )
    limit_cpu_seconds: int = Field(
        _LIMITS.cpu_seconds, gt=0, description="Сколько секунд процессора может занять чтение одного файла."
    )
    limit_wall_seconds: float = Field(
        _LIMITS.wall_seconds, gt=0, description="Сколько секунд можно ждать чтения одного файла."
    )

    limit_niceness: int = Field(
        15,
        ge=0,
        le=19,
        description="На сколько ступеней чтение файла уступает процессор страницам: 0 – наравне, 19 – совсем.",
    )

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not value.lower().startswith(("http://", "https://")):
            raise ValueError("адрес начинается с http:// или https://")
        return value.rstrip("/")

    @property
    def url(self) -> str:
        """The database's address: the one set, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / DATABASE_FILE}"

    @property
    def limits(self) -> Limits:
        """What a file from outside may cost."""
        return Limits(**{name: getattr(self, f"limit_{name}") for name in Limits.model_fields})

    @property
    def draft_life(self) -> dt.timedelta:
        """How long a draft is kept after it was last put."""
        return dt.timedelta(days=self.draft_days)


def load_settings(**given: Any) -> Settings:
    """Settings of the environment; `given` goes before it. SettingsError names the variable that is wrong."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else PREFIX
        reason = str(first["ctx"]["error"]) if first["type"] == "value_error" else _reason(dict(first))
        raise SettingsError(
            f"Настройка {name} не подходит: {reason}.", "Исправьте её и запустите приложение снова."
        ) from None


def _reason(error: dict[str, Any]) -> str:
    context = error.get("ctx", {})
    bounds = {
        "greater_than": ("больше", "gt"),
        "greater_than_equal": ("не меньше", "ge"),
        "less_than": ("меньше", "lt"),
        "less_than_equal": ("не больше", "le"),
    }
    kind = error["type"]
    if kind in bounds:
        words, key = bounds[kind]
        return f"число должно быть {words} {context[key]}"
    if kind.startswith("int"):
        return "нужно целое число"
    if kind.startswith("float"):
        return "нужно число"
    if kind.startswith("bool"):
        return "нужно 1 (да) или 0 (нет)"
    if kind == "literal_error":
        return f"нужно одно из: {str(context['expected']).replace(' or ', ', ')}"
    return "значение не понято"


@cache
def settings() -> Settings:
    """The settings this process started with."""
    return load_settings()


def settings_table() -> str:
    """The README's table: a row a setting, in the order of their declaration."""
    lines = ["| Переменная | Умолчание | Что задаёт |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `{PREFIX}{name.upper()}` | {_shown(field)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(field: Any) -> str:
    extra = field.json_schema_extra or {}
    if "shown_default" in extra:
        return str(extra["shown_default"])
    if field.default == "":
        return "пусто"
    if isinstance(field.default, bool):
        return f"`{int(field.default)}`"
    return f"`{field.default:g}`" if isinstance(field.default, float) else f"`{field.default}`"
