"""What is asked in plain SQL: of a file and of a server alike, with equal answers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ledger_rows import CATEGORIES, PARTIES, days, held, moved
from sqlalchemy import URL, make_url

from compliance.ledger import reading, tails
from compliance.ledger.append import record
from compliance.ledger.background import background
from compliance.ledger.balances import evidence
from compliance.ledger.chain import head
from compliance.ledger.connect import locate, open_engine
from compliance.ledger.declared import declarations
from compliance.ledger.file import meant
from compliance.ledger.reading import Reading, over
from compliance.ledger.received import holdings_received, movements_received
from compliance.ledger.stored import COLUMNS
from compliance.ledger.tables import WHOLE_ROWS
from compliance.ledger.tails import movements
from compliance.values.records import Entry, Withdrawal
from compliance.values.vocabulary import Basis, State

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
KNOWN = [None, "2021-01-01T12:00:00.000000Z", "2020-12-31T00:00:00.000000Z"]
DAYS = [date(2019, 12, 31), date(2021, 7, 10), LAST]


@pytest.fixture(scope="module")
def both(new_file_ledger: Callable[[], URL], request: pytest.FixtureRequest) -> list[URL]:
    """The same rows, corrections and withdrawals in a file and on a server."""
    made = [new_file_ledger(), request.getfixturevalue("server").new_ledger()]
    for url in made:
        _fill(url)
    return made


def _fill(url: URL) -> None:
    engine = open_engine(url, writing=True)

    def put(day: int, *rows: Entry) -> str:
        moment = datetime(2021, 1, day, tzinfo=UTC)
        receipt = record(engine, rows, recorded_by="t", command="t", recorded_at=moment)
        return receipt.content_sha256[:12]

    out = "@reduced:destroyed"
    outside = "@import:France"
    first = put(
        1,
        *(
            held(10 + n, party=party, as_of=days(f"20{n}-01-01"))
            for n in range(15, 21)
            for party in PARTIES
        ),
        held(7, basis=Basis.OBSERVED, as_of=days("2019-05-01")),
        held(
            "4..9", as_of=days("2019-03-01", "2019-03-31"), category="artillery", basis=Basis.PRESS
        ),
        held(3, category="none", as_of=days("2018-01-01")),
        *(
            moved(n, date=days(f"20{n}-06-0{k}"), origin=outside, destination="serbia")
            for n in range(15, 22)
            for k in range(1, 4)
        ),
        *(
            moved(
                n,
                date=days(f"20{n}-02-01", f"20{n + 1}-03-01"),
                origin="serbia",
                destination="croatia",
            )
            for n in range(15, 22)
        ),
        moved("3..", date=days("2020-08-01"), origin="croatia", destination=out),
        moved(5, date=days("2021-01-01", "2022-01-01"), state=State.PLANNED),
    )
    second = put(2, held(99, corrects=f"{first}:1"), moved(50, corrects=f"{first}:25"))
    put(3, held(98, corrects=f"{second}:1"), Withdrawal(f"{first}:26"), Withdrawal(f"{first}:2"))
    engine.dispose()


def _answers(opened: Reading) -> Iterator[tuple[str, Any]]:
    yield "head", head(opened)
    for known_at in KNOWN:
        yield (
            "holdings",
            holdings_received(
                opened,
                first=FIRST,
                last=LAST,
                parties=PARTIES,
                bases=list(Basis),
                known_at=known_at,
            ),
        )
        yield (
            "movements",
            movements_received(opened, first=FIRST, last=LAST, parties=PARTIES, known_at=known_at),
        )
        for day in DAYS:
            for basis in (None, Basis.DECLARED, Basis.PRESS):
                found = evidence(
                    opened,
                    as_of=day,
                    known_at=known_at,
                    parties=PARTIES,
                    categories=CATEGORIES,
                    wholes=PARTIES[:1],
                    basis=basis,
                    since=min(day, date(2019, 6, 2)),
                    days=[min(day, date(2020, 7, 1))],
                )
                yield f"evidence {day} {known_at} {basis}", found
                yield (
                    f"background {day} {known_at} {basis}",
                    background(
                        opened,
                        found,
                        as_of=min(day, date(2021, 7, 10)),
                        months=13,
                        known_at=known_at,
                        parties=PARTIES,
                        compared=list(Basis),
                        changed=lambda _before, _now: True,
                        basis=basis,
                    ),
                )
        yield "all movements", movements(opened, LAST, known_at, dict.fromkeys(PARTIES, FIRST))
        yield (
            "all declarations",
            declarations(
                opened, as_of=LAST, known_at=known_at, parties=PARTIES, since=FIRST, limited=False
            ),
        )


def _opened(url: URL) -> Any:
    return reading.reading(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("many", [tails.MANY, 2], ids=["singly", "grouped"])
def test_a_file_and_a_server_give_equal_answers(
    both: list[URL], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "MANY", many)
    with _opened(both[0]) as file, _opened(both[1]) as server:
        # By way of SQLAlchemy a file answers the same as well.
        ways = [_answers(file), _answers(server), _answers(over(file.connection))]
        told = 0
        for here, there, again in zip(*ways, strict=True):
            assert here == there == again
            told += sum(item.many > 1 for item in getattr(here[1], "movements", ()))
    assert (told > 0) == (many == 2)


@pytest.mark.parametrize("number", [0, 1], ids=["file", "server"])
def test_values_lists_and_rows_are_bound_and_never_written(both: list[URL], number: int) -> None:
    hostile = ["'); DROP TABLE holding; --", ":party", "serbia"]
    with _opened(both[number]) as opened:
        ask = operator.methodcaller(
            "rows",
            "SELECT DISTINCT party FROM holding WHERE party IN (:names) AND party <> :other "
            "AND (submission_id, line) IN (VALUES :places) AND as_of_last < :day",
            names=hostile,
            other="'",
            places=[(1, 1), (1, 4)],
            day=date(2100, 1, 1),
        )
        assert list(map(tuple, ask(opened))) == [("serbia",)]
        query = "SELECT party FROM holding WHERE party IN (:names)"
        assert list(opened.rows(query, names=[])) == []
        assert len(list(opened.stream(query, names=hostile))) == len(
            opened.rows(query, names=hostile)
        )


def test_the_columns_named_are_those_of_the_tables() -> None:
    assert {table.name: tuple(table.columns.keys()) for table in WHOLE_ROWS} == COLUMNS


@pytest.mark.parametrize(
    "given",
    [
        "sqlite:///some.db",
        "sqlite:////folder/some.db",
        "sqlite:///some.db?timeout=3",
        "sqlite+pysqlite:///some.db",
        "sqlite:///per%20cent.db",
    ],
)
def test_a_file_is_the_same_with_sqlalchemy_and_without(given: str) -> None:
    assert meant(given) in {given, make_url(given).database}
    assert locate(given).database == make_url(given).database
