"""The count equals the lowest and the highest over every possible world, made one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import Phase, assume, given, settings
from possible_worlds import CATEGORIES, count, size
from random_rows import DAYS, READINGS, ledgers
from small_law import PARTIES, audited, law, row_of

from compliance.values.records import Row

LAW = law()
# Explaining a failure takes longer than finding it.
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


def _compare(submissions: Sequence[Sequence[Row]], day: date, closed: Mapping[str, str]) -> None:
    result = audited(LAW, submissions, day=day, readings=[f"{q}={a}" for q, a in closed.items()])
    for party in PARTIES:
        for category in CATEGORIES:
            found = row_of(result, party, category).counted
            expected = count(submissions, party, category, day, closed)
            assert (found.low, found.high) == expected if found else expected == (0, None)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(submissions=ledgers(), day=DAYS, closed=READINGS)
def test_the_count_is_that_of_all_possible_worlds(
    submissions: list[list[Row]], day: date, closed: dict[str, str]
) -> None:
    assume(size(submissions) <= 200)
    _compare(submissions, day, closed)


@pytest.mark.long
@settings(max_examples=4000, deadline=None, database=None, phases=PHASES)
@given(submissions=ledgers(most=4), day=DAYS, closed=READINGS)
def test_the_count_is_that_of_all_possible_worlds_at_length(
    submissions: list[list[Row]], day: date, closed: dict[str, str]
) -> None:
    assume(size(submissions) <= 500)
    _compare(submissions, day, closed)
