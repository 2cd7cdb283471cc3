"""``compliance explain``: every step behind one number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Party
from compliance.assess.explain import explain as explain_row
from compliance.assess.explained import Explanation
from compliance.assess.standing import Request, holders
from compliance.cli import exits, options, suggest
from compliance.cli.designations import category_id, party_id
from compliance.cli.output import write_report
from compliance.cli.world import World
from compliance.ledger.balances import evidence
from compliance.ledger.declared import declarations
from compliance.values.errors import ComplianceError
from compliance.values.evidence import Background, Evidence


@click.command(
    epilog=exits.HELP
    + """
\b
Examples:
  compliance explain serbia artillery
  compliance explain serbia battle_tank --as-of 2019-12-31
  compliance explain croatia combat_aircraft --all
  compliance explain serbia artillery --reading post-2006-ceilings=derived --accept-stale
  compliance explain RS "attack helicopters" --format json -o helicopters.json
"""
)
@click.argument("party", shell_complete=suggest.parties)
@click.argument("category", shell_complete=suggest.categories)
@options.as_of
@options.known_at
@options.basis
@options.reading
@options.accept_stale
@click.option("--all", "everything", is_flag=True, help="Fold nothing: print long lists whole.")
@options.output("text", "json")
@options.lang
@options.exit_zero
@click.pass_obj
def explain(
    world: World,
    *,
    party: str,
    category: str,
    as_of: date | None,
    known_at: str | None,
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    everything: bool,
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Show every step behind one PARTY's count and verdict in one CATEGORY.

    From the law and the figure chosen, row by row and movement by movement, to the sum and the
    comparison. Every line names the row of the ledger that it comes from, as submission:line.
    """
    law = world.law
    holder = _party(law, party_id(world, party))
    limited = law.category(category_id(world, category))
    assert limited is not None  # just resolved
    request = options.request(
        law,
        as_of=as_of,
        known_at=known_at,
        parties=(holder.id,),
        categories=(limited.id,),
        basis=basis,
        readings=readings,
        accept_stale=accept_stale,
    )
    catalogue = world.catalogue if law.catalogue else None
    found = on_record(world, request)
    result = explain_row(law, world.lookup, catalogue, found, request, holder, limited)
    write_report(_rendered(result, format_, everything=everything), path)
    return exits.of_verdicts({result.row.verdict}, zero=exit_zero)


def _party(law: Agreement, found: str) -> Party:
    """Return a Party of that id.

    Raises:
        ComplianceError: it is an actor, which has no ceiling.
    """
    party = law.party(found)
    if party is not None:
        return party
    actor = law.actor(found)
    assert actor is not None  # just resolved
    raise ComplianceError(
        f"there is no count of {actor.name} to explain: {actor.wording}",
        todo=f"what is on record of it: compliance audit --party {actor.id} --category none",
    )


def on_record(world: World, request: Request) -> Evidence:
    """Return all that the ledger holds of the Party and its parts, of every basis."""
    named = holders(world.law, request)
    with world.reading() as reading:
        found = evidence(
            reading,
            as_of=request.as_of,
            known_at=request.known_at,
            parties=named,
            wholes=named,  # a movement that is over is shown as left out
            categories=tuple(category.id for category in world.law.categories),
            since=date.min,
            days=(request.as_of,),
        )
        later = declarations(
            reading,
            as_of=date.max,
            known_at=request.known_at,
            parties=named,
            since=request.as_of,
        )
    after = tuple(item for item in later if item.as_of.last > request.as_of)
    return Evidence(found.declarations, found.movements, Background(after))


def _rendered(result: Explanation, format_: str, *, everything: bool) -> str:
    if format_ == "json":
        from compliance.report.explain_json import render as as_json

        return as_json(result)
    from compliance.report.explain_text import render

    return render(result, everything=everything)
