"""What a look ahead says of a stretch is true of every single day of it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from overlay_ground import LAWS
from random_rows import EVERYBODY, ledgers
from small_law import ACV, TANK, TYPES, gathered, held, law, limit, moved

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.overlay import Ground
from compliance.assess.project import carried_out, project
from compliance.assess.projection import Course
from compliance.assess.standing import Request, Standing, Standings
from compliance.values.records import Row
from compliance.values.vocabulary import State, Verdict

START, UNTIL = date(2020, 3, 3), date(2021, 3, 31)
EVERY_DAY = [START + timedelta(days=n) for n in range((UNTIL - START).days + 1)]


def ahead(
    agreement: Agreement, rows: list[list[Row]], holder: str, category: str, stale: bool = True
) -> tuple[Course, list[Standing]]:
    """Return what is said of the stretch, and the standing on each day of it."""
    ground = Ground(agreement, Readings.from_options(agreement), gathered(rows))
    request = Request(
        as_of=START,
        readings=ground.readings,
        parties=(holder,),
        categories=(category,),
        accept_stale=stale,
        age_on=START,
    )
    (course,) = project(ground, TYPES.get, request, UNTIL).courses
    standings = Standings(agreement, TYPES.get, carried_out(ground.evidence, START), request)
    party, limited = agreement.party(holder), agreement.category(category)
    assert party is not None
    assert limited is not None
    return course, [standings.at(party, limited, day) for day in EVERY_DAY]


def over(standing: Standing) -> tuple[float, float]:
    """Return by how many a day is surely over its ceiling, and by how many it may be."""
    judged, ceiling = standing.position.judged, standing.judgement.ceiling
    if judged is None or ceiling is None or standing.verdict is Verdict.NOT_BINDING:
        return 0, 0
    low, high = judged.low or 0, float("inf") if judged.high is None else judged.high
    least = 0 if ceiling.high is None else max(0, low - ceiling.high)
    return least, max(0, high - (ceiling.low or 0))


@settings(max_examples=40)
@given(
    agreement=st.sampled_from(LAWS),
    rows=ledgers(EVERYBODY, most=4),
    holder=st.sampled_from([*EVERYBODY, "serbia"]),
    category=st.sampled_from([TANK, ACV]),
    stale=st.booleans(),
)
def test_what_is_said_holds_for_every_day(
    agreement: Agreement, rows: list[list[Row]], holder: str, category: str, stale: bool
) -> None:
    course, every = ahead(agreement, rows, holder, category, stale)
    days = dict(zip(EVERY_DAY, every, strict=True))
    # What the lines show holds until the next of them.
    shown = {line.day: line for line in course.lines}
    assert {day for day in EVERY_DAY if (day.month, day.day) == (12, 31)} <= set(shown)
    line = course.lines[0]
    for day, standing in days.items():
        line = shown.get(day, line)
        assert (line.counted, line.judged, line.ceiling, line.verdict) == (
            standing.counted,
            standing.position.judged,
            standing.judgement.ceiling,
            standing.verdict,
        )
    excess = {day: over(standing) for day, standing in days.items()}
    assert course.may_exceed == next((day for day, (_, most) in excess.items() if most), None)
    assert course.exceeds == next((day for day, (least, _) in excess.items() if least), None)
    # The offsets cover just the days on which any is needed, each with what it needs.
    needed = {
        item.first + timedelta(days=n): (
            item.least,
            float("inf") if item.certain is None else item.certain,
        )
        for item in course.offsets
        for n in range((item.last - item.first).days + 1)
    }
    assert needed == {day: need for day, need in excess.items() if need[1]}
    if course.offset is not None:
        assert course.offset.least == max(least for least, _ in excess.values())
        assert (course.offset.certain or float("inf")) == max(most for _, most in excess.values())
    judged = [standing.position.judged for standing in every]
    highs = [None if span is None else span.high for span in judged]
    known = [high for high in highs if high is not None]
    assert course.break_even == (max(known) if len(known) == len(highs) else None)
    rooms = [
        standing.headroom.low
        for standing in every
        if standing.headroom is not None and standing.verdict is not Verdict.NOT_BINDING
    ]
    if course.least_room is not None and None not in rooms:
        assert course.least_room[1].low == min(room for room in rooms if room is not None)


def test_what_is_planned_counts_from_its_last_day_and_is_possible_from_its_first() -> None:
    plan = moved(4, "T-55", date="2020-06-01..2020-09-30", state=State.PLANNED)
    course, _ = ahead(law(limit("serbia", TANK, 20)), [[held(10)], [plan]], "serbia", TANK)
    assert [(str(line.day), str(line.counted)) for line in course.lines] == [
        ("2020-03-03", "10"),
        ("2020-06-01", "10..14"),
        ("2020-09-30", "14"),
        ("2020-12-31", "14"),
        ("2021-03-31", "14"),
    ]
    assert [line.events for line in course.lines if line.events] == [
        ("+4 T-55: possible from now",),
        ("+4 T-55: all by now",),
    ]


def test_a_plan_is_due_on_the_first_day_and_overdue_the_day_after() -> None:
    def counted(last: str) -> str:
        plan = moved(4, "T-55", date=f"2020-02-01..{last}", state=State.PLANNED)
        course, _ = ahead(law(limit("serbia", TANK, 20)), [[held(10)], [plan]], "serbia", TANK)
        return str(course.lines[-1].counted)

    assert counted("2020-03-03") == "14"
    assert counted("2020-03-02") == "10..14"


def test_two_peaks_are_both_marked_and_the_last_rise_is_none() -> None:
    def out(quantity: int, day: str) -> Row:
        return moved(quantity, "T-55", date=day, origin="serbia", destination="@export")

    rows: list[Row] = [
        held(10),
        moved(5, "T-55", date="2020-05-01"),
        out(5, "2020-06-01"),
        moved(7, "T-55", date="2020-07-01"),
        moved(1, "T-55", date="2020-08-01"),
        out(3, "2020-10-01"),
        moved(9, "T-55", date="2020-11-01"),
    ]
    course, _ = ahead(law(limit("serbia", TANK, 50)), [rows], "serbia", TANK)
    assert [str(line.day) for line in course.lines if line.peak] == ["2020-05-01", "2020-08-01"]
    assert course.peak is not None
    assert (str(course.peak[0]), str(course.peak[1])) == ("2020-11-01", "24")
    assert course.break_even == 24
