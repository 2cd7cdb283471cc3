"""What inspectors have seen of what was declared.

An inspection sees one place on one day. What several see at the same place in a year may be the
same items, so the place counts with the most that was seen there; what is seen at different places
is added. An inspection that names no place may have been at any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compliance.assess import stated, words
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow
from compliance.values.evidence import Declaration, RecordedHolding
from compliance.values.frozen import frozen
from compliance.values.names import fold
from compliance.values.said import Said, said
from compliance.values.span import ZERO, Span, total


@frozen
class Seen:
    """What inspectors saw of a category.

    Attributes:
        items: how many; "at least" is not added: what was seen was seen.
        inspections: how many observations that is taken from.
        places: at how many named units or sites.
    """

    items: Span
    inspections: int
    places: int
    rows: tuple[EvidenceRow, ...]


def seen(observations: Iterable[Declaration], category: str) -> Seen | None:
    """Return what was seen of a category, each item once; ``None`` without any observation.

    Args:
        observations: of one party, within a time in which what is seen twice may be the same.
        category: as the inspectors reported it.
    """
    places: dict[str, list[Span]] = {}
    rows: list[RecordedHolding] = []
    inspections = 0
    for observation in observations:
        here: dict[str, list[RecordedHolding]] = {}
        for item in observation.rows:
            if item.row.category == category:
                here.setdefault(fold(item.row.more.site or item.row.more.unit), []).append(item)
        found = {place: stated.figure(items) for place, items in here.items()}
        inspections += any(figure is not None for figure in found.values())
        for place, figure in found.items():
            if figure is not None:
                places.setdefault(place, []).append(figure)
                rows += here[place]
    if not places:
        return None
    anywhere = places.pop("", [])
    named = total(_most(spans) for spans in places.values())
    items = named
    if anywhere:
        # It may have been at one of the named places, or at another each time.
        low = max(named.low or 0, *(span.low or 0 for span in anywhere))
        items = Span(low, total([named, *anywhere]).high)
    return Seen(items, inspections, len(places), tuple(map(words.evidence, rows)))


def standing(position: Position) -> Said:
    """Return what a declared figure is worth: whether anybody has looked since it was declared."""
    found = _looked(position)
    if found is None:
        return said("as declared, not verified")
    return said("as declared; {seen} of {declared} seen by inspections in {year}", **found)


def standing_sentence(position: Position) -> Said:
    """Return the same as a sentence of its own."""
    found = _looked(position)
    if found is None:
        return said("As declared, not verified.")
    return said("As declared; {seen} of {declared} seen by inspections in {year}.", **found)


def _looked(position: Position) -> dict[str, str] | None:
    """Return what was seen, of how many, in which year; ``None`` where nobody looked."""
    year = max((d.as_of.last.year for d in position.observed), default=0)
    found = seen((d for d in position.observed if d.as_of.last.year == year), position.category)
    if found is None:
        return None
    figures = [
        stated.declared(tally.declaration, position.category)
        for tally in position.tallies
        if tally.declaration is not None
    ]
    of = words.span(total(figure or ZERO for figure in figures))
    return {"seen": words.span(found.items), "declared": of, "year": str(year)}


def _most(spans: Sequence[Span]) -> Span:
    """Return the most of several counts at one place, whichever of them is right."""
    highs = [span.high for span in spans]
    return Span(
        max(span.low or 0 for span in spans),
        None if None in highs else max(high for high in highs if high is not None),
    )
