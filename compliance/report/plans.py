"""The planned movements on record, for people and as JSON ``compliance.plans/1``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compliance.report import cells
from compliance.report.style import Style
from compliance.values.evidence import RecordedMovement
from compliance.values.json_text import indented
from compliance.values.said import said

SCHEMA = "compliance.plans/1"

_COLUMNS = (
    said("Row"),
    said("When"),
    said("Quantity"),
    said("Type"),
    said("From"),
    said("To"),
    said("Basis"),
)
_ALIGN = ("left", "left", "right", "left", "left", "left", "left")
_WIDTHS = (None, None, None, 18, 18, 18, None)


def plans(found: Sequence[RecordedMovement], *, today: date, format_: str) -> str:
    """Return the planned movements by date.

    Args:
        found: the movements.
        today: what was to be done by then is overdue.
        format_: ``table``, ``markdown`` or ``json``.
    """
    if format_ == "json":
        rows = [
            {"ref": item.ref, "overdue": item.row.date.last < today, "content": item.row.content()}
            for item in found
        ]
        return indented({"schema": SCHEMA, "rows": rows})
    style = Style(markdown=format_ == "markdown")
    title = style.title(said("Planned movements"))
    if not found:
        return f"{title}\n\n{style.wrap(said('None.'))}"
    lines = [
        [
            item.ref,
            _when(item, today),
            cells.span(item.row.quantity),
            item.row.type or item.row.category,
            str(item.row.origin),
            str(item.row.destination),
            item.row.basis.word,
        ]
        for item in found
    ]
    return f"{title}\n\n{style.table(_COLUMNS, lines, _ALIGN, _WIDTHS)}"


def _when(item: RecordedMovement, today: date) -> str:
    days = cells.brief(item.row.date)
    return said("{days} (overdue)", days=days) if item.row.date.last < today else days
