"""What ``compliance import`` does with the rows of its files: told, recorded, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from compliance.assess.compare import changes
from compliance.cli import exits
from compliance.cli.beside import Beside
from compliance.cli.headroom import headroom_on
from compliance.cli.incoming import Incoming, Unsound
from compliance.cli.output import say, show_problems, write_report
from compliance.cli.replacing import replacing
from compliance.cli.world import World, recorder
from compliance.intake.errors_file import errors_csv
from compliance.intake.result import Intake
from compliance.intake.sheet import shown
from compliance.ledger.append import AlreadyRecorded, record, rehearsed
from compliance.ledger.prepared import Prepared
from compliance.ledger.reading import over
from compliance.ledger.schema import open_ledger
from compliance.report.changes import render
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.frozen import frozen
from compliance.values.records import Entry

# Of what was read under another spelling, or left out, this many lines are shown.
_MOST_NOTES = 20


@frozen
class Wanted:
    """The options of the command, by their names there."""

    files: tuple[str, ...]
    dry_run: bool
    accept_good: bool
    errors_path: Path | None
    corrects: str | None
    note: str
    recorded_at: datetime | None
    again: bool
    as_of: date | None
    path: Path | None


def take_in(world: World, incoming: Incoming | Beside, wanted: Wanted) -> int:
    """Record rows as one submission, show what that changes, and return the exit code.

    Raises:
        InvalidInput: rows are wrong, and nothing was recorded; all problems are in it.
        ComplianceError: the rows cannot be recorded.
        LedgerError: the database refused.
    """
    engine = open_ledger(world.url, writing=True)
    judge = _Judge(incoming, wanted.errors_path, accept_good=wanted.accept_good)
    if incoming.ended or not incoming.sound:
        judge.all()
    try:
        with world.reading() as recorded:
            rows: Iterable[Entry] | Prepared
            if wanted.corrects is not None and isinstance(incoming, Incoming):
                rows = replacing(recorded, wanted.corrects, incoming.entries())
            else:
                rows = incoming.rows()
            before = headroom_on(world, recorded, wanted.as_of)
        if wanted.dry_run:
            with rehearsed(engine, rows, once=not wanted.again) as connection:
                after = headroom_on(world, over(connection), wanted.as_of)
            judge.all()
            write_report(render(changes(before, after), before.as_of, would=True), wanted.path)
            say(f"Nothing was recorded: {_many(incoming.count)} would be.")
            return exits.OK
        receipt = record(
            engine,
            rows,
            recorded_by=recorder(),
            command="import " + " ".join(shown(Path(name).name, most=200) for name in wanted.files),
            note=wanted.note,
            recorded_at=wanted.recorded_at,
            once=not wanted.again,
        )
    except LedgerError:
        raise
    except (ComplianceError, Unsound) as error:
        # What is wrong with the files comes first, and all of it is told in one run.
        judge.all()
        if not isinstance(error, AlreadyRecorded):
            raise
        say(error.message)
        return exits.OK
    judge.all()
    with world.reading() as recorded:
        after = headroom_on(world, recorded, wanted.as_of)
    write_report(render(changes(before, after), before.as_of, would=False), wanted.path)
    say(f"Recorded {_many(incoming.count)} as submission {receipt.id}.")
    say(f"Head of the chain, to be kept elsewhere: {receipt.sha256}")
    return exits.OK


class _Judge:
    """Tells what is to be told of the files, once."""

    def __init__(
        self, incoming: Incoming | Beside, errors_path: Path | None, *, accept_good: bool
    ) -> None:
        self._incoming = incoming
        self._errors_path = errors_path
        self._accept_good = accept_good
        self._done = False

    def all(self) -> None:
        """Read what is left of the files, and tell notes, problems and what is left out.

        Raises:
            InvalidInput: nothing is to be recorded: there are problems.
            ComplianceError: there are no rows.
        """
        if self._done:
            return
        self._done = True
        intake, count = self._incoming.finish(), self._incoming.count
        _tell_notes(intake)
        if self._errors_path is not None and intake.problems:
            write_report(errors_csv(intake).rstrip("\n"), self._errors_path)
        if not self._accept_good or not count:
            intake.checked()
        _tell_left_out(intake)
        if not count:
            raise ComplianceError("there is nothing to record: no rows")


def _tell_notes(intake: Intake) -> None:
    """Say what was read otherwise than written."""
    for note in intake.notes[:_MOST_NOTES]:
        say(f"note: {note.line()}")
    more = len(intake.notes) + intake.more_notes - _MOST_NOTES
    if more > 0:
        say(f"note: and {more} more of this kind")


def _tell_left_out(intake: Intake) -> None:
    """Say what is not recorded although the rest is, and why."""
    show_problems(intake.problems)
    for name in intake.refused:
        say(f"left out: {name}, the whole file")
    rows = [origin for origin in intake.left_out if origin.file not in intake.refused]
    for origin in rows[:_MOST_NOTES]:
        sheet = f", {origin.sheet}" if origin.sheet else ""
        say(f"left out: {origin.file}{sheet}, row {origin.row}")
    if len(rows) > _MOST_NOTES:
        say(f"left out: and {len(rows) - _MOST_NOTES} more rows")


def _many(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
