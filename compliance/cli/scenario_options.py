"""Scenarios on the command line: files, and options that say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from compliance.agreement.select import Readings
from compliance.assess.standing import Request
from compliance.cli.world import World
from compliance.equipment.types import Ambiguous, Found, Unknown
from compliance.intake.scenario_file import checked, examine, examine_files
from compliance.intake.scenario_values import Complaint, Place, ScenarioNames
from compliance.values.errors import ComplianceError, Problem
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean
from compliance.values.said import said
from compliance.values.scenario import Scenario

_F = TypeVar("_F", bound=Callable[..., Any])
COMMAND_LINE = "command line"


@frozen
class Assumed:
    """What the options assume, as they were given."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    ceilings: tuple[str, ...]
    readings: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()

    @property
    def needs_party(self) -> bool:
        """True where a line is about a party."""
        return bool(self.add or self.remove or self.ceilings)

    def __bool__(self) -> bool:
        return self.needs_party or bool(self.readings)


def assumptions(command: _F) -> _F:
    """Add the options that assume movements and ceilings."""
    for option in reversed(
        [
            click.option(
                "--add",
                multiple=True,
                metavar='"QUANTITY TYPE[@DATE]"',
                help="Assume that the Party gets these, such as '62..89 M2A2 Bradley@2027-03-01'. "
                "The day is --as-of unless one is named, or a span 2028-01-01..2030-12-31.",
            ),
            click.option(
                "--remove",
                multiple=True,
                metavar='"QUANTITY TYPE[@DATE]"',
                help="Assume that the Party gives these up.",
            ),
            click.option(
                "--ceiling",
                "ceilings",
                multiple=True,
                metavar="CATEGORY=N[@DATE]",
                help="Assume this ceiling for the Party from the day on.",
            ),
        ]
    ):
        command = option(command)
    return command


def names(world: World) -> ScenarioNames:
    """Return what a reader of scenarios must know of law and catalogue."""
    law = world.law

    def about_type(designation: str, category: str) -> Complaint | None:
        match = world.catalogue.find(designation) if law.catalogue else None
        if isinstance(match, Ambiguous):
            meant = [*(item.name for item in match.candidates), *match.other_meanings]
            text = f"'{designation}' may mean several things: {', '.join(meant)}"
            return Complaint(text, hint="name the one that is meant by its own name")
        known = world.lookup(designation) if isinstance(match, Found) else None
        if known is None:
            near = "; ".join(match.near) if isinstance(match, Unknown) else ""
            return None if category else _unknown(designation, near)
        if category and known.question:
            return Complaint(
                f"where {known.name} belongs is an open question: {known.question}",
                "no category",
                f"answer it with the reading {known.question}",
            )
        if category and category != known.category:
            return Complaint(
                f"the catalogue has {known.name} as '{known.category}', not '{category}'",
                "no category",
            )
        return None

    def about_reading(question: str, answer: str) -> Complaint | None:
        try:
            Readings.from_options(law, [f"{question}={answer}"])
        except ComplianceError as error:
            return Complaint(error.message, "", error.todo)
        return None

    return ScenarioNames(
        resolve_party=law.resolve_party,
        party_names=tuple(name for holder in law.holders for name in (holder.id, holder.name)),
        resolve_category=law.resolve_category,
        category_ids=tuple(category.id for category in law.categories),
        about_type=about_type,
        about_reading=about_reading,
    )


def read(
    world: World, files: tuple[Path, ...], given: Assumed, day: date, ask: Callable[[], Request]
) -> tuple[Request, tuple[Scenario, ...], Scenario | None]:
    """Read the scenario files, what the options assume, and what else is asked.

    Args:
        world: law and catalogue.
        files: the scenario files.
        given: what the options assume.
        day: the day on which a line happens that names none.
        ask: reads the other options.

    Returns:
        The request, the files' scenarios, the options' (``None`` where they assume nothing).

    Raises:
        InvalidInput: something of it is wrong; every mistake at once.
    """
    known = names(world)
    scenarios, problems = examine_files(files, known, day)
    own = None
    if given:
        document, labels = _document(given, known, problems)
        own = examine(
            document, Place(COMMAND_LINE, labels), known, day, problems, name=said("the options")
        )
    try:
        request = ask()
    except ComplianceError as error:
        if not problems:
            raise
        problems.append(Problem(COMMAND_LINE, "", error.message, suggestion=error.todo))
    checked(problems)
    return request, scenarios, own


def parties_asked(world: World, given: Assumed) -> tuple[str, ...]:
    """Return the parties to show; one that lines are about and nobody knows is told with them."""
    if not given.needs_party:
        return given.parties
    return tuple(party for party in given.parties if world.law.resolve_party(party))


def _unknown(designation: str, near: str) -> Complaint:
    where = "in a scenario file, say where it belongs: category = ..."
    return Complaint(
        f"'{designation}' is not in the catalogue" + (f"; names like it: {near}" if near else ""),
        hint=f"choose one of them, or {where}" if near else where,
    )


def _document(
    given: Assumed, known: ScenarioNames, problems: list[Problem]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the options as the tables of a scenario file, and what to call each of them."""
    document: dict[str, Any] = {"add": [], "remove": [], "ceiling": [], "readings": {}}
    labels: dict[str, str] = {"readings": "--reading"}
    party = _party(given, known, problems)
    for key, options in (("add", given.add), ("remove", given.remove)):
        for text in options:
            line = _line(text)
            label = f"--{key} '{text}'"
            if line is None:
                _wrong(problems, label, "this names no quantity and type", f"--{key} '12 Rafale'")
            else:
                document[key].append({"party": party, **line})
                labels[f"{key}[{len(document[key])}]"] = label
    for text in given.ceilings:
        category, equals, rest = text.partition("=")
        label = f"--ceiling {text}"
        if not equals:
            _wrong(problems, label, "this is no ceiling", "--ceiling battle_tank=400")
        else:
            value, _, since = rest.partition("@")
            table = {"party": party, "category": category.strip(), "value": value.strip()}
            document["ceiling"].append({**table, "since": since.strip()} if since else table)
            labels[f"ceiling[{len(document['ceiling'])}]"] = label
    for text in given.readings:
        question, _, answer = (part.strip() for part in text.partition("="))
        if not (question and answer):
            _wrong(problems, f"--reading {text}", "this answers no question", "QUESTION=ANSWER")
        elif document["readings"].setdefault(question, answer) != answer:
            _wrong(problems, f"--reading {text}", f"'{question}' is answered twice", "one answer")
    return document, labels


def _party(given: Assumed, known: ScenarioNames, problems: list[Problem]) -> str:
    """Return whom the lines are about; anybody where that is wrong, so that the rest is read."""
    anybody = known.party_names[0]
    if not given.needs_party:
        return anybody
    if len(given.parties) != 1:
        which = "none is named" if not given.parties else f"{len(given.parties)} are named"
        _wrong(
            problems,
            "--party",
            f"--add, --remove and --ceiling are about one Party, and {which}",
            "exactly one --party; several Parties stand in a scenario file",
        )
        return anybody
    if known.resolve_party(given.parties[0]) is None:
        near = did_you_mean(given.parties[0], known.party_names)
        text = f"unknown party '{given.parties[0]}'"
        problems.append(Problem(COMMAND_LINE, "--party", text, suggestion=near))
        return anybody
    return given.parties[0]


def _line(text: str) -> dict[str, str] | None:
    """Read ``QUANTITY TYPE[@DATE]``; ``None`` where it is not of that form."""
    what, at, on = text.rpartition("@")
    what = what if at else on
    quantity, _, designation = what.strip().partition(" ")
    if not quantity or not designation.strip():
        return None
    line = {"quantity": quantity, "type": designation.strip()}
    return {**line, "on": on.strip()} if at else line


def _wrong(problems: list[Problem], where: str, message: str, expected: str) -> None:
    problems.append(Problem(COMMAND_LINE, where, message, expected))
