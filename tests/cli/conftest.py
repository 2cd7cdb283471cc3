"""What tests of the command line share: a ledger of which nothing is recorded."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture(scope="session")
def _never_written(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    outcome = program("--db", path, "db", "init", "--empty")
    assert outcome.code == 0, outcome.stderr
    return path


@pytest.fixture
def empty_ledger(_never_written: Path, tmp_path: Path) -> Path:
    """A ledger of which nothing is recorded, for the test to write to."""
    return Path(shutil.copy(_never_written, tmp_path / "empty.db"))


@pytest.fixture(params=["sqlite", "postgresql"])
def each_ledger(request: pytest.FixtureRequest) -> str:
    """A ledger of which nothing is recorded, as ``--db`` takes it, on each kind of database."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("empty_ledger"))
    made: URL = request.getfixturevalue("server").new_ledger()
    return made.render_as_string(hide_password=False)
