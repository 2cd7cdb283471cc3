"""Where what a user keeps is found, on each system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from compliance import resources
from compliance.cli.world import World
from compliance.ledger.file import meant
from compliance.values.errors import ComplianceError

VARIABLES = ("XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA")


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user who has set nothing but where the home is, and works in an empty folder."""
    for name in (*VARIABLES, "COMPLIANCE_DB", "COMPLIANCE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("system", "data", "cache"),
    [
        ("linux", ".local/share/compliance", ".cache/compliance"),
        ("freebsd14", ".local/share/compliance", ".cache/compliance"),
        ("darwin", "Library/Application Support/compliance", "Library/Caches/compliance"),
        ("win32", "AppData/Local/compliance", "AppData/Local/compliance/Cache"),
    ],
)
def test_they_are_where_the_system_keeps_such_things(
    monkeypatch: pytest.MonkeyPatch, at_home: Path, system: str, data: str, cache: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert resources.user_data() == at_home / data
    assert resources.user_cache() == at_home / cache
    assert meant(None) == at_home / data / "compliance.db"


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_they_are_where_the_user_wants_them(
    monkeypatch: pytest.MonkeyPatch, at_home: Path, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    for name in VARIABLES:
        monkeypatch.setenv(name, str(at_home / name))
    data, cache = ("LOCALAPPDATA",) * 2 if system == "win32" else VARIABLES[:2]
    assert resources.user_data() == at_home / data / "compliance"
    kept = resources.user_cache()
    assert kept is not None and kept.is_relative_to(at_home / cache / "compliance")
    monkeypatch.setenv("COMPLIANCE_CACHE", "off")
    assert resources.user_cache() is None


@pytest.mark.skipif(sys.platform == "win32", reason="relative paths look otherwise there")
def test_a_folder_that_is_not_named_whole_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, at_home: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "some/where")
    assert resources.user_data().is_relative_to(at_home / ".local")
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(ComplianceError, match="not known where this user's folders are") as told:
        resources.user_data()
    assert told.value.todo == "set XDG_DATA_HOME to a folder, by its whole path"
    assert World().cache is None
    monkeypatch.setenv("XDG_DATA_HOME", str(at_home / "data"))
    assert resources.user_data() == at_home / "data" / "compliance"
