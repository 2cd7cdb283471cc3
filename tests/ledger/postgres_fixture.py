"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from compliance import resources
from compliance.ledger.schema import create

ADMINISTRATOR = "administrator"


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def _missing(what: str) -> Any:
    """Skip where nobody promised a server, and fail where one was."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; the tests on PostgreSQL must run here", pytrace=False)
    pytest.skip(f"NOT RUN: {what}, so nothing was tested on PostgreSQL")


class Server:
    """A running server.

    Attributes:
        socket: the folder of its socket.
    """

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._numbers = count(1)
        self._template = ""

    def url(self, database: str, user: str = ADMINISTRATOR) -> URL:
        return URL.create(
            "postgresql+psycopg", user, database=database, query={"host": str(self.socket)}
        )

    def run(self, statement: str) -> None:
        """Run a statement as the administrator, outside any transaction."""
        engine = create_engine(
            self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def new_database(self, options: str = "") -> URL:
        name = f"database_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def new_user(self) -> str:
        name = f"user {next(self._numbers)}"
        self.run(f'CREATE ROLE "{name}" LOGIN')
        return name

    def new_ledger(self) -> URL:
        """Return one more empty ledger, a copy of one made by the migrations."""
        if not self._template:
            url = self.new_database()
            create(url, resources.folder("migrations"), lambda _engine: None)
            self._template = str(url.database)
        return self.new_database(f"TEMPLATE {self._template}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of this test run's own."""
    programs = _programs()
    if programs is None:
        _missing("PostgreSQL's programs are not installed")
    assert programs is not None
    try:
        import psycopg  # noqa: F401
    except ImportError:
        _missing("the driver psycopg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="ledger-"))
    as_user: dict[str, Any] = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "nobody")
        as_user = {"user": "nobody", "extra_groups": []}

    def run(*arguments: str | Path) -> None:
        with (folder / "said").open("a") as said:
            done = subprocess.run(
                [str(item) for item in arguments],
                cwd=folder,
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                **as_user,
            )
        assert done.returncode == 0, (folder / "said").read_text()

    data = folder / "data"
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    try:
        # A locale whose order is not that of code points: no answer may depend on it.
        run(
            *(programs / "initdb", "-D", data, "-U", ADMINISTRATOR, "-A", "trust", "--no-sync"),
            *("-E", "UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8"),
        )
        run(programs / "pg_ctl", "-D", data, "-w", "-o", settings, "-l", folder / "log", "start")
        try:
            yield Server(folder)
        finally:
            run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_new_ledger(
    request: pytest.FixtureRequest, new_ledger: Callable[[], URL]
) -> Callable[[], URL]:
    """Return a function that makes one more empty ledger, on each kind of database."""
    if request.param == "sqlite":
        return new_ledger
    made: Callable[[], URL] = request.getfixturevalue("server").new_ledger
    return made


@pytest.fixture
def any_ledger(any_new_ledger: Callable[[], URL]) -> URL:
    """An empty ledger, on each kind of database."""
    return any_new_ledger()
