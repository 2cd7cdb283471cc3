"""Two audits side by side: the rows that changed."""

from __future__ import annotations

from compliance.assess.result import Audit, AuditRow
from compliance.values.frozen import frozen


@frozen
class RowChange:
    """One party in one category, before and after; one side is missing where it was no row."""

    before: AuditRow | None
    after: AuditRow | None

    @property
    def either(self) -> AuditRow:
        """Return the later row that there is, for its names."""
        row = self.after or self.before
        assert row is not None
        return row


def changes(before: Audit, after: Audit) -> tuple[RowChange, ...]:
    """Return the rows that differ in what is held, counted, limited, judged or dated."""
    first = {(row.party, row.category): row for row in before.rows}
    second = {(row.party, row.category): row for row in after.rows}
    places = dict.fromkeys([*first, *second])
    pairs = (RowChange(first.get(place), second.get(place)) for place in places)
    return tuple(pair for pair in pairs if _essence(pair.before) != _essence(pair.after))


def _essence(row: AuditRow | None) -> tuple[object, ...] | None:
    if row is None:
        return None
    return (
        row.held,
        row.not_counted,
        row.counted,
        row.judged,
        row.ceiling,
        row.verdict,
        row.conditional,
        row.stale,
        row.basis,
        row.declared_as_of,
    )
