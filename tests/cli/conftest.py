"""What tests of the command line share: a ledger of which nothing is recorded."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
