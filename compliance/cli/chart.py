"""``compliance chart``: one chart as a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.cli import exits, options
from compliance.cli.dossier import dossier
from compliance.cli.output import write_report
from compliance.cli.report import until as until_option
from compliance.cli.report import write_binary
from compliance.cli.world import World
from compliance.values.errors import ComplianceError


@click.command(
    epilog=exits.HELP_WHERE_NOTHING_IS_JUDGED
    + """
\b
Examples:
  compliance chart headroom -o headroom.svg
  compliance chart history --party serbia --category battle_tank -o tanks.png
  compliance chart pipeline --until 2032 -o pipeline.svg
  compliance chart headroom --lang bs -o plafoni.png
"""
)
@click.argument("kind", type=click.Choice(["headroom", "history", "pipeline"]))
@options.selection
@until_option
@options.lang
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, FILE.svg or FILE.png. Without it, SVG is printed.",
)
@click.pass_obj
def chart(
    world: World,
    *,
    kind: str,
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    until: date | None,
    path: Path | None,
) -> int:
    """Draw what the report draws.

    headroom: what is counted, as a span, against each ceiling. history: the same over the years,
    unknown years as unknown. pipeline: what is planned, day by day, with its peaks.
    """
    format_ = "svg" if path is None or str(path) == "-" else path.suffix.lower().removeprefix(".")
    if format_ not in ("svg", "png"):
        raise ComplianceError(
            f"'{path}' says neither SVG nor PNG", todo="name a file that ends in .svg or .png"
        )
    request = options.request(
        world.law,
        as_of=as_of,
        known_at=known_at,
        parties=parties,
        categories=categories,
        basis=basis,
        readings=readings,
        accept_stale=accept_stale,
    )
    found = dossier(world, request, until=until)
    from compliance.report.dossier import charts

    drawn = charts.alone(found, kind, format_)
    if format_ == "svg":
        write_report(drawn.decode("utf-8").rstrip("\n"), path)
    else:
        write_binary(drawn, path)
    return exits.OK
