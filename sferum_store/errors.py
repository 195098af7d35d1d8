"""What can go wrong with the store, each with a Russian sentence and what to do about it."""

from __future__ import annotations

from enum import StrEnum


class StoreError(Exception):
    """Something the store could not do. `message` and `advice` are Russian sentences for the screen."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class SettingsError(StoreError):
    """A setting has a value that can't be used."""


class StoreUnavailable(StoreError):  # noqa: N818 - reads as what the caller meets
    """The database does not answer, is of a newer version, or its folder can't be written to."""


class DamagedPayload(StoreError):  # noqa: N818 - as above
    """Stored bytes are not what was stored."""


class PersonalData(StoreError):  # noqa: N818 - as above
    """A table that may name people was about to be stored."""


class NotSaved(StoreError):  # noqa: N818 - as above
    """What was given can't be kept as it is: no period, no region, no rows."""


class NotFound(StoreError, LookupError):  # noqa: N818 - as above
    """No such week, draft, correction or task; or it has been deleted."""


class Forbidden(StoreError):  # noqa: N818 - as above
    """The visitor may not do this."""


class TooMany(StoreError):  # noqa: N818 - as above
    """Too many failures from this address: `seconds` to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, f"Повторите через {max(1, -(-seconds // 60))} мин.")
        self.seconds = seconds


class GoneReason(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DELETED = "deleted"


_GONE = {
    GoneReason.UNKNOWN: (
        "Такой ссылки нет.",
        "Проверьте, что адрес скопирован целиком, или попросите прислать ссылку ещё раз.",
    ),
    GoneReason.EXPIRED: (
        "Срок действия этой ссылки закончился.",
        "Попросите того, кто её прислал, сделать новую.",
    ),
    GoneReason.REVOKED: ("Эту ссылку отозвали.", "Попросите того, кто её прислал, сделать новую."),
    GoneReason.DELETED: (
        "Данные, на которые вела эта ссылка, удалены.",
        "Попросите того, кто её прислал, сделать новую.",
    ),
}


class LinkGone(StoreError):  # noqa: N818 - as above
    """A link that opens nothing; `reason` says why, `message` and `advice` say it to the viewer."""

    def __init__(self, reason: GoneReason) -> None:
        super().__init__(*_GONE[reason])
        self.reason = reason
