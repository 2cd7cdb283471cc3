"""What is planned, as it is shown: peaks, first breach, offsets, day by day."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess import words
from compliance.assess.dossier import Dossier
from compliance.assess.projection import Course, Line, Plan
from compliance.report import phrases
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
from compliance.values.said import Brief, Said, joined, name, said
from compliance.values.span import Span


def ahead(dossier: Dossier) -> Section:
    """Return the section."""
    return Section("ahead", said("Planned deliveries ahead"), tuple(_blocks(dossier)))


def _blocks(dossier: Dossier) -> Iterator[Block]:
    found = dossier.ahead
    texts = [
        said(
            "From {start} to {until}. What is planned is taken as carried out by its last day; on "
            "whose authority it stands still decides whether it is certain. Whether a figure is "
            "too old is judged on the first day.",
            start=found.start,
            until=found.until,
        )
    ]
    if any(course.stale for course in found.courses):
        texts.append(
            said(
                "Where the figure to start from is too old, the numbers are shown and the verdict "
                "is 'cannot tell'."
            )
        )
    yield Text(joined(" ", texts))
    plans: list[tuple[str, str]] = [(_certainty(plan), plan.text) for plan in found.plans]
    plans += [(said("In no limited category"), text) for text in found.plans_outside]
    plans += [(said("Overdue"), finding.message) for finding in found.overdue]
    if plans:
        yield Items("plans", said("What is planned on record"), tuple(plans))
    else:
        yield Text(said("No movement is planned on record."))
    moving = [course for course in found.courses if course.changes]
    if moving:
        yield Charts(tuple(_chart(course) for course in moving))
        yield _days(moving)
    yield _peaks(found.courses)
    doubts: list[tuple[str, str]] = [
        (phrases.limit(course.party_name, course.category_name), doubt)
        for course in moving
        for doubt in (*course.doubts, *course.outside)
    ]
    if doubts:
        yield Items("doubts", said("What stays uncertain to the end"), tuple(doubts))


def _certainty(plan: Plan) -> Said:
    if plan.needs is None:
        return said("Taken as carried out")
    return said(
        "Taken as carried out, certain only on the basis '{basis}' or a better one",
        basis=plan.needs.word,
    )


def _chart(course: Course) -> Chart:
    limit = phrases.limit(course.party_name, course.category_name)
    pieces = [_told(line) for line in course.lines]
    return Chart(
        id=f"pipeline-{course.party}-{course.category}",
        kind="pipeline",
        title=said("{limit}: with what is planned", limit=limit),
        party=course.party,
        category=course.category,
        alt=said(
            "The counted span day by day against the ceiling: {days}.", days=joined("; ", pieces)
        ),
    )


def _told(line: Line) -> Said:
    told = said(
        "{day} {counted} of {ceiling}",
        day=Brief.of(line.day),
        counted=words.span(line.counted),
        ceiling=words.span(line.ceiling or line.ceiling_derived),
    )
    return said("{told}, a peak", told=told) if line.peak else told


def _days(courses: list[Course]) -> Table:
    return Table(
        id="ahead",
        caption=said("Each 31 December, and every day on which anything changes"),
        columns=(
            *(PARTY, CATEGORY),
            Column(said("Day"), "day", Kind.DAYS),
            *(COUNTED, CEILING, HEADROOM),
            Column(said("Room"), "room", Kind.NUMBER),
            VERDICT,
            Column(said("What changes"), "events", Kind.LONG),
        ),
        groups=tuple(
            (
                phrases.limit(course.party_name, course.category_name),
                tuple(_line(course, line) for line in course.lines),
            )
            for course in courses
        ),
        heads=2,
    )


def _line(course: Course, line: Line) -> Row:
    return Row(
        (
            name(course.party_name),
            name(course.category_name),
            day(line.day),
            Number(line.counted),
            _ceiling(line),
            Number(line.headroom),
            number(line.room),
            Judged(line.verdict, line.conditional),
            joined("; ", [*([said("PEAK")] if line.peak else []), *line.events]),
        ),
        course.party,
        course.category,
    )


def _ceiling(line: Line) -> Number:
    return Number(line.ceiling, derived=line.ceiling_derived)


def _peaks(courses: tuple[Course, ...]) -> Table:
    return Table(
        id="peaks",
        caption=said("Peaks, first breach by the numbers, and the reduction that would make room"),
        columns=(
            *(PARTY, CATEGORY),
            Column(said("Highest count"), "peak", Kind.NUMBER),
            Column(said("From"), "peak_day", Kind.DAYS),
            Column(said("Least headroom"), "least_headroom", Kind.NUMBER),
            Column(said("May exceed from"), "may_exceed_from", Kind.DAYS),
            Column(said("Exceeds from"), "exceeds_from", Kind.DAYS),
            Column(said("Offset"), "offset", Kind.NUMBER),
            Column(said("Within for a ceiling of at least"), "break_even", Kind.NUMBER),
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
            name(course.party_name),
            name(course.category_name),
            Number(peak),
            day(peak_day),
            Number(least),
            day(course.may_exceed, none=said("never")),
            day(course.exceeds, none=said("never")),
            Number(
                Span(offset.least, offset.certain) if offset else None, none=said("none needed")
            ),
            number(course.break_even),
        ),
        course.party,
        course.category,
    )
