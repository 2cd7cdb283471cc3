"""A large synthetic ledger, made once for all tests: of a tenth of them on a server.

``COMPLIANCE_LARGE=1000000`` makes it of so many, as ``make test-large`` does.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from large_ledger import Large, build, make_files

if TYPE_CHECKING:
    from conftest import Run

_LONGEST = 3600  # seconds that one process waits for another one to make the ledger


@pytest.fixture(scope="session")
def movements() -> int:
    """How many movements the ledger has."""
    return int(os.environ.get("COMPLIANCE_LARGE", "100000"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one test run have in common."""
    own = tmp_path_factory.getbasetemp()
    found = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "large"
    found.mkdir(exist_ok=True)
    return found


@pytest.fixture(scope="session")
def in_a_file(
    program: Run, shared: Path, movements: int, tmp_path_factory: pytest.TempPathFactory
) -> Large:
    """The ledger in an SQLite file. For reading only: take a ``copy()`` to write to one."""
    folder = tmp_path_factory.mktemp("copies")

    def copied() -> str:
        path = folder / f"copy-{len(list(folder.iterdir()))}.db"
        return str(shutil.copy(shared / "ledger.db", path))

    made = Large(program, str(shared / "ledger.db"), shared / "files", movements, copied)
    _once(shared / "begun", lambda: _make(made))
    return made


@pytest.fixture(scope="session")
def on_a_server(
    program: Run,
    request: pytest.FixtureRequest,
    movements: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Large:
    """A tenth of it on a PostgreSQL server of this process's own."""
    server = request.getfixturevalue("server")
    url = server.new_ledger()

    def copied() -> str:
        made = server.new_database(f"TEMPLATE {url.database}")
        return str(made.render_as_string(hide_password=False))

    db = url.render_as_string(hide_password=False)
    files = tmp_path_factory.mktemp("large-server")
    made = Large(program, db, files, max(3000, movements // 10), copied)
    make_files(files, made.movements)
    build(made)
    return made


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest) -> Large:
    """The large ledger on each kind of database."""
    name = {"sqlite": "in_a_file", "postgresql": "on_a_server"}[request.param]
    found: Large = request.getfixturevalue(name)
    return found


def _make(large: Large) -> None:
    make_files(large.files, large.movements)
    large.call("db", "init", "--empty", codes=[0])
    build(large)


def _once(begun: Path, make: Callable[[], None]) -> None:
    """Make something in one process of a test run, while the others wait for it."""
    done, failed = begun.with_suffix(".done"), begun.with_suffix(".failed")
    try:
        begun.mkdir()
    except FileExistsError:
        until = time.monotonic() + _LONGEST
        while not done.exists():
            if failed.exists() or time.monotonic() > until:
                pytest.fail("another process could not make the large ledger", pytrace=False)
            time.sleep(0.2)
        return
    try:
        make()
    except BaseException:
        failed.touch()
        raise
    done.touch()
