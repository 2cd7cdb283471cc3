"""``compliance project``: what is planned carried out, day by day."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from compliance.assess.assumed import assumptions, moved_since
from compliance.assess.overlay import Ground, lay_over
from compliance.assess.project import carried_out
from compliance.assess.project import project as look_ahead
from compliance.assess.projection import Projection
from compliance.assess.remarks import doubled, overdrawn
from compliance.assess.standing import (
    Request,
    Standings,
    categories_asked,
    holders,
    parties_asked,
    wholes,
)
from compliance.cli import exits, options, scenario_options
from compliance.cli.output import paint, say, write_report
from compliance.cli.scenario_options import COMMAND_LINE, Assumed
from compliance.cli.world import World
from compliance.intake.scenario_file import checked
from compliance.ledger.balances import evidence
from compliance.ledger.chain import head
from compliance.values.dates import parse_date
from compliance.values.errors import ComplianceError, Problem
from compliance.values.evidence import Evidence
from compliance.values.scenario import AssumedCeiling, Scenario

_MOST_YEARS = 100
_YEAR = re.compile(r"\d{4}")


class LastDay(click.ParamType[date]):
    """A day, or a year, which means its 31 December."""

    name = "year or date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with what was expected."""
        text = str(value).strip()
        try:
            return parse_date(f"{text}-12-31" if _YEAR.fullmatch(text) else text)
        except ValueError:
            self.fail(f"'{text}' is neither a year nor a day: write YYYY or YYYY-MM-DD", param, ctx)


@click.command(
    epilog=exits.HELP.replace("Exit codes:", "Exit codes, the worst of the days shown:")
    + """
\b
Examples:
  compliance project --until 2032
  compliance project --party croatia --until 2031 --category battle_tank
  compliance project --party serbia --until 2030 --add "12 Rafale@2028-01-01..2029-12-31"
  compliance project --until 2030 --scenario bradleys.toml --format json
"""
)
@click.option(
    "--until",
    required=True,
    type=LastDay(),
    metavar="YEAR|DATE",
    help="How far to look; a year means its 31 December.",
)
@click.option(
    "--scenario",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Assume what this scenario file says as well. May be repeated: all are laid over at once.",
)
@scenario_options.assumptions
@options.selection
@options.output("table", "csv", "json", "markdown")
@options.lang
@options.exit_zero
@click.pass_obj
def project(
    world: World,
    *,
    until: date,
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
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Look ahead from --as-of (today, unless given) with what is planned carried out.

    Shown are 31 December of each year and every day on which anything changes, with the peaks; the
    first day on which a ceiling may be, and is, exceeded; the room left for anything else; and the
    offset, the smallest reduction that keeps the Party within.
    """
    given = Assumed(add, remove, ceilings, (), parties)
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
            readings=readings,
            accept_stale=accept_stale,
        ),
    )
    check_stretch(request.as_of, until)
    scenarios = (*scenarios, *([own] if own else []))
    scenario = _together(scenarios)
    found, newest = _evidence(world, request, until)
    moved = [
        f"{item.name}: {text}."
        for item in scenarios
        for text in moved_since(world.law, newest, item)
    ]
    result = _look_ahead(world, request, until, found, scenario)
    result = replace(result, warnings=(*moved, *result.warnings))
    for text in result.warnings:
        say(f"warning: {text}")
    write_report(_rendered(result, format_, path), path)
    return exits.of_verdicts(result.verdicts, zero=exit_zero)


def check_stretch(start: date, until: date) -> None:
    """Refuse a look ahead that ends before it begins, or goes on for too long."""
    if until < start:
        raise ComplianceError(
            f"the look ahead would end on {until}, before it begins on {start}",
            todo="name a later --until, or an earlier --as-of",
        )
    if until.year - start.year > _MOST_YEARS:
        raise ComplianceError(
            f"{start} to {until} is longer than {_MOST_YEARS} years",
            todo="name an earlier --until",
        )


def _together(scenarios: tuple[Scenario, ...]) -> Scenario:
    """Return all scenarios as one.

    Raises:
        InvalidInput: they contradict each other.
    """
    problems: list[Problem] = []
    readings: dict[str, str] = {}
    ceilings: dict[tuple[str, str, date | None], AssumedCeiling] = {}
    for scenario in scenarios:
        for question, answer in scenario.readings.items():
            if readings.setdefault(question, answer) != answer:
                problems.append(_contradiction(f"two scenarios answer '{question}' differently"))
        for ceiling in scenario.ceilings:
            key = (ceiling.party, ceiling.category, ceiling.since)
            if ceilings.setdefault(key, ceiling) != ceiling:
                text = f"two scenarios assume different ceilings of {ceiling.party}, "
                problems.append(_contradiction(f"{text}{ceiling.category} from the same day"))
    checked(problems)
    return Scenario(
        name=" and ".join(scenario.name for scenario in scenarios),
        movements=tuple(row for scenario in scenarios for row in scenario.movements),
        ceilings=tuple(ceilings.values()),
        readings=MappingProxyType(readings),
    )


def _contradiction(message: str) -> Problem:
    return Problem(COMMAND_LINE, "--scenario", message, "scenarios that can hold together")


def _evidence(world: World, request: Request, until: date) -> tuple[Evidence, str]:
    """Return what bears on any day of the stretch, and the ledger's head."""
    law = world.law
    parts = [p for p in law.parties if p.part_of and p.part_of in _asked(world, request)]
    everybody = dict.fromkeys([*holders(law, request), *(part.id for part in parts)])
    whole = dict.fromkeys([*wholes(law, request), *(part.part_of for part in parts)])
    with world.reading() as reading:
        found = evidence(
            reading,
            as_of=until,
            since=request.as_of,
            known_at=request.known_at,
            parties=tuple(everybody),
            wholes=tuple(whole),
            categories=request.categories or tuple(c.id for c in law.categories),
            basis=request.basis,
        )
        return found, head(reading).sha256


def _asked(world: World, request: Request) -> frozenset[str]:
    return frozenset(party.id for party in parties_asked(world.law, request))


@contextmanager
def _progress(size: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far the look ahead is; say nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=size, label="Looking ahead", file=sys.stderr) as progress:
        yield lambda: progress.update(1)


def _look_ahead(
    world: World, request: Request, until: date, found: Evidence, scenario: Scenario
) -> Projection:
    law = world.law
    ground = lay_over(Ground(law, request.readings, found), scenario)
    size = len(parties_asked(law, request)) * len(categories_asked(law, request))
    with _progress(size) as step:
        result = look_ahead(ground, world.lookup, request, until, step=step)
    if scenario.empty:
        return result
    over = replace(request, readings=ground.readings, age_on=request.as_of)
    standings = Standings(
        ground.law, world.lookup, carried_out(ground.evidence, request.as_of), over
    )
    return replace(
        result,
        assumed=assumptions(law, scenario),
        warnings=(
            *overdrawn(standings, scenario, until),
            *doubled(world.lookup, found, scenario),
        ),
    )


def _rendered(result: Projection, format_: str, path: Path | None) -> str:
    if format_ == "json":
        from compliance.report import project_json

        return project_json.render(result)
    if format_ == "csv":
        from compliance.report import project_csv

        return project_csv.render(result)
    from compliance.report.project import render
    from compliance.report.style import Style

    if format_ == "markdown":
        return render(result, Style(markdown=True))
    return render(result, Style() if path else Style(paint=paint))
