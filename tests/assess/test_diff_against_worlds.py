"""A change is that between all possible worlds of one day and of another, made one by one.

The oracle knows neither causes nor declarations that come into use: it counts each day by itself,
in plain loops, under ceilings written down here a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from diff_views import between, row
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from possible_worlds import CATEGORIES, count, effects_in_every_world, in_use, size
from random_rows import DAYS, READINGS, ledgers
from small_law import ACV, PARTIES, TANK

from compliance.assess.cause import CauseKind
from compliance.assess.compared import Diff, DiffRow
from compliance.values.records import Movement, Row

PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
THREE = st.tuples(DAYS, DAYS, DAYS).map(sorted)
Bounds = tuple[int | None, int | None]


def ceiling(party: str, category: str, day: date) -> Bounds:
    amended = day >= date(2020, 6, 15)
    return {
        ("serbia", TANK): (9, 10) if amended else (12, 12),
        ("serbia", ACV): (None, None) if amended else (20, 20),
        ("croatia", TANK): (7, 7),
    }.get((party, category), (None, None))


def compared(
    ledger: Sequence[Sequence[Row]],
    party: str,
    category: str,
    days: tuple[date, date],
    closed: Mapping[str, str],
) -> Bounds:
    """Return by how much each bound changed; ``None`` where it is open or unknown on a day."""
    limits = [ceiling(party, category, day) for day in days]
    if limits == [(None, None)] * 2:
        limits = [(0, 0)] * 2  # no ceiling on either day: the count with its sign turned
    sides: list[Bounds] = []
    for day, (least, most) in zip(days, limits, strict=True):
        low, high = count(ledger, party, category, day, closed)
        unknown = least is None or most is None
        sides.append((None, None) if unknown else (_minus(least, high), most - low))
    before, after = sides
    return _minus(after[0], before[0]), _minus(after[1], before[1])


def _minus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def check(ledger: list[list[Row]], days: Sequence[date], closed: dict[str, str]) -> None:
    results = between(ledger, *days, **closed)
    for result in results:
        for party in PARTIES:
            for category in CATEGORIES:
                found = row(result, party, category)
                expected = compared(ledger, party, category, (result.start, result.end), closed)
                if None in (found.before.counted, found.after.counted):
                    # Nothing at all on record: the oracle counts that as from none to any number.
                    assert expected[0] is None
                    continue
                assert (found.change.low, found.change.high) == expected
                for bound, change in zip(("low", "high"), expected, strict=True):
                    if change is not None:
                        parts = [getattr(c.change, bound) or 0 for c in found.causes]
                        assert sum(parts) == change
                check_exact_movements(ledger, result, found, closed)


def check_exact_movements(
    ledger: list[list[Row]], result: Diff, found: DiffRow, closed: dict[str, str]
) -> None:
    """A movement that does one and the same in every world is told as just that."""
    place = (found.after.party, found.after.category)
    if in_use(ledger, *place, result.start) != in_use(ledger, *place, result.end):
        return
    for number, rows in enumerate(ledger, start=1):
        for line, moved in enumerate(rows, start=1):
            if not isinstance(moved, Movement):
                continue
            old, new = (
                effects_in_every_world(ledger, moved, *place, day, closed)
                for day in (result.start, result.end)
            )
            if len(old) == len(new) == 1:
                told = [
                    cause.change
                    for cause in found.causes
                    if cause.kind is CauseKind.MOVEMENT
                    and cause.refs == (f"submission-{number}:{line}",)
                ]
                did = min(old) - min(new)
                assert len(told) == (did != 0)
                assert all({c.low, c.high} <= {did, None} for c in told)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(ledgers(), THREE, READINGS)
def test_changes_and_causes_are_those_of_all_possible_worlds(
    ledger: list[list[Row]], days: list[date], closed: dict[str, str]
) -> None:
    assume(size(ledger) <= 60)
    check(ledger, days, closed)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, database=None, phases=PHASES)
@given(ledgers(most=4), THREE, READINGS)
def test_changes_and_causes_are_those_of_all_possible_worlds_at_length(
    ledger: list[list[Row]], days: list[date], closed: dict[str, str]
) -> None:
    assume(size(ledger) <= 300)
    check(ledger, days, closed)


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(ledgers(), DAYS)
def test_day_by_day_the_causes_of_a_day_are_what_changed_on_it(
    ledger: list[list[Row]], start: date
) -> None:
    assume(size(ledger) <= 20)
    turning = {
        day
        for rows in ledger
        for item in rows
        for span in (item.date if isinstance(item, Movement) else item.as_of,)
        for day in (span.first, span.last, span.last - timedelta(days=1))
        if day > start
    }
    check(ledger, [start, *sorted(turning)], {})
    for result in between(ledger, start, *sorted(turning)):
        assert all(result.start < c.day <= result.end for r in result.rows for c in r.causes)


def test_the_oracle_itself_tells_a_plain_case() -> None:
    from small_law import held, moved

    ledger = [[held(4), moved(3, "M-84", date="2020-03-01")]]
    days = [date(2020, 1, 1), date(2020, 3, 1), date(2020, 7, 1)]
    changes = [compared(ledger, "serbia", TANK, pair, {}) for pair in pairwise(days)]
    assert changes == [(-3, -3), (-3, -2)]
