"""A designation on the command line: the type it means, or what to write instead."""

from __future__ import annotations

from compliance.assess.types import KnownType
from compliance.cli.world import World
from compliance.equipment.types import Ambiguous, Found
from compliance.report.classification import ambiguous_text
from compliance.values.errors import ComplianceError
from compliance.values.names import did_you_mean


def known_type(world: World, designation: str) -> KnownType | None:
    """Return what the catalogue knows of a designation; ``None`` where no catalogue is read.

    Raises:
        ComplianceError: the catalogue does not know it, or it may mean several types.
    """
    if not world.law.catalogue:
        return None
    known = world.lookup(designation)
    if known is not None:
        return known
    match = world.catalogue.find(designation)
    assert not isinstance(match, Found)
    if isinstance(match, Ambiguous):
        raise ComplianceError(
            ambiguous_text(world.law, match), todo="name the one that is meant by its own name"
        )
    near = "; ".join(match.near)
    raise ComplianceError(
        f"'{designation}' is not in the catalogue" + (f"; names like it: {near}" if near else ""),
        todo=("choose one of them, or " if near else "")
        + "say where it belongs with --category, as its attributes say: compliance classify --help",
    )


def party_id(world: World, text: str) -> str:
    """Return the id of a party or actor.

    Raises:
        ComplianceError: the agreement names nobody so.
    """
    found = world.law.resolve_party(text)
    if found is None:
        ids = ", ".join(holder.id for holder in world.law.holders)
        raise ComplianceError(
            f"unknown party '{text}'",
            todo=world.law.suggest_party(text) or f"the parties are: {ids}",
        )
    return found


def category_id(world: World, text: str) -> str:
    """Return the id of a limited category.

    Raises:
        ComplianceError: the agreement has no such category.
    """
    found = world.law.resolve_category(text)
    if found is None:
        ids = [category.id for category in world.law.categories]
        raise ComplianceError(
            f"unknown category '{text}'",
            todo=did_you_mean(text, ids) or f"the categories are: {', '.join(ids)}",
        )
    return found
