"""The one validator: a sheet of text in, holdings or movements out, or every defect at once."""

from __future__ import annotations

import re

from compliance.intake.cells import CellReader, Vocabulary
from compliance.intake.columns import (
    HEADER_ROW,
    HOLDINGS,
    KINDS,
    OPTIONAL,
    header_problems,
    kind_of,
)
from compliance.intake.sheet import (
    Sheet,
    row_problem,
    shown,
)
from compliance.values.errors import Problem
from compliance.values.records import Account, Holding, Movement, Particulars, Row
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, WITHHELD, Basis, State, Status

__all__ = ["Vocabulary", "validate"]

_CORRECTS = re.compile(r"[^\s:]+:[1-9]\d*")

# Where goods may come from and go to outside the agreement. The other direction has no meaning:
# a recovered loss or a cancelled export is a correction of the row that was wrong.
_ORIGINS = ("@import", "@production")
_DESTINATIONS = ("@export", "@reduced", "@lost")


def validate(sheet: Sheet, vocabulary: Vocabulary) -> tuple[list[Row], list[Problem]]:
    """Turn a sheet into rows.

    Args:
        sheet: the table as read.
        vocabulary: the names of parties, categories and types.

    Returns:
        The sound rows in their order, and every defect of the sheet, those of the reader
        included, by row. Rows are only to be used where there are no defects.
    """
    problems = list(sheet.problems)
    rows: list[Row] = []
    if sheet.columns:
        kind = kind_of(sheet.columns)
        if kind is None:
            problems.append(_no_kind(sheet))
        else:
            problems += header_problems(sheet.file, sheet.columns, kind)
            for row in sheet.rows:
                reader = _RowReader(sheet, row, kind, vocabulary)
                read = reader.holding() if kind is HOLDINGS else reader.movement()
                problems += reader.problems
                if read is not None:
                    rows.append(read)
    return rows, sorted(problems, key=lambda problem: problem.row or 0)


def _no_kind(sheet: Sheet) -> Problem:
    given = shown(", ".join(column for column in sheet.columns if column), most=120)
    wanted = " or ".join(f"{kind.name} ({','.join(kind.columns)})" for kind in KINDS)
    return row_problem(
        sheet.file,
        HEADER_ROW,
        f"the header '{given}' does not tell what the file holds",
        expected=wanted,
    )


class _RowReader(CellReader):
    """Puts the cells of one row together as a holding or a movement."""

    def holding(self) -> Holding | None:
        """Return the row as a holding, or ``None`` where it has a defect."""
        party = self.party()
        as_of = self.dates("as_of")
        basis = self.word("basis", Basis)
        category = self.category(required=True)
        designation = self.cells["type"]
        status = self.word("status", Status, empty=Status.OVERALL)
        withheld = (self.cells["quantity"] or "").lower() == WITHHELD
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
        state = self.word("state", State, empty=State.DONE)
        basis = self.word("basis", Basis)
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

    def _what_moved(self) -> tuple[str | None, str | None]:
        designation = self.cells["type"]
        category = self.category(required=False)
        if designation == "" and category == "" and "type" in self.present:
            self.wrong("type", "neither type nor category is given", "a designation")
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
            self.wrong("from", f"nothing comes from '{origin}'", "a party, @import or @production")
        elif origin is not None and origin == destination:
            self.wrong("to", f"from and to are both '{origin}'", "two different accounts")
        elif destination is not None and destination.place:
            if not destination.place.startswith(_DESTINATIONS):
                expected = "a party, @export, @reduced:METHOD or @lost"
                self.wrong("to", f"nothing goes to '{destination}'", expected)
            elif origin is not None and origin.place:
                message = f"'{origin}' and '{destination}' are both outside the agreement"
                self.wrong("to", message, "a party on at least one side")

    def _particulars(self) -> Particulars:
        given = {column: self.cells[column] or "" for column in OPTIONAL}
        if given["corrects"] and not _CORRECTS.fullmatch(given["corrects"]):
            message = f"'{shown(given['corrects'])}' names no recorded row"
            self.wrong("corrects", message, "submission:line, such as 12:3")
        return Particulars(**given)
