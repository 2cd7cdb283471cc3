"""Screening purchases gives the same answer as laying each over the ledger, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from overlay_ground import LATER, LAWS, RICH
from random_rows import EVERYBODY, QUANTITIES, ledgers
from small_law import ACV, TANK, TYPES, gathered, held, law, limit, moved

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.agreement.select import Readings
from compliance.assess.overlay import Ground, lay_over
from compliance.assess.screen import Screen, settled_from
from compliance.assess.standing import Request, Standings
from compliance.assess.timeline import course, turning_days
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Movement, Row
from compliance.values.scenario import Scenario
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Verdict

START, UNTIL = date(2020, 2, 1), date(2021, 12, 31)
DAYS = st.integers(0, 720).map(lambda n: START + timedelta(days=n))


class Asked:
    """One party in one category of one random world."""

    def __init__(
        self, agreement: Agreement, rows: list[list[Row]], holder: str, category: str, stale: bool
    ) -> None:
        self.ground = Ground(agreement, Readings.from_options(agreement), gathered(rows))
        self.request = Request(as_of=START, readings=self.ground.readings, accept_stale=stale)
        party, limited = agreement.party(holder), agreement.category(category)
        assert party is not None
        assert limited is not None
        self.party: Party = party
        self.category: Category = limited

    def screen(self) -> Screen:
        standings = self._standings(self.ground)
        days = turning_days(standings, self.party, START, UNTIL)
        return Screen(
            course(standings, self.party, self.category, days),
            UNTIL,
            since=settled_from(standings, self.party, START),
            accept_stale=self.request.accept_stale,
        )

    def fully(self, quantity: Span, dates: DateSpan) -> Verdict:
        """The long way: the purchase laid over, every turning day judged."""
        purchase = Movement(
            dates,
            "",
            self.category.id,
            quantity,
            Account(place="@import"),
            Account(self.party.id),
            State.DONE,
            Basis.DECLARED,
            "assumed",
        )
        over = lay_over(self.ground, Scenario("purchase", (purchase,)))
        standings = self._standings(over)
        days = turning_days(standings, self.party, START, UNTIL)
        found = {s.verdict for s in course(standings, self.party, self.category, days)}
        if Verdict.EXCEEDS in found:
            return Verdict.EXCEEDS
        return Verdict.WITHIN if found == {Verdict.WITHIN} else Verdict.INDETERMINATE

    def _standings(self, ground: Ground) -> Standings:
        request = replace(self.request, readings=ground.readings)
        return Standings(ground.law, TYPES.get, ground.evidence, request)


WORLDS = st.builds(
    Asked,
    agreement=st.sampled_from(LAWS),
    rows=ledgers(EVERYBODY, most=4),
    holder=st.sampled_from([*EVERYBODY, "serbia"]),
    category=st.sampled_from([TANK, TANK, ACV]),
    stale=st.booleans(),
)
PURCHASES = st.lists(
    st.tuples(QUANTITIES, st.tuples(DAYS, DAYS).map(lambda p: DateSpan(min(p), max(p)))),
    min_size=1,
    max_size=8,
)


def compare(world: Asked, purchases: list[tuple[Span, DateSpan]]) -> None:
    screen = world.screen()
    for quantity, dates in purchases:
        if dates.last < screen.since:
            continue
        when = DateSpan(max(dates.first, screen.since), dates.last)
        said = screen.judge(quantity.low or 0, quantity.high, when.first, when.last)
        assert said is world.fully(quantity, when), (quantity, when)


@settings(max_examples=80)
@given(world=WORLDS, purchases=PURCHASES)
def test_it_answers_as_the_full_evaluation_does(
    world: Asked, purchases: list[tuple[Span, DateSpan]]
) -> None:
    compare(world, purchases)


@pytest.mark.parametrize("stale", [False, True])
@pytest.mark.parametrize("holder", EVERYBODY)
@pytest.mark.parametrize("agreement", LAWS, ids=("plain", "changing", "parted"))
def test_it_does_so_where_everything_happens(
    agreement: Agreement, holder: str, stale: bool
) -> None:
    days = [date(2020, 2, 15), date(2020, 7, 1), date(2020, 12, 1), date(2021, 3, 1)]
    purchases = [
        (Span(low, low + more), DateSpan(first, last))
        for low in (0, 2, 4, 8, 30)
        for more in (0, 4)
        for first in days
        for last in days
        if first <= last
    ]
    for rows in (RICH, LATER):
        for category in (TANK, ACV):
            compare(Asked(agreement, list(rows), holder, category, stale), purchases)


@pytest.mark.long
@settings(max_examples=3000)
@given(world=WORLDS, purchases=PURCHASES)
def test_it_answers_as_the_full_evaluation_does_at_length(
    world: Asked, purchases: list[tuple[Span, DateSpan]]
) -> None:
    compare(world, purchases)


@settings(max_examples=60)
@given(world=WORLDS, day=DAYS)
def test_the_room_is_the_largest_purchase_after_which_every_later_day_is_within(
    world: Asked, day: date
) -> None:
    screen = world.screen()
    room = screen.room(day)
    before = screen.judge(0, 0, UNTIL + timedelta(days=1), UNTIL + timedelta(days=1))
    if room is None or before is not Verdict.WITHIN:
        return
    assert screen.judge(room, room, day, day) is Verdict.WITHIN
    assert screen.judge(room + 1, room + 1, day, day) is not Verdict.WITHIN


def known(rows: list[Row], ceiling: int = 20) -> Screen:
    return Asked(law(limit("serbia", TANK, ceiling)), [rows], "serbia", TANK, True).screen()


def test_the_room_on_a_day_looks_at_the_days_to_come_only() -> None:
    screen = known(
        [
            held(10),
            moved(8, "T-55", date="2020-06-01"),
            moved(5, "T-55", date="2020-09-01", origin="serbia", destination="@export"),
        ]
    )
    assert [screen.room(date(2020, month, 1)) for month in (3, 6, 8, 9, 12)] == [2, 2, 2, 7, 7]


def test_a_purchase_that_arrives_after_the_stretch_changes_nothing() -> None:
    screen = known([held(10)])
    late = UNTIL + timedelta(days=1)
    assert screen.judge(100, 100, late, late) is Verdict.WITHIN
    assert screen.judge(100, 100, UNTIL, late) is Verdict.INDETERMINATE
    assert screen.judge(100, 100, UNTIL, UNTIL) is Verdict.EXCEEDS


def test_an_open_purchase_is_never_surely_within() -> None:
    screen = known([held(10)])
    assert screen.judge(1, None, START, START) is Verdict.INDETERMINATE
    assert screen.judge(11, None, START, START) is Verdict.EXCEEDS


def test_days_that_a_later_declaration_may_contain_are_refused() -> None:
    screen = known([held(10), held(10, as_of="2020-05-01", source="another")])
    assert screen.since == date(2020, 5, 2)
    assert screen.room(date(2020, 5, 1)) is None
    with pytest.raises(ValueError, match="2020-05-01 is before 2020-05-02"):
        screen.judge(1, 1, date(2020, 5, 1), date(2020, 5, 1))


def test_a_course_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no days"):
        Screen([], UNTIL, since=START, accept_stale=False)
