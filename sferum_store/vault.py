"""Encryption of names at rest: Fernet keys of the environment or of a file, the newest first, older ones for reading."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from sferum_store.errors import DamagedPayload, SettingsError
from sferum_store.settings import Settings


def new_key() -> str:
    """A new random key for SFERUM_NAMES_KEY."""
    return Fernet.generate_key().decode("ascii")


class Vault:
    """Seals and opens bytes with the keys of the settings."""

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "Ключ шифрования имён (SFERUM_NAMES_KEY) не подходит.",
                "Сделайте ключ командой «python -m sferum_store names-key».",
            ) from None

    def seal(self, content: bytes) -> bytes:
        """The content, encrypted with the newest key."""
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. DamagedPayload when no key opens it or it was changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise DamagedPayload(
                "Имена не расшифровываются: ключа, которым они зашифрованы, нет.",
                "Верните прежний ключ в SFERUM_NAMES_KEY через запятую после нового.",
            ) from None

    def reseal(self, sealed: bytes) -> bytes:
        """The same content under the newest key. DamagedPayload as `open`."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            self.open(sealed)
            raise


def vault_of(settings: Settings) -> Vault | None:
    """The vault of these settings; None when the office keeps no names. SettingsError for a key missing or wrong."""
    if not settings.keep_names:
        return None
    written = settings.names_key
    if not written and settings.names_key_file is not None:
        try:
            written = settings.names_key_file.read_text(encoding="ascii")
        except (OSError, UnicodeError):
            raise SettingsError(
                "Файл с ключом шифрования имён (SFERUM_NAMES_KEY_FILE) не читается.",
                "Проверьте имя файла и права.",
            ) from None
    keys = written.replace(",", " ").split()
    if not keys:
        raise SettingsError(
            "Хранение имён включено, а ключа шифрования нет.",
            "Сделайте ключ командой «python -m sferum_store names-key» и задайте SFERUM_NAMES_KEY или "
            "SFERUM_NAMES_KEY_FILE.",
        )
    return Vault(keys)
