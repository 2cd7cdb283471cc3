"""The one validator: a sheet of text in, rows of the ledger out, or every defect at once."""

from __future__ import annotations

import re

from compliance.intake import sheet as limits
from compliance.intake.cells import CellReader, Vocabulary
from compliance.intake.columns import header_notes, header_problems, no_kind
from compliance.intake.errors_file import restored
from compliance.intake.kinds import HOLDINGS, MOVEMENTS, OPTIONAL, Kind, kind_of
from compliance.intake.result import Intake, Note, Origin
from compliance.intake.sheet import Sheet, SheetRow, shown, too_many_problems
from compliance.intake.spellings import BASES, STATES, STATUSES
from compliance.values.errors import Problem
from compliance.values.records import Account, Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, WITHHELD, Basis, State, Status

__all__ = ["Vocabulary", "judged_header", "judged_row", "origin_of", "validate"]

_CORRECTS = re.compile(r"[0-9a-f]{8,64}:[1-9][0-9]*")
_ROW_NAME = "submission:line, such as 3f9a2b7c81d0:4"
_WHERE_NAMED = "'compliance history show' tells the name of every row"
_UNDO = "if it undoes a row recorded earlier, take that row back or correct it"

# Where goods may come from and go to outside the agreement. The other direction has no meaning:
# a recovered loss or a cancelled export is a correction of the row that was wrong.
_ORIGINS = ("@import", "@production")
_DESTINATIONS = ("@export", "@reduced", "@lost")


def validate(given: Sheet, vocabulary: Vocabulary) -> Intake:
    """Turn a sheet into rows.

    Args:
        given: the table as read.
        vocabulary: the names of parties, categories and types.

    Returns:
        The sound rows with their origins, every defect of the sheet, those of the reader
        included, by row, and the rows that have one. The sheet as a whole may be refused; no
        row of it is given then.
    """
    sheet = restored(given)
    kind, fatal = judged_header(sheet)
    result = _Rows(sheet)
    for row in sheet.rows:
        result.add(row, *judged_row(sheet, row, kind, vocabulary))
        if len(result.problems) > limits.MAX_PROBLEMS:
            fatal.append(too_many_problems(sheet.place))
            break
    return result.intake(fatal)


def judged_header(sheet: Sheet) -> tuple[Kind | None, list[Problem]]:
    """Return what a sheet holds, if its columns tell, and what refuses it as a whole."""
    fatal = list(sheet.problems)
    kind = sheet.kind or kind_of(sheet.columns)
    if sheet.columns and kind is None:
        fatal.append(no_kind(sheet.place, sheet.headings))
    elif sheet.columns and kind is not None:
        fatal += header_problems(sheet, kind)
    return kind, fatal


def judged_row(
    sheet: Sheet, row: SheetRow, kind: Kind | None, vocabulary: Vocabulary
) -> tuple[Entry | None, list[Problem], list[Note]]:
    """Return one row as the ledger takes it, if it is sound, its defects, and its notes.

    Nothing but the names over the columns is looked at beside the row itself.
    """
    if kind is None or not row.readable:
        return None, list(row.problems), []
    reader = _RowReader(sheet, row, kind, vocabulary)
    read: Entry | None
    if kind is HOLDINGS:
        read = reader.holding()
    else:
        read = reader.movement() if kind is MOVEMENTS else reader.withdrawal()
    return read, reader.problems, reader.notes


def origin_of(sheet: Sheet, row: SheetRow) -> Origin:
    """Return where a row of a sheet stood, and what stood there."""
    return Origin(sheet.place.file, sheet.place.sheet, row.number, sheet.headings, row.values)


class _Rows:
    """Puts together what was read of the rows of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._rows: list[Entry] = []
        self._origins: list[Origin] = []
        self._left_out: list[Origin] = []
        self._notes: list[Note] = [*sheet.notes, *header_notes(sheet)]
        self.problems: list[Problem] = []

    def add(
        self, row: SheetRow, read: Entry | None, problems: list[Problem], notes: list[Note]
    ) -> None:
        origin = origin_of(self._sheet, row)
        self.problems += problems
        if read is not None:
            self._rows.append(read)
            self._origins.append(origin)
            self._notes += notes
        elif problems:
            self._left_out.append(origin)

    def intake(self, fatal: list[Problem]) -> Intake:
        problems = sorted([*fatal, *self.problems], key=lambda problem: problem.row or 0)
        if fatal:
            refused = (self._sheet.place.file,)
            return Intake(problems=tuple(problems), left_out=tuple(self._left_out), refused=refused)
        return Intake(
            rows=tuple(self._rows),
            origins=tuple(self._origins),
            notes=tuple(self._notes),
            problems=tuple(problems),
            left_out=tuple(self._left_out),
        )


class _RowReader(CellReader):
    """Puts the cells of one row together as what its kind says."""

    def holding(self) -> Holding | None:
        """Return the row as a holding, or ``None`` where it has a defect."""
        party = self.party()
        as_of = self.dates("as_of")
        basis = self.word("basis", Basis, BASES)
        category = self.category(required=True)
        designation = self.cells["type"]
        status = self.word("status", Status, STATUSES, empty=Status.OVERALL)
        withheld = self.withheld()
        quantity = Span.at_least(0) if withheld else self.quantity(WITHHELD)
        source = self.required("source", "a citation or a URL")
        more = self._particulars()
        if (
            self.problems
            or party is None
            or as_of is None
            or basis is None
            or category is None
            or designation is None
            or status is None
            or quantity is None
            or source is None
        ):
            return None
        return Holding(
            party, as_of, basis, category, designation, status, quantity, source, withheld, more
        )

    def movement(self) -> Movement | None:
        """Return the row as a movement, or ``None`` where it has a defect."""
        dates = self.dates("date")
        designation, category = self._what_moved()
        quantity = self.quantity()
        if quantity is not None and quantity.high == 0:
            self.wrong("quantity", "nothing moves where the quantity is 0", "1 or more")
        origin = self.account("from")
        destination = self.account("to")
        self._check_direction(origin, destination)
        state = self.word("state", State, STATES, empty=State.DONE)
        basis = self.word("basis", Basis, BASES)
        source = self.required("source", "a citation or a URL")
        more = self._particulars()
        if (
            self.problems
            or dates is None
            or designation is None
            or category is None
            or quantity is None
            or origin is None
            or destination is None
            or state is None
            or basis is None
            or source is None
        ):
            return None
        return Movement(
            dates,
            designation,
            category,
            quantity,
            origin,
            destination,
            state,
            basis,
            source,
            more,
        )

    def withdrawal(self) -> Withdrawal | None:
        """Return the row as a withdrawal, or ``None`` where it has a defect."""
        named = self.required("withdraws", _ROW_NAME, _WHERE_NAMED)
        note = self.cells["note"]
        self._check_name("withdraws", named)
        if self.problems or named is None or note is None:
            return None
        return Withdrawal(named, note)

    def _what_moved(self) -> tuple[str | None, str | None]:
        designation = self.cells["type"]
        category = self.category(required=False)
        if designation == "" and category == "" and "type" in self.present:
            self.wrong(
                "type", "neither type nor category is given", "a designation, or the category"
            )
        elif designation and category == "" and not self.vocabulary.knows_type(designation):
            allowed = ", ".join((*self.vocabulary.category_ids, NONE_CATEGORY))
            self.wrong(
                "category",
                f"category is empty and the catalogue does not know '{shown(designation)}'",
                f"one of {allowed}, or a type of the catalogue",
            )
        return designation, category

    def _check_direction(self, origin: Account | None, destination: Account | None) -> None:
        if origin is not None and origin.place and not origin.place.startswith(_ORIGINS):
            expected = "a party, @import or @production"
            self.wrong("from", f"nothing comes from '{origin}'", expected, _UNDO)
        elif origin is not None and origin == destination:
            self.wrong("to", f"from and to are both '{origin}'", "two different accounts")
        elif destination is not None and destination.place:
            if not destination.place.startswith(_DESTINATIONS):
                expected = "a party, @export, @reduced:METHOD or @lost"
                self.wrong("to", f"nothing goes to '{destination}'", expected, _UNDO)
            elif origin is not None and origin.place:
                message = f"'{origin}' and '{destination}' are both outside the agreement"
                self.wrong("to", message, "a party on at least one side")

    def _particulars(self) -> Particulars:
        given = {column: self.cells[column] or "" for column in OPTIONAL}
        self._check_name("corrects", given["corrects"])
        return Particulars(**given)

    def _check_name(self, column: str, named: str | None) -> None:
        if named and not _CORRECTS.fullmatch(named):
            message = f"'{shown(named)}' names no recorded row"
            self.wrong(column, message, _ROW_NAME, _WHERE_NAMED)
