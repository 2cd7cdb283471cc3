"""``compliance audit``: headroom and verdicts as of a date, with findings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from compliance.assess import jumps
from compliance.assess.audit import audit as judge
from compliance.assess.count import Counter
from compliance.assess.folding import folding
from compliance.assess.result import Audit
from compliance.assess.standing import Request, holders, wholes
from compliance.cli import exits, garbage, options
from compliance.cli.output import paint, say, write_report
from compliance.cli.world import World
from compliance.ledger.background import background
from compliance.ledger.balances import evidence
from compliance.ledger.reading import Reading
from compliance.values.evidence import Evidence

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=exits.HELP
    + """
\b
Examples:
  compliance audit
  compliance audit --as-of 2019-12-31 --category battle_tank --format json
  compliance audit --party serbia --reading post-2006-ceilings=derived --details
  compliance audit --as-of 1997-01-01 --basis estimate --report violations
  compliance audit --by category --format markdown -o headroom.md
  compliance audit --lang hr
"""
)
@options.selection
@click.option(
    "--report",
    type=click.Choice(["both", "headroom", "violations"]),
    default="both",
    show_default=True,
    help="Which report: the room under each ceiling, what is over it, or both.",
)
@click.option(
    "--by",
    type=click.Choice(["party", "category"]),
    default="party",
    show_default=True,
    help="One line for each Party and category, or the Parties side by side.",
)
@click.option("--details", is_flag=True, help="Print every reason, law and source, row by row.")
@options.lang
@options.output("table", "csv", "json", "markdown")
@options.exit_zero
@click.pass_obj
def audit(
    world: World,
    *,
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    report: str,
    by: str,
    details: bool,
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Show how much room each Party has under each ceiling on a day, and what is not known.

    Each verdict holds for every possible count and every possible ceiling; where it would not, the
    answer is "cannot tell", with what is missing and what would turn it.
    """
    law = world.law
    request = options.request(
        law,
        as_of=as_of,
        known_at=known_at,
        parties=parties,
        categories=categories,
        basis=basis,
        readings=readings,
        accept_stale=accept_stale,
    )
    with garbage.unsearched():
        with world.reading() as reading:
            found = on_the_day(reading, world, request)
        result = judge(law, world.lookup, found, request)
        written = _rendered(result, format_, report=report, by=by, details=details, path=path)
        write_report(written, path)
    # Who is no Party is held to nothing: that is an answer, and not a verdict that is missing.
    only_no_parties = bool(request.parties) and len(result.no_parties) == len(request.parties or ())
    return exits.of_verdicts(result.verdicts, zero=exit_zero or only_no_parties)


def on_the_day(reading: Reading, world: World, request: Request) -> Evidence:
    """Return what bears on a day, with what stands around it."""
    law = world.law
    found = evidence(
        reading,
        as_of=request.as_of,
        known_at=request.known_at,
        parties=holders(law, request),
        wholes=wholes(law, request),
        categories=request.categories or tuple(c.id for c in law.categories),
        basis=request.basis,
        # What is said of single types needs them apart.
        folding=folding(law, Counter(law, world.lookup, request.readings), by_type=True),
    )
    around = background(
        reading,
        found,
        as_of=request.as_of,
        months=law.current_months,
        known_at=request.known_at,
        parties=holders(law, request),
        compared=jumps.COMPARED,
        changed=jumps.unexplained(law, world.lookup),
        basis=request.basis,
    )
    return found.standing_before(around)


def _rendered(
    result: Audit, format_: str, *, report: str, by: str, details: bool, path: Path | None
) -> str:
    if format_ == "json":
        from compliance.report.audit_json import render as as_json

        return as_json(result, with_findings=report != "headroom")
    if format_ == "csv":
        from compliance.report import audit_csv

        if report == "violations":
            return audit_csv.findings(result)
        if report == "both":
            say("CSV holds one table: this is the headroom; the findings are --report violations.")
        return audit_csv.headroom(result)
    from compliance.report.audit_table import render
    from compliance.report.style import Style

    style = Style(markdown=True, details=details)
    if format_ == "table":
        style = Style(details=details) if path else Style(paint=paint, details=details)
    return render(result, report=report, by=by, style=style)
