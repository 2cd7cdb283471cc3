"""Ledgers for the tests, made once by the migrations and then copied: of each kind of database.

A test of the ledger takes ``ledger`` or ``new_ledger`` and so runs on both. One that is about files
or about a server by its nature takes ``file_ledger`` or ``server_ledger``, and says why.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from compliance import resources
from compliance.ledger.schema import create

Make = Callable[[], URL]


@pytest.fixture(scope="session")
def new_file_ledger(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that makes one more empty ledger in an SQLite file."""
    folder = tmp_path_factory.mktemp("ledgers")
    template = folder / "template.db"
    create(
        URL.create("sqlite", database=str(template)),
        resources.folder("migrations"),
        lambda _engine: None,
    )
    made = 0

    def make() -> URL:
        nonlocal made
        made += 1
        path: Path = folder / f"ledger-{made}.db"
        shutil.copy(template, path)
        return URL.create("sqlite", database=str(path))

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database there is."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def new_ledger(kind: str, request: pytest.FixtureRequest) -> Make:
    """Return a function that makes one more empty ledger, on each kind of database."""
    if kind == "sqlite":
        made: Make = request.getfixturevalue("new_file_ledger")
    else:
        made = request.getfixturevalue("server").new_ledger
    return made


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A place for a ledger, on each kind of database; nothing is in it."""
    if kind == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "new.db"))
    made: URL = request.getfixturevalue("server").new_database()
    return made


@pytest.fixture
def ledger(new_ledger: Make) -> URL:
    """An empty ledger, on each kind of database."""
    return new_ledger()


@pytest.fixture
def file_ledger(new_file_ledger: Make) -> URL:
    """An empty ledger in an SQLite file."""
    return new_file_ledger()


@pytest.fixture
def server_ledger(request: pytest.FixtureRequest) -> URL:
    """An empty ledger on a PostgreSQL server."""
    made: URL = request.getfixturevalue("server").new_ledger()
    return made
