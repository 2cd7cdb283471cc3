"""A scenario laid over law, readings and evidence: what it must leave as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rows import DAYS, EVERYBODY, READINGS, ledgers, movements
from small_law import ACV, TANK, TYPES, WHOLE, gathered, held, law, limit, moved

from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.overlay import Ground, lay_over
from compliance.assess.result import Audit
from compliance.assess.standing import Request
from compliance.assess.whatif import what_if
from compliance.values.errors import ComplianceError
from compliance.values.evidence import Evidence
from compliance.values.records import Movement, Row
from compliance.values.scenario import AssumedCeiling, Scenario
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Verdict

LAW = law(limit("serbia", TANK, 12), limit("croatia", TANK, 5), limit(WHOLE, TANK, 20))
DAY = date(2020, 12, 31)


def ground(rows: list[list[Row]]) -> Ground:
    return Ground(LAW, Readings.from_options(LAW), gathered(rows))


def judged(over: Ground, day: date = DAY) -> Audit:
    return audit(over.law, TYPES.get, over.evidence, Request(as_of=day, readings=over.readings))


def assumed(row: Movement) -> Movement:
    return replace(row, state=State.DONE, basis=Basis.DECLARED)


_QUANTITIES = st.integers(0, 9).map(Span.exactly)
_CEILINGS = st.builds(
    AssumedCeiling,
    st.sampled_from(EVERYBODY),
    st.sampled_from([TANK, ACV]),
    _QUANTITIES,
    st.sampled_from([None, date(2020, 3, 1), date(2020, 9, 1)]),
)
SCENARIOS = st.builds(
    Scenario,
    name=st.just("random"),
    movements=st.lists(movements(EVERYBODY).map(assumed), max_size=4).map(tuple),
    # One for each party, category and day: two would contradict each other.
    ceilings=st.lists(
        _CEILINGS, max_size=3, unique_by=lambda c: (c.party, c.category, c.since)
    ).map(tuple),
    readings=READINGS,
)


@settings(max_examples=60)
@given(
    rows=ledgers(EVERYBODY), scenario=SCENARIOS, day=DAYS, order=st.randoms(use_true_random=False)
)
def test_the_order_of_lines_changes_nothing(
    rows: list[list[Row]], scenario: Scenario, day: date, order: object
) -> None:
    lines, ceilings = list(scenario.movements), list(scenario.ceilings)
    order.shuffle(lines)  # type: ignore[attr-defined]
    order.shuffle(ceilings)  # type: ignore[attr-defined]
    readings = dict(reversed(scenario.readings.items()))
    other = replace(scenario, movements=tuple(lines), ceilings=tuple(ceilings), readings=readings)
    assert other.sha256 == scenario.sha256
    base = ground(rows)
    assert judged(lay_over(base, other), day) == judged(lay_over(base, scenario), day)


@settings(max_examples=60)
@given(rows=ledgers(EVERYBODY), day=DAYS)
def test_an_empty_scenario_is_the_baseline(rows: list[list[Row]], day: date) -> None:
    base = ground(rows)
    request = Request(as_of=day, readings=base.readings)
    result = what_if(base, TYPES.get, request, [Scenario("nothing")], ledger_head="")
    assert result.sides[0].rows == result.rows == judged(base, day).rows


@settings(max_examples=50)
@given(
    rows=ledgers(EVERYBODY),
    party=st.sampled_from(EVERYBODY),
    category=st.sampled_from([TANK, ACV]),
    quantity=st.integers(1, 9),
    day=DAYS,
    ago=st.integers(0, 200),
)
def test_an_exact_movement_and_its_reverse_give_the_first_counts_back(
    rows: list[list[Row]], party: str, category: str, quantity: int, day: date, ago: int
) -> None:
    on = str(day - timedelta(days=ago))
    there = moved(quantity, date=on, destination=party, category=category)
    back = replace(there, origin=there.destination, destination=there.origin)
    base = ground(rows)
    over = lay_over(base, Scenario("there and back", (there, back)))
    before = {(row.party, row.category): row for row in judged(base, day).rows}
    for row in judged(over, day).rows:
        first = before[row.party, row.category]
        if first.counted is None:  # then they show that something moved, and no more
            assert row.counted in (None, Span.at_least(0))
        else:
            assert (row.counted, row.held, row.verdict) == (
                first.counted,
                first.held,
                first.verdict,
            )


@settings(max_examples=50)
@given(rows=ledgers(EVERYBODY), scenario=SCENARIOS, day=DAYS)
def test_the_ground_is_left_as_it_was(rows: list[list[Row]], scenario: Scenario, day: date) -> None:
    base, again = ground(rows), ground(rows)
    lay_over(base, scenario)
    assert (base.evidence, base.readings.closed) == (again.evidence, again.readings.closed)
    assert judged(base, day) == judged(again, day)


def test_an_assumed_movement_is_certain_from_its_last_day_and_possible_from_its_first() -> None:
    base = ground([[held(10)]])
    line = moved(3, "T-55", date="2020-06-01..2020-08-31")
    over = lay_over(base, Scenario("three", (line,)))
    found = {
        day: next(
            str(row.counted)
            for row in judged(over, date.fromisoformat(day)).rows
            if (row.party, row.category) == ("serbia", TANK)
        )
        for day in ("2020-05-31", "2020-06-01", "2020-08-30", "2020-08-31")
    }
    assert list(found.values()) == ["10", "10..13", "10..13", "13"]


def test_a_departure_needs_no_authority_in_a_scenario() -> None:
    line = replace(
        moved(3, "T-55", origin="serbia", destination="@reduced:unspecified"), basis=Basis.PRESS
    )
    over = lay_over(ground([[held(10)]]), Scenario("three", (line,)))
    row = next(r for r in judged(over).rows if (r.party, r.category) == ("serbia", TANK))
    assert str(row.counted) == "7"


def test_an_assumed_ceiling_stands_from_its_day_and_makes_the_verdict_conditional() -> None:
    base = ground([[held(10)]])
    over = lay_over(
        base,
        Scenario(
            "lower", ceilings=(AssumedCeiling("serbia", TANK, Span.exactly(9), date(2020, 7, 1)),)
        ),
    )

    def row(day: date) -> tuple[Span | None, Verdict, bool]:
        found = next(r for r in judged(over, day).rows if (r.party, r.category) == ("serbia", TANK))
        return found.ceiling, found.verdict, found.conditional

    assert row(date(2020, 6, 30)) == (Span.exactly(12), Verdict.WITHIN, False)
    assert row(date(2020, 7, 1)) == (Span.exactly(9), Verdict.EXCEEDS, True)
    assert over.law.sha256 == base.law.sha256
    assert [item.new for item in over.law.replaced] == ["9 (assumed)"]


def test_two_assumed_ceilings_follow_each_other() -> None:
    ceilings = (
        AssumedCeiling("serbia", TANK, Span.exactly(8), date(2020, 9, 1)),
        AssumedCeiling("serbia", TANK, Span.exactly(9), date(2020, 7, 1)),
    )
    over = lay_over(ground([[held(1)]]), Scenario("two", ceilings=ceilings))
    values = [
        str(found.limit.value)
        for day in (date(2020, 6, 30), date(2020, 8, 31), date(2020, 9, 1))
        if (found := over.law.ceiling("serbia", TANK, day)).limit
    ]
    assert values == ["12", "9", "8"]


def test_a_reading_that_answers_nothing_is_refused() -> None:
    with pytest.raises(ComplianceError, match="asks no question 'moon'"):
        lay_over(ground([]), Scenario("odd", readings={"moon": "full"}))


def test_nothing_is_laid_over_by_an_empty_scenario() -> None:
    base = Ground(LAW, Readings.from_options(LAW), Evidence((), ()))
    assert lay_over(base, Scenario("nothing")) is base
