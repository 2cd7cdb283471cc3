"""A look ahead as CSV: one line for each limit and day. Plain numbers, one header line."""

from __future__ import annotations

import csv
import io

from compliance.assess.projection import Line, Projection
from compliance.report.cells import bounds, guarded

_HEADER = [
    *("day", "party", "category", "counted_low", "counted_high", "ceiling_low", "ceiling_high"),
    *("headroom_low", "headroom_high", "room", "verdict", "conditional", "peak", "changes"),
]


def render(result: Projection) -> str:
    """Return the days; bounds are empty where open or unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for course in result.courses:
        for line in course.lines:
            writer.writerow([line.day.isoformat(), course.party, course.category, *_cells(line)])
    return text.getvalue().rstrip("\n")


def _cells(line: Line) -> list[str]:
    return [
        *bounds(line.counted),
        *bounds(line.ceiling),
        *bounds(line.headroom),
        "" if line.room is None else str(line.room),
        line.verdict.value,
        str(line.conditional).lower(),
        str(line.peak).lower(),
        guarded("; ".join(line.events)),
    ]
