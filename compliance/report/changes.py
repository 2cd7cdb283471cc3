"""What a change does to the headroom: rows before and after."""

from __future__ import annotations

from datetime import date

from tabulate import tabulate

from compliance.assess.compare import RowChange
from compliance.assess.result import AuditRow
from compliance.report import cells, layout
from compliance.values.dates import in_words


def render(changes: tuple[RowChange, ...], as_of: date, *, would: bool) -> str:
    """Return the rows that changed, as a table.

    Args:
        changes: the rows.
        as_of: the day they are judged on.
        would: nothing has been recorded yet.
    """
    verb = "would change" if would else "changed"
    title = layout.title(f"What {verb} in the headroom on {in_words(as_of)}")
    if not changes:
        return f"{title}\n\nNothing."
    headers = ["Party", "Category", "", "Counted", "Ceiling", "Headroom", "Verdict", "Valid on"]
    lines = []
    for change in changes:
        row = change.either
        lines.append([row.party_name, row.category_name, "before", *_side(change.before)])
        lines.append(["", "", "after", *_side(change.after)])
    table = tabulate(
        lines,
        headers=headers,
        disable_numparse=True,
        colalign=("left", "left", "left", "right", "right", "right", "left", "left"),
    )
    return f"{title}\n\n{table}"


def _side(row: AuditRow | None) -> list[str]:
    if row is None:
        return ["", "", "", "no row", ""]
    return [
        cells.span(row.counted),
        cells.ceiling(row),
        cells.span(row.headroom),
        cells.verdict(row),
        cells.valid_on(row),
    ]
