"""``compliance rules``: the law as data: list, show, check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.agreement.load import load
from compliance.cli import exits, options
from compliance.cli.output import say, show_problems, write_report
from compliance.cli.world import World, pack_folder, packs
from compliance.report import law as report
from compliance.report.law_rows import SECTIONS
from compliance.values.errors import ComplianceError, Problem


@click.group(
    epilog="""\b
Examples:
  compliance rules list
  compliance rules show ceilings --as-of 2019-12-31
  compliance rules check my-pack/
"""
)
def rules() -> None:
    """List, show and check the rule packs: the law as data, with its sources and its gaps."""


@rules.command(
    "list",
    epilog="""\b
Example:
  compliance rules list
""",
)
@options.lang
@click.pass_obj
def list_(world: World) -> None:
    """List the rule packs shipped with the program."""
    laws = [
        load(folder, find=pack_folder, cache=world.shipped_cache) for folder in packs().values()
    ]
    click.echo(report.packs(laws))


@rules.command(
    short_help="Show what a rule pack says, with its sources.",
    epilog="""\b
Examples:
  compliance rules show
  compliance rules show ceilings --as-of 2019-12-31
  compliance rules show questions
  compliance --agreement my-pack/ rules show parties --format json
""",
)
@click.argument("section", required=False, type=click.Choice(list(SECTIONS)))
@click.option(
    "--as-of",
    type=options.Day(),
    metavar="DATE",
    help="Only what holds on that day. Default: everything, with its periods.",
)
@options.output("table", "json")
@options.lang
@click.pass_obj
def show(
    world: World, section: str | None, as_of: date | None, format_: str, path: Path | None
) -> None:
    """Show what a rule pack says: parties, ceilings, definitions, counting, questions, duties.

    Every value is shown with its status (text, reported, derived), its grade and its source.
    """
    write_report(report.show(world.law, section, as_of, format_), path)


@rules.command(
    short_help="Check a rule pack, and run its worked cases.",
    epilog="""\b
Exit codes: 0 sound (warnings allowed); 2 at least one error.

\b
Examples:
  compliance rules check
  compliance rules check my-pack/
""",
)
@click.argument("pack", required=False, metavar="[ID|FOLDER]")
@click.option("--no-cases", is_flag=True, help="Do not run the worked cases.")
@click.pass_obj
def check(world: World, pack: str | None, no_cases: bool) -> int:
    """Check a rule pack: its form, its references, its periods, its arithmetic, its worked cases.

    All problems are shown in one run, each with its file and key path.
    """
    from compliance.agreement.load import check as check_pack
    from compliance.assess import cases
    from compliance.assess.types import TypeLookup, from_catalogue, no_catalogue
    from compliance.equipment.checks import against

    name = pack or world.agreement
    folder = _folder(name)
    result = check_pack(folder, find=pack_folder)
    problems = list(result.problems)
    run = 0
    if result.agreement is not None:
        law = result.agreement
        lookup: TypeLookup = no_catalogue
        if law.catalogue == world.catalogue.id:
            lookup = from_catalogue(world.catalogue, law)
            problems += against(world.catalogue, law)
        elif law.catalogue:
            text = f"there is no catalogue '{law.catalogue}'"
            problems.append(Problem(f"{folder.name}/agreement.toml", "catalogue", text))
        if not no_cases:
            for case in result.cases:
                problems += cases.run(case, law, lookup)
            run = len(result.cases)
    show_problems(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    say(
        f"{name}: {_many(errors, 'error')}, {_many(warnings, 'warning')}, {_many(run, 'case')} run."
    )
    if result.agreement is not None:
        say(f"SHA-256 {result.agreement.sha256}")
    return exits.CANNOT_RUN if errors else exits.OK


def _folder(name: str) -> Path:
    """Return the folder to check: also one whose pack is too broken to be found by its id."""
    folder = Path(name)
    if name not in packs() and folder.is_dir():
        return folder
    try:
        return Path(pack_folder(name))
    except ComplianceError:
        if folder.exists():
            raise ComplianceError(f"{name} is a file; name the folder of the pack") from None
        raise


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
