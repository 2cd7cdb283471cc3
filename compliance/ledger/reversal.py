"""What reverses a submission: rows that bring back what was in force before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, Table, select, tuple_
from sqlalchemy import Row as SqlRow

from compliance.ledger.corrections import named_by, standing
from compliance.ledger.history import Submission
from compliance.ledger.stored import decoded, reference
from compliance.ledger.tables import WHOLE_ROWS, submission
from compliance.values.errors import ComplianceError
from compliance.values.frozen import frozen
from compliance.values.records import Entry, Withdrawal

Place = tuple[int, int]
"""A submission and a line."""

# So many rows are asked for in one statement.
_BATCH = 400


@frozen
class _Row:
    """A row as it stands, without what it corrects in its entry."""

    place: Place
    ref: str
    entry: Entry
    corrects: Place | None

    @property
    def said(self) -> bool:
        """True where the row says something; false where it takes another back."""
        return not isinstance(self.entry, Withdrawal)


def reversal(connection: Connection, target: Submission, note: str) -> list[Entry]:
    """Return the rows that reverse a submission, in its order.

    A row that stood for itself is withdrawn. One that corrected another brings that back, in its
    place and its declaration; a withdrawal is taken back likewise. A row that was changed since
    and changed back counts as never touched.

    Args:
        connection: a reading connection.
        target: the submission.
        note: why, for the withdrawals.

    Raises:
        ComplianceError: a row of it was corrected or withdrawn since; that is undone first.
    """
    own = _of(connection, target.id)
    ends = _ends(connection, own)
    in_force: dict[Place, _Row] = {}
    blocked: list[_Row] = []
    for row in own:
        found = _as_if_untouched(row, ends[row.place])
        if found is None:
            blocked += ends[row.place]
        else:
            in_force[row.place] = found
    if blocked:
        raise _blocked(target, own, in_force, blocked)
    corrected = {
        row.place: row for row in _at(connection, [row.corrects for row in own if row.corrects])
    }
    entries: list[Entry] = []
    restored: set[Place] = set()
    for row in own:
        now = in_force[row.place].ref
        before = corrected.get(row.corrects) if row.corrects else None
        if before is None or isinstance(before.entry, Withdrawal) or before.place in restored:
            entries.append(Withdrawal(now, note))
        else:
            entries.append(replace(before.entry, more=replace(before.entry.more, corrects=now)))
            restored.add(before.place)
    _refuse_a_namesake(connection, entries, [in_force[row.place].place for row in own])
    return entries


def _as_if_untouched(row: _Row, ends: list[_Row]) -> _Row | None:
    """Return what a row came to, where that says the same as the row, else ``None``."""
    living = [end for end in ends if end.said]
    if not row.said:
        return None if living else ends[0]
    if len(living) == 1 and living[0].entry == row.entry:
        return living[0]
    return None


def _blocked(
    target: Submission, own: list[_Row], in_force: dict[Place, _Row], ends: list[_Row]
) -> ComplianceError:
    newest = max(end.place[0] for end in ends)
    if not in_force and all(end.place[0] == newest for end in ends):
        return ComplianceError(
            f"nothing that submission {target.id} recorded stands as it was: submission {newest} "
            "undid or changed all of it",
            todo=f"to bring it back: compliance undo {newest}",
        )
    changed = len(own) - len(in_force)
    return ComplianceError(
        f"{changed} of the {len(own)} row{'s' if len(own) != 1 else ''} of submission {target.id} "
        f"were corrected or withdrawn since, last by submission {newest}",
        todo=f"undo that first: compliance undo {newest}",
    )


def _refuse_a_namesake(connection: Connection, entries: list[Entry], meant: list[Place]) -> None:
    """Refuse where the rows' names mean others: the same content was recorded again since."""
    targets = standing(connection, entries, named_by(connection, entries))
    for found, place in zip(targets, meant, strict=True):
        if found is not None and found.place != place:
            raise ComplianceError(
                f"the same rows were recorded again, by submission {found.submission}",
                todo=f"undo that first: compliance undo {found.submission}",
            )


def _ends(connection: Connection, own: list[_Row]) -> dict[Place, list[_Row]]:
    """Return for each row what it came to, through all its corrections."""
    ends: dict[Place, list[_Row]] = {row.place: [] for row in own}
    frontier = [(row.place, row) for row in own]
    while frontier:
        later: dict[Place, list[_Row]] = {}
        for row in _at(connection, [row.place for _, row in frontier], corrected=True):
            assert row.corrects is not None
            later.setdefault(row.corrects, []).append(row)
        following = []
        for root, row in frontier:
            if row.place in later:
                following += [(root, item) for item in later[row.place]]
            else:
                ends[root].append(row)
        frontier = following
    return ends


def _of(connection: Connection, number: int) -> list[_Row]:
    """Return the rows of a submission in their order."""
    found = [
        _row(table, row)
        for table in WHOLE_ROWS
        for row in connection.execute(_query(table).where(table.c.submission_id == number))
    ]
    return sorted(found, key=lambda row: row.place)


def _at(connection: Connection, places: Iterable[Place], *, corrected: bool = False) -> list[_Row]:
    """Return the rows that stand at places, or those that correct what stands there."""
    wanted = sorted(set(places))
    found: list[_Row] = []
    for start in range(0, len(wanted), _BATCH):
        for table in WHOLE_ROWS:
            place = (
                tuple_(table.c.corrects_submission, table.c.corrects_line)
                if corrected
                else tuple_(table.c.submission_id, table.c.line)
            )
            query = _query(table).where(place.in_(wanted[start : start + _BATCH]))
            if corrected:
                # An index that keeps nothing else is found by this.
                query = query.where(table.c.corrects_submission.is_not(None))
            found += [_row(table, row) for row in connection.execute(query)]
    return sorted(found, key=lambda row: row.place)


def _query(table: Table) -> Select[Any]:
    return select(table, submission.c.content_sha256).join(
        submission, submission.c.id == table.c.submission_id
    )


def _row(table: Table, row: SqlRow[Any]) -> _Row:
    corrects = (
        None if row.corrects_submission is None else (row.corrects_submission, row.corrects_line)
    )
    return _Row(
        place=(row.submission_id, row.line),
        ref=reference(row.content_sha256, row.line),
        entry=decoded(table.name, row._asdict(), ""),
        corrects=corrects,
    )
