"""What a correction corrects: found by its name, and only where it is still in force."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, exists, null, or_, select, tuple_
from sqlalchemy import Table as SqlTable
from sqlalchemy.sql.elements import SQLCoreOperations

from compliance.ledger.stored import corrects_of, reference
from compliance.ledger.tables import (
    TABLES,
    holding,
    movement_row,
    submission,
    table_of,
    withdrawal,
)
from compliance.values.errors import ComplianceError
from compliance.values.frozen import frozen
from compliance.values.records import Entry, Withdrawal

_NAME = re.compile(r"(?P<prefix>[0-9a-f]{8,64}):(?P<line>[1-9][0-9]{0,8})")

# So many rows are asked for in one statement.
_BATCH = 400

_T = TypeVar("_T")

Place = tuple[int, int]
"""A submission and a line."""


@frozen
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


def named_by(connection: Connection, entries: Sequence[Entry]) -> list[list[Target]]:
    """Return for each entry the rows that its ``corrects`` can mean, the newest first.

    Where the same content was recorded twice, its rows have the same names.

    Raises:
        ComplianceError: one names no row that the entry could correct.
    """
    named = [_Named.read(corrects_of(entry)) for entry in entries]
    contents = _contents(connection, {name.prefix for name in named if name})
    rows = _rows_at(
        connection,
        {(number, name.line) for name in named if name for number in contents[name.prefix]},
    )
    return [
        _meant(entry, name, contents[name.prefix], rows) if name else _unnamed(entry)
        for entry, name in zip(entries, named, strict=True)
    ]


def named(entry: Entry, candidates: Sequence[Target]) -> Entry:
    """Return the row with what it corrects named in full, however briefly it was written.

    So it is hashed: as the ledger names its rows, so that the hash can be found again from it.
    """
    if not candidates:
        return entry
    name = candidates[0].name
    if isinstance(entry, Withdrawal):
        return replace(entry, corrects=name)
    return replace(entry, more=replace(entry.more, corrects=name))


def standing(
    connection: Connection,
    entries: Sequence[Entry],
    candidates: Sequence[list[Target]],
    *,
    number: int | None = None,
    taken: Mapping[Place, bool] | None = None,
) -> list[Target | None]:
    """Return for each entry the row it corrects, or ``None``: the newest that is in force.

    Args:
        connection: a reading connection.
        entries: rows of one submission, or some of them.
        candidates: what ``named_by`` gives for them.
        number: the submission's own number, where some of its rows are stored already.
        taken: what those correct, true where they take it back.

    Raises:
        ComplianceError: the row was corrected or withdrawn already, or is both here.
    """
    places = {item.place for some in candidates for item in some}
    correctors = _correctors(connection, places, before=number)
    targets: list[Target | None] = []
    for entry, some in zip(entries, candidates, strict=True):
        target = next((item for item in some if item.place not in correctors), None)
        if some and target is None:
            raise _past(connection, corrects_of(entry), some[0].place)
        targets.append(target)
    # A row may be split into several; what is taken back is not also replaced.
    earlier = taken or {}
    times = Counter([*earlier, *(target.place for target in targets if target)])
    for entry, target in zip(entries, targets, strict=True):
        if not target or times[target.place] == 1:
            continue
        if isinstance(entry, Withdrawal) or earlier.get(target.place):
            raise ComplianceError(
                f"'{corrects_of(entry)}' is withdrawn and corrected in one submission",
                todo="do the one or the other",
            )
    return targets


def still_said(connection: Connection, number: int) -> bool:
    """True unless everything in a submission was withdrawn, itself or after corrections."""
    for table in (holding, movement_row):
        row = table.c
        standing_here = ~corrected(row.submission_id, row.line)
        of_it = or_(row.submission_id == number, row.corrects_submission == number)
        if connection.execute(select(row.line).where(of_it, standing_here).limit(1)).first():
            return True
    again = {
        (row.submission_id, row.line)
        for table in TABLES
        for row in connection.execute(
            select(table.c.submission_id, table.c.line).where(
                table.c.corrects_submission == number,
                corrected(table.c.submission_id, table.c.line),
            )
        )
    }
    return not all(_ends(connection, again).values())


def corrected(number: SQLCoreOperations[int], line: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """Return the condition that some row corrects or withdraws the one at a place."""
    laters = [table.alias(f"later_{table.name}") for table in TABLES]
    return or_(
        *(
            exists().where(later.c.corrects_submission == number, later.c.corrects_line == line)
            for later in laters
        )
    )


class _Named(NamedTuple):
    """What a reference says: how the content's hash begins, and the line."""

    prefix: str
    line: int

    @classmethod
    def read(cls, text: str) -> _Named | None:
        """Return what a text refers to, or ``None`` where it is no reference."""
        match = _NAME.fullmatch(text)
        return cls(match["prefix"], int(match["line"])) if match else None


@frozen
class _Stored:
    """A row that stands somewhere: in which table, and in which declaration if in any."""

    table: SqlTable
    declaration: int | None


def _unnamed(entry: Entry) -> list[Target]:
    """Return what an entry without a reference corrects: nothing, if it names nothing."""
    if corrects_of(entry) or isinstance(entry, Withdrawal):
        raise _names_no_row(entry)
    return []


def _meant(
    entry: Entry, name: _Named, contents: dict[int, str], rows: dict[Place, _Stored]
) -> list[Target]:
    """Return the rows that an entry's reference can mean, the newest first."""
    found = [
        Target(contents[number], number, name.line, row.declaration)
        for number in sorted(contents, reverse=True)
        if (row := rows.get((number, name.line))) and _correctable(row, table_of(entry))
    ]
    if len({item.content_sha256 for item in found}) != 1:
        raise _names_no_row(entry)
    return found


def _names_no_row(entry: Entry) -> ComplianceError:
    return ComplianceError(
        f"'{corrects_of(entry)}' names no row that can be corrected",
        todo="write submission:line as the audit names its rows, such as 3fa4c1d2e5b6:12; "
        "a holding corrects a holding, a movement a movement",
    )


def _contents(connection: Connection, prefixes: Collection[str]) -> dict[str, dict[int, str]]:
    """Return for each beginning of a content hash the submissions it names, with their hash."""
    found: dict[str, dict[int, str]] = {prefix: {} for prefix in prefixes}
    lengths = {len(prefix) for prefix in prefixes}
    content = submission.c.content_sha256
    for some in _batches(prefixes):
        begins = or_(*(content.between(prefix, prefix + "g") for prefix in some))
        for number, sha256 in connection.execute(select(submission.c.id, content).where(begins)):
            for prefix in found.keys() & {sha256[:length] for length in lengths}:
                found[prefix][number] = sha256
    return found


def _rows_at(connection: Connection, places: Collection[Place]) -> dict[Place, _Stored]:
    """Return the rows that stand at places, where there are any."""
    found: dict[Place, _Stored] = {}
    for some in _batches(places):
        for table in TABLES:
            declared = table.c.get("declaration_id", null())
            query = select(table.c.submission_id, table.c.line, declared).where(
                tuple_(table.c.submission_id, table.c.line).in_(some)
            )
            for number, line, declaration in connection.execute(query):
                found[number, line] = _Stored(table, declaration)
    return found


def _correctable(row: _Stored, table: SqlTable) -> bool:
    """True where a row of a table can correct the one that stands."""
    if table is withdrawal:
        # What was taken back is not taken back once more: it is recorded anew.
        return row.table is not withdrawal
    if row.table is withdrawal:
        return (row.declaration is not None) == (table is holding)
    return row.table is table


def _past(connection: Connection, named: str, place: Place) -> ComplianceError:
    """Return the error that says what became of a row that is no longer in force."""
    ends = _ends(connection, {place})
    names = " and ".join(f"'{_name(connection, place)}'" for place in sorted(ends))
    if all(ends.values()):
        return ComplianceError(
            f"'{named}' was withdrawn already, by {names}",
            todo=f"to record it anew, let the new row correct {names}",
        )
    return ComplianceError(
        f"'{named}' was corrected already, by {names}",
        todo=f"correct {names}: the correction is what is in force",
    )


def _correctors(
    connection: Connection, places: Collection[Place], *, before: int | None = None
) -> dict[Place, dict[Place, bool]]:
    """Return for each place that was corrected the rows that did it, true for withdrawals.

    Args:
        connection: a reading connection.
        places: where the rows stand.
        before: only corrections of submissions before this one.
    """
    found: dict[Place, dict[Place, bool]] = defaultdict(dict)
    for some in _batches(places):
        for table in TABLES:
            to = table.c.corrects_submission, table.c.corrects_line
            query = select(*to, table.c.submission_id, table.c.line).where(
                # An index that keeps nothing else is found by this.
                to[0].is_not(None),
                tuple_(*to).in_(some),
            )
            if before is not None:
                query = query.where(table.c.submission_id < before)
            for number, line, *by in connection.execute(query):
                found[number, line][by[0], by[1]] = table is withdrawal
    return dict(found)


def _ends(connection: Connection, places: Collection[Place]) -> dict[Place, bool]:
    """Return what rows that were corrected came to in the end, true for withdrawals."""
    ends: dict[Place, bool] = {}
    later = _correctors(connection, places)
    while later:
        reached = {at: taken_back for some in later.values() for at, taken_back in some.items()}
        later = _correctors(connection, reached)
        ends.update((at, reached[at]) for at in reached.keys() - later.keys())
    return ends


def _batches(items: Collection[_T]) -> Iterator[list[_T]]:
    """Go through what is asked for in pieces that one statement can name."""
    rest = iter(items)
    while some := list(islice(rest, _BATCH)):
        yield some


def _name(connection: Connection, place: Place) -> str:
    content = connection.execute(
        select(submission.c.content_sha256).where(submission.c.id == place[0])
    ).scalar_one()
    return reference(content, place[1])
