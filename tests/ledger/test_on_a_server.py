"""The ledger's everyday tests once more, on PostgreSQL; and writers at once, on both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ledger_rows
import pytest
import test_balances
import test_recording
from postgres_fixture import Server
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from compliance.ledger.schema import open_ledger
from compliance.ledger.verify import verify

# Those that need no file, no process of SQLite's and not very many ledgers.
_RECORDING = [
    test_recording.test_a_correction_is_hashed_and_read_under_one_name_however_it_was_written,
    test_recording.test_a_correction_of_nothing_is_refused,
    test_recording.test_a_row_is_corrected_once_and_then_its_correction,
    test_recording.test_one_row_may_be_corrected_into_two,
    test_recording.test_content_recorded_twice_can_still_be_corrected,
    test_recording.test_nothing_cannot_be_recorded,
    test_recording.test_no_recording_is_dated_before_the_last_one_whatever_the_clock_says,
    test_recording.test_rows_keep_their_order_and_their_place,
]
globals().update(
    {name: test for name, test in vars(test_balances).items() if name.startswith("test_")}
)
globals().update({test.__name__: test for test in _RECORDING})


@pytest.fixture
def ledger(server: Server, monkeypatch: pytest.MonkeyPatch) -> URL:
    """An empty ledger on the server; plain questions go there as well."""
    monkeypatch.setattr(ledger_rows, "ask", _ask)
    monkeypatch.setattr(test_recording, "ask", _ask)
    return server.new_ledger()


def _ask(url: URL, query: str) -> list[dict[str, Any]]:
    """Read with a plain client; days as text, as an SQLite file keeps them."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = [row._asdict() for row in connection.execute(text(query))]
    engine.dispose()
    return [
        {
            name: str(value) if name.endswith(("_first", "_last")) else value
            for name, value in row.items()
        }
        for row in rows
    ]


_WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from ledger_rows import moved
from sqlalchemy import make_url
from compliance.ledger.append import record
from compliance.ledger.connect import open_engine
engine = open_engine(make_url(sys.argv[1]), writing=True)
print("ready", flush=True); input()
for number in range(50):
    record(engine, [moved(number)], recorded_by=sys.argv[2], command="test")
"""


def test_two_processes_recording_at_once_make_one_chain_on_either_database(
    any_new_ledger: Callable[[], URL],
) -> None:
    url = any_new_ledger()
    given = url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, given, name, str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        assert (*process.communicate(), process.returncode) == ("", "", 0)
    engine = open_ledger(url, writing=False)
    with engine.connect() as connection:
        found = verify(connection)
        by = connection.execute(text("SELECT recorded_by FROM submission ORDER BY id")).scalars()
        names = list(by)
    engine.dispose()
    assert (found.broken, found.submissions, found.rows) == (None, 100, 100)
    assert (names.count("one"), names.count("two")) == (50, 50)
