"""``compliance classify``: a designation or attributes -> category, and why."""

from __future__ import annotations

import re
from pathlib import Path

import click

from compliance.agreement.select import Readings
from compliance.cli import exits, options, suggest
from compliance.cli.output import say, write_report
from compliance.cli.world import World
from compliance.equipment.attributes import parse_attributes
from compliance.equipment.catalogue import Catalogue
from compliance.equipment.classify import classification, whichever
from compliance.equipment.definition import test as test_definitions
from compliance.equipment.types import Ambiguous, Found, Match, Unknown
from compliance.report import classification as report
from compliance.values.errors import ComplianceError

_QUANTITY = re.compile(r"\d[\d,]*(\.\.(\d[\d,]*)?)?", re.ASCII)


@click.command(
    epilog="""\b
Exit codes: 0 settled; 3 open or cannot tell; 2 unknown name, name of types in several
  categories, or wrong usage. A name of several types that all stand in one category is settled.

\b
Examples:
  compliance classify "Nora B-52"
  compliance classify CH-92A --reading armed-drones=counted
  compliance classify --calibre 152 --kind howitzer
  compliance classify "New APC" -a kind=armoured_vehicle -a carries_squad=yes -a main_gun_mm=12.7
"""
)
@click.argument("designation", required=False, shell_complete=suggest.types)
@click.option("--kind", help="What kind of armament it is, such as howitzer or helicopter.")
@click.option("--calibre", metavar="MM", help="The calibre of an artillery piece, in mm.")
@click.option(
    "-a",
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any attribute that the definitions speak of. May be repeated.",
)
@click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="QUESTION=ANSWER",
    shell_complete=suggest.readings,
    help="Close an open question. May be repeated.",
)
@options.output("table", "json")
@options.lang
@click.pass_obj
def classify(
    world: World,
    *,
    designation: str | None,
    kind: str | None,
    calibre: str | None,
    attributes: tuple[str, ...],
    readings: tuple[str, ...],
    format_: str,
    path: Path | None,
) -> int:
    """Say which category a type of equipment falls into, why, on what basis and how surely.

    A DESIGNATION is looked up in the catalogue; a quantity before it is left out. Attributes are
    tested against the agreement's own definitions: for anything that the catalogue does not list.
    """
    law = world.law
    chosen = Readings.from_options(law, readings)
    given = _attributes(kind, calibre, attributes)
    if not designation and not given:
        raise ComplianceError(
            "name a type, or give attributes of one",
            todo='for example: compliance classify "Nora B-52", or --calibre 152 --kind howitzer',
        )
    if given and designation and isinstance(world.catalogue.find(designation), Found):
        raise ComplianceError(
            f"'{designation}' is in the catalogue, with its own attributes",
            todo="leave out the attributes to see where it stands, or the name to test them",
        )
    if given:
        tested = parse_attributes(given, law, place="command line")
        result = test_definitions(tested, law, chosen.answer)
        write_report(report.tested(law, designation or "", result, format_), path)
        return exits.OK if result.category else exits.NO_VERDICT
    assert designation is not None
    match = _find(world.catalogue, designation)
    if isinstance(match, Ambiguous):
        alike = whichever(match, law, chosen.answer)
        if alike:
            write_report(report.alike(law, designation, match, alike, chosen, format_), path)
            return exits.OK
        raise ComplianceError(
            report.ambiguous_text(law, match),
            todo="name the one that is meant, by one of the names above",
        )
    if isinstance(match, Unknown):
        near = "; ".join(match.near)
        raise ComplianceError(
            f"'{designation}' is not in the catalogue"
            + (f"; names like it: {near}" if near else ""),
            todo=("choose one of them, or " if near else "")
            + "test its attributes, such as: compliance classify --kind howitzer --calibre 152",
        )
    assert isinstance(match, Found)
    found = classification(match.type, law, chosen.answer)
    by_text = test_definitions(dict(match.type.attributes), law, chosen.answer)
    difference = world.catalogue.difference(match.type.id)
    write_report(
        report.listed(
            law, match, found, by_text, difference.reason if difference else "", chosen, format_
        ),
        path,
    )
    return exits.OK if found.settled else exits.NO_VERDICT


def _find(catalogue: Catalogue, designation: str) -> Match:
    """Look a designation up; a quantity before one that is known is left out, with a word."""
    match = catalogue.find(designation)
    number, _, rest = designation.strip().partition(" ")
    if not isinstance(match, Unknown) or not _QUANTITY.fullmatch(number):
        return match
    inner = catalogue.find(rest)
    if isinstance(inner, Unknown):
        return match
    say(f"note: '{number}' is taken for a quantity; it changes no category and is left out.")
    return inner


def _attributes(
    kind: str | None, calibre: str | None, attributes: tuple[str, ...]
) -> dict[str, str]:
    given: dict[str, str] = {}
    pairs = [("kind", kind), ("calibre_mm", calibre)]
    for option in attributes:
        name, equals, value = option.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ComplianceError(
                f"'{option}' is no attribute", todo="write -a NAME=VALUE, such as -a armed=yes"
            )
        pairs.append((name.strip(), value.strip()))
    for name, text in pairs:
        if text is None:
            continue
        if name in given:
            raise ComplianceError(f"the attribute '{name}' is given twice", todo="give it once")
        given[name] = text
    return given
