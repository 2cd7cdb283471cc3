"""What if as CSV: one line for each limit on each side. Plain numbers, one header line."""

from __future__ import annotations

import csv
import io

from compliance.assess.result import AuditRow
from compliance.assess.whatif import Shift, WhatIf
from compliance.report.cells import bounds, guarded

_HEADER = [
    *("as_of", "side", "party", "category"),
    *("counted_low", "counted_high", "ceiling_low", "ceiling_high"),
    *("headroom_low", "headroom_high", "verdict", "conditional"),
    *("headroom_change_low", "headroom_change_high", "summary"),
]


def render(result: WhatIf) -> str:
    """Return the rows, the baseline's first; bounds are empty where open or unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    sides = [("baseline", result.rows), *((s.scenario.name, s.rows) for s in result.sides)]
    for name, rows in sides:
        for before, row in zip(result.rows, rows, strict=True):
            shift = Shift.between(before.headroom, row.headroom)
            change = ("", "") if shift is None else (_cell(shift.low), _cell(shift.high))
            writer.writerow([result.baseline.as_of.isoformat(), guarded(name), *_row(row, change)])
    return text.getvalue().rstrip("\n")


def _row(row: AuditRow, change: tuple[str, str]) -> list[str]:
    return [
        row.party,
        row.category,
        *bounds(row.counted),
        *bounds(row.ceiling),
        *bounds(row.headroom),
        row.verdict.value,
        str(row.conditional).lower(),
        *change,
        guarded(row.summary),
    ]


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)
