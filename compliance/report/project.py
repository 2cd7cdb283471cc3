"""A look ahead for people: each limit day by day, its peak, breach, room and offset."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.projection import Course, Line, Offset, Plan, Projection
from compliance.report import cells, layout
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.vocabulary import Basis, Verdict

_COLUMNS = ("Day", "Counted", "Ceiling", "Headroom", "Room", "Verdict", "What changes")
_NARROWEST = 20
"""No column for what changes is narrower than this."""
_MOST_STILL = 5
"""Of more limits than these that stay the same, doubts are counted and not listed."""
_ALIGN = ("left", *("right",) * 4, "left", "left")
_WORD = {
    Basis.PRESS: "the word of the press",
    Basis.ESTIMATE: "an estimate",
    Basis.OFFICIAL: "a public statement",
}
_ENOUGH = {
    Basis.OFFICIAL: "an official one",
    Basis.OBSERVED: "one that is observed or declared",
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
    title = style.title(f"{result.law.title}: look ahead to {in_words(result.until)}", level=1)
    text = [
        f"From {in_words(result.start)} on. What is planned is taken as carried out by its last "
        "day; on whose authority it stands still decides. Whether a figure is too old is judged "
        "on the first day."
    ]
    old = [course for course in result.courses if course.stale]
    if old:
        text.append(
            f"For {_limits(len(old))} the figure to start from is too old: the numbers are shown, "
            "the verdict is 'cannot tell' (--accept-stale judges on it all the same)."
        )
    return f"{title}\n\n{style.wrap(' '.join(text))}"


def _limits(count: int) -> str:
    return f"{count} limit{'' if count == 1 else 's'}"


def _plans(result: Projection, style: Style) -> str:
    lines = [style.item(f"Assumed: {text}") for text in result.assumed]
    lines += [style.item(f"{_taken_as(plan)}: {plan.text}") for plan in result.plans]
    if result.plans_outside:
        outside = "; ".join(result.plans_outside)
        lines.append(style.item(f"Planned, and in no limited category: {outside}"))
    lines += [style.item(f"[overdue] {finding.message}") for finding in result.overdue]
    lines += [style.item(f"Warning: {text}") for text in result.warnings]
    if not lines:
        lines = [style.item("No movement is planned on record, and nothing is assumed.")]
    return f"{style.title('What is planned or assumed')}\n\n" + "\n".join(lines)


def _taken_as(plan: Plan) -> str:
    """Return how a plan is taken: as carried out, or as possible until somebody says more."""
    if plan.needs is None:
        return "Taken as carried out"
    return (
        f"Planned, on {_WORD.get(plan.basis, plan.basis.value)}: possible, and not certain before "
        f"{_ENOUGH.get(plan.needs, plan.needs.value)}"
    )


def _course(course: Course, style: Style) -> str:
    lines = [
        [
            line.day.isoformat(),
            cells.span(line.counted),
            _ceiling(line),
            cells.span(line.headroom),
            cells.UNKNOWN if line.room is None else f"{line.room:,}",
            style.paint(_verdict(line), line.verdict),
            "; ".join([*(["PEAK"] if line.peak else []), *line.events]),
        ]
        for line in course.lines
    ]
    left = max(_NARROWEST, layout.WIDTH - _taken(lines))
    table = style.table(_COLUMNS, lines, _ALIGN, (*(None,) * (len(_COLUMNS) - 1), left))
    said = "\n".join(style.item(text) for text in _said(course))
    title = style.title(f"{course.party_name}, {course.category_name.lower()}")
    return f"{title}\n\n{table}\n\n{said}"


def _taken(lines: list[list[str]]) -> int:
    """Return how wide all columns but the last are in plain text."""
    columns = list(zip(*lines, strict=True))[:-1]
    cells_wide = [max(len(cell) for cell in column) for column in columns]
    # A heading has two blanks of its own beside the two between columns.
    return sum(
        2 + max(wide, len(name) + 2) for wide, name in zip(cells_wide, _COLUMNS, strict=False)
    )


def _ceiling(line: Line) -> str:
    if line.ceiling is None and line.ceiling_derived is not None:
        return f"({cells.span(line.ceiling_derived)}?)"
    return cells.span(line.ceiling)


def _verdict(line: Line) -> str:
    text = cells.VERDICTS[line.verdict]
    return f"{text}, conditional" if line.conditional else text


def _said(course: Course) -> Iterator[str]:
    """Yield what the lines come to, in sentences."""
    if course.peak is not None:
        day, span = course.peak
        yield f"Highest count: {cells.span(span)}, from {in_words(day)}."
    yield from _breach(course)
    if course.least_room is not None:
        day, span = course.least_room
        room = course.lines[0].room
        more = f"; {room:,} more may still come and stay" if room else ""
        yield f"Least headroom: {cells.span(span)}, on {in_words(day)}{more}."
    if course.break_even is not None:
        yield f"Within on every day for any ceiling of at least {course.break_even:,}."
    elif any(line.counted is not None for line in course.lines):
        yield "No ceiling is surely high enough: the count is open above."
    yield from course.doubts
    yield from course.outside


def _breach(course: Course) -> Iterator[str]:
    if course.exceeds is not None:
        yield f"Exceeds the ceiling from {in_words(course.exceeds)}{_numbers(course)}."
    if course.may_exceed is not None and course.may_exceed != course.exceeds:
        never = "; on no day does it surely" if course.exceeds is None else ""
        yield f"May exceed the ceiling from {in_words(course.may_exceed)}{never}{_numbers(course)}."
    if course.offset is not None and (course.offset.least or course.offset.certain is not None):
        yield _offset(course.offset)
        if len(course.offsets) > 1:
            yield (
                "Stretch by stretch: " + "; ".join(_stretch(item) for item in course.offsets) + "."
            )


def _numbers(course: Course) -> str:
    return ", by the numbers of a figure that is too old" if course.stale else ""


def _offset(offset: Offset) -> str:
    start = f"Offset {_range(offset)} from {offset.first} to {offset.last}"
    if offset.certain is None:
        return f"{start}: {offset.least:,} fewer at least; no number makes it certain."
    if offset.least == offset.certain:
        return f"{start}: so many fewer keep it within."
    least = (
        f"{offset.least:,} fewer at least for no day that surely exceeds"
        if offset.least
        else "none is surely needed"
    )
    return f"{start}: {least}, {offset.certain:,} fewer to be certain."


def _stretch(offset: Offset) -> str:
    return f"{_range(offset)} from {offset.first} to {offset.last}"


def _range(offset: Offset) -> str:
    if offset.certain == offset.least:
        return f"{offset.least:,}"
    return f"{offset.least:,}..{'' if offset.certain is None else f'{offset.certain:,}'}"


def _still(courses: list[Course], style: Style) -> str:
    if not courses:
        return ""
    lines = []
    last = ""
    for course in courses:
        line = course.lines[0]
        lines.append(
            [
                course.party_name if course.party != last or style.markdown else "",
                course.category_name,
                cells.span(line.counted),
                _ceiling(line),
                cells.span(line.headroom),
                "" if course.break_even is None else f"{course.break_even:,}",
                style.paint(_verdict(line), line.verdict),
            ]
        )
        last = course.party
    headers = ("Party", "Category", "Counted", "Ceiling", "Headroom", "Break-even", "Verdict")
    align = ("left", "left", "right", "right", "right", "right", "left")
    table = style.table(headers, lines, align, (16, 17, *(None,) * 5))
    told = [_named(course, text, style) for course in courses for text in _breach(course)]
    doubts = [_named(course, text, style) for course in courses for text in course.doubts]
    if len(courses) > _MOST_STILL and doubts:
        count = f"{len(doubts)} doubt{'' if len(doubts) == 1 else 's'}"
        doubts = [style.item(f"{count} about these not listed: name a --party, or --format json.")]
    if len(courses) <= _MOST_STILL:
        doubts += [_named(course, text, style) for course in courses for text in course.outside]
    parts = [style.title("The same on every day"), table, "\n".join((*told, *doubts))]
    return "\n\n".join(part for part in parts if part)


def _named(course: Course, text: str, style: Style) -> str:
    return style.item(f"{course.party_name}, {course.category_name.lower()}: {text}")


def _legend(result: Projection, style: Style) -> str:
    verdicts = sorted(result.verdicts, key=list(Verdict).index)
    entries = [(cells.VERDICTS[verdict], verdict.meaning) for verdict in verdicts]
    moving = [course for course in result.courses if course.changes]
    if len(moving) < len(result.courses):
        entries.append(("Break-even", "within for any ceiling of at least this; empty where open"))
    if moving:
        entries.append(
            ("Room", "so many more may come on that day and stay, every later day surely within")
        )
    if any(line.peak for course in moving for line in course.lines):
        entries.append(("PEAK", "the highest possible count is above that before and after"))
    if any(course.offsets for course in result.courses):
        entries.append(
            (
                "Offset",
                "the smallest reduction, in force from the one day to the other, that keeps the "
                "Party within: the least that could, and enough to be certain",
            )
        )
    if any(
        line.ceiling is None and line.ceiling_derived for c in result.courses for line in c.lines
    ):
        entries.append(("(143?)", "a ceiling only derived: shown, and not used for a verdict"))
    return f"{style.title('How to read it')}\n\n{style.terms(entries)}" if entries else ""


def _reproduce(result: Projection, style: Style) -> str:
    request = result.request
    readings = "".join(f" {q}={a}" for q, a in sorted(request.readings.closed.items()))
    return style.wrap(
        f"Rule pack {result.law.id} {result.law.version}, SHA-256 {result.law.sha256[:12]}; every "
        f"day from {result.start.isoformat()} to {result.until.isoformat()}"
        + (f"; as known at {request.known_at}" if request.known_at else "")
        + (f"; readings:{readings}" if readings else "")
        + ". Shown are 31 December of each year and every day on which anything changes."
    )
