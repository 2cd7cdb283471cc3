"""Rows as evidence, alone or laid over what the ledger holds; nothing is recorded by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.records import Holding, Row


def evidence_of(rows: Iterable[Row], *, name: str, order: int = 1) -> Evidence:
    """Return rows as the ledger would hand them over, had they been recorded as one submission.

    Args:
        rows: holdings and movements, in their order.
        name: what names the submission in the rows' references.
        order: of the first declaration; greater than that of any recorded one to be the newest.
    """
    declarations: dict[tuple[object, ...], list[RecordedHolding]] = {}
    movements: list[RecordedMovement] = []
    for line, row in enumerate(rows, start=1):
        ref = f"{name}:{line}"
        if isinstance(row, Holding):
            key = (row.party, row.as_of, row.basis, row.source)
            declarations.setdefault(key, []).append(RecordedHolding(ref, row))
        else:
            movements.append(RecordedMovement(ref, row))
    return Evidence(
        declarations=tuple(
            Declaration(
                party=items[0].row.party,
                as_of=items[0].row.as_of,
                basis=items[0].row.basis,
                source=items[0].row.source,
                order=number,
                rows=tuple(items),
            )
            for number, items in enumerate(declarations.values(), start=order)
        ),
        movements=tuple(movements),
    )


def overlay(evidence: Evidence, rows: Sequence[Row], *, name: str) -> Evidence:
    """Return the evidence with rows laid over it, as if they were recorded now.

    Rows that correct others stand beside them here: what a correction replaces is found only in
    the ledger.
    """
    newest = max((item.order for item in evidence.declarations), default=0)
    added = evidence_of(rows, name=name, order=newest + 1)
    return Evidence(
        declarations=(*evidence.declarations, *added.declarations),
        movements=(*evidence.movements, *added.movements),
    )
