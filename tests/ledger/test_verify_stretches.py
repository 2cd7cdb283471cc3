"""Rows are proven many at once; one that is unusual among them is proven by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_rows import held, moved, put
from sqlalchemy import URL, Connection, text
from unguarded import unguarded

from compliance.ledger.damage import Damage, Verification
from compliance.ledger.stored import SHAPE
from compliance.ledger.verify import verify
from compliance.values.records import Entry

_MANY = 1200  # rows of one table are read in several parts


def _both(connection: Connection) -> Verification:
    quick, careful = (verify(connection, quickly=quickly) for quickly in (True, False))
    assert quick == careful
    return quick


@pytest.fixture
def filled(ledger: URL) -> URL:
    """Movements of two years, of several shapes, with and without texts, some of them corrected."""
    rows: list[Entry] = []
    for number in range(_MANY):
        row = moved(
            1 + number % 3, f"20{19 + number % 2}-01-0{1 + number % 9}", type=f"T-{number % 5}"
        )
        ref = "" if number % 4 else f"r{number}"
        note = 'said "so"\n\\' if number % 100 == 7 else ""
        rows.append(replace(row, more=replace(row.more, ref=ref, note=note)))
    name = put(ledger, rows).content_sha256[:12]
    again: list[Entry] = [moved(5, corrects=f"{name}:{line}") for line in range(1, 40, 3)]
    put(ledger, [row for pair in zip(rows, again, strict=False) for row in pair])
    put(ledger, [held(3, "2019-01-01"), *rows[:9], held(4, "2019-01-02")])
    return ledger


def test_the_unusual_among_the_usual_is_sound(filled: URL) -> None:
    with unguarded(filled) as connection:
        found = _both(connection)
    assert (found.broken, found.kept) == (None, None)
    assert found.rows == _MANY + 2 * 13 + 11


def test_one_altered_row_among_many_is_found(filled: URL) -> None:
    for line, change in (
        (1, "shape_id = 9999"),
        (500, "note = 'x'"),
        (501, "basis = 'press'"),
        (_MANY, "quantity_low = 9, quantity_high = 9"),
    ):
        place = f"submission_id = 1 AND line = {line}"
        with unguarded(filled) as connection:
            connection.execute(text(f"UPDATE movement_row SET {change} WHERE {place}"))
            found = _both(connection).broken
        assert found is not None
        assert (found.damage, found.submission) == (Damage.ROWS, 1)


def test_a_shape_that_no_row_has_is_proven_as_well(filled: URL) -> None:
    """What is recorded next would be found to be of it."""
    others = ", ".join(SHAPE)
    with unguarded(filled) as connection:
        connection.execute(
            text(
                f"INSERT INTO movement_shape (id, sha256, {others})"
                f" SELECT 99, '{'0' * 64}', {others} FROM movement_shape WHERE id = 2"
            )
        )
        found = _both(connection).broken
    assert found is not None
    assert (found.damage, found.submission) == (Damage.ROWS, None)
    assert "movement shape 99 was altered" in found.message
