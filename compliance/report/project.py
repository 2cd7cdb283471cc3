"""A look ahead for people: each limit day by day, its peak, breach, room and offset."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.projection import Course, Line, Plan, Projection
from compliance.report import cells, layout, phrases
from compliance.report.language import speak
from compliance.report.project_words import breach
from compliance.report.style import Style
from compliance.values.said import Brief, Said, name, said, said_many
from compliance.values.vocabulary import Basis, Verdict

_COLUMNS = (
    said("Day"),
    said("Counted"),
    said("Ceiling"),
    said("Headroom"),
    said("Room"),
    said("Verdict"),
    said("What changes"),
)
_STILL_COLUMNS = (
    said("Party"),
    said("Category"),
    said("Counted"),
    said("Ceiling"),
    said("Headroom"),
    said("Break-even"),
    said("Verdict"),
)
_STILL_ALIGN = ("left", "left", *("right",) * 4, "left")
_NARROWEST = 20
"""No column for what changes is narrower than this."""
_MOST_STILL = 5
"""Of more limits than these that stay the same, doubts are counted and not listed."""
_ALIGN = ("left", *("right",) * 4, "left", "left")
_WORD = {
    Basis.PRESS: said("the word of the press"),
    Basis.ESTIMATE: said("an estimate"),
    Basis.OFFICIAL: said("a public statement"),
}
_ENOUGH = {
    Basis.OFFICIAL: said("an official one"),
    Basis.OBSERVED: said("one that is observed or declared"),
}


def render(result: Projection, style: Style) -> str:
    """Return the look ahead as text."""
    moving = [course for course in result.courses if course.changes]
    still = [course for course in result.courses if not course.changes]
    parts = [
        _heading(result, style),
        _plans(result, style),
        *(_course(course, style) for course in moving),
        _still(still, style),
        _legend(result, style),
        _reproduce(result, style),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(result: Projection, style: Style) -> str:
    title = style.title(
        said(
            "{agreement}: look ahead to {day}",
            agreement=name(result.law.title),
            day=result.until,
        ),
        level=1,
    )
    text = [
        said(
            "From {day} on. What is planned is taken as carried out by its last day; on whose "
            "authority it stands still decides. Whether a figure is too old is judged on the "
            "first day.",
            day=result.start,
        )
    ]
    old = [course for course in result.courses if course.stale]
    if old:
        text.append(
            said_many(
                "For {count} limit the figure to start from is too old: the numbers are shown, "
                "the verdict is 'cannot tell' (--accept-stale judges on it all the same).",
                "For {count} limits the figure to start from is too old: the numbers are shown, "
                "the verdict is 'cannot tell' (--accept-stale judges on it all the same).",
                len(old),
            )
        )
    return f"{title}\n\n{style.wrap(phrases.sentences(text))}"


def _plans(result: Projection, style: Style) -> str:
    texts = [said("Assumed: {text}", text=text) for text in result.assumed]
    texts += map(_plan, result.plans)
    if result.plans_outside:
        outside = phrases.clauses(result.plans_outside)
        texts.append(said("Planned, and in no limited category: {plans}", plans=outside))
    texts += [said("[overdue] {message}", message=item.message) for item in result.overdue]
    texts += [said("Warning: {text}", text=text) for text in result.warnings]
    if not texts:
        texts = [said("No movement is planned on record, and nothing is assumed.")]
    title = style.title(said("What is planned or assumed"))
    return f"{title}\n\n" + "\n".join(map(style.item, texts))


def _plan(plan: Plan) -> Said:
    """Return a plan, and how it is taken: as carried out, or as possible until more is said."""
    if plan.needs is None:
        return said("Taken as carried out: {plan}", plan=plan.text)
    return said(
        "Planned, on {authority}: possible, and not certain before {enough}: {plan}",
        authority=_WORD.get(plan.basis, plan.basis.word),
        enough=_ENOUGH.get(plan.needs, plan.needs.word),
        plan=plan.text,
    )


def _course(course: Course, style: Style) -> str:
    lines: list[list[str]] = [
        [
            phrases.day(line.day),
            cells.span(line.counted),
            _ceiling(line),
            cells.span(line.headroom),
            cells.UNKNOWN if line.room is None else phrases.number(line.room),
            style.paint(_verdict(line), line.verdict),
            phrases.clauses([*([said("PEAK")] if line.peak else []), *line.events]),
        ]
        for line in course.lines
    ]
    left = max(_NARROWEST, layout.WIDTH - _taken(lines))
    table = style.table(_COLUMNS, lines, _ALIGN, (*(None,) * (len(_COLUMNS) - 1), left))
    told = "\n".join(style.item(text) for text in _told(course))
    title = style.title(phrases.limit(course.party_name, course.category_name))
    return f"{title}\n\n{table}\n\n{told}"


def _taken(lines: list[list[str]]) -> int:
    """Return how wide all columns but the last are in plain text."""
    columns = list(zip(*lines, strict=True))[:-1]
    cells_wide = [max(len(speak(cell)) for cell in column) for column in columns]
    # A heading has two blanks of its own beside the two between columns.
    return sum(
        2 + max(wide, len(speak(head)) + 2)
        for wide, head in zip(cells_wide, _COLUMNS, strict=False)
    )


def _ceiling(line: Line) -> Said:
    if line.ceiling is None and line.ceiling_derived is not None:
        return said("({span}?)", span=cells.span(line.ceiling_derived))
    return cells.span(line.ceiling)


def _verdict(line: Line) -> Said:
    return cells.verdict_in_words(line.verdict, conditional=line.conditional)


def _told(course: Course) -> Iterator[str]:
    """Yield what the lines come to, in sentences."""
    if course.peak is not None:
        day, span = course.peak
        yield said("Highest count: {span}, from {day}.", span=cells.span(span), day=day)
    yield from breach(course)
    if course.least_room is not None:
        day, span = course.least_room
        room = course.lines[0].room
        if room:
            yield said_many(
                "Least headroom: {span}, on {day}; {count} more may still come and stay.",
                "Least headroom: {span}, on {day}; {count} more may still come and stay.",
                room,
                span=cells.span(span),
                day=day,
            )
        else:
            yield said("Least headroom: {span}, on {day}.", span=cells.span(span), day=day)
    if course.break_even is not None:
        yield said(
            "Within on every day for any ceiling of at least {number}.", number=course.break_even
        )
    elif any(line.counted is not None for line in course.lines):
        yield said("No ceiling is surely high enough: the count is open above.")
    yield from course.doubts
    yield from course.outside


def _still(courses: list[Course], style: Style) -> str:
    if not courses:
        return ""
    lines: list[list[str]] = []
    last = ""
    for course in courses:
        line = course.lines[0]
        lines.append(
            [
                name(course.party_name) if course.party != last or style.markdown else "",
                name(course.category_name),
                cells.span(line.counted),
                _ceiling(line),
                cells.span(line.headroom),
                "" if course.break_even is None else phrases.number(course.break_even),
                style.paint(_verdict(line), line.verdict),
            ]
        )
        last = course.party
    table = style.table(_STILL_COLUMNS, lines, _STILL_ALIGN, (16, 17, *(None,) * 5))
    told = [_named(course, text, style) for course in courses for text in breach(course)]
    doubts = [_named(course, text, style) for course in courses for text in course.doubts]
    if len(courses) > _MOST_STILL and doubts:
        left = said_many(
            "{count} doubt about these not listed: name a --party, or --format json.",
            "{count} doubts about these not listed: name a --party, or --format json.",
            len(doubts),
        )
        doubts = [style.item(left)]
    if len(courses) <= _MOST_STILL:
        doubts += [_named(course, text, style) for course in courses for text in course.outside]
    parts = [style.title(said("The same on every day")), table, "\n".join((*told, *doubts))]
    return "\n\n".join(part for part in parts if part)


def _named(course: Course, text: str, style: Style) -> str:
    limit = phrases.limit(course.party_name, course.category_name)
    return style.item(said("{limit}: {text}", limit=limit, text=text))


def _legend(result: Projection, style: Style) -> str:
    verdicts = sorted(result.verdicts, key=list(Verdict).index)
    entries: list[tuple[str, str]] = [
        (cells.VERDICTS[verdict], verdict.meaning) for verdict in verdicts
    ]
    moving = [course for course in result.courses if course.changes]
    if len(moving) < len(result.courses):
        entries.append(
            (said("Break-even"), said("within for any ceiling of at least this; empty where open"))
        )
    if moving:
        entries.append(
            (
                said("Room"),
                said("so many more may come on that day and stay, every later day surely within"),
            )
        )
    if any(line.peak for course in moving for line in course.lines):
        entries.append(
            (said("PEAK"), said("the highest possible count is above that before and after"))
        )
    if any(course.offsets for course in result.courses):
        entries.append(
            (
                said("Offset"),
                said(
                    "the smallest reduction, in force from the one day to the other, that keeps "
                    "the Party within: the least that could, and enough to be certain"
                ),
            )
        )
    if any(
        line.ceiling is None and line.ceiling_derived for c in result.courses for line in c.lines
    ):
        entries.append(
            ("(143?)", said("a ceiling only derived: shown, and not used for a verdict"))
        )
    return f"{style.title(said('How to read it'))}\n\n{style.terms(entries)}" if entries else ""


def _reproduce(result: Projection, style: Style) -> str:
    request = result.request
    parts = [
        phrases.rule_pack(result.law),
        said(
            "every day from {start} to {end}",
            start=Brief.of(result.start),
            end=Brief.of(result.until),
        ),
    ]
    if request.known_at:
        parts.append(said("as known at {moment}", moment=request.known_at))
    if request.readings.closed:
        given = " ".join(f"{q}={a}" for q, a in sorted(request.readings.closed.items()))
        parts.append(said("readings: {options}", options=given))
    return style.wrap(
        said(
            "{conditions}. Shown are 31 December of each year and every day on which anything "
            "changes.",
            conditions=phrases.clauses(parts),
        )
    )
