"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from compliance import resources
from compliance.ledger.schema import create

ADMINISTRATOR = "administrator"
_MOST_DATABASES = 40

# Most of the time goes to making files: in memory, where there is plenty, that is a tenth of it.
_IN_MEMORY = Path("/dev/shm")
_PLENTY = 8 * 1024**3


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def _place() -> Path | None:
    """Return where servers keep their data, or ``None`` for where temporary files usually go."""
    try:
        return _IN_MEMORY if shutil.disk_usage(_IN_MEMORY).free >= _PLENTY else None
    except OSError:
        return None


def _missing(what: str) -> Any:
    """Skip where nobody promised a server, and fail where one was."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; the tests on PostgreSQL must run here", pytrace=False)
    pytest.skip(f"NOT RUN: {what}, so nothing was tested on PostgreSQL")


class Server:
    """A server of the tests' own.

    Attributes:
        socket: the folder of its socket.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self.socket = folder
        self._programs = programs
        self._numbers = count(1)
        self._template = ""
        self._made: deque[str] = deque()
        self._as_user: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # The server refuses to run as root.
            shutil.chown(folder, "nobody")
            self._as_user = {"user": "nobody", "extra_groups": []}

    @property
    def _data(self) -> Path:
        return self.socket / "data"

    def make(self) -> None:
        # A locale whose order is not that of code points: no answer may depend on it.
        self._call(
            *("initdb", "-D", self._data, "-U", ADMINISTRATOR, "-A", "trust", "--no-sync"),
            *("-E", "UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8"),
        )

    def start(self) -> None:
        settings = f"-c listen_addresses='' -c unix_socket_directories='{self.socket}' -c fsync=off"
        log = self.socket / "log"
        self._call("pg_ctl", "-D", self._data, "-w", "-o", settings, "-l", log, "start")

    def stop(self) -> None:
        """End it as a crash would."""
        self._call("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    @contextmanager
    def replica(self) -> Iterator[Path]:
        """Run a read replica of everything, as far as it is by now; give the folder of its socket.

        What is written later follows within moments.
        """
        place = self.socket / "replica"
        place.mkdir()
        if self._as_user:
            shutil.chown(place, "nobody")
        data = place / "data"
        self._call(
            *("pg_basebackup", "-h", self.socket, "-U", ADMINISTRATOR, "-D", data),
            *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        )
        settings = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c fsync=off"
        self._call("pg_ctl", "-D", data, "-w", "-o", settings, "-l", place / "log", "start")
        try:
            yield place
        finally:
            self._call("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
            shutil.rmtree(place)

    def program(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's own programs as a user would."""
        return subprocess.run(
            [self._programs / name, *arguments], capture_output=True, text=True, check=False
        )

    def _call(self, name: str, *arguments: str | Path) -> None:
        with (self.socket / "said").open("a") as said:
            done = subprocess.run(
                [str(self._programs / name), *map(str, arguments)],
                cwd=self.socket,
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                **self._as_user,
            )
        assert done.returncode == 0, (self.socket / "said").read_text()

    def url(self, database: str, user: str = ADMINISTRATOR) -> URL:
        return URL.create(
            "postgresql+psycopg", user, database=database, query={"host": str(self.socket)}
        )

    def run(self, *statements: str) -> None:
        """Run statements as the administrator, outside any transaction."""
        engine = create_engine(
            self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def new_database(self, options: str = "") -> URL:
        name = f"database_{next(self._numbers)}"
        # No test needs so many at once, and each takes several megabytes.
        old = [self._made.popleft()] if len(self._made) == _MOST_DATABASES else []
        drop = [f"DROP DATABASE {item} WITH (FORCE)" for item in old]
        self.run(*drop, f"CREATE DATABASE {name} {options}")
        self._made.append(name)
        return self.url(name)

    def new_user(self) -> str:
        name = f"user {next(self._numbers)}"
        self.run(f'CREATE ROLE "{name}" LOGIN')
        return name

    def ask_for_a_password(self, user: str, password: str) -> None:
        """Make a user whom the server lets in with a password only."""
        access = self._data / "pg_hba.conf"
        rule = f"local all {user} scram-sha-256\n"
        if rule not in access.read_text():
            access.write_text(rule + access.read_text())
            self.run(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'", "SELECT pg_reload_conf()")

    def new_ledger(self) -> URL:
        """Return one more empty ledger, a copy of one made by the migrations."""
        if not self._template:
            url = self.new_database()
            create(url, resources.folder("migrations"), lambda _engine: None)
            self._template = self._made.pop()
        return self.new_database(f"TEMPLATE {self._template}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of this test run's own: one for each process that runs tests."""
    programs = _programs()
    if programs is None:
        _missing("PostgreSQL's programs are not installed")
    assert programs is not None
    try:
        import psycopg  # noqa: F401
    except ImportError:
        _missing("the driver psycopg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="ledger-", dir=_place()))
    made = Server(programs, folder)
    try:
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
