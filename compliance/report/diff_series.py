"""A series of comparisons for people: each limit from day to day, drawn to scale, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assess.compared import Comparison, Diff, DiffRow
from compliance.report import cells, diff_chart, diff_words
from compliance.report.diff import left_open, legend, limits, name, same
from compliance.report.style import Style
from compliance.values.dates import in_words

_COLUMNS = ("Day", "Counted", "Ceiling", "Headroom", "Change", "Verdict")
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
    every = found.every.value if found.every else ""
    title = style.title(
        f"{found.law.short_title}: headroom every {every}, {in_words(found.start)} to "
        f"{in_words(found.end)}",
        level=1,
    )
    text = [f"{limits(count)} compared over {len(found.periods)} periods, {changed} changed."]
    if found.last_shorter:
        last = found.periods[-1]
        text.append(
            f"The last period is shorter than a {every}: {in_words(last.start)} to "
            f"{in_words(last.end)}."
        )
    return f"{title}\n\n{style.wrap(' '.join([*text, *diff_words.heading_notes(found)]))}"


def _course(course: Sequence[_Step], style: Style) -> str:
    """Return a limit from day to day, and what changed it."""
    first, last = course[0], course[-1]
    # A Party that was none for a while has no line then.
    sides = [(first[0].start, first[1].before, "")]
    sides += [(period.end, row.after, diff_words.change_of(row)) for period, row in course]
    most = diff_chart.scale(s for _, side, _ in sides for s in (side.counted, side.ceiling))
    lines = []
    for day, side, change in sides:
        line = [
            day.isoformat(),
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
        table = style.table((*_COLUMNS, f"0 to {most:,}"), lines, (*_ALIGN, "left"), _WIDTHS)
    day, row = last[0].end, last[1]
    parts = [style.title(name(row)), table, *_told(course, style)]
    parts.append(style.wrap(f"On {in_words(day)}: {row.after.summary}"))
    parts.append(left_open(row, style))
    return "\n\n".join(part for part in parts if part)


def _told(course: Sequence[_Step], style: Style) -> Iterator[str]:
    """Yield for each period the causes of what changed in it."""
    for period, row in course:
        if row.causes:
            yield "\n".join(
                [
                    style.strong(f"{in_words(period.start)} to {in_words(period.end)}:"),
                    *diff_words.cause_lines(row.causes, style),
                    style.item(diff_words.sums(row)),
                ]
            )
