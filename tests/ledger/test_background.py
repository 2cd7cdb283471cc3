"""What stands around the evidence for a day, and that none of it is evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from ledger_rows import CATEGORIES, PARTIES, held, moved
from sqlalchemy import URL

from compliance.ledger.append import record
from compliance.ledger.background import background
from compliance.ledger.balances import evidence
from compliance.ledger.connect import open_engine
from compliance.ledger.reading import reading
from compliance.values.evidence import Background
from compliance.values.records import Row
from compliance.values.vocabulary import Basis

DAY = date(2020, 6, 30)
RECORDED = "2020-01-15"


def around(
    url: URL, *rows: Sequence[Row], known_at: str | None = None, basis: Basis | None = None
) -> Background:
    writing = open_engine(url, writing=True)
    for number, some in enumerate(rows):
        moment = datetime.fromisoformat(f"{RECORDED}T00:00:0{number}+00:00")
        record(writing, some, recorded_by="tester", command="test", recorded_at=moment)
    writing.dispose()
    with reading(url.render_as_string(hide_password=False)) as ledger:
        found = evidence(
            ledger,
            as_of=DAY,
            known_at=known_at,
            parties=PARTIES,
            categories=CATEGORIES,
            basis=basis,
        )
        return background(
            ledger,
            found,
            as_of=DAY,
            months=13,
            known_at=known_at,
            parties=PARTIES,
            compared=(Basis.DECLARED,),
            changed=lambda _before, _now: True,
            basis=basis,
        )


def _quantities(found: Background) -> list[int | None]:
    return [item.row.quantity.low for d in found.declarations for item in d.rows]


@pytest.mark.parametrize(
    ("as_of", "there"),
    [
        ("2019-01-01", True),
        ("2018-12-01", True),
        ("2018-11-30", False),
        ("2020-06-30", False),
        ("2020-07-01", True),
        ("2021-07-30", True),
        ("2021-07-31", False),
    ],
)
def test_it_is_what_came_just_before_and_what_comes_soon(
    ledger: URL, as_of: str, there: bool
) -> None:
    # One dated on the day itself would be in use.
    rows = [held(1, as_of), *([] if as_of == "2020-06-30" else [held(2)])]
    found = around(ledger, rows)
    assert (1 in _quantities(found)) is there
    assert 2 not in _quantities(found)


def test_of_several_before_it_is_the_last(ledger: URL) -> None:
    rows = [held(number, f"2019-0{number}-01") for number in (1, 3, 2)]
    assert _quantities(around(ledger, [*rows, held(9)])) == [3]


def test_it_is_of_the_party_the_category_and_the_basis(ledger: URL) -> None:
    rows = [
        held(1, "2019-01-01", party="croatia"),
        held(2, "2019-01-01", category="artillery"),
        held(3, "2019-01-01", basis=Basis.PRESS),
        held(9),
        held(8, "2020-01-01", basis=Basis.PRESS),
    ]
    assert _quantities(around(ledger, rows)) == [2], "another category of the same party may follow"


def test_each_category_has_its_own(ledger: URL) -> None:
    rows = [
        held(1, "2018-12-15"),
        held(2, "2019-06-01", category="artillery"),
        held(8),
        held(9, "2020-05-01", category="artillery"),
    ]
    # And what is in use, where something of another category follows it.
    assert {1, 2} <= set(_quantities(around(ledger, rows)))


def test_movements_are_those_that_may_lie_between(ledger: URL) -> None:
    rows = [
        held(1, "2019-01-01"),
        held(9),
        held(9, category="artillery"),  # what is in use of both: so the evidence begins there
        moved(1, "2019-01-01"),
        moved(2, "2019-06-01"),
        moved(3, "2020-01-01"),
        moved(4, "2020-01-02"),
        moved(5, "2019-06-01", destination="croatia"),
    ]
    found = around(ledger, rows)
    assert [item.row.quantity.low for item in found.movements] == [2, 3]


def test_it_knows_no_more_than_was_known(ledger: URL) -> None:
    said = ([held(9)], [held(1, "2019-01-01"), held(2, "2020-12-01")])
    found = around(ledger, *said, known_at=f"{RECORDED}T00:00:00.000000Z")
    assert found == Background((), (), {1: date.fromisoformat(RECORDED)})
    assert _quantities(around(ledger)) == [1, 2]


def test_the_day_of_recording_is_told(ledger: URL) -> None:
    found = around(ledger, [held(9)], [held(2, "2020-12-01")])
    assert found.recorded == dict.fromkeys((1, 2), date.fromisoformat(RECORDED))


def test_what_is_asked_of_one_basis_is_of_that_basis(ledger: URL) -> None:
    rows = [held(1, "2020-12-01"), held(2, "2020-12-01", basis=Basis.PRESS)]
    rows += [held(3, "2020-12-01", basis=Basis.OBSERVED)]
    assert _quantities(around(ledger, rows, basis=Basis.PRESS)) == [2]
    assert _quantities(around(ledger)) == [1, 2], "what inspectors see later is no declaration"


def test_an_empty_ledger_has_none(ledger: URL) -> None:
    assert around(ledger) == Background()
