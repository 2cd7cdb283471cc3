"""``compliance report``: everything in one document that can be handed on."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from compliance.assess.dossier import Dossier, Profile
from compliance.cli import exits, options
from compliance.cli.dossier import dossier
from compliance.cli.files_out import write_bytes
from compliance.cli.output import say, write_report
from compliance.cli.project import LastDay
from compliance.cli.world import World
from compliance.values.errors import ComplianceError

_MOST_SHOWN = 5
until = click.option(
    "--until",
    type=LastDay(),
    metavar="YEAR|DATE",
    help="How far to look ahead; a year means its 31 December. Default: five years on.",
)


@click.command(
    epilog=exits.HELP
    + """
\b
Examples:
  compliance report -o report.html
  compliance report --as-of 2019-12-31 --party serbia --format markdown
  compliance report --profile public --title "Headroom 2026" -o fact-sheet.html
  compliance report --until 2032 --format xlsx -o report.xlsx
  compliance report --lang sr-Cyrl -o izvestaj.html
"""
)
@options.selection
@until
@click.option("--title", default="", help="The title. Default: the agreement's.")
@click.option(
    "--profile",
    type=click.Choice([item.value for item in Profile]),
    default=Profile.FULL.value,
    show_default=True,
    help="Everything; or for the public one page, totals only, and no row with a handling mark.",
)
@options.lang
@options.output("html", "markdown", "xlsx", "csv", "json")
@options.exit_zero
@click.pass_obj
def report(
    world: World,
    *,
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    until: date | None,
    title: str,
    profile: str,
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Write one document with the answer, every number behind it, its law and its sources.

    The same numbers in every format: an HTML page that needs no network, Markdown, a workbook,
    one CSV table of all cells, JSON. Judged are the limits of the day asked about, as by audit.
    """
    if format_ == "xlsx" and path is None and _on_screen():
        raise ComplianceError(
            "a workbook is no text for the screen", todo="name a file: -o report.xlsx"
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
    found = dossier(world, request, until=until, title=title, profile=Profile(profile))
    if found.profile is Profile.PUBLIC:
        _check_public(found)
    _write(found, format_, path)
    return exits.of_verdicts(found.audit.verdicts, zero=exit_zero)


def _on_screen() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _check_public(found: Dossier) -> None:
    """Refuse to hand out what rests on marked rows.

    Raises:
        ComplianceError: a row that was read has a handling mark.
    """
    if not found.marked:
        return
    shown = [f"{row.marking}: {row.text} [{row.ref}]" for row in found.marked[:_MOST_SHOWN]]
    more = len(found.marked) - len(shown)
    if more:
        shown.append(f"and {more} more")
    count = f"{len(found.marked)} row{'' if len(found.marked) == 1 else 's'}"
    raise ComplianceError(
        f"{count} with a handling mark would be behind a public fact sheet: {'; '.join(shown)}",
        todo="name a --party, --category, --basis or --known-at that rests on none of them, or "
        "make a report with --profile full",
    )


def _write(found: Dossier, format_: str, path: Path | None) -> None:
    if format_ == "xlsx":
        from compliance.report.dossier import xlsx

        write_binary(xlsx.render(found), path)
        return
    if format_ == "html":
        from compliance.report.dossier import html

        text = html.render(found)
    elif format_ == "markdown":
        from compliance.report.dossier import markdown

        text = markdown.render(found)
    elif format_ == "csv":
        from compliance.report.dossier import csv

        text = csv.render(found)
    else:
        from compliance.report.dossier import json

        text = json.render(found)
    write_report(text, path)


def write_binary(content: bytes, path: Path | None) -> None:
    """Write bytes to a file, or to a pipe."""
    if path is None or str(path) == "-":
        sys.stdout.buffer.write(content)
        return
    write_bytes(content, path)
    say(f"Written: {path.resolve()}")
