"""What must hold of every audit, whatever the ledger."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from random_rows import DAYS, EVERYBODY, QUANTITIES, READINGS, ledgers, movements
from small_law import ACV, PARTIES, TANK, WHOLE, audited, days, gathered, law, limit, moved, row_of

from compliance.assess.result import Audit
from compliance.values.evidence import Evidence
from compliance.values.records import Movement, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

RANDOM = settings(max_examples=60, deadline=None, database=None, derandomize=True)
LAW = law(*(limit(p, c, "8..12") for p in (*PARTIES, WHOLE) for c in (TANK, ACV)))
LEDGERS = ledgers(EVERYBODY, most=4)
T = TypeVar("T")
Submissions = Sequence[Sequence[Row]]


def _figures(result: Audit) -> list[object]:
    return [
        (r.party, r.category, r.counted, r.judged, r.headroom, r.verdict, r.held, r.not_counted)
        for r in result.rows
    ]


def _contains(wide: Span | None, narrow: Span | None) -> bool:
    wide, narrow = wide or Span.at_least(0), narrow or Span.at_least(0)
    assert wide.low is not None
    assert narrow.low is not None
    low = wide.low <= narrow.low
    return low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))


@RANDOM
@given(submissions=LEDGERS, day=DAYS, seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(submissions: Submissions, day: date, seed: int) -> None:
    evidence = gathered(submissions)
    shuffler = random.Random(seed)

    def shuffled(items: Sequence[T]) -> tuple[T, ...]:
        return tuple(shuffler.sample(list(items), len(items)))

    other = Evidence(
        shuffled([replace(d, rows=shuffled(d.rows)) for d in evidence.declarations]),
        shuffled(evidence.movements),
    )
    first, second = audited(LAW, evidence, day=day), audited(LAW, other, day=day)
    assert _figures(first) == _figures(second)
    assert {f.kind for f in first.findings} == {f.kind for f in second.findings}


@RANDOM
@given(submissions=LEDGERS, more=movements(EVERYBODY), number=st.integers(0, 9))
def test_a_movement_and_its_exact_reverse_change_nothing(
    submissions: Submissions, more: Movement, number: int
) -> None:
    certain = replace(
        more,
        date=days("2020-10-01"),  # after every declaration, so surely in none
        quantity=Span.exactly(number),
        state=State.DONE,
        basis=Basis.DECLARED,
    )
    back = replace(certain, origin=certain.destination, destination=certain.origin)
    first = audited(LAW, submissions)
    second = audited(LAW, [*submissions, [certain, back]])
    for before, after in zip(first.rows, second.rows, strict=True):
        # Where nothing was known at all, "at least none" is as little.
        assert (before.counted or Span.at_least(0)) == (after.counted or Span.at_least(0))


@RANDOM
@given(submissions=LEDGERS, day=DAYS, closed=READINGS)
def test_headroom_and_counted_add_up_to_the_ceiling(
    submissions: Submissions, day: date, closed: dict[str, str]
) -> None:
    for found in audited(LAW, submissions, day=day, readings=_options(closed)).rows:
        if found.counted is None:
            assert found.headroom is None
            continue
        assert found.headroom is not None
        assert found.ceiling is not None
        high = found.counted.high
        assert found.headroom.low == (None if high is None else (found.ceiling.low or 0) - high)
        assert found.headroom.high == (found.ceiling.high or 0) - (found.counted.low or 0)


def _options(closed: dict[str, str]) -> list[str]:
    return [f"{question}={answer}" for question, answer in closed.items()]


@RANDOM
@given(submissions=LEDGERS, day=DAYS, closed=READINGS)
def test_closing_a_question_never_widens(
    submissions: Submissions, day: date, closed: dict[str, str]
) -> None:
    """And so a longer list of open questions never narrows: one more is opened at each step."""
    previous: Audit | None = None
    for length in range(len(closed), -1, -1):
        some = dict(list(closed.items())[:length])
        result = audited(LAW, submissions, day=day, readings=_options(some))
        if previous is not None:
            for wide, narrow in zip(result.rows, previous.rows, strict=True):
                assert _contains(wide.counted, narrow.counted)
        previous = result


@RANDOM
@given(submissions=LEDGERS, day=DAYS)
def test_an_open_question_is_the_hull_of_its_answers(submissions: Submissions, day: date) -> None:
    left_open = audited(LAW, submissions, day=day)
    by_answer = [
        audited(LAW, submissions, day=day, readings=[f"light-tanks={answer}"])
        for answer in ("tank", "other")
    ]
    for found, *closed in zip(left_open.rows, *(r.rows for r in by_answer), strict=True):
        if found.party == WHOLE:
            continue  # each part at its own widest
        spans = [item.counted for item in closed]
        if found.counted is None or None in spans:
            continue
        one, other = (span for span in spans if span is not None)
        assert found.counted == one.hull(other)


@RANDOM
@given(submissions=LEDGERS, day=DAYS, quantity=QUANTITIES, category=st.sampled_from([TANK, ACV]))
def test_a_certain_arrival_never_increases_headroom(
    submissions: Submissions, day: date, quantity: Span, category: str
) -> None:
    arrival = moved(str(quantity), date="2020-02-10", category=category)
    first = audited(LAW, submissions, day=day)
    second = audited(LAW, [*submissions, [arrival]], day=day)
    for before, after in zip(first.rows, second.rows, strict=True):
        if before.headroom is None or after.headroom is None:
            continue
        assert before.headroom.high is not None
        assert after.headroom.high is not None
        assert after.headroom.high <= before.headroom.high
        if after.headroom.low is not None:
            assert before.headroom.low is not None
            assert after.headroom.low <= before.headroom.low


@RANDOM
@given(submissions=LEDGERS, day=DAYS)
def test_a_plan_or_a_rumour_only_widens(submissions: Submissions, day: date) -> None:
    first = audited(LAW, submissions, day=day)
    for state, basis in [(State.PLANNED, Basis.DECLARED), (State.DONE, Basis.PRESS)]:
        for way in [{"destination": "serbia"}, {"origin": "serbia", "destination": "@lost"}]:
            more = moved(4, date="2020-02-10", state=state, basis=basis, **way)  # type: ignore[arg-type]
            second = audited(LAW, [*submissions, [more]], day=day)
            assert _contains(row_of(second).counted, row_of(first).counted)


@RANDOM
@given(submissions=LEDGERS, day=DAYS)
def test_what_is_held_is_never_less_than_what_counts(submissions: Submissions, day: date) -> None:
    for found in audited(LAW, submissions, day=day).rows:
        if found.held is None or found.counted is None:
            assert found.held == found.counted
            continue
        assert found.held.high is None or (
            found.counted.high is not None and found.counted.high <= found.held.high
        )
