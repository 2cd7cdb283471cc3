"""``compliance history verify`` and the balances kept beside the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.cli.history_verify import RENEW
from compliance.cli.world import World
from compliance.ledger.append import record
from compliance.ledger.connect import open_engine
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def moved(own_ledger: Path) -> Path:
    """The published figures, and one movement made up."""
    engine = open_engine(World(db=str(own_ledger)).url, writing=True)
    row = Movement(
        DateSpan.parse("2021-03-01"),
        "M-84",
        "battle_tank",
        Span.exactly(12),
        Account(place="@import:France"),
        Account("serbia"),
        State.DONE,
        Basis.NOTIFIED,
        "synthetic",
    )
    record(engine, [row], recorded_by="tests", command="tests")
    engine.dispose()
    return own_ledger


def _change(db: Path, sql: str) -> None:
    with closing(sqlite3.connect(db)) as client, client:
        assert client.execute(sql).rowcount


def test_wrong_kept_balances_are_named_and_made_anew(run: Run, moved: Path) -> None:
    sound = run("history", "verify", db=moved)
    assert sound.code == 0
    m84 = "SELECT id FROM movement_shape WHERE type = 'M-84'"
    _change(moved, f"UPDATE turnover SET quantity_low = 11 WHERE shape_id IN ({m84})")
    outcome = run("history", "verify", db=moved)
    assert (outcome.code, outcome.stdout) == (4, "")
    assert outcome.stderr == (
        "Error: every hash is right, but the kept balances of 2021 are not what its movements add "
        "up to: battle_tank M-84 from @import:France to serbia, notified, are kept as 1 movement "
        "of 11 to 12, and should be 1 movement of 12\n"
        "  see with --head that nothing was cut off at the end, then make the kept balances anew: "
        "compliance history verify --renew-balances; answers given meanwhile may be wrong\n"
    )
    copied = run("db", "backup", moved.with_name("copy.db"), db=moved)
    assert copied.code == 4
    assert "has wrong balances: every hash is right" in copied.stderr
    mended = run("history", "verify", RENEW, db=moved)
    assert (mended.code, mended.stdout) == (0, sound.stdout)
    assert "made anew" in mended.stderr
    again = run("history", "verify", RENEW, db=moved)
    assert (again.code, again.stdout, again.stderr) == (0, sound.stdout, sound.stderr)


def test_nothing_is_made_anew_from_a_broken_ledger(run: Run, moved: Path) -> None:
    with closing(sqlite3.connect(moved)) as client, client:
        client.execute("DROP TRIGGER movement_row_no_update")
        client.execute("UPDATE movement_row SET quantity_low = 1, quantity_high = 1")
        client.execute("UPDATE turnover SET quantity_low = 11")
    before = moved.read_bytes()
    outcome = run("history", "verify", RENEW, db=moved)
    assert (outcome.code, outcome.stdout) == (4, "")
    assert "were altered" in outcome.stderr
    assert moved.read_bytes() == before
