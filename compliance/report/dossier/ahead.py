"""What is planned, as it is shown: peaks, first breach, offsets, day by day."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess import words
from compliance.assess.dossier import Dossier
from compliance.assess.projection import Course, Line, Plan
from compliance.report.dossier.parts import (
    Block,
    Chart,
    Charts,
    Column,
    Items,
    Judged,
    Kind,
    Number,
    Row,
    Section,
    Table,
    Text,
    day,
    number,
)
from compliance.report.dossier.standing import (
    CATEGORY,
    CEILING,
    COUNTED,
    HEADROOM,
    PARTY,
    VERDICT,
)
from compliance.values.dates import in_words
from compliance.values.span import Span


def ahead(dossier: Dossier) -> Section:
    """Return the section."""
    return Section("ahead", "Planned deliveries ahead", tuple(_blocks(dossier)))


def _blocks(dossier: Dossier) -> Iterator[Block]:
    found = dossier.ahead
    text = (
        f"From {in_words(found.start)} to {in_words(found.until)}. What is planned is taken as "
        "carried out by its last day; on whose authority it stands still decides whether it is "
        "certain. Whether a figure is too old is judged on the first day."
    )
    if any(course.stale for course in found.courses):
        text += (
            " Where the figure to start from is too old, the numbers are shown and the verdict is "
            "'cannot tell'."
        )
    yield Text(text)
    plans = [(_certainty(plan), plan.text) for plan in found.plans]
    plans += [("In no limited category", text) for text in found.plans_outside]
    plans += [("Overdue", finding.message) for finding in found.overdue]
    if plans:
        yield Items("plans", "What is planned on record", tuple(plans))
    else:
        yield Text("No movement is planned on record.")
    moving = [course for course in found.courses if course.changes]
    if moving:
        yield Charts(tuple(_chart(course) for course in moving))
        yield _days(moving)
    yield _peaks(found.courses)
    doubts = [
        (f"{course.party_name}, {course.category_name.lower()}", doubt)
        for course in moving
        for doubt in (*course.doubts, *course.outside)
    ]
    if doubts:
        yield Items("doubts", "What stays uncertain to the end", tuple(doubts))


def _certainty(plan: Plan) -> str:
    if plan.needs is None:
        return "Taken as carried out"
    return f"Taken as carried out, certain only on the basis '{plan.needs.value}' or a better one"


def _chart(course: Course) -> Chart:
    name = f"{course.party_name}, {course.category_name.lower()}"
    pieces = [
        f"{line.day.isoformat()} {words.span(line.counted)} of "
        f"{words.span(line.ceiling or line.ceiling_derived)}" + (", a peak" if line.peak else "")
        for line in course.lines
    ]
    return Chart(
        id=f"pipeline-{course.party}-{course.category}",
        kind="pipeline",
        title=f"{name}: with what is planned",
        party=course.party,
        category=course.category,
        alt=f"The counted span day by day against the ceiling: {'; '.join(pieces)}.",
    )


def _days(courses: list[Course]) -> Table:
    return Table(
        id="ahead",
        caption="Each 31 December, and every day on which anything changes",
        columns=(
            *(PARTY, CATEGORY),
            Column("Day", "day", Kind.DAYS),
            *(COUNTED, CEILING, HEADROOM),
            Column("Room", "room", Kind.NUMBER),
            VERDICT,
            Column("What changes", "events", Kind.LONG),
        ),
        groups=tuple(
            (
                f"{course.party_name}, {course.category_name.lower()}",
                tuple(_line(course, line) for line in course.lines),
            )
            for course in courses
        ),
        heads=2,
    )


def _line(course: Course, line: Line) -> Row:
    return Row(
        (
            course.party_name,
            course.category_name,
            day(line.day),
            Number(line.counted),
            _ceiling(line),
            Number(line.headroom),
            number(line.room),
            Judged(line.verdict, line.conditional),
            "; ".join([*(["PEAK"] if line.peak else []), *line.events]),
        ),
        course.party,
        course.category,
    )


def _ceiling(line: Line) -> Number:
    return Number(line.ceiling, derived=line.ceiling_derived)


def _peaks(courses: tuple[Course, ...]) -> Table:
    return Table(
        id="peaks",
        caption="Peaks, first breach by the numbers, and the reduction that would make room",
        columns=(
            *(PARTY, CATEGORY),
            Column("Highest count", "peak", Kind.NUMBER),
            Column("From", "peak_day", Kind.DAYS),
            Column("Least headroom", "least_headroom", Kind.NUMBER),
            Column("May exceed from", "may_exceed_from", Kind.DAYS),
            Column("Exceeds from", "exceeds_from", Kind.DAYS),
            Column("Offset", "offset", Kind.NUMBER),
            Column("Within for a ceiling of at least", "break_even", Kind.NUMBER),
        ),
        groups=tuple((course.party_name, (_peak(course),)) for course in courses),
        heads=2,
    )


def _peak(course: Course) -> Row:
    peak_day, peak = course.peak or (None, None)
    least = course.least_room[1] if course.least_room else None
    offset = course.offset
    return Row(
        (
            course.party_name,
            course.category_name,
            Number(peak),
            day(peak_day),
            Number(least),
            day(course.may_exceed, none="never"),
            day(course.exceeds, none="never"),
            Number(Span(offset.least, offset.certain) if offset else None, none="none needed"),
            number(course.break_even),
        ),
        course.party,
        course.category,
    )
