"""``compliance sources``: every figure on record for a holder, and which one is used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.agreement.provisions import Actor, Party
from compliance.assess import stated
from compliance.assess.sources import names_type
from compliance.assess.sources import sources as gather
from compliance.cli import exits, options, suggest
from compliance.cli.designations import known_type, party_id
from compliance.cli.output import write_report
from compliance.cli.world import World
from compliance.ledger.declared import cuts_of, declarations
from compliance.ledger.tails import movements
from compliance.values.evidence import Evidence


@click.command(
    epilog=exits.HELP_WHERE_NOTHING_IS_JUDGED
    + """
\b
Examples:
  compliance sources serbia --category battle_tank --as-of 2019-12-31
  compliance sources croatia MiG-21
  compliance sources BA --as-of 1997-01-01 --format markdown -o figures.md
"""
)
@click.argument("party", shell_complete=suggest.parties)
@click.argument("type_", metavar="[TYPE]", required=False, default="", shell_complete=suggest.types)
@options.category
@options.as_of
@options.known_at
@options.reading
@options.accept_stale
@options.output("table", "csv", "json", "markdown")
@options.lang
@click.pass_obj
def sources(
    world: World,
    *,
    party: str,
    type_: str,
    categories: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    format_: str,
    path: Path | None,
) -> int:
    """Show every figure on record for a PARTY up to a day, or for one TYPE of it.

    The best basis comes first, then the newest. Each figure stands with its date, who stated it,
    its source and that source's grade, whether the audit uses it and why, and what count and
    verdict it would give if it were the one in use, with all that moved since. Nothing is
    averaged. Figures of near dates that cannot both be right are pointed out.
    """
    law = world.law
    request = options.request(
        law,
        as_of=as_of,
        known_at=known_at,
        parties=(),
        categories=categories,
        basis=None,
        readings=readings,
        accept_stale=accept_stale,
    )
    found_id = party_id(world, party)
    holder: Party | Actor | None = law.party(found_id) or law.actor(found_id)
    assert holder is not None
    ids = (holder.id, *(part.id for part in law.parts_on(holder.id, request.as_of)))
    with world.reading() as reading:
        declared = declarations(
            reading,
            as_of=request.as_of,
            known_at=request.known_at,
            parties=ids,
            since=date.min,
            limited=False,
        )
        moved = movements(
            reading,
            date.max,
            request.known_at,
            dict.fromkeys(ids, date.min),
            cuts=cuts_of(declared),
            single_after=request.as_of,
        )
        found = Evidence(declared, moved)
    # A designation of the ledger's own needs no catalogue; any other must be known to it.
    if type_ and not names_type(found, stated.account_name(type_, world.lookup), world.lookup):
        known_type(world, type_)
    from compliance.report.sources import render

    write_report(render(gather(law, world.lookup, found, request, holder, type_), format_), path)
    return exits.OK
