"""What a change does to the headroom: rows before and after."""

from __future__ import annotations

from datetime import date

from compliance.assess.compare import RowChange
from compliance.assess.result import AuditRow
from compliance.report import cells
from compliance.report.style import Style
from compliance.values.said import name, said

_COLUMNS = (
    said("Party"),
    said("Category"),
    "",
    said("Counted"),
    said("Ceiling"),
    said("Headroom"),
    said("Verdict"),
    said("Valid on"),
)
_ALIGN = ("left", "left", "left", "right", "right", "right", "left", "left")


def render(changes: tuple[RowChange, ...], as_of: date, *, would: bool) -> str:
    """Return the rows that changed, as a table.

    Args:
        changes: the rows.
        as_of: the day they are judged on.
        would: nothing has been recorded yet.
    """
    style = Style()
    if would:
        title = style.title(said("What would change in the headroom on {day}", day=as_of))
    else:
        title = style.title(said("What changed in the headroom on {day}", day=as_of))
    if not changes:
        return f"{title}\n\n{style.wrap(said('Nothing.'))}"
    lines: list[list[str]] = []
    for change in changes:
        row = change.either
        names = [name(row.party_name), name(row.category_name)]
        lines.append([*names, said("before"), *_side(change.before)])
        lines.append(["", "", said("after"), *_side(change.after)])
    return f"{title}\n\n{style.table(_COLUMNS, lines, _ALIGN)}"


def _side(row: AuditRow | None) -> list[str]:
    if row is None:
        return ["", "", "", said("no row"), ""]
    return [
        cells.span(row.counted),
        cells.ceiling(row),
        cells.span(row.headroom),
        cells.verdict(row),
        cells.valid_on(row),
    ]
