"""``compliance whatif``: scenarios against the baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from compliance.assess.overlay import Ground
from compliance.assess.standing import Request, holders, wholes
from compliance.assess.whatif import WhatIf, request_for, what_if
from compliance.cli import exits, options, scenario_options, suggest
from compliance.cli.output import paint, say, write_report
from compliance.cli.scenario_options import Assumed
from compliance.cli.world import World
from compliance.intake.scenario_write import write_scenario
from compliance.ledger.balances import evidence
from compliance.ledger.chain import head
from compliance.values.errors import ComplianceError
from compliance.values.scenario import Scenario, WrittenFor


@click.command(
    epilog=exits.HELP.replace("Exit codes:", "Exit codes, of the scenarios' side:")
    + """
\b
A scenario file:
  name = "Bradleys for M-80A"
  [[add]]
  party = "croatia"
  type = "M2A2 Bradley"
  quantity = "62..89"
  on = 2027-03-01
  [[remove]]
  party = "croatia"
  type = "M-80A BVP"
  quantity = 30
Also [[move]] (from, to: a party or party:status), [[ceiling]] (party, category, value, since),
[readings] (question = "answer"); in lines also from, to, status, category, note.

\b
Examples:
  compliance whatif --party croatia --add "62..89 M2A2 Bradley" --remove "30 M-80A BVP"
  compliance whatif --party serbia --add "12 Rafale@2028-01-01" --as-of 2028-12-31
  compliance whatif --party serbia --ceiling combat_aircraft=155 --accept-stale
  compliance whatif --party serbia --add "12 Rafale" --save rafale.toml
  compliance whatif rafale.toml bradley.toml --format markdown
"""
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@scenario_options.assumptions
@options.selection
@click.option(
    "--baseline-reading",
    "baseline_readings",
    multiple=True,
    metavar="QUESTION=ANSWER",
    shell_complete=suggest.readings,
    help="Close an open question on every side; --reading closes it in the scenario only.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the options assume to this scenario file, for others to run.",
)
@options.output("table", "csv", "json", "markdown")
@options.lang
@options.exit_zero
@click.pass_obj
def whatif(
    world: World,
    *,
    files: tuple[Path, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    ceilings: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    baseline_readings: tuple[str, ...],
    save: Path | None,
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Show a day as it is beside the same day under what a scenario assumes.

    Scenarios are laid over the ledger and never in it. Each FILE is one; --add, --remove, --ceiling
    and --reading are one more, about the --party named. Shown are the limits that a scenario
    touches, or those that --party and --category choose; with --add, --remove or --ceiling, of the
    --party those it touches. Several scenarios stand side by side.
    """
    given = Assumed(add, remove, ceilings, readings, parties)
    request, scenarios, own = scenario_options.read(
        world,
        files,
        given,
        as_of or options.today(),
        lambda: options.request(
            world.law,
            as_of=as_of,
            known_at=known_at,
            parties=scenario_options.parties_asked(world, given),
            categories=categories,
            basis=basis,
            readings=baseline_readings,
            accept_stale=accept_stale,
        ),
    )
    if own is not None:
        scenarios = (*scenarios, own)
    if not scenarios:
        raise ComplianceError(
            "nothing is assumed",
            todo="name a scenario file, or use --add, --remove, --ceiling or --reading",
        )
    result = _result(world, request, scenarios, only_touched=given.needs_party)
    for side in result.sides:
        for text in side.moved:
            say(f"note: {side.scenario.name}: {text}")
        for text in side.warnings:
            say(f"warning: {side.scenario.name}: {text}")
    if save is not None:
        _save(world, own, result.ledger_head, save)
    write_report(_rendered(result, format_, path), path)
    verdicts = frozenset(v for side in result.sides for v in side.verdicts)
    return exits.of_verdicts(verdicts, zero=exit_zero)


def _result(
    world: World, request: Request, scenarios: tuple[Scenario, ...], *, only_touched: bool
) -> WhatIf:
    law = world.law
    full = request_for(law, request, scenarios)
    with world.reading() as reading:
        found = evidence(
            reading,
            as_of=full.as_of,
            known_at=full.known_at,
            parties=holders(law, full),
            wholes=wholes(law, full),
            categories=tuple(category.id for category in law.categories),
            basis=full.basis,
        )
        newest = head(reading).sha256
    ground = Ground(law, full.readings, found)
    return what_if(
        ground, world.lookup, request, scenarios, ledger_head=newest, only_touched=only_touched
    )


def _save(world: World, own: Scenario | None, newest: str, path: Path) -> None:
    if own is None:
        raise ComplianceError(
            "there is nothing to save: the options assume nothing",
            todo="use --add, --remove, --ceiling or --reading with --save",
        )
    named = replace(
        own,
        name=path.stem,
        written_for=WrittenFor(world.law.id, world.law.version, newest),
    )
    write_report(write_scenario(named), path)


def _rendered(result: WhatIf, format_: str, path: Path | None) -> str:
    if format_ == "json":
        from compliance.report import whatif_json

        return whatif_json.render(result)
    if format_ == "csv":
        from compliance.report import whatif_csv

        return whatif_csv.render(result)
    from compliance.report.style import Style
    from compliance.report.whatif import render

    if format_ == "markdown":
        return render(result, Style(markdown=True))
    return render(result, Style() if path else Style(paint=paint))
