"""What an office says about itself once: name, region, profile, addresses, wording; every earlier value is kept."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotSaved
from sferum_store.schema import office_settings
from sferum_store.texts import storable, who

_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class OfficeSettings(BaseModel):
    """Settings of the office; each field is one row of the page, its title the Russian label."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Short = Field("", title="Название управления")
    region: _Short = Field("", title="Регион")
    default_profile: _Short = Field("chelyabinsk-2024", title="Профиль норм по умолчанию")
    support_platform: _Short = Field("info@sferum.ru", title="Поддержка платформы")
    support_region: _Short = Field("", title="Служба поддержки региона")
    support_addresses: tuple[_Short, ...] = Field((), title="Другие адреса для обращений", max_length=20)
    next_steps: dict[_Short, _Long] = Field({}, title="Что делать организации", max_length=50)
    signatory_post: _Short = Field("", title="Должность подписывающего")
    signatory_name: _Short = Field("", title="Кто подписывает письма")
    letterhead: _Long = Field("", title="Кто отправляет письма, как на бланке")
    executor: _Short = Field("", title="Исполнитель писем")
    executor_phone: _Short = Field("", title="Телефон исполнителя")
    public_address: _Short = Field("", title="Адрес приложения для коллег")

    @field_validator("public_address")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("адрес начинается с http:// или https://")
        return value.rstrip("/")


@dataclass(frozen=True)
class OfficeChange:
    """One change of one setting."""

    key: str
    value: Any
    set_at: dt.datetime
    set_by: str


def opens_elsewhere(address: str) -> bool:
    """Whether a link with this address can open on a colleague's computer: not without one, not on `localhost`."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").casefold()
    except ValueError:
        return False
    if not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (number.is_loopback or number.is_unspecified)


class Office:
    """Reading and changing the office's settings (`Store.office`)."""

    def __init__(self, database: Database, *, public_url: str = "") -> None:
        self._db = database
        self._public_url = public_url

    def current(self) -> OfficeSettings:
        """The settings that hold now."""
        latest = sa.select(sa.func.max(office_settings.c.number)).group_by(office_settings.c.key)
        with self._db.read() as connection:
            rows = connection.execute(
                sa.select(office_settings).where(office_settings.c.number.in_(latest))
            ).all()
        known = {row.key: row.value for row in rows if row.key in OfficeSettings.model_fields}
        return OfficeSettings.model_validate(known)

    def change(
        self, values: dict[str, Any], *, by: str = "", now: dt.datetime | None = None
    ) -> OfficeSettings:
        """Set some of the settings; those that stay the same are not written again.

        NotSaved with a Russian sentence for a value that can't be, KeyError for an unknown setting.
        """
        unknown = set(values) - set(OfficeSettings.model_fields)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        at = now or utc_now()
        before = self.current()
        after = _valid({**before.model_dump(), **_clean(values)})
        old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
        rows = [
            {"key": key, "value": new[key], "set_at": at, "set_by": who(by)}
            for key in values
            if new[key] != old[key]
        ]
        if rows:
            with self._db.write() as connection:
                connection.execute(office_settings.insert(), rows)
                about = ", ".join(row["key"] for row in rows)
                record(connection, Action.SETTINGS, who=by, about=about, now=at)
        return after

    def history(self, key: str) -> list[OfficeChange]:
        """Every value a setting had, the latest first."""
        query = sa.select(office_settings).where(office_settings.c.key == key)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(office_settings.c.number.desc())).all()
        return [OfficeChange(row.key, row.value, row.set_at, row.set_by) for row in rows]

    def address(self) -> str:
        """Where colleagues reach the app: SFERUM_PUBLIC_URL, else the office's setting; "" when neither is known."""
        return self._public_url or self.current().public_address


def _clean(values: Any) -> Any:
    if isinstance(values, str):
        return storable(values)
    if isinstance(values, dict):
        return {_clean(key): _clean(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [_clean(value) for value in values]
    return values


def _valid(values: dict[str, Any]) -> OfficeSettings:
    try:
        return OfficeSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        title = OfficeSettings.model_fields[str(first["loc"][0])].title
        if first["type"] == "string_too_long":
            reason = f"не длиннее {first['ctx']['max_length']} знаков"
        elif first["type"] == "value_error":
            reason = str(first["ctx"]["error"])
        else:
            reason = "значение не подходит"
        raise NotSaved(f"«{title}»: {reason}.", "Исправьте и сохраните снова.") from None
