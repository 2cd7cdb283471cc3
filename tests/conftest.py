"""What tests of several rooms share: a ledger, a way to run the program, and golden output."""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from postgres_fixture import server

from compliance.cli.main import _run

__all__ = ["server"]

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
LOUD = "NOT RUN: "
"""A skip whose reason begins so is shown at the end of every run, however quiet."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Write what the program prints now to tests/golden, in place of comparing with it.",
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if LOUD in reason:
            terminalreporter.write_line(f"{report.nodeid}: {reason}", yellow=True)


@dataclass(frozen=True)
class Outcome:
    """What one run of the program left: its exit code and its two streams, as bytes and text."""

    code: int
    raw: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        return self.raw.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


Run = Callable[..., Outcome]


class _Kept(io.TextIOWrapper):
    """A stream such as a pipe is: bytes under text, no terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)

    def bytes(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def run_here(*arguments: str | Path) -> Outcome:
    """Run the program in this process and return what it left."""
    out, err = _Kept(), _Kept()
    before = sys.stdout, sys.stderr
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _run([str(argument) for argument in arguments])
    finally:
        sys.stdout, sys.stderr = before
    return Outcome(code, out.bytes(), err.bytes().decode("utf-8"))


@pytest.fixture(scope="session")
def _no_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data-home")


@pytest.fixture(scope="session")
def _no_cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache-home")


@pytest.fixture(autouse=True)
def _plain_surroundings(
    monkeypatch: pytest.MonkeyPatch, _no_data_folder: Path, _no_cache_folder: Path
) -> None:
    """Keep the user's own settings, screen, data and cache folder out of every test."""
    for name in ("COMPLIANCE_DB", "COMPLIANCE_CACHE", "COMPLIANCE_LANG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_DATA_HOME", str(_no_data_folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(_no_cache_folder))


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger made by ``db init``. For reading only: take ``own_ledger`` to write to one."""
    path = tmp_path_factory.mktemp("ledger") / "compliance.db"
    outcome = run_here("--db", path, "db", "init")
    assert outcome.code == 0, outcome.stderr
    return path


@pytest.fixture
def own_ledger(ledger: Path, tmp_path: Path) -> Path:
    """A copy of the ledger that the test may change."""
    return Path(shutil.copy(ledger, tmp_path / "own.db"))


@pytest.fixture(scope="session")
def program() -> Run:
    """Run the program with exactly these arguments, no ledger named."""
    return run_here


@pytest.fixture
def run(ledger: Path) -> Run:
    """Run the program on the shared ledger: ``run("audit", "--as-of", "2019-12-31")``.

    ``db=PATH`` names another ledger, ``db=None`` none at all.
    """

    def call(*arguments: str | Path, db: Path | str | None = ledger) -> Outcome:
        named = () if db is None else ("--db", str(db))
        return run_here(*named, *arguments)

    return call


@pytest.fixture
def record_files() -> Callable[..., None]:
    """Record files in a ledger under an agreement: ``record_files(db, agreement, path, ...)``."""
    from compliance.cli.world import World
    from compliance.intake.files import read_files
    from compliance.ledger.append import record
    from compliance.ledger.schema import open_ledger

    def call(db: Path, agreement: str | Path, *paths: Path) -> None:
        world = World(db=str(db), agreement=str(agreement))
        engine = open_ledger(world.url, writing=True)
        try:
            rows = read_files(paths, world.vocabulary()).checked().rows
            record(engine, rows, recorded_by="tests", command="record_files")
        finally:
            engine.dispose()

    return call


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name in ``tests/golden``, or rewrite the file."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            return
        kept = path.read_bytes().decode("utf-8") if path.is_file() else None
        if kept == text:
            return
        how = (
            f"\nIf the change is meant: {Path(sys.executable).name} -m pytest {_test_file(request)}"
            " --update-golden\nand read the difference before it is committed."
        )
        if kept is None:
            pytest.fail(f"there is no tests/golden/{name} yet{how}", pytrace=False)
        difference = "\n".join(
            difflib.unified_diff(
                kept.splitlines(),
                text.splitlines(),
                f"tests/golden/{name} (expected)",
                f"tests/golden/{name} (printed now)",
                n=2,
                lineterm="",
            )
        )
        pytest.fail(f"{difference or 'only line ends differ'}\n{how}", pytrace=False)

    return compare


def _test_file(request: pytest.FixtureRequest) -> str:
    return os.path.relpath(request.path, ROOT)


# The same examples in every run, so that a failure is the change's own and can be seen again.
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, max_examples=40
)
settings.register_profile("explore", derandomize=False, database=None, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
