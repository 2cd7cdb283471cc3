"""What a correction corrects: found by its name, and only where it is still in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    exists,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.sql.elements import SQLCoreOperations

from compliance.ledger.stored import TABLES, corrects_of, reference, table_of
from compliance.ledger.tables import holding, movement, submission, withdrawal
from compliance.values.errors import ComplianceError
from compliance.values.records import Entry, Withdrawal

_NAME = re.compile(r"(?P<prefix>[0-9a-f]{8,64}):(?P<line>[1-9][0-9]{0,8})")

Place = tuple[int, int]
"""A submission and a line."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row that another one corrects.

    Attributes:
        declaration: the submission that first made the declaration the row belongs to, or
            ``None`` where it is a movement.
    """

    content_sha256: str
    submission: int
    line: int
    declaration: int | None

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.submission, self.line

    @property
    def name(self) -> str:
        """The row's reference."""
        return reference(self.content_sha256, self.line)


def named_by(connection: Connection, entry: Entry) -> list[Target]:
    """Return the rows that an entry's ``corrects`` can mean, the newest first.

    Where the same content was recorded twice, its rows have the same names.

    Raises:
        ComplianceError: it names no row that this entry could correct.
    """
    named = corrects_of(entry)
    if not named and not isinstance(entry, Withdrawal):
        return []
    match = _NAME.fullmatch(named)
    found: list[Target] = []
    if match is not None:
        found = _rows_named(connection, table_of(entry), match["prefix"], int(match["line"]))
    if not found or len({item.content_sha256 for item in found}) != 1:
        raise ComplianceError(
            f"'{named}' names no row that can be corrected",
            todo="write submission:line as the audit names its rows, such as 3fa4c1d2e5b6:12; "
            "a holding corrects a holding, a movement a movement",
        )
    return found


def standing(
    connection: Connection, entries: Sequence[Entry], candidates: Sequence[list[Target]]
) -> list[Target | None]:
    """Return for each entry the row it corrects, or ``None``: the newest that is in force.

    Raises:
        ComplianceError: the row was corrected or withdrawn already, or is both here.
    """
    targets = [
        _in_force(connection, corrects_of(entry), some) if some else None
        for entry, some in zip(entries, candidates, strict=True)
    ]
    # A row may be split into several; what is taken back is not also replaced.
    replaced = [t.place for t in targets if t]
    for entry, target in zip(entries, targets, strict=True):
        if isinstance(entry, Withdrawal) and target and replaced.count(target.place) > 1:
            raise ComplianceError(
                f"'{entry.corrects}' is withdrawn and corrected in one submission",
                todo="do the one or the other",
            )
    return targets


def still_said(connection: Connection, number: int) -> bool:
    """True unless everything in a submission was withdrawn, itself or after corrections."""
    for table in (holding, movement):
        row = table.c
        standing_here = ~corrected(row.submission_id, row.line)
        of_it = or_(row.submission_id == number, row.corrects_submission == number)
        if connection.execute(select(row.line).where(of_it, standing_here).limit(1)).first():
            return True
    again = [
        (row.submission_id, row.line)
        for table in TABLES
        for row in connection.execute(
            select(table.c.submission_id, table.c.line).where(
                table.c.corrects_submission == number,
                corrected(table.c.submission_id, table.c.line),
            )
        )
    ]
    return any(not all(_ends(connection, place).values()) for place in again)


def corrected(number: SQLCoreOperations[int], line: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """Return the condition that some row corrects or withdraws the one at a place."""
    laters = [table.alias(f"later_{table.name}") for table in TABLES]
    return or_(
        *(
            exists().where(later.c.corrects_submission == number, later.c.corrects_line == line)
            for later in laters
        )
    )


def _rows_named(connection: Connection, table: SqlTable, prefix: str, line: int) -> list[Target]:
    found: list[Target] = []
    for source, root, condition in _correctable(table):
        rows = connection.execute(
            select(submission.c.content_sha256, source.c.submission_id, source.c.line, root)
            .join(submission, submission.c.id == source.c.submission_id)
            .where(
                submission.c.content_sha256.between(prefix, prefix + "g"),
                source.c.line == line,
                condition,
            )
        )
        found += [Target(*row) for row in rows]
    return sorted(found, key=lambda item: item.submission, reverse=True)


def _correctable(
    table: SqlTable,
) -> list[tuple[SqlTable, ColumnElement[int | None], ColumnElement[bool]]]:
    """Return where rows stand that a row of a table can correct, their declaration, and which."""
    always = true()
    rows: dict[SqlTable, ColumnElement[int | None]] = {
        holding: holding.c.declaration_id,
        movement: type_coerce(null(), Integer),
    }
    if table is withdrawal:
        # What was taken back is not taken back once more: it is recorded anew.
        return [(source, root, always) for source, root in rows.items()]
    declared = withdrawal.c.declaration_id
    of_kind = declared.is_not(None) if table is holding else declared.is_(None)
    return [(table, rows[table], always), (withdrawal, declared, of_kind)]


def _in_force(connection: Connection, named: str, candidates: list[Target]) -> Target:
    for target in candidates:
        if not _correctors(connection, target.place):
            return target
    newest = candidates[0]
    ends = _ends(connection, newest.place)
    names = " and ".join(f"'{_name(connection, place)}'" for place in sorted(ends))
    if all(ends.values()):
        raise ComplianceError(
            f"'{named}' was withdrawn already, by {names}",
            todo=f"to record it anew, let the new row correct {names}",
        )
    raise ComplianceError(
        f"'{named}' was corrected already, by {names}",
        todo=f"correct {names}: the correction is what is in force",
    )


def _correctors(connection: Connection, place: Place) -> dict[Place, bool]:
    """Return where the rows stand that correct the one at a place, true for withdrawals."""
    return {
        (row.submission_id, row.line): table is withdrawal
        for table in TABLES
        for row in connection.execute(
            select(table.c.submission_id, table.c.line).where(
                table.c.corrects_submission == place[0], table.c.corrects_line == place[1]
            )
        )
    }


def _ends(connection: Connection, place: Place) -> dict[Place, bool]:
    """Return what a row that was corrected came to in the end, true for withdrawals."""
    ends: dict[Place, bool] = {}
    reached = _correctors(connection, place)
    while reached:
        at, taken_back = reached.popitem()
        later = _correctors(connection, at)
        reached.update(later)
        if not later:
            ends[at] = taken_back
    return ends


def _name(connection: Connection, place: Place) -> str:
    content = connection.execute(
        select(submission.c.content_sha256).where(submission.c.id == place[0])
    ).scalar_one()
    return reference(content, place[1])
