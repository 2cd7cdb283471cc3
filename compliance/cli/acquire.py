"""``compliance acquire``: record an acquisition, and what it leaves."""

from __future__ import annotations

import shlex
from typing import Any

import click

from compliance.cli import recording
from compliance.cli.movement_options import (
    NumberCommand,
    Reader,
    more,
    particulars,
    source_or_warning,
    state_of,
    what_moves,
)
from compliance.cli.output import say
from compliance.cli.world import World
from compliance.values.records import Account, Movement
from compliance.values.said import said
from compliance.values.vocabulary import Basis


@click.command(
    cls=NumberCommand,
    epilog=recording.EXIT_CODES
    + """
\b
Examples:
  compliance acquire serbia "Pantsir-S1" 6 --on 2020-02-25 --source "MoD, 25 February 2020"
  compliance acquire croatia "Leopard 2A8" 44 --on 2028-01-01..2030-12-31 --planned --dry-run
  compliance acquire croatia "M2A2 Bradley" 62..89 --from "United States" --planned --gate
  compliance acquire bosnia-herzegovina M-84 10 --from serbia --basis notified
""",
)
@what_moves
@click.option(
    "--from",
    "supplier",
    metavar="SUPPLIER",
    help="A country, 'production', or a Party: then it is a transfer, and leaves that Party.",
)
@click.option(
    "--ordered", metavar="DATE", help="The day of the order: kept in the note, counts nothing."
)
@click.option("--status", metavar="STATUS", help="What it is held under on arrival.")
@particulars
@recording.recording
@click.pass_obj
def acquire(
    world: World,
    /,
    *,
    party: str,
    designation: str,
    quantity: str,
    on: str | None,
    planned: bool,
    category: str | None,
    source: str | None,
    basis: str,
    supplier: str | None,
    ordered: str | None,
    status: str | None,
    note: str,
    stated_by: str,
    ref: str,
    marking: str,
    **how: Any,
) -> int:
    """Record that a PARTY gets a QUANTITY of a TYPE, and show what changes, day by day.

    A QUANTITY is 12, 62..89 or 15.. (at least 15). Nothing counts before its first possible day.
    Facts are recorded even when they are unwelcome; to ask only, add --dry-run.
    """
    read = Reader(world)
    holder = read.party(party)
    known = read.type(designation, category)
    number = read.quantity(quantity)
    dates = read.when(on, planned=planned)
    stated = read.category(category)
    held_as = read.status(status)
    order = read.ordered(ordered, dates)
    origin = _origin(read, supplier)
    if holder and dates:
        read.was_party(holder, dates)
    target = Account(holder or "", held_as)
    if origin is not None and origin == target:
        read.wrong("--from", f"'{supplier}' and {target} are the same", "name who supplies it")
    read.check()
    assert holder and number is not None and dates is not None and origin is not None
    row = Movement(
        dates,
        designation.strip(),
        stated,
        number,
        origin,
        target,
        state_of(planned),
        Basis(basis),
        source_or_warning(source),
        more(note=note, stated_by=stated_by, ref=ref, marking=marking, also=order),
    )
    return recording.carry_out(
        world,
        recording.How(**how),
        [row],
        title=said("Acquisition"),
        command=shlex.join(["acquire", holder, known.name if known else designation, quantity]),
    )


def _origin(read: Reader, text: str | None) -> Account | None:
    """Return where something comes from."""
    if text is None:
        return Account(place="@import")
    text = text.strip()
    law = read.world.law
    if text.lower().lstrip("@") in ("production", "own production"):
        return Account(place="@production")
    if text.startswith("@"):
        found = read.tried("--from", lambda: Account.parse(text))
        if found is not None and not found.place.startswith(("@import", "@production")):
            read.wrong("--from", f"nothing comes from '{text}'", "name a country or a Party")
        return found
    name, _, status = text.partition(":")
    party = law.resolve_party(name)
    if party is not None:
        return Account(party, read.status(status.strip() or None, "--from"))
    near = law.suggest_party(name)
    if near:
        say(f"warning: '{text}' is taken for a country outside the agreement; {near}")
    return read.tried("--from", lambda: Account.parse(f"@import:{text}"))
