"""When a row was first said: its corrections stand in its place, as long as one speaker speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ledger_rows import LATE, PARTIES, held, moved
from sqlalchemy import URL

from compliance.ledger.append import Receipt, record
from compliance.ledger.chain import instant
from compliance.ledger.connect import open_engine
from compliance.ledger.reading import reading
from compliance.ledger.received import holdings_received, movements_received
from compliance.values.records import Entry, Withdrawal
from compliance.values.vocabulary import Basis, State

DECLARED = (Basis.DECLARED,)
Put = Callable[..., str]


@pytest.fixture
def put(ledger: URL) -> Put:
    """Record rows on a day of 2020, written MM-DD, and return the name of the submission."""

    def call(day: str, *rows: Entry) -> str:
        engine = open_engine(ledger, writing=True)
        try:
            receipt: Receipt = record(
                engine,
                rows,
                recorded_by="tester",
                command="test",
                recorded_at=datetime.fromisoformat(f"2020-{day}T23:59:59").replace(tzinfo=UTC),
            )
        finally:
            engine.dispose()
        return receipt.content_sha256[:12]

    return call


def _read(ledger: URL, query: Callable[..., Any], **asked: Any) -> list[tuple[int, str, str]]:
    """Return each row's quantity, the submission that first said it, and when."""
    wanted = {"first": date(1, 1, 1), "last": LATE, "parties": PARTIES, **asked}
    with reading(ledger.render_as_string(hide_password=False)) as opened:
        return [
            (item.item.row.quantity.low, item.submission, f"{item.on:%m-%d}")
            for item in query(opened, **wanted)
        ]


def _holdings(ledger: URL, **asked: Any) -> list[tuple[int, str, str]]:
    return _read(ledger, holdings_received, **{"bases": DECLARED, **asked})


def _known(day: str) -> str:
    return instant(datetime.fromisoformat(f"2020-{day}T23:59:59.999999").replace(tzinfo=UTC))


def test_rows_come_by_date_with_the_submission_that_said_them(ledger: URL, put: Put) -> None:
    late = put("01-10", held(2, "2020-01-01"), held(3, "2019-01-01"))
    put("01-11", held(4, "2020-01-01", basis=Basis.PRESS))
    assert _holdings(ledger) == [(3, late, "01-10"), (2, late, "01-10")]
    assert _holdings(ledger, first=date(2020, 1, 1)) == [(2, late, "01-10")]
    assert _holdings(ledger, last=date(2019, 12, 31)) == [(3, late, "01-10")]
    assert _holdings(ledger, parties=["croatia"]) == []


def test_a_correction_was_said_when_what_it_corrects_was_said(ledger: URL, put: Put) -> None:
    first = put("01-10", held(1))
    second = put("02-10", held(2, corrects=f"{first}:1"))
    put("03-10", held(3, corrects=f"{second}:1"))
    assert _holdings(ledger) == [(3, first, "01-10")]
    assert _holdings(ledger, known_at=_known("02-20")) == [(2, first, "01-10")]
    assert _holdings(ledger, known_at=_known("01-09")) == []


def test_what_was_withdrawn_is_gone_and_comes_back_as_it_was_said(ledger: URL, put: Put) -> None:
    first = put("01-10", held(1))
    second = put("02-10", Withdrawal(f"{first}:1"))
    assert _holdings(ledger) == []
    assert _holdings(ledger, known_at=_known("02-09")) == [(1, first, "01-10")]
    put("03-10", held(4, corrects=f"{second}:1"))
    assert _holdings(ledger) == [(4, first, "01-10")]


def test_another_speaker_speaks_for_the_first_time(ledger: URL, put: Put) -> None:
    press = put("01-10", held(1, basis=Basis.PRESS))
    own = put("02-10", held(2, corrects=f"{press}:1"))
    put("03-10", held(3, corrects=f"{own}:1"))
    assert _holdings(ledger) == [(3, own, "02-10")]


def test_movements_come_with_when_they_were_first_said(ledger: URL, put: Put) -> None:
    plan = put("01-10", moved(5, "2020-06-01", state=State.PLANNED), moved(1, "2020-07-01"))
    done = put("02-10", moved(6, "2020-06-02", corrects=f"{plan}:1"))
    put("03-10", moved(7, "2020-06-03", corrects=f"{done}:1"), moved(2, destination="croatia"))
    rows = _read(ledger, movements_received, parties=["serbia"])
    assert rows == [(7, done, "02-10"), (1, plan, "01-10")], "a plan is not the delivery"
    assert _read(ledger, movements_received, first=date(2020, 7, 1)) == [(1, plan, "01-10")]
    assert _read(ledger, movements_received, known_at=_known("01-31")) == [
        (5, plan, "01-10"),
        (1, plan, "01-10"),
    ]
