"""Before and after: only what a movement touches changes, and only on the days shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_rows import QUANTITIES, ledgers, movements
from small_law import ACV, PARTIES, TANK, TYPES, days, gathered, held, law, limit, moved

from compliance.agreement.select import Readings
from compliance.assess.before_after import BeforeAfter
from compliance.assess.effect import Course, Effect
from compliance.assess.standing import Request, Standings
from compliance.values.dates import DateSpan
from compliance.values.evidence import Evidence, RecordedMovement
from compliance.values.records import Account, Movement, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Verdict

RANDOM = settings(max_examples=60)
LAW = law(*(limit(p, c, "8..12") for p in PARTIES for c in (TANK, ACV)))
TODAY = date(2020, 9, 15)
LEDGERS = ledgers(most=3)
REMOVING = st.sampled_from([basis for basis in Basis if basis.removes])
PLACES = st.sampled_from(["@import", "@production", "serbia", "croatia", "serbia:stored"])
Submissions = Sequence[Sequence[Row]]


def _request(*readings: str) -> Request:
    return Request(as_of=TODAY, readings=Readings.from_options(LAW, readings), age_on=TODAY)


def _with(evidence: Evidence, *rows: Movement) -> tuple[Evidence, tuple[RecordedMovement, ...]]:
    added = tuple(RecordedMovement(f"added:{n}", row) for n, row in enumerate(rows, start=1))
    return replace(evidence, movements=(*evidence.movements, *added)), added


def _effect(submissions: Submissions, *rows: Movement) -> Effect:
    before = gathered(submissions)
    after, added = _with(before, *rows)
    sides = BeforeAfter(LAW, TYPES.get, _request(), before=before, after=after)
    return sides.effect(added)


def _course(effect: Effect, party: str = "serbia", category: str = TANK) -> Course:
    return next(c for c in effect.courses if (c.party, c.category) == (party, category))


def _counts(evidence: Evidence, day: date) -> list[object]:
    """Return where everybody stands on a day."""
    standings = Standings(LAW, TYPES.get, evidence, _request())
    found: list[object] = []
    for party in LAW.parties:
        for category in LAW.categories:
            at = standings.at(party, category, day)
            found.append((party.id, category.id, at.counted, at.headroom, at.verdict))
    return found


@RANDOM
@given(
    submissions=LEDGERS,
    quantity=st.integers(1, 9),
    party=st.sampled_from(PARTIES),
    type=st.sampled_from(["T-55", "M-84", "M-80"]),
    there=REMOVING,
    back=REMOVING,
)
def test_an_exact_movement_and_its_reverse_give_the_first_answer_back(
    submissions: Submissions, quantity: int, party: str, type: str, there: Basis, back: Basis
) -> None:
    """After all declarations, so that none may contain it; and from a count that is not cut."""
    evidence = gathered([*submissions, [held(20, party=party)]])
    one = moved(quantity, type, date="2020-10-01", destination=party, basis=there, category="")
    back_again = replace(
        one,
        date=days("2020-10-02"),
        origin=Account(party),
        destination=Account.parse("@lost"),
        basis=back,
    )
    both, _ = _with(evidence, one, back_again)
    day = date(2020, 10, 2)
    holder = LAW.party(party)
    category = LAW.category(TYPES[type].category)
    assert holder is not None
    assert category is not None
    position = Standings(LAW, TYPES.get, evidence, _request()).at(holder, category, day).position
    assume(position.counted is not None)
    assume((position.uncut.low or 0) >= 0)
    assert _counts(both, day) == _counts(evidence, day)


@RANDOM
@given(submissions=LEDGERS, row=movements(("croatia",)), day=st.integers(0, 300))
def test_a_movement_of_another_party_changes_nothing(
    submissions: Submissions, row: Movement, day: int
) -> None:
    evidence = gathered(submissions)
    after, _ = _with(evidence, row)
    on = date(2020, 1, 1) + timedelta(days=day)
    others = [item for item in _counts(evidence, on) if item[0] != "croatia"]  # type: ignore[index]
    assert [item for item in _counts(after, on) if item[0] != "croatia"] == others  # type: ignore[index]


@RANDOM
@given(submissions=LEDGERS, one=movements(), other=movements())
def test_the_order_of_two_acquisitions_does_not_matter(
    submissions: Submissions, one: Movement, other: Movement
) -> None:
    assume(one.origin.party or one.destination.party)
    assume(other.origin.party or other.destination.party)
    first, second = _effect(submissions, one, other), _effect(submissions, other, one)
    assert [_figures(c) for c in first.courses] == [_figures(c) for c in second.courses]
    assert first.verdicts == second.verdicts


def _figures(course: Course) -> list[object]:
    found: list[object] = [course.party, course.category]
    for point in course.points:
        for row in (point.before, point.after):
            found.append((point.day, row.counted, row.headroom, row.verdict))
    return found


@RANDOM
@given(submissions=LEDGERS, row=movements(("serbia",)))
def test_between_two_days_shown_nothing_changes(submissions: Submissions, row: Movement) -> None:
    assume(row.origin.party or row.destination.party)
    effect = _effect(submissions, row)
    before = gathered(submissions)
    after, _ = _with(before, row)
    sides = [Standings(LAW, TYPES.get, found, _request()) for found in (before, after)]
    for course in effect.courses:
        party, category = LAW.party(course.party), LAW.category(course.category)
        assert party is not None
        assert category is not None
        assert course.points[0].day == row.date.first
        for step in range(0, 400, 3):
            day = row.date.first + timedelta(days=step)
            point = [p for p in course.points if p.day <= day][-1]
            for side, shown in zip(sides, (point.before, point.after), strict=True):
                at = side.at(party, category, day)
                assert (at.counted, at.headroom, at.verdict) == (
                    shown.counted,
                    shown.headroom,
                    shown.verdict,
                ), day


@RANDOM
@given(submissions=LEDGERS, row=movements(("serbia",)), quantity=QUANTITIES)
def test_what_comes_in_never_lowers_and_what_is_raised_is_raised(
    submissions: Submissions, row: Movement, quantity: Span
) -> None:
    arrival = replace(
        row, origin=Account.parse("@import"), destination=Account("serbia"), quantity=quantity
    )
    for course in _effect(submissions, arrival).courses:
        for point in course.points:
            before, after = point.before.counted, point.after.counted
            if before is None or after is None:
                continue
            assert (after.low or 0) >= (before.low or 0)
            assert after.high is None or (before.high is not None and after.high >= before.high)
            assert point.raised == (after != before)


BASE = [[held(5)]]


def test_a_day_is_shown_once_something_changes_on_it() -> None:
    course = _course(_effect(BASE, moved("2..3", "T-55", date="2020-06-01..2020-07-01")))
    assert [(p.day, str(p.before.counted), str(p.after.counted)) for p in course.points] == [
        (date(2020, 6, 1), "5", "5..8"),
        (date(2020, 7, 1), "5", "7..8"),
    ]
    assert [weight.text for weight in course.weights] == [
        "2 to 3 T-55 possible: may not have happened by then",
        "2 to 3 T-55 counted",
    ]
    assert course.remedies == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (moved(2, "T-55", state=State.PLANNED), "deliver added:1 --on DATE"),
        (moved(2, "T-55", basis=Basis.PRESS), "--basis official"),
        (
            moved(2, "T-55", origin="serbia", destination="@lost", basis=Basis.OFFICIAL),
            "--basis notified",
        ),
        (moved(2, "T-55", date="2019-12-01..2020-02-01"), "a declaration of a later day"),
    ],
)
def test_what_would_make_it_certain(row: Movement, says: str) -> None:
    course = _course(_effect(BASE, row))
    assert len(course.remedies) == 1
    assert says in course.remedies[0]


def test_a_weak_plan_needs_more_than_to_be_done() -> None:
    plan = moved(2, "T-55", state=State.PLANNED, basis=Basis.PRESS)
    assert len(_course(_effect(BASE, plan)).remedies) == 2


def test_the_first_excess_and_the_end_are_what_tells() -> None:
    arrival = moved(20, "T-55", date="2020-06-01")
    gone = moved(20, "T-55", date="2020-08-01", origin="serbia", destination="@lost")
    course = _course(_effect(BASE, arrival, gone))
    told = [(p.day, p.after.verdict) for p in course.telling]
    assert told == [
        (date(2020, 6, 1), Verdict.EXCEEDS),
        (date(2020, 8, 1), Verdict.WITHIN),
    ]


def test_a_type_in_no_category_touches_nothing() -> None:
    effect = _effect(BASE, moved(2, "Truck", category=""))
    assert effect.courses == ()
    assert effect.outside[0].startswith("Truck: outside the limits.")


def test_a_disputed_type_touches_what_it_may_be() -> None:
    effect = _effect(BASE, moved(2, "Light", category=""))
    assert [course.category for course in effect.courses] == [TANK]
    (weight,) = _course(effect).weights
    assert "'light-tanks' may be answered" in weight.text


def test_the_age_of_a_figure_is_judged_today_for_all_days_to_come() -> None:
    effect = _effect(BASE, moved(1, "T-55", date="2020-06-01..2030-01-01"))
    assert effect.ahead
    assert effect.judged_on == TODAY
    assert effect.verdicts == {Verdict.WITHIN}
    old = [[held(5, as_of="2019-01-01")]]
    past = _effect(old, moved(1, "T-55", date="2019-12-01"))
    assert [(p.day, p.after.verdict) for p in _course(past).points] == [
        (date(2019, 12, 1), Verdict.WITHIN),
        (date(2020, 2, 2), Verdict.INDETERMINATE),
    ]
    assert not past.ahead


def test_a_day_without_end_is_not_asked_about() -> None:
    span = DateSpan(date(2020, 6, 1), date.max)
    effect = _effect(BASE, replace(moved(1, "T-55"), date=span, state=State.PLANNED))
    assert [p.day for p in _course(effect).points] == [date(2020, 6, 1)]
