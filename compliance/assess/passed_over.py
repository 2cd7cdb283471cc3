"""Why the audit uses a declaration, or passes it over for another. In words."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.assess.position import Position
from compliance.values.evidence import Declaration
from compliance.values.said import Said, said
from compliance.values.vocabulary import Basis


def why_used(declaration: Declaration, own: Sequence[Declaration]) -> Said:
    """Return why a declaration is in use, of all its holder's that speak of the category."""
    like = [d for d in own if d.basis.rank == declaration.basis.rank]
    if len(own) == 1:
        return said("the only figure on record")
    if len(like) == len(own):
        return said("the latest on record")
    if len(like) > 1:
        return said("the best basis on record, and the latest on it")
    return said("the best basis on record")


def why_not(declaration: Declaration, category: str, position: Position, holder_name: str) -> Said:
    """Return why a declaration is not in use.

    Args:
        declaration: the declaration.
        category: the category's id.
        position: of the holder asked about, with what is in use.
        holder_name: the name of that holder.
    """
    if not declaration.covers(category):
        return said("no figure of this category")
    in_use = next(
        (
            tally.declaration
            for tally in position.tallies
            if tally.declaration and tally.declaration.party == declaration.party
        ),
        None,
    )
    if in_use is None:
        if declaration.party == position.party:
            return said("the parts' own figures are used: all are on a better basis")
        return said("the figure of {party} itself is used", party=holder_name)
    if declaration.basis.rank > in_use.basis.rank:
        return _weaker(declaration, in_use, position)
    if declaration.as_of.last < in_use.as_of.last:
        return said("older than the one in use")
    return said("of the same day as the one in use, and recorded earlier")


def _weaker(declaration: Declaration, in_use: Declaration, position: Position) -> Said:
    """Say so, and what an observation that is not in use does to the count."""
    text = said(
        "'{weaker}' is a weaker basis than '{better}'",
        weaker=declaration.basis.word,
        better=in_use.basis.word,
    )
    if declaration.basis is not Basis.OBSERVED:
        return text
    for sighting in position.sightings:
        if sighting.observation is declaration:
            return said(
                "{weaker}; it stands beside it and is {excess} above it, so the count is widened",
                weaker=text,
                excess=sighting.excess,
            )
    return said("{weaker}; it stands beside it and is not above it", weaker=text)
