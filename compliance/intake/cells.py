"""Reads the cells of one row as values, and keeps every defect it meets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from compliance.intake.columns import OPTIONAL, Kind
from compliance.intake.sheet import MAX_CELL, Sheet, SheetRow, bad_character, cell_problem, shown
from compliance.values.dates import DateSpan
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean, fold
from compliance.values.records import Account
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Status

_Word = TypeVar("_Word", bound=StrEnum)
_ACCOUNT = "a party, party:status or an outside place"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the validator must know of the law and the catalogue, handed in by the caller.

    Attributes:
        resolve_party: a party's id for any of its names or codes, actors that are no Party
            included; ``None`` for an unknown one.
        party_names: names to suggest for a misspelt party.
        resolve_category: a category's id for any of its names; ``None`` for an unknown one.
        category_ids: the ids of all categories, for suggestions. ``none`` is always allowed.
        knows_type: whether the catalogue settles what a designation is, so that a movement may
            leave out its category.
    """

    resolve_party: Callable[[str], str | None]
    party_names: tuple[str, ...]
    resolve_category: Callable[[str], str | None]
    category_ids: tuple[str, ...]
    knows_type: Callable[[str], bool]


class CellReader:
    """Reads one row. A cell that is empty against the rules or faulty reads as ``None``.

    Each mistake gives one problem: a faulty cell is not also reported as missing, and a column
    that the header lacks is reported by the header alone.

    Attributes:
        problems: the defects met so far.
    """

    def __init__(self, sheet: Sheet, row: SheetRow, kind: Kind, vocabulary: Vocabulary) -> None:
        self._file = sheet.file
        self.present = frozenset(sheet.columns)
        self._number = row.number
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.cells = {
            column: self._clean(column, row.cells.get(column, ""))
            for column in (*kind.columns, *OPTIONAL)
        }

    def wrong(self, column: str, message: str, expected: str, hint: str = "") -> None:
        """Keep one defect of a cell."""
        value = self.cells.get(column) or ""
        self.problems.append(
            cell_problem(
                self._file, self._number, column, value, message, expected=expected, hint=hint
            )
        )

    def _clean(self, column: str, value: str) -> str | None:
        defect = bad_character(value)
        expected = "one line of plain UTF-8 text"
        if not defect and len(value) > MAX_CELL:
            defect, expected = f"{len(value)} characters", f"at most {MAX_CELL} characters"
        if not defect:
            return value
        self.problems.append(
            cell_problem(
                self._file,
                self._number,
                column,
                value,
                f"'{shown(value)}' holds {defect}",
                expected=expected,
            )
        )
        return None

    def required(self, column: str, expected: str) -> str | None:
        """Return the cell, or ``None`` where it is empty, already faulty, or has no column."""
        value = self.cells[column]
        if value == "" and column in self.present:
            self.wrong(column, f"{column} is empty", expected)
        return value or None

    def party(self) -> str | None:
        """Return the id of the party or actor named."""
        text = self.required("party", "a party of the agreement or another actor it names")
        return None if text is None else self._resolve_party("party", text)

    def _resolve_party(self, column: str, text: str) -> str | None:
        party = self.vocabulary.resolve_party(text)
        if party is None:
            names = self.vocabulary.party_names
            self.wrong(
                column,
                f"'{shown(text)}' is no party",
                "one of " + ", ".join(names),
                did_you_mean(text, names),
            )
        return party

    def dates(self, column: str) -> DateSpan | None:
        """Return the day, or the span of days."""
        expected = "YYYY-MM-DD or YYYY-MM-DD..YYYY-MM-DD"
        text = self.required(column, expected)
        if text is None:
            return None
        try:
            return DateSpan.parse(text)
        except ValueError as error:
            self.wrong(column, shown(str(error), most=160), expected)
            return None

    def quantity(self, *also: str) -> Span | None:
        """Return the quantity; ``also`` names words that are allowed beside numbers."""
        expected = ", ".join(("a whole number such as 464, 62..89 or 15..", *also))
        text = self.required("quantity", expected)
        if text is None:
            return None
        try:
            return Span.parse(text)
        except ValueError as error:
            self.wrong("quantity", shown(str(error), most=160), expected)
            return None

    def word(self, column: str, words: type[_Word], *, empty: _Word | None = None) -> _Word | None:
        """Return the word of a closed vocabulary; ``empty`` is what an empty cell stands for."""
        values = [word.value for word in words]
        expected = "one of " + ", ".join(values)
        if empty is not None and self.cells[column] == "":
            return empty
        text = self.required(column, expected)
        if text is None:
            return None
        for word in words:
            if fold(word.value) == fold(text):
                return word
        self.wrong(column, f"'{shown(text)}' is no {column}", expected, did_you_mean(text, values))
        return None

    def category(self, *, required: bool) -> str | None:
        """Return the id of the category, ``none``, or nothing where it may be left out."""
        allowed = (*self.vocabulary.category_ids, NONE_CATEGORY)
        expected = "one of " + ", ".join(allowed)
        if not required and self.cells["category"] == "":
            return ""
        text = self.required("category", expected)
        if text is None:
            return None
        if text.lower() == NONE_CATEGORY:
            return NONE_CATEGORY
        category = self.vocabulary.resolve_category(text)
        if category is None:
            self.wrong(
                "category",
                f"'{shown(text)}' is no category",
                expected,
                did_you_mean(text, allowed),
            )
        return category

    def account(self, column: str) -> Account | None:
        """Return one side of a movement, its party resolved."""
        text = self.required(column, _ACCOUNT)
        if text is None:
            return None
        party, colon, status = text.partition(":")
        if not text.startswith("@"):
            resolved = self._resolve_party(column, party.strip())
            if resolved is None:
                return None
            text = resolved + colon + status.strip().lower()
        try:
            return Account.parse(text)
        except ValueError as error:
            statuses = [item.value for item in Status]
            hint = "" if text.startswith("@") else did_you_mean(status, statuses)
            self.wrong(column, shown(str(error), most=160), _ACCOUNT, hint)
            return None
