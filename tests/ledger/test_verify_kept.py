"""The kept balances are found again from the movements; a difference is named and can be mended."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_rows import ROWS, moved, put
from sqlalchemy import URL, text
from unguarded import unguarded

from compliance.ledger.connect import open_engine
from compliance.ledger.damage import Break, Damage
from compliance.ledger.turnover import renew
from compliance.ledger.verify import verify
from compliance.values.records import Entry, Withdrawal
from compliance.values.vocabulary import State


def _of(condition: str) -> str:
    return f"shape_id IN (SELECT id FROM movement_shape WHERE {condition})"


_SERBIA = _of("to_party = 'serbia'")
_LOST = "from_party = 'serbia'"
_FROM_SERBIA = _of(_LOST)


def _kept(url: URL, *statements: str) -> Break | None:
    """Verify a ledger after changes that are taken back; it itself must be sound."""
    with unguarded(url) as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount
        found = verify(connection)
    assert found.broken is None
    return found.kept


@pytest.fixture
def filled(ledger: URL) -> URL:
    """Movements in two years, some corrected and withdrawn, some that no kept balance speaks of."""
    first = put(
        ledger,
        [
            moved(3, "2019-01-01", type="M-84"),
            moved("4..6", "2019-12-31", type="M-84"),
            moved("5..", "2020-02-01", origin="serbia:stored", destination="@reduced:destroyed"),
            moved(50, "2020-03-01"),
            moved(60, "2020-04-01"),
            moved(70, "2020-05-01", state=State.PLANNED),
        ],
    )
    name = first.content_sha256[:12]
    put(ledger, [moved(51, "2020-03-02", corrects=f"{name}:4"), Withdrawal(f"{name}:5")])
    return ledger


def test_what_was_recorded_and_corrected_is_kept_right(filled: URL) -> None:
    assert _kept(filled) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            f"UPDATE turnover SET quantity_low = 8 WHERE {_SERBIA} AND year = 2019",
            "of 2019 are not what its movements add up to: battle_tank M-84 from @import:France to "
            "serbia, declared, are kept as 2 movements of 8 to 9, and should be 2 movements of "
            "7 to 9",
        ),
        (
            f"UPDATE turnover SET year = 2018 WHERE {_SERBIA} AND year = 2019",
            "of 2018 are not what its movements add up to: battle_tank M-84 from @import:France to "
            "serbia, declared, are kept as 2 movements of 7 to 9, and should be nothing",
        ),
        (
            f"DELETE FROM turnover WHERE {_FROM_SERBIA}",
            "of 2020 are not what its movements add up to: battle_tank from serbia:stored to "
            "@reduced:destroyed, declared, are kept as nothing, and should be 1 movement of 5 to 0 "
            "and 1 open",
        ),
        (f"UPDATE turnover SET open = 1 WHERE {_SERBIA} AND year = 2019", "and 1 open"),
        ("UPDATE turnover SET movements = movements + 1 WHERE year = 2019", "3 movements of 7"),
        # Of another shape, of one of which nothing is kept, of one that is not there.
        (
            f"UPDATE turnover SET shape_id = (SELECT id FROM movement_shape WHERE {_LOST})"
            " WHERE year = 2019",
            "of 2019 are not what its movements add up to: battle_tank M-84 from @import:France to "
            "serbia, declared, are kept as nothing, and should be 2 movements of 7 to 9",
        ),
        (
            "UPDATE turnover SET shape_id = (SELECT id FROM movement_shape WHERE state <> 'done')"
            " WHERE year = 2019",
            "of 2019",
        ),
        (
            "UPDATE turnover SET shape_id = 99 WHERE year = 2020 AND quantity_low = 5",
            "of 2020 are not what its movements add up to: ",
        ),
        (
            "INSERT INTO turnover VALUES (2021, 99, 'declared', 1, 1, 1, 0)",
            "those of shape 99, which is not there, declared, are kept as 1 movement of 1, and "
            "should be nothing",
        ),
        ("UPDATE turnover SET basis = 'press' WHERE year = 2019", "of 2019"),
    ],
)
def test_a_kept_balance_that_is_wrong_is_named(filled: URL, change: str, says: str) -> None:
    found = _kept(filled, change)
    assert found is not None
    assert (found.damage, found.submission) == (Damage.KEPT, None)
    assert found.message.startswith("every hash is right, but the kept balances ")
    assert says in found.message


def test_two_mistakes_do_not_make_up_for_each_other(filled: URL) -> None:
    found = _kept(
        filled,
        "UPDATE turnover SET quantity_low = quantity_low + 1 WHERE year = 2019",
        f"UPDATE turnover SET quantity_low = quantity_low - 1 WHERE {_SERBIA} AND year = 2020",
    )
    assert found is not None
    assert "of 2019" in found.message


@pytest.mark.parametrize(
    "change", ["quantity_low = 'x'", "shape_id = 'x'", "shape_id = 1.5", "basis = x'ff'"]
)
def test_a_kept_balance_that_is_no_number_is_found(file_ledger: URL, change: str) -> None:
    put(file_ledger, [moved(3)])
    found = _kept(file_ledger, f"UPDATE turnover SET {change}")
    assert found is not None
    assert "hold what is no balance" in found.message


def test_of_a_broken_ledger_the_kept_balances_are_not_judged(filled: URL) -> None:
    with unguarded(filled) as connection:
        connection.execute(text("UPDATE movement_row SET quantity_low = 2 WHERE line = 1"))
        connection.execute(text("DELETE FROM turnover"))
        found = verify(connection)
    assert found.broken is not None
    assert found.kept is None


@given(submissions=st.lists(ROWS, min_size=1, max_size=3), data=st.data())
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_kept_balances_made_anew_are_right(
    new_file_ledger: object, submissions: list[list[Entry]], data: st.DataObject
) -> None:
    assert callable(new_file_ledger)
    url = new_file_ledger()
    for rows in submissions:
        done = put(url, rows)
        put(url, [Withdrawal(f"{done.content_sha256[:12]}:{len(rows)}")])
    engine = open_engine(url, writing=True)
    with engine.connect() as connection:
        assert verify(connection).sound
        before = connection.execute(text("SELECT * FROM turnover")).all()
        if before:
            column = data.draw(st.sampled_from(["movements", "quantity_low", "open", "year"]))
            connection.execute(text(f"UPDATE turnover SET {column} = {column} + 1"))
            assert not verify(connection).sound
        renew(connection)
        assert verify(connection).sound
        assert connection.execute(text("SELECT * FROM turnover")).all() == before
    engine.dispose()
