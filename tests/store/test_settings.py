"""Settings are declared in one place, described there, and all of them stand in the README's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.make_settings_table import README, settings_section
from sferum_core.model import Limits
from sferum_store.settings import PREFIX, Settings, SettingsError, load_settings, settings_table


def test_every_setting_is_in_the_readme() -> None:
    text = README.read_text("utf-8")
    assert settings_section(text).strip() == settings_table().strip(), "run: make settings"
    for name, field in Settings.model_fields.items():
        assert f"| `{PREFIX}{name.upper()}` |" in text
        assert field.description


def test_every_variable_the_code_reads_is_a_setting() -> None:
    import re  # noqa: PLC0415

    root = README.parent
    files = [
        path
        for folder in ("sferum_core", "sferum_ui", "sferum_store", "scripts", "pages")
        for path in (root / folder).rglob("*.py")
    ]
    named = {
        name for path in files for name in re.findall(r"\bSFERUM_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    assert {"SFERUM_ADDRESS", "SFERUM_PORT", "SFERUM_DATABASE_URL"} <= named
    assert named - {PREFIX + name.upper() for name in Settings.model_fields} == set()


def test_limits_are_all_settings_with_the_readers_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().limits == Limits(niceness=15), "in the app pages go before a file being read"
    monkeypatch.setenv("SFERUM_LIMIT_ROWS", "10")
    assert load_settings().limits == Limits(rows=10, niceness=15)


def test_the_environment_is_read_and_what_is_given_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFERUM_DRAFT_DAYS", " 5 ")
    monkeypatch.setenv("SFERUM_DATA_DIR", "/srv/sferum")
    monkeypatch.setenv("SFERUM_PUBLIC_URL", "https://otchety.example.ru/")
    monkeypatch.setenv("SFERUM_KEEP_ORIGINALS", "0")
    found = load_settings()
    assert (found.draft_days, found.public_url, found.keep_originals) == (
        5,
        "https://otchety.example.ru",
        False,
    )
    assert found.url == "sqlite:////srv/sferum/sferum.sqlite"
    assert load_settings(draft_days=9).draft_days == 9
    monkeypatch.setenv("SFERUM_DATABASE_URL", "postgresql://a/b")
    assert load_settings().url == "postgresql://a/b"


def test_a_blank_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFERUM_DRAFT_DAYS", "")
    monkeypatch.setenv("SFERUM_DATA_DIR", "")
    assert load_settings().draft_days == 14
    assert load_settings().data_dir == Path(README.parent / "data")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DRAFT_DAYS", "0", "не меньше 1"),
        ("DRAFT_DAYS", "много", "целое число"),
        ("DRAFT_DAYS", "1.5", "целое число"),
        ("LIMIT_WALL_SECONDS", "0", "больше 0"),
        ("LIMIT_WALL_SECONDS", "x", "нужно число"),
        ("KEEP_ORIGINALS", "maybe", "1 (да) или 0"),
        ("PUBLIC_URL", "otchety.example.ru", "http://"),
        ("PORT", "70000", "не больше 65535"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert f"{PREFIX}{name}" in told.value.message
    assert words in told.value.message
