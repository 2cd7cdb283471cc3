"""What is due when and by whom, and what is said of what is on record of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from duties_small import START, agreement, duty, exchange, found, one, received
from hypothesis import given
from hypothesis import strategies as st
from small_law import ACV, PARTS, TANK, WHOLE, cited, days, held, moved
from small_law import law as small_law

from compliance.agreement.provisions import Gap, Membership, Party, Period, ReportingGap, ShownBy
from compliance.assess.duties import due_dates, kept, listed, reach
from compliance.assess.duty_rows import DutyRow, Outcome
from compliance.values.vocabulary import Basis, LawStatus, Status


@pytest.mark.parametrize(
    ("recorded", "outcome", "after"),
    [
        ("2019-11-01", Outcome.GIVEN, None),
        ("2019-12-15", Outcome.GIVEN, None),
        ("2019-12-16", Outcome.LATE, 1),
        ("2020-02-15", Outcome.LATE, 62),
    ],
)
def test_a_declaration_is_given_by_the_day_or_late_by_the_days_between(
    recorded: str, outcome: Outcome, after: int | None
) -> None:
    row = one((recorded, exchange()))
    assert (row.outcome, row.days) == (outcome, after)
    assert (row.due, row.valid_on) == (date(2019, 12, 15), date(2020, 1, 1))
    (handed,) = row.handed
    assert (handed.submission, str(handed.on), handed.basis) == ("1", recorded, "declared")
    assert handed.categories == (TANK, ACV)
    assert len(row.rows) == 2


def test_what_is_derived_is_shown_and_never_called_late_or_missing() -> None:
    derived = (duty(status=LawStatus.DERIVED),)
    late = one(("2020-02-15", exchange()), duties=derived)
    assert (late.outcome, late.days) == (Outcome.RECORDED_AFTER, 62)
    assert one(duties=derived).outcome is Outcome.NOT_ON_RECORD
    reported = (duty(status=LawStatus.REPORTED),)
    assert one(duties=reported).outcome is Outcome.MISSING


def test_a_missing_report_is_said_to_be_no_report_of_none() -> None:
    row = one()
    assert row.outcome is Outcome.MISSING
    assert "1 January 2020" in row.reason
    assert "not a report of none" in row.reason
    assert one(("2019-12-01", exchange("2019-01-01"))).outcome is Outcome.MISSING, "another year"
    assert one(("2019-12-01", exchange(party="croatia"))).outcome is Outcome.MISSING


def test_each_category_is_due() -> None:
    row = one(("2019-12-01", exchange("2020-01-01", TANK)))
    assert (row.outcome, row.missing, row.days) == (Outcome.IN_PART, (ACV,), None)
    assert "armoured combat vehicles" in row.reason
    apart = held(3, category=ACV, status=Status.DECOMMISSIONED)
    assert one(("2019-12-01", [*exchange("2020-01-01", TANK), apart])).missing == (ACV,)
    late = one(("2020-01-15", exchange("2020-01-01", TANK)))
    assert (late.outcome, late.days) == (Outcome.IN_PART, 31)


def test_a_category_that_came_later_makes_it_late_by_the_latest() -> None:
    row = one(
        ("2019-12-01", exchange("2020-01-01", TANK)),
        ("2019-12-20", exchange("2020-01-01", ACV)),
        ("2020-05-01", exchange("2020-01-01", ACV)),
    )
    assert (row.outcome, row.days) == (Outcome.LATE, 5)
    assert "After the date: armoured combat vehicles." in row.reason
    assert [h.submission for h in row.handed] == ["1", "2", "3"]


def test_withheld_is_given() -> None:
    rows = [*exchange("2020-01-01", TANK), held("0..", category=ACV, withheld=True)]
    assert one(("2019-12-01", rows)).outcome is Outcome.GIVEN


def test_until_the_day_is_over_nothing_is_missing() -> None:
    assert one(as_of=date(2019, 12, 15)).outcome is Outcome.NOT_YET_DUE
    assert one(as_of=date(2019, 12, 16)).outcome is Outcome.MISSING
    part = ("2019-12-01", exchange("2020-01-01", TANK))
    early = one(part, as_of=date(2019, 12, 2))
    assert (early.outcome, early.missing) == (Outcome.NOT_YET_DUE, (ACV,))
    whole = ("2019-12-01", exchange())
    assert one(whole, as_of=date(2019, 12, 2)).outcome is Outcome.GIVEN


@pytest.mark.parametrize(
    ("as_of", "basis", "hint"),
    [
        ("2019-12-15", Basis.RELAYED, True),
        ("2019-12-01..2019-12-31", Basis.RELAYED, True),
        ("2020-01-01", Basis.RELAYED, True),
        ("2020-09-12", Basis.RELAYED, True),
        ("2020-12-14", Basis.RELAYED, True),
        ("2020-12-01..2020-12-31", Basis.RELAYED, False),
        ("2019-12-14", Basis.RELAYED, False),
        ("2020-09-12", Basis.DECLARED, True),
        ("2020-01-01..2020-01-31", Basis.DECLARED, True),
        ("2020-01-01", Basis.NOTIFIED, True),
        ("2020-01-01", Basis.OFFICIAL, False),
        ("2020-01-01", Basis.PRESS, False),
    ],
)
def test_fragments_of_a_declaration_leave_it_open(as_of: str, basis: Basis, hint: bool) -> None:
    row = one(("2021-01-01", [held(100, as_of=as_of, basis=basis)]))
    assert row.outcome is (Outcome.CANNOT_TELL if hint else Outcome.MISSING)
    assert row.handed == ()
    if hint:
        assert len(row.rows) == 1
        assert ("handed over" in row.reason) is (basis is Basis.RELAYED)


def test_parts_declare_for_their_whole_and_a_whole_leaves_its_parts_open() -> None:
    both = [
        ("2019-12-01", exchange(party=PARTS[0])),
        ("2019-12-18", exchange(party=PARTS[1])),
    ]
    law = agreement(duty(), parties=_members(*PARTS))
    row = one(*both, party=WHOLE, law=law)
    assert (row.outcome, row.days) == (Outcome.LATE, 3)
    assert "by its parts" in row.reason
    half = one(both[0], party=WHOLE, law=law)
    assert half.outcome is Outcome.IN_PART
    assert "Nothing of Srpska" in half.reason
    whole = ("2019-12-01", exchange(party=WHOLE))
    assert one(whole, party=WHOLE, law=law).outcome is Outcome.GIVEN
    assert one(whole, party=PARTS[0], law=law).outcome is Outcome.CANNOT_TELL


def _members(*ids: str) -> list[Party]:
    return [
        replace(p, memberships=(Membership(Period(START), cited()),)) if p.id in ids else p
        for p in small_law().parties
    ]


def test_nobody_is_held_to_a_duty_while_membership_is_not_known() -> None:
    gap = Gap(Period(date(2019, 6, 1), date(2020, 6, 1)), "not known", cited())
    parties = [
        replace(p, memberships=(), gaps=(gap,)) if p.id == "serbia" else p
        for p in small_law().parties
    ]
    law = agreement(duty(), parties=parties)
    row = one(law=law)
    assert (row.outcome, row.certain) == (Outcome.CANNOT_TELL, False)
    assert "Whether it was a Party" in row.reason
    assert one(("2020-01-15", exchange()), law=law).outcome is Outcome.RECORDED_AFTER
    assert found(law=law, years=(2021, 2021)).rows == ()


def test_a_reporting_gap_is_named() -> None:
    gap = ReportingGap("serbia", days("2019-12-01"), days("2020-02-01"), "Silence.", cited())
    law = replace(agreement(duty()), reporting_gaps=(gap,))
    calendar = found(law=law)
    assert [row.gap for row in calendar.rows] == [gap]
    assert calendar.gaps == (("Serbia", gap),)
    assert found(law=law, party="croatia").gaps == ()
    assert found(law=law, years=(2021, 2021)).gaps == ()
    assert found(law=law, years=(2020, 2020)).rows[0].gap is None


def test_what_no_record_shows_cannot_be_told() -> None:
    for shown_by in (None, ShownBy.CEILINGS):
        row = one(("2019-12-01", exchange()), duties=(duty(shown_by=shown_by),))
        assert row.outcome is Outcome.CANNOT_TELL


def test_items_that_are_not_counted_are_reported_in_the_declaration() -> None:
    duties = (duty(shown_by=ShownBy.EXCLUSIONS),)
    apart = [*exchange(), held(3, category=ACV, status=Status.DECOMMISSIONED)]
    assert one(("2019-12-01", apart), duties=duties).outcome is Outcome.GIVEN
    late = one(("2019-12-17", apart), duties=duties)
    assert (late.outcome, late.days) == (Outcome.LATE, 2)
    assert one(("2019-12-01", exchange()), duties=duties).outcome is Outcome.CANNOT_TELL
    assert one(duties=duties).outcome is Outcome.CANNOT_TELL


def test_entries_and_removals_are_those_of_the_twelve_months_before() -> None:
    duties = (duty(valid="", shown_by=ShownBy.MOVEMENTS),)

    def of(day: str, basis: Basis = Basis.NOTIFIED, **more: str) -> DutyRow:
        return one((day, [moved(5, basis=basis, **{"date": "2019-12-15", **more})]), duties=duties)

    assert of("2019-12-15").outcome is Outcome.GIVEN
    assert (of("2019-12-18").outcome, of("2019-12-18").days) == (Outcome.LATE, 3)
    assert of("2019-12-15", date="2018-12-15").handed == (), "that was the year before's"
    assert of("2019-12-15", date="2019-12-16").handed == ()
    inside = of("2019-12-15", origin="serbia:in_service", destination="serbia:stored")
    assert (inside.outcome, inside.rows) == (Outcome.CANNOT_TELL, ())
    press = of("2019-12-15", Basis.PRESS)
    assert press.outcome is Outcome.CANNOT_TELL
    assert "Others report" in press.reason


def test_the_29th_of_february_is_the_last_day_of_the_month() -> None:
    assert list(due_dates(duty(due="02-29"), 2019, 2020)) == [date(2019, 2, 28), date(2020, 2, 29)]


def test_the_rows_asked_of_the_ledger_reach_far_enough() -> None:
    assert reach(agreement(duty()), 2019, 2020) == (date(2017, 1, 1), date(2022, 12, 31))
    assert reach(agreement(duty()), 1, 9998) == (date(1, 1, 1), date(9999, 12, 31))


_DAYS = st.dates(date(2000, 1, 1), date(2012, 12, 31))


@st.composite
def _periods(draw: st.DrawFn) -> Period:
    start, end = sorted([draw(_DAYS), draw(_DAYS)])
    return Period(start, draw(st.sampled_from([None, end + timedelta(1)])))


@st.composite
def _parties(draw: st.DrawFn) -> list[Party]:
    base = small_law().parties[0]
    return [
        replace(
            base,
            id=f"party-{number}",
            memberships=tuple(
                Membership(period, cited()) for period in draw(st.lists(_periods(), max_size=2))
            ),
            gaps=tuple(
                Gap(period, "not known", cited())
                for period in draw(st.lists(_periods(), max_size=1))
            ),
        )
        for number in range(draw(st.integers(1, 3)))
    ]


@given(
    parties=_parties(),
    periods=st.lists(_periods(), min_size=1, max_size=3),
    month_day=st.dates(date(2004, 1, 1), date(2004, 12, 31)).map(lambda d: f"{d:%m-%d}"),
    first=st.integers(1999, 2013),
    length=st.integers(0, 6),
)
def test_every_due_date_appears_once_for_every_party_of_that_day(
    parties: list[Party], periods: list[Period], month_day: str, first: int, length: int
) -> None:
    duties = [
        duty(f"duty-{number}", due=month_day, period=period)
        for number, period in enumerate(periods)
    ]
    law = agreement(*duties, parties=parties)
    last = first + length
    expected = []
    day = date(first, 1, 1)
    while day.year <= last:
        # The 28th stands for a 29th that the year does not have.
        names = {f"{day:%m-%d}"}
        if names == {"02-28"} and (day + timedelta(1)).month == 3:
            names.add("02-29")
        if month_day in names:
            expected += [
                (item.id, party.id, day)
                for item in duties
                for party in parties
                if item.period.holds(day)
                and (
                    any(m.period.holds(day) for m in party.memberships)
                    or any(g.period.holds(day) for g in party.gaps)
                )
            ]
        day += timedelta(1)
    record = received()
    for calendar in (listed(law, first, last), kept(law, first, last, record)):
        rows = [(row.duty.id, row.party, row.due) for row in calendar.rows]
        assert sorted(rows) == sorted(expected)
    assert all(row.outcome is None for row in listed(law, first, last).rows)
    assert all(row.outcome is not None for row in kept(law, first, last, record).rows)


@given(
    tanks=st.lists(st.integers(-40, 40), max_size=3),
    vehicles=st.lists(st.integers(-40, 40), max_size=3),
    derived=st.booleans(),
)
def test_the_days_after_are_those_of_the_last_category_to_come(
    tanks: list[int], vehicles: list[int], derived: bool
) -> None:
    due = date(2019, 12, 15)
    submissions = [
        (str(due + timedelta(shift)), exchange("2020-01-01", category))
        for category, shifts in ((TANK, tanks), (ACV, vehicles))
        for shift in shifts
    ]
    status = LawStatus.DERIVED if derived else LawStatus.TEXT
    row = one(*submissions, duties=(duty(status=status),))
    firsts = [min(shifts) for shifts in (tanks, vehicles) if shifts]
    after = max([shift for shift in firsts if shift > 0], default=None)
    assert row.days == after
    assert set(row.missing) == (
        {c for c, s in ((TANK, tanks), (ACV, vehicles)) if not s} if firsts else set()
    )
    if not firsts:
        expected = Outcome.NOT_ON_RECORD if derived else Outcome.MISSING
    elif len(firsts) == 1:
        expected = Outcome.IN_PART
    elif after:
        expected = Outcome.RECORDED_AFTER if derived else Outcome.LATE
    else:
        expected = Outcome.GIVEN
    assert row.outcome is expected
