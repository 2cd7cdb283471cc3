"""Why the audit uses a declaration, or passes it over for another. In words."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.assess import words
from compliance.assess.position import Position
from compliance.values.evidence import Declaration
from compliance.values.vocabulary import Basis


def why_used(declaration: Declaration, own: Sequence[Declaration]) -> str:
    """Return why a declaration is in use, of all its holder's that speak of the category."""
    like = [d for d in own if d.basis.rank == declaration.basis.rank]
    if len(own) == 1:
        return "the only figure on record"
    if len(like) == len(own):
        return "the latest on record"
    return "the best basis on record" + (", and the latest on it" if len(like) > 1 else "")


def why_not(declaration: Declaration, category: str, position: Position, holder_name: str) -> str:
    """Return why a declaration is not in use.

    Args:
        declaration: the declaration.
        category: the category's id.
        position: of the holder asked about, with what is in use.
        holder_name: the name of that holder.
    """
    if not declaration.covers(category):
        return "no figure of this category"
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
            return "the parts' own figures are used: all are on a better basis"
        return f"the figure of {holder_name} itself is used"
    if declaration.basis.rank > in_use.basis.rank:
        return (
            f"'{declaration.basis.value}' is a weaker basis than '{in_use.basis.value}'"
            f"{_seen(declaration, position)}"
        )
    if declaration.as_of.last < in_use.as_of.last:
        return "older than the one in use"
    return "of the same day as the one in use, and recorded earlier"


def _seen(declaration: Declaration, position: Position) -> str:
    """Return what an observation that is not in use does to the count."""
    if declaration.basis is not Basis.OBSERVED:
        return ""
    for sighting in position.sightings:
        if sighting.observation is declaration:
            return (
                f"; it stands beside it and is {words.number(sighting.excess)} above it, so "
                "the count is widened"
            )
    return "; it stands beside it and is not above it"
