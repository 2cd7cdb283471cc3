"""``compliance reduce``: record that something leaves a Party or changes its status."""

from __future__ import annotations

import re
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
from compliance.cli.world import World
from compliance.intake.spellings import STATUSES
from compliance.values.names import did_you_mean, fold
from compliance.values.records import Account, Movement
from compliance.values.said import said
from compliance.values.vocabulary import Basis, Status

# How an item is reduced for good, and what people call it.
_METHODS = {
    "destroyed": ("destruction", "destroy", "scrapped"),
    "converted": ("conversion", "convert"),
    "static_display": ("display",),
    "ground_target": ("ground targets", "target"),
    "ground_instruction": ("instruction",),
    "recategorised": ("recategorisation", "recategorization", "recategorized"),
}
_PLACES = {
    fold(name): f"@reduced:{method}"
    for method, others in _METHODS.items()
    for name in (method, *others)
} | {"lost": "@lost", "loss": "@lost", "export": "@export"}
_EXPECTED = (
    "write destruction, conversion, static_display, export:COUNTRY, lost, a Party, or the status "
    "it is held under from then on, such as stored"
)


@click.command(
    cls=NumberCommand,
    epilog=recording.EXIT_CODES
    + """
\b
Examples:
  compliance reduce serbia T-55 30 --to destruction --on 2026-05-04 --basis notified
  compliance reduce croatia M-84 30 --to export:Ukraine --on 2024-11-01..2025-08-31
  compliance reduce croatia MiG-21 1 --to lost --on 2025-02-01 --basis notified
  compliance reduce serbia M-84 10 --to bosnia-herzegovina --planned --on 2027-01-01..2027-12-31
  compliance reduce serbia MiG-29 1 --status research_development --to overall    an exemption ends
  compliance reduce croatia MiG-21 4 --to historical_collection --dry-run
""",
)
@what_moves
@click.option(
    "--to",
    "where",
    metavar="WHERE",
    required=True,
    help="Where it goes. For good: destruction, conversion, static_display, ground_target, "
    "ground_instruction, recategorised, export:COUNTRY, lost. To another Party: its name. To "
    "another status of the same Party: overall, stored, decommissioned, historical_collection, ...",
)
@click.option(
    "--status",
    metavar="STATUS",
    help="What it is held under until then: research_development, stored, ... Default: overall.",
)
@particulars
@recording.recording
@click.pass_obj
def reduce(
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
    where: str,
    status: str | None,
    note: str,
    stated_by: str,
    ref: str,
    marking: str,
    **how: Any,
) -> int:
    """Record that a QUANTITY of a TYPE leaves a PARTY or changes its status, and what changes.

    A QUANTITY is 12, 62..89 or 15.. (at least 15). Only the Party's own word or an inspection
    makes a departure certain (--basis); on any other the span grows downwards, and the output says
    what would make it certain. More than can be held is refused.
    """
    read = Reader(world)
    holder = read.party(party)
    known = read.type(designation, category)
    number = read.quantity(quantity)
    dates = read.when(on, planned=planned)
    stated = read.category(category)
    origin = Account(holder or "", read.status(status))
    target = _target(read, where, holder or "")
    if holder and dates:
        read.was_party(holder, dates)
    if holder and target == origin:
        read.wrong("--to", f"it is held as {origin} already", "name another with --status or --to")
    read.check()
    assert holder and number is not None and dates is not None and target is not None
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
        more(note=note, stated_by=stated_by, ref=ref, marking=marking),
    )
    return recording.carry_out(
        world,
        recording.How(**how),
        [row],
        title=_title(origin, target),
        command=shlex.join(
            ["reduce", holder, known.name if known else designation, quantity, "--to", str(target)]
        ),
    )


def _title(origin: Account, target: Account) -> str:
    if target.party == origin.party:
        return said("Change of status")
    return said("Transfer") if target.party else said("Reduction")


def _target(read: Reader, text: str, holder: str) -> Account | None:
    """Return where something goes."""
    text = text.strip()
    kind, colon, rest = text.removeprefix("@").partition(":")
    if colon and fold(kind) == "export":
        return read.tried("--to", lambda: Account.parse(f"@export:{rest.strip()}"))
    if colon and fold(kind) == "reduced":
        method = _PLACES.get(fold(rest), f"@reduced:{rest.strip()}")
        if re.fullmatch(r"@reduced:[a-z_]+", method):
            return Account(place=method)
    if not colon and fold(kind) in _PLACES:
        return Account(place=_PLACES[fold(kind)])
    status = STATUSES.read(text)
    if status is not None:
        return Account(holder, Status(status))
    party = read.world.law.resolve_party(kind)
    if party is not None:
        return Account(party, read.status(rest.strip() or None, "--to"))
    names = [*_METHODS, "export", "lost", *(status.value for status in Status)]
    names += [name for item in read.world.law.parties for name in (item.id, item.name)]
    near = did_you_mean(text, names)
    read.wrong(
        "--to",
        f"'{text}' is no place that items go to",
        near or f"{_EXPECTED}; export:{text} if it is a country outside",
    )
    return None
