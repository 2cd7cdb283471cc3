"""``compliance deliver``: a planned movement becomes done, by a correction."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from compliance.cli import exits, recording, suggest
from compliance.cli.movement_options import NumberCommand, Reader
from compliance.cli.output import say, write_report
from compliance.cli.world import World
from compliance.ledger.lookup import movement_in_force, planned
from compliance.report.plans import plans
from compliance.values.errors import ComplianceError, InvalidInput
from compliance.values.evidence import RecordedMovement
from compliance.values.records import Movement
from compliance.values.said import said
from compliance.values.span import ZERO, Span
from compliance.values.vocabulary import Basis, State

# Of the plans on record, an error lists so many.
_MOST = 20


@click.command(
    cls=NumberCommand,
    epilog=recording.EXIT_CODES
    + """
\b
Examples:
  compliance deliver --list
  compliance deliver --list --party croatia
  compliance deliver 3fa4c1d2e5b6:1 --on 2026-10-31 --source "MoD, 31 October 2026"
  compliance deliver 3fa4c1d2e5b6:1 --on 2026-10-31 --quantity 14    the rest stays planned
""",
)
@click.argument("ref", metavar="[REF]", required=False)
@click.option("--on", metavar="DATE|SPAN", help="When it happened; needed.")
@click.option(
    "--quantity",
    metavar="QUANTITY",
    help="How many came, or left; the rest stays planned. Default: all.",
)
@click.option(
    "--source", metavar="TEXT", help="A citation or a URL. Default: the plan's, with a warning."
)
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis]),
    help="On whose authority it was done. Default: the plan's.",
)
@click.option("--note", default="", help="Anything to be kept with the row.")
@click.option("--list", "list_", is_flag=True, help="List what is planned, and record nothing.")
@click.option(
    "--party",
    metavar="PARTY",
    shell_complete=suggest.parties,
    help="With --list: only what this Party is part of.",
)
@recording.recording
@click.pass_obj
def deliver(
    world: World,
    /,
    *,
    ref: str | None,
    on: str | None,
    quantity: str | None,
    source: str | None,
    basis: str | None,
    note: str,
    list_: bool,
    party: str | None,
    **how: Any,
) -> int:
    """Record that what was planned under REF is done, and show what changes, day by day.

    REF is the name of the row, submission:line, as 'acquire' and 'history show' print it. The plan
    is corrected, not deleted: the history keeps it.
    """
    options = recording.How(**how)
    read = Reader(world)
    if list_:
        if ref is not None:
            read.wrong("REF", "--list lists all plans", "leave out the one or the other")
        return _list(read, party, options)
    if party is not None:
        read.wrong("--party", "it says what to list", "add --list, or leave it out")
    if ref is None:
        raise ComplianceError(
            "which planned movement? REF is missing" + _on_record(_planned(world)),
            todo="name one: compliance deliver REF --on DATE",
        )
    plan = _plan(read, ref)
    number = None if quantity is None else read.quantity(quantity, "--quantity")
    if on is None:
        read.wrong("--on", "when it happened is missing", "write --on DATE")
    dates = read.when(on, planned=False, otherwise="deliver it once it is done")
    _check(read)
    assert plan is not None and dates is not None
    done = plan.row.quantity if number is None else number
    _tell_of_quantity(plan.row.quantity, number)
    if source is None:
        say("warning: no source of the delivery is given; the plan's own stands: --source TEXT.")
    row = plan.row
    notes = "; ".join(text for text in (row.more.note, note) if text)
    rows = [
        replace(
            row,
            date=dates,
            quantity=done,
            state=State.DONE,
            source=source or row.source,
            basis=Basis(basis) if basis else row.basis,
            more=replace(row.more, note=notes, corrects=plan.ref),
        )
    ]
    rest = (row.quantity - done).cut_at_zero()
    if rest != ZERO and number is not None:
        rows.append(replace(row, quantity=rest, more=replace(row.more, corrects=plan.ref)))
    return recording.carry_out(
        world,
        options,
        rows,
        title=said("Delivery"),
        command=shlex.join(["deliver", plan.ref]),
        replaced=[plan],
    )


def _plan(read: Reader, ref: str) -> RecordedMovement | None:
    def find() -> RecordedMovement:
        with read.world.reading() as reading:
            return movement_in_force(reading.connection, ref)

    found = read.tried("REF", find)
    if found is not None and found.row.state is not State.PLANNED:
        read.wrong(
            "REF",
            f"'{ref}' is done already: {_brief(found.row)}",
            "to change it, correct it from a file: compliance import",
        )
    return found


def _check(read: Reader) -> None:
    """Go on only where there was no mistake; list the plans where the name was wrong.

    Raises:
        InvalidInput: there was one.
    """
    try:
        read.check()
    except InvalidInput as error:
        if any(problem.file == "REF" for problem in error.problems):
            listed = _on_record(_planned(read.world))
            raise InvalidInput(error.message + listed, error.problems) from None
        raise


def _tell_of_quantity(planned_: Span, number: Span | None) -> None:
    if number is None:
        if not planned_.exact:
            say(f"note: how many stays as uncertain as the plan, {planned_}: --quantity N.")
    elif planned_.high is not None and (number.low or 0) > planned_.high:
        say(f"note: {number} is more than was planned, {planned_}; nothing stays planned.")


def _planned(world: World, party: str | None = None) -> Sequence[RecordedMovement]:
    with world.reading() as reading:
        return planned(reading.connection, None if party is None else [party])


def _on_record(found: Sequence[RecordedMovement]) -> str:
    if not found:
        return "; nothing is planned on record"
    lines = [f"  {item.ref}  {_brief(item.row)}" for item in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"  and {len(found) - _MOST} more: compliance deliver --list")
    return "\nplanned are:\n" + "\n".join(lines)


def _brief(row: Movement) -> str:
    what = row.type or row.category
    return f"{row.date}  {row.quantity} {what}, {row.origin} to {row.destination}"


def _list(read: Reader, party: str | None, how: recording.How) -> int:
    holder = None if party is None else read.party(party, "--party")
    read.check()
    found = _planned(read.world, holder)
    write_report(plans(found, today=read.today, format_=how.format_), how.path)
    return exits.OK
