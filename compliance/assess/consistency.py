"""Does what is declared agree with itself? Totals against types, parts against the whole, doubles.

Each disagreement is a finding, never a refusal: the figure stands as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from compliance.assess import words
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.said import said
from compliance.values.span import Span, total
from compliance.values.vocabulary import Status

Disagreement = tuple[str, tuple[EvidenceRow, ...]]
"""What disagrees, in a sentence, and the rows that do."""


def cross_footing(position: Position, category: str) -> Iterable[Disagreement]:
    """Yield where the figures of a declaration do not add up."""
    for tally in position.tallies:
        if tally.declaration is not None:
            yield from _types_against_total(tally.declaration, category)
            yield from _units_against_state(tally.declaration, category)


def whole_and_parts(
    whole: Position, parts: Sequence[Position], names: Sequence[str]
) -> Iterable[Disagreement]:
    """Yield where a state's own figure and those of its parts, of one date and basis, differ."""
    declared = whole.tallies[0].declaration if not whole.parts and whole.tallies else None
    others = [part.tallies[0].declaration for part in parts if part.tallies]
    if declared is None or len(others) != len(parts) or not parts:
        return
    if any(d is None or (d.as_of, d.basis) != (declared.as_of, declared.basis) for d in others):
        return
    if whole.held is None or any(part.held is None for part in parts):
        return
    summed = total(part.held for part in parts if part.held is not None)
    if _apart(whole.held, summed):
        yield (
            said(
                "the state declares {whole}, its parts ({parts}) add up to {sum}.",
                whole=words.span(whole.held),
                parts=words.listed(names),
                sum=words.span(summed),
            ),
            tuple(
                words.evidence(item)
                for item in declared.rows
                if item.row.category == whole.category
            ),
        )


def doubles(movements: Sequence[RecordedMovement]) -> Iterable[Disagreement]:
    """Yield movements that may be one and the same, told by two sources; groups are left out."""
    by_path: dict[tuple[str, str, str, str], list[RecordedMovement]] = {}
    for item in movements:
        if item.many:
            continue
        row = item.row
        key = (row.type.casefold(), row.category, str(row.origin), str(row.destination))
        by_path.setdefault(key, []).append(item)
    for group in by_path.values():
        for first, second in combinations(group, 2):
            if _may_be_one(first, second):
                yield (
                    said(
                        "two movements may be one and the same, told by two sources: {first}; and "
                        "{second}. Both are counted.",
                        first=words.movement(first),
                        second=words.movement(second),
                    ),
                    (words.evidence(first), words.evidence(second)),
                )


def _may_be_one(first: RecordedMovement, second: RecordedMovement) -> bool:
    one, other = first.row, second.row
    return (
        one.source != other.source
        and one.quantity == other.quantity
        and one.date.first <= other.date.last
        and other.date.first <= one.date.last
    )


def _types_against_total(declaration: Declaration, category: str) -> Iterable[Disagreement]:
    state = [
        i
        for i in declaration.rows
        if i.row.category == category
        and not i.row.withheld
        and not (i.row.more.unit or i.row.more.site)
    ]
    totals = [i for i in state if not i.row.type and i.row.status is Status.OVERALL]
    types = [i for i in state if i.row.type and i.row.status is Status.OVERALL]
    if not totals or not types:
        return
    declared, summed = _sum(totals), _sum(types)
    # Fewer types than the total may be a list that is not complete; more cannot be right.
    if summed.low is not None and declared.high is not None and summed.low > declared.high:
        yield (
            said(
                "the types declared add up to {sum}, more than the total of {total}; the total is "
                "used.",
                sum=words.span(summed),
                total=words.span(declared),
            ),
            tuple(map(words.evidence, [*totals, *types])),
        )
    elif summed.high is not None and declared.low is not None and summed.high < declared.low:
        yield (
            said(
                "the types declared add up to {sum}, fewer than the total of {total}; the total is "
                "used.",
                sum=words.span(summed),
                total=words.span(declared),
            ),
            tuple(map(words.evidence, [*totals, *types])),
        )


def _units_against_state(declaration: Declaration, category: str) -> Iterable[Disagreement]:
    grouped: dict[tuple[str, Status], tuple[list[RecordedHolding], list[RecordedHolding]]] = {}
    for item in declaration.rows:
        if item.row.category == category and not item.row.withheld:
            own, units = grouped.setdefault((item.row.type, item.row.status), ([], []))
            (units if item.row.more.unit or item.row.more.site else own).append(item)
    for (name, _), (own, units) in grouped.items():
        if own and units and _apart(_sum(own), _sum(units)):
            figure = words.span(_sum(units))
            yield (
                said(
                    "units and sites declare {units}, the state {state}; the state's figure is "
                    "used.",
                    units=said("{quantity} {what}", quantity=figure, what=name) if name else figure,
                    state=words.span(_sum(own)),
                ),
                tuple(map(words.evidence, [*own, *units])),
            )


def _sum(items: Iterable[RecordedHolding]) -> Span:
    return total(item.row.quantity for item in items)


def _apart(one: Span, other: Span) -> bool:
    """True where two spans share no number: then they cannot both be right."""
    below = one.high is not None and other.low is not None and one.high < other.low
    above = one.low is not None and other.high is not None and one.low > other.high
    return below or above
