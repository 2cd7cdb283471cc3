"""The history lists every submission and shows what each row corrects and what corrects it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from ledger_rows import held, moved, put
from sqlalchemy import URL, Connection

from compliance.ledger.append import Receipt
from compliance.ledger.history import Recorded, Submission, changes, find, submissions
from compliance.ledger.reading import over
from compliance.ledger.schema import open_ledger
from compliance.values.errors import ComplianceError
from compliance.values.records import Withdrawal


@pytest.fixture
def chain(ledger: URL) -> list[Receipt]:
    done = [put(ledger, [held(1), moved(2), held(3, category="artillery")], note="the first")]
    name = done[0].content_sha256[:12]
    done.append(
        put(
            ledger,
            [moved(4), held(5, corrects=f"{name}:1"), Withdrawal(f"{name}:3", "typed twice")],
            recorded_by="another",
        )
    )
    done.append(put(ledger, [moved(6, corrects=f"{name}:2"), moved(7, corrects=f"{name}:2")]))
    return done


@pytest.fixture
def reading(ledger: URL, chain: list[Receipt]) -> Iterator[Connection]:
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_every_submission_is_listed_in_order(reading: Connection, chain: list[Receipt]) -> None:
    listed = list(submissions(over(reading)))
    assert [(s.id, s.recorded_at, s.rows, s.content_sha256, s.sha256) for s in listed] == [
        (r.id, r.recorded_at, r.rows, r.content_sha256, r.sha256) for r in chain
    ]
    assert [(s.recorded_by, s.command, s.note) for s in listed] == [
        ("tester", "test", "the first"),
        ("another", "test", ""),
        ("tester", "test", ""),
    ]
    assert list(submissions(over(reading), newest_first=True)) == listed[::-1]


def test_the_rows_of_a_submission_come_with_what_corrects_them(
    reading: Connection, chain: list[Receipt]
) -> None:
    one, two, three = (receipt.content_sha256[:12] for receipt in chain)
    found = list(changes(over(reading), 1))
    assert [(c.ref, c.line, c.entry) for c in found] == [
        (f"{one}:1", 1, held(1)),
        (f"{one}:2", 2, moved(2)),
        (f"{one}:3", 3, held(3, category="artillery")),
    ]
    assert [c.corrects for c in found] == [None, None, None]
    assert [c.corrected_by for c in found] == [
        (Recorded(f"{two}:2", held(5, corrects=f"{one}:1")),),
        (
            Recorded(f"{three}:1", moved(6, corrects=f"{one}:2")),
            Recorded(f"{three}:2", moved(7, corrects=f"{one}:2")),
        ),
        (Recorded(f"{two}:3", Withdrawal(f"{one}:3", "typed twice")),),
    ]


def test_the_rows_of_a_correction_come_with_what_they_correct(
    reading: Connection, chain: list[Receipt]
) -> None:
    one, two, _ = (receipt.content_sha256[:12] for receipt in chain)
    found = list(changes(over(reading), 2))
    assert [c.ref for c in found] == [f"{two}:{line}" for line in (1, 2, 3)]
    assert [c.corrects for c in found] == [
        None,
        Recorded(f"{one}:1", held(1)),
        Recorded(f"{one}:3", held(3, category="artillery")),
    ]
    assert found[2].entry == Withdrawal(f"{one}:3", "typed twice")


def test_a_submission_is_found_by_number_and_by_either_hash(
    reading: Connection, chain: list[Receipt]
) -> None:
    second: Submission = list(submissions(over(reading)))[1]
    for name in ("2", second.sha256, second.sha256[:8], f" {second.content_sha256[:12].upper()} "):
        assert find(over(reading), name) == second
    for wrong, said in (
        ("9", "no submission '9'"),
        ("f" * 64, "no submission"),
        ("abc", "names no submission"),
        ("", "names no submission"),
    ):
        with pytest.raises(ComplianceError, match=said) as caught:
            find(over(reading), wrong)
        assert caught.value.todo
    with pytest.raises(ComplianceError, match="no submission 9"):
        changes(over(reading), 9)


def test_of_content_recorded_twice_the_newest_is_found(ledger: URL) -> None:
    first = put(ledger, [moved(1)])
    put(ledger, [moved(1)])
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection:
        assert find(over(connection), first.content_sha256[:12]).id == 2
        assert find(over(connection), first.sha256[:12]).id == 1
    engine.dispose()


def test_long_submissions_are_read_in_pieces(ledger: URL) -> None:
    rows = [moved(n) if n % 3 else held(n, source=f"{n}") for n in range(1, 2500)]
    receipt = put(ledger, rows)
    name = receipt.content_sha256[:12]
    corrections = [Withdrawal(f"{name}:{line}") for line in (1, 500, 501, 1000, 2499)]
    put(ledger, corrections)
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection:
        found = list(changes(over(connection), 1))
        assert [c.entry for c in found] == rows
        assert [c.line for c in found if c.corrected_by] == [1, 500, 501, 1000, 2499]
        # A history that is not read to its end leaves nothing open.
        assert next(changes(over(connection), 1)).line == 1
    engine.dispose()


def test_a_long_submission_need_not_fit_into_the_memory(ledger: URL) -> None:
    put(ledger, [moved(number) for number in range(6_000)])
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection:
        next(changes(over(connection), 1))
        tracemalloc.start()
        try:
            seen = sum(1 for _ in changes(over(connection), 1))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    engine.dispose()
    assert seen == 6_000
    # All rows at once take more than five times as much as is taken here.
    assert most < 3_000_000
