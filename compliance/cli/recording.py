"""What ``acquire``, ``reduce`` and ``deliver`` share: show before and after, then record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from compliance.assess.before_after import BeforeAfter, touched_categories, touched_parties
from compliance.assess.effect import Effect
from compliance.assess.enough import stock
from compliance.assess.remarks import doubled
from compliance.assess.standing import Request
from compliance.cli import exits, options
from compliance.cli.output import paint, say, write_report
from compliance.cli.world import World, recorder
from compliance.ledger.append import AlreadyRecorded, Receipt, record, rehearsed
from compliance.ledger.balances import evidence
from compliance.ledger.chain import head
from compliance.ledger.reading import Reading, over
from compliance.ledger.schema import open_ledger
from compliance.ledger.stored import reference
from compliance.report import recording as report
from compliance.report.style import Style
from compliance.values.errors import ComplianceError
from compliance.values.evidence import Evidence, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.records import Entry, Movement, content_sha256
from compliance.values.scenario import Scenario
from compliance.values.vocabulary import Verdict

_F = TypeVar("_F", bound=Callable[..., Any])

EXIT_CODES = """\b
Exit codes: 0 recorded (or would be), also where no verdict can be given; 1 a ceiling is exceeded
  after it on a day shown, and it is recorded nevertheless; 2 errors, nothing recorded; 4 database.
  With --gate, nothing is recorded: 1 a ceiling would be exceeded, 3 it could be.
"""


@frozen
class How:
    """How to judge, record and show."""

    readings: tuple[str, ...]
    accept_stale: bool
    gate: bool
    dry_run: bool
    format_: str
    path: Path | None
    exit_zero: bool
    again: bool = False


def recording(command: _F) -> _F:
    """Add the options that say how to judge, record and show: the fields of ``How``."""
    for option in reversed(
        [
            options.reading,
            options.accept_stale,
            click.option(
                "--gate",
                is_flag=True,
                help="Record nothing where a count rises that is not certainly within its ceiling.",
            ),
            click.option("--dry-run", is_flag=True, help="Record nothing; show what would change."),
            options.output("table", "markdown", "json"),
            options.lang,
            click.option(
                "--exit-zero", is_flag=True, help="Exit with 0 where 1 would mean 'exceeds'."
            ),
        ]
    ):
        command = option(command)
    return command


def carry_out(
    world: World,
    how: How,
    rows: Sequence[Movement],
    *,
    title: str,
    command: str,
    replaced: Sequence[RecordedMovement] = (),
) -> int:
    """Show what rows change, record them unless told not to, and return the exit code.

    Args:
        world: the agreement and the ledger.
        how: the options.
        rows: what is to be recorded, as one submission.
        title: of the report.
        command: what is done, for the history.
        replaced: the movements in force that the rows correct.

    Raises:
        ComplianceError: a reading is unknown, more leaves than is held, or the ledger refuses.
    """
    request = _request(world, how)
    engine = open_ledger(world.url, writing=True)
    sha256 = content_sha256(rows)
    recorded = [
        RecordedMovement(reference(sha256, line), row) for line, row in enumerate(rows, start=1)
    ]
    try:
        with world.reading() as reading:
            number = head(reading).id + 1
            before = _evidence(world, reading, request, [*replaced, *recorded])
        _enough(world, request, before, rows)
        if not replaced:
            for text in doubled(world.lookup, before, Scenario(title, tuple(rows))):
                say(f"warning: {text}")
        with rehearsed(engine, rows, once=not how.again) as connection:
            after = _evidence(world, over(connection), request, [*replaced, *recorded])
        sides = BeforeAfter(world.law, world.lookup, request, before=before, after=after)
        effect = sides.effect(recorded, replaced)
        refused = bool(how.gate and effect.not_surely_within)
        if how.dry_run or refused:
            write_report(_rendered(effect, None, how, title=title), how.path)
            if refused:
                return _refuse(effect)
            say(f"Nothing was recorded: {many_rows(len(rows))} would be.")
            return _code(effect, how)
        receipt = record(
            engine,
            list[Entry](rows),
            recorded_by=recorder(),
            command=command,
            once=not how.again,
            # What the gate let pass was judged on the ledger as it was then.
            follows=number - 1 if how.gate else None,
        )
    except AlreadyRecorded as error:
        say(error.message)
        say("If it happened twice: --again.")
        return exits.OK
    finally:
        engine.dispose()
    try:
        write_report(_rendered(effect, receipt, how, title=title), how.path)
    finally:
        _tell(receipt, effect, expected=number)
    return _code(effect, how)


def _request(world: World, how: How) -> Request:
    request = options.request(
        world.law,
        as_of=None,
        known_at=None,
        parties=(),
        categories=(),
        basis=None,
        readings=how.readings,
        accept_stale=how.accept_stale,
    )
    return replace(request, age_on=request.as_of)


def _evidence(
    world: World, reading: Reading, request: Request, rows: Sequence[RecordedMovement]
) -> Evidence:
    """Return what bears on any day from the rows' first one on."""
    law = world.law
    accounts = [side for item in rows for side in (item.row.origin, item.row.destination)]
    parties = touched_parties(law, accounts)
    if not parties:
        return Evidence((), ())
    parts = [p for p in law.parties if p.part_of in {party.id for party in parties}]
    categories = {
        category.id
        for item in rows
        for category in touched_categories(law, world.lookup, request, item)
    }
    start = min(item.row.date.first for item in rows)
    return evidence(
        reading,
        as_of=start.max,
        since=start,
        parties={item.id for item in (*parties, *parts)},
        categories=sorted(categories),
        wholes=[part.part_of for part in parts],
    )


def _enough(world: World, request: Request, before: Evidence, rows: Sequence[Movement]) -> None:
    """Refuse what takes more than is held; warn where nothing is known of what is held."""
    law = world.law
    sides = BeforeAfter(law, world.lookup, request, before=before, after=before)
    for row in rows:
        if law.party(row.origin.party) is None:
            continue
        categories = touched_categories(law, world.lookup, request, RecordedMovement("", row))
        if len(categories) != 1:
            continue
        found = stock(sides.before, categories[0], row)
        if found.shortage:
            raise ComplianceError(
                f"{found.shortage}: {row.quantity} cannot leave; nothing was recorded",
                todo="correct the quantity, the type or the date; or record first what is "
                "missing, a declaration or an acquisition",
            )
        if not found.known:
            say(
                f"warning: nothing on record says how many {row.type} "
                f"{row.origin} holds; recorded all the same."
            )


def _rendered(effect: Effect, receipt: Receipt | None, how: How, *, title: str) -> str:
    if how.format_ == "json":
        kept = (receipt.id, receipt.sha256) if receipt else None
        return report.as_json(effect, kept)
    style = Style(markdown=True)
    if how.format_ == "table":
        style = Style() if how.path else Style(paint=paint)
    return report.render(effect, title=title, style=style)


def _refuse(effect: Effect) -> int:
    """Say why nothing was recorded: the first excess, else the first day that is not certain."""
    points = effect.not_surely_within
    first = next((p for p in points if p.after.verdict is Verdict.EXCEEDS), points[0])
    row = first.after
    exceeds = row.verdict is Verdict.EXCEEDS
    if exceeds:
        how = "would exceed its ceiling"
    else:
        how = "could exceed its ceiling" if first.could_exceed else "cannot be told to be within"
    say(
        f"Refused by --gate, nothing was recorded: from {first.day} on "
        f"{row.party_name}, {row.category_name.lower()}, {how}."
    )
    say(f"  {row.summary}")
    return exits.EXCEEDS if exceeds else exits.NO_VERDICT


def _tell(receipt: Receipt, effect: Effect, *, expected: int) -> None:
    say(f"Recorded {many_rows(receipt.rows)} as submission {receipt.id}:")
    for row in effect.rows:
        say(f"  {row.ref}  {row.text}")
    say(f"Head of the chain, to be kept elsewhere: {receipt.sha256}")
    if receipt.id != expected:
        say("warning: somebody else recorded at the same time; look again: compliance audit.")


def _code(effect: Effect, how: How) -> int:
    exceeds = Verdict.EXCEEDS in effect.verdicts and not how.exit_zero
    return exits.EXCEEDS if exceeds else exits.OK


def many_rows(count: int) -> str:
    """Return a number of rows in words."""
    return f"{count} row{'' if count == 1 else 's'}"
