"""A series of comparisons for people: each limit from day to day, drawn to scale, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from compliance.assess.compared import Comparison, Diff, DiffRow, Every
from compliance.assess.result import AuditRow
from compliance.report import cells, diff_chart, diff_words, phrases
from compliance.report.diff import left_open, legend, name, same
from compliance.report.style import Style
from compliance.values.said import name as named
from compliance.values.said import said, said_many

_COLUMNS = (
    said("Day"),
    said("Counted"),
    said("Ceiling"),
    said("Headroom"),
    said("Change"),
    said("Verdict"),
)
_ALIGN = ("left", "right", "right", "right", "right", "left")
_WIDTHS = (None, None, None, None, 10, 12, None)

_Step = tuple[Diff, DiffRow]


def render(found: Comparison, style: Style, *, everything: bool) -> str:
    """Return the series as text.

    Args:
        found: the comparisons of a series.
        style: plain text or Markdown; only plain text is drawn.
        everything: show what did not change as well.
    """
    by_place: dict[tuple[str, str], list[_Step]] = {}
    for period in found.periods:
        for row in period.rows:
            place = (row.after.party, row.after.category)
            by_place.setdefault(place, []).append((period, row))
    courses = list(by_place.values())
    shown = [c for c in courses if everything or not all(row.same for _, row in c)]
    parts = [
        _heading(found, len(courses), len(shown), style),
        *(_course(course, style) for course in shown),
        same([course[-1][1] for course in courses if course not in shown], style),
    ]
    rows = [row for course in shown for _, row in course]
    parts.append(legend(rows, style, () if style.markdown else diff_chart.LEGEND))
    parts.append(style.wrap(diff_words.reproduce(found)))
    return "\n\n".join(part for part in parts if part)


def _heading(found: Comparison, count: int, changed: int, style: Style) -> str:
    yearly = found.every is Every.YEAR
    period = said("{start} to {end}", start=found.start, end=found.end)
    agreement = named(found.law.short_title)
    if yearly:
        title = said(
            "{agreement}: headroom every year, {period}", agreement=agreement, period=period
        )
    else:
        title = said(
            "{agreement}: headroom every quarter, {period}", agreement=agreement, period=period
        )
    text = [
        said(
            "{limits} compared over {periods}, {changed} changed.",
            limits=phrases.limits(count),
            periods=said_many("{count} period", "{count} periods", len(found.periods)),
            changed=changed,
        )
    ]
    if found.last_shorter:
        last = found.periods[-1]
        period = said("{start} to {end}", start=last.start, end=last.end)
        if yearly:
            text.append(said("The last period is shorter than a year: {period}.", period=period))
        else:
            text.append(said("The last period is shorter than a quarter: {period}.", period=period))
    notes = phrases.sentences([*text, *diff_words.heading_notes(found)])
    return f"{style.title(title, level=1)}\n\n{style.wrap(notes)}"


def _course(course: Sequence[_Step], style: Style) -> str:
    """Return a limit from day to day, and what changed it."""
    first, last = course[0], course[-1]
    # A Party that was none for a while has no line then.
    sides: list[tuple[date, AuditRow, str]] = [(first[0].start, first[1].before, "")]
    sides += [(period.end, row.after, diff_words.change_of(row)) for period, row in course]
    most = diff_chart.scale(s for _, side, _ in sides for s in (side.counted, side.ceiling))
    lines: list[list[str]] = []
    for day, side, change in sides:
        line: list[str] = [
            phrases.day(day),
            cells.span(side.counted),
            cells.ceiling(side),
            cells.span(side.headroom),
            change,
            style.paint(cells.verdict(side), side.verdict),
        ]
        lines.append(
            line if style.markdown else [*line, diff_chart.bar(side.counted, side.ceiling, most)]
        )
    if style.markdown:
        table = style.table(_COLUMNS, lines, _ALIGN)
    else:
        table = style.table(
            (*_COLUMNS, said("0 to {most}", most=most)), lines, (*_ALIGN, "left"), _WIDTHS
        )
    day, row = last[0].end, last[1]
    parts = [style.title(name(row)), table, *_told(course, style)]
    parts.append(style.wrap(said("On {day}: {summary}", day=day, summary=row.after.summary)))
    parts.append(left_open(row, style))
    return "\n\n".join(part for part in parts if part)


def _told(course: Sequence[_Step], style: Style) -> Iterator[str]:
    """Yield for each period the causes of what changed in it."""
    for period, row in course:
        if row.causes:
            yield "\n".join(
                [
                    style.strong(said("{start} to {end}:", start=period.start, end=period.end)),
                    *diff_words.cause_lines(row.causes, style),
                    style.item(diff_words.sums(row)),
                ]
            )
