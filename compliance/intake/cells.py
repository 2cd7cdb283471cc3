"""Reads the cells of one row as values, and keeps every defect it meets."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from compliance.intake import spellings
from compliance.intake.hints import about_date, about_quantity
from compliance.intake.kinds import Kind
from compliance.intake.result import Note
from compliance.intake.sheet import MAX_CELL, Sheet, SheetRow, bad_character, shown
from compliance.intake.spellings import Words
from compliance.values.dates import DateSpan
from compliance.values.errors import Problem
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean
from compliance.values.records import Account
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, WITHHELD, Status

_Word = TypeVar("_Word", bound=StrEnum)
_ACCOUNT = "a party, party:status or an outside place"
_LONGEST_NAME = 100
_IF_EMPTY = f"write 0 where none are held, {WITHHELD} where the number was not published"


@frozen
class Vocabulary:
    """What the validator must know of the law and the catalogue, handed in by the caller.

    Attributes:
        resolve_party: a party's id for any of its names or codes, actors that are no Party
            included; ``None`` for an unknown one.
        party_ids: the ids of all parties and other actors, to tell what is accepted.
        party_names: their ids and names, to suggest one for a misspelt party.
        resolve_category: a category's id for any of its names; ``None`` for an unknown one.
        category_ids: the ids of all categories, for suggestions. ``none`` is always allowed.
        knows_type: whether the catalogue settles what a designation is, so that a movement may
            leave out its category.
    """

    resolve_party: Callable[[str], str | None]
    party_ids: tuple[str, ...]
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
        notes: the values accepted under another spelling so far.
    """

    def __init__(self, sheet: Sheet, row: SheetRow, kind: Kind, vocabulary: Vocabulary) -> None:
        self._place = sheet.place
        self._number = row.number
        self.present = frozenset(sheet.columns)
        self.vocabulary = vocabulary
        self.problems: list[Problem] = list(row.problems)
        self.notes: list[Note] = []
        given = dict(zip(sheet.columns, row.values, strict=True))
        faulty = row.faulty
        if len(given) < len(sheet.columns):  # the header names a column twice, and is told so
            faulty |= {name for name in given if sheet.columns.count(name) > 1}
        self.cells = {
            column: None if column in faulty else self._clean(column, given.get(column, ""))
            for column in (*kind.columns, *kind.optional)
        }

    def wrong(self, column: str, message: str, expected: str, hint: str = "") -> None:
        """Keep one defect of a cell."""
        self._wrong(column, self.cells.get(column) or "", message, expected, hint)

    def _wrong(self, column: str, value: str, message: str, expected: str, hint: str = "") -> None:
        self.problems.append(
            self._place.problem(
                message,
                expected=expected,
                hint=hint,
                number=self._number,
                column=column,
                value=value,
            )
        )

    def _read_as(self, column: str, value: str, meaning: str) -> None:
        if not spellings.plain(value, meaning):
            self.notes.append(self._place.read_as(column, value, meaning, self._number))

    def _clean(self, column: str, value: str) -> str | None:
        defect = bad_character(value)
        expected = "one line of plain UTF-8 text"
        hint = "save the file as UTF-8" if "UTF-8" in defect else "write the cell anew"
        if not defect and len(value) > MAX_CELL:
            defect, expected = f"{len(value)} characters", f"at most {MAX_CELL} characters"
            hint = "shorten it, or put what is long beside the file"
        if not defect:
            return value
        self._wrong(column, value, f"'{shown(value)}' holds {defect}", expected, hint)
        return None

    def required(self, column: str, expected: str, hint: str = "") -> str | None:
        """Return the cell, or ``None`` where it is empty, already faulty, or has no column."""
        value = self.cells[column]
        if value == "" and column in self.present:
            self.wrong(column, f"{column} is empty", expected, hint)
        return value or None

    def party(self) -> str | None:
        """Return the id of the party or actor named."""
        text = self.required("party", self._one_of_the_parties())
        return None if text is None else self._resolve_party("party", text)

    def _resolve_party(self, column: str, text: str) -> str | None:
        party = self.vocabulary.resolve_party(text)
        if party is None:
            self.wrong(
                column,
                f"'{shown(text)}' is no party",
                self._one_of_the_parties(),
                _near(text, self.vocabulary.party_names),
            )
        else:
            self._read_as(column, text, party)
        return party

    def _one_of_the_parties(self) -> str:
        return "one of " + ", ".join(self.vocabulary.party_ids)

    def dates(self, column: str) -> DateSpan | None:
        """Return the day, or the span of days."""
        expected = "YYYY-MM-DD or YYYY-MM-DD..YYYY-MM-DD"
        text = self.required(column, expected)
        if text is None:
            return None
        try:
            return DateSpan.parse(text)
        except ValueError as error:
            what, hint = about_date(text)
            message, todo = _told(error)
            if what:
                message = f"'{shown(text)}' is no date; {what}"
            self.wrong(column, shown(message, most=200), expected, hint or todo)
            return None

    def quantity(self, *also: str) -> Span | None:
        """Return the quantity; ``also`` names words that are allowed beside numbers."""
        expected = ", or ".join(("a whole number such as 464, 62..89 or 15..", *also))
        text = self.required("quantity", expected, _IF_EMPTY if also else "")
        if text is None:
            return None
        try:
            if not text.isascii():
                raise ValueError(f"'{text}' is no quantity")
            return Span.parse(text)
        except ValueError as error:
            message, todo = _told(error)
            hint = about_quantity(text) or (_suggest(spellings.QUANTITIES, text) if also else todo)
            self.wrong("quantity", shown(message, most=160), expected, hint or todo)
            return None

    def withheld(self) -> bool:
        """True where the quantity exists but was not published."""
        text = self.cells["quantity"]
        if not text or spellings.QUANTITIES.read(text) != WITHHELD:
            return False
        self._read_as("quantity", text, WITHHELD)
        return True

    def word(
        self, column: str, words: type[_Word], known: Words, *, empty: _Word | None = None
    ) -> _Word | None:
        """Return the word of a closed list; ``empty`` is what an empty cell stands for."""
        expected = "one of " + ", ".join(word.value for word in words)
        if empty is not None and self.cells[column] == "":
            return empty
        text = self.required(column, expected)
        if text is None:
            return None
        meaning = known.read(text)
        if meaning is None:
            self.wrong(column, f"'{shown(text)}' is no {column}", expected, _suggest(known, text))
            return None
        self._read_as(column, text, meaning)
        return words(meaning)

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
                "category", f"'{shown(text)}' is no category", expected, _near(text, allowed)
            )
        else:
            self._read_as("category", text, category)
        return category

    def account(self, column: str) -> Account | None:
        """Return one side of a movement, its party resolved."""
        text = self.required(column, _ACCOUNT)
        if text is None:
            return None
        if text.startswith("@"):
            try:
                return Account.parse(text)
            except ValueError as error:
                self.wrong(column, shown(str(error), most=160), _ACCOUNT)
                return None
        name, _, given = (part.strip() for part in text.partition(":"))
        before = len(self.notes)
        party = self._resolve_party(column, name)
        if party is None:
            return None
        status = Status.OVERALL.value
        if given:
            found = spellings.STATUSES.read(given)
            if found is None:
                message = f"'{shown(given)}' is no status of a holding"
                expected = "one of " + ", ".join(known.value for known in Status)
                self.wrong(column, message, expected, _suggest(spellings.STATUSES, given))
                return None
            status = found
        del self.notes[before:]  # one note for the whole cell, not one for each part of it
        if not (spellings.plain(name, party) and (not given or spellings.plain(given, status))):
            self._read_as(column, text, f"{party}:{status}" if given else party)
        return Account(party, Status(status))


def _told(error: ValueError) -> tuple[str, str]:
    """Return what is wrong, and what to do where that is more than what was expected."""
    message, _, todo = str(error).rpartition(": write ")
    return message or str(error), f"write {todo}" if message.endswith("runs backwards") else ""


# One misspelling is often repeated from row to row.
@lru_cache(1024)
def _near(text: str, names: tuple[str, ...]) -> str:
    return did_you_mean(text, names) if len(text) <= _LONGEST_NAME else ""


@lru_cache(1024)
def _suggest(known: Words, text: str) -> str:
    return known.suggest(text) if len(text) <= _LONGEST_NAME else ""
