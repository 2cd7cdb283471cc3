"""Periods are half-open, and nothing the arithmetic of periods says depends on the order given."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.agreement.checks_in_time import common, uncovered
from compliance.agreement.provisions import Period

EPOCH = date(2000, 1, 1)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = EPOCH + timedelta(days=draw(st.integers(0, 30)))
    length = draw(st.none() | st.integers(1, 15))
    return Period(start, None if length is None else start + timedelta(days=length))


DAYS = [EPOCH + timedelta(days=n) for n in range(-1, 50)]


@given(periods())
def test_the_first_day_is_in_and_the_end_is_out(period: Period) -> None:
    assert period.holds(period.start)
    assert not period.holds(period.start - timedelta(days=1))
    if period.end is not None:
        assert not period.holds(period.end)
        assert period.holds(period.end - timedelta(days=1))


@given(periods(), periods())
def test_overlap_means_a_shared_day(one: Period, other: Period) -> None:
    shared = any(one.holds(day) and other.holds(day) for day in DAYS)
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared
    assert (common([one, other]) is not None) is shared


@given(periods(), periods())
def test_what_is_common_holds_on_the_shared_days(one: Period, other: Period) -> None:
    both = common([one, other])
    for day in DAYS:
        expected = one.holds(day) and other.holds(day)
        assert (both is not None and both.holds(day)) is expected


@given(periods(), st.lists(periods(), max_size=4))
def test_uncovered_days_are_needed_and_in_no_period(need: Period, by: list[Period]) -> None:
    missing = uncovered(need, by)
    for day in DAYS:
        expected = need.holds(day) and not any(p.holds(day) for p in by)
        assert any(hole.holds(day) for hole in missing) is expected
    assert missing == uncovered(need, by[::-1])
