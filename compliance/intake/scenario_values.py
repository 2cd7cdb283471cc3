"""The values of one table of a scenario, each read as what it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from compliance.intake import spellings
from compliance.intake.hints import about_date, about_quantity
from compliance.intake.sheet import MAX_CELL, bad_character, shown
from compliance.values.dates import DateSpan, parse_date
from compliance.values.errors import Problem
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean
from compliance.values.span import Span
from compliance.values.vocabulary import Status

_T = TypeVar("_T")
_LONGEST_NAME = 100
_QUANTITY = "a whole number such as 12, or '62..89' or '15..'"
_DATES = "YYYY-MM-DD, or 'YYYY-MM-DD..YYYY-MM-DD'"
_DAY = "YYYY-MM-DD"


@frozen
class Complaint:
    """What is wrong with a value, what would be right, and a likely correction."""

    message: str
    expected: str = ""
    hint: str = ""


@frozen
class Place:
    """Where a scenario stands.

    Attributes:
        file: the file, or ``command line``.
        labels: what to call some tables instead of by their key path (``add[1]``).
    """

    file: str
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def problem(self, path: str, complaint: Complaint) -> Problem:
        """Return a defect at a key path."""
        table, _, key = path.rpartition(".")
        label = self.labels.get(table)
        return Problem(
            file=self.file,
            where=path if label is None else label,
            message=complaint.message if label is None else f"{key}: {complaint.message}",
            expected=complaint.expected,
            suggestion=complaint.hint,
        )


@frozen
class ScenarioNames:
    """What a reader of scenarios must know of law and catalogue, handed in by the caller.

    Attributes:
        resolve_party: a party's id for any of its names or codes; ``None`` for an unknown one.
        party_names: the ids and names of all parties, to suggest one.
        resolve_category: a category's id for any of its names; ``None`` for an unknown one.
        category_ids: the ids of all limited categories.
        about_type: what is wrong with a designation in a category (an id, or empty where the
            catalogue decides); ``None`` where nothing is.
        about_reading: what is wrong with an answer to a question; ``None`` where nothing is.
    """

    resolve_party: Callable[[str], str | None]
    party_names: tuple[str, ...]
    resolve_category: Callable[[str], str | None]
    category_ids: tuple[str, ...]
    about_type: Callable[[str, str], Complaint | None]
    about_reading: Callable[[str, str], Complaint | None]


class Table:
    """Reads the values of one table and keeps every mistake."""

    def __init__(
        self,
        values: Mapping[str, Any],
        path: str,
        keys: tuple[str, ...],
        place: Place,
        problems: list[Problem],
    ) -> None:
        self._values = values
        self._path = path
        self._place = place
        self._problems = problems
        for key in values:
            if key not in keys:
                near = did_you_mean(key, keys) if len(key) <= _LONGEST_NAME else ""
                expected = f"one of {', '.join(keys)}"
                self.wrong(key, Complaint("there is no such key", expected, near))

    def wrong(self, key: str, complaint: Complaint) -> None:
        """Keep one mistake."""
        path = f"{self._path}.{shown(key)}" if self._path else shown(key)
        self._problems.append(self._place.problem(path, complaint))

    def unknown(self, key: str, text: str, what: str, names: Iterable[str]) -> None:
        """Keep that a name is not known, and suggest one."""
        known = tuple(names)
        near = did_you_mean(text, known) if len(text) <= _LONGEST_NAME else ""
        expected = "" if near else f"one of {', '.join(dict.fromkeys(known))}"
        self.wrong(key, Complaint(f"unknown {what} '{shown(text)}'", expected, near))

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text of one line, empty where it is left out or wrong."""
        value = self._values.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, Complaint(f"{_plain(value)} is no text", "a text in quotes"))
            return ""
        defect = bad_character(value)
        if not defect and len(value) > MAX_CELL:
            defect = f"more than {MAX_CELL} characters"
        if defect:
            self.wrong(key, Complaint(f"'{shown(value)}' holds {defect}", "one line of plain text"))
            return ""
        if required and not value.strip():
            self.wrong(key, Complaint(f"{key} is missing" if key not in self._values else "empty"))
        return value.strip()

    def mapping(self, key: str, form: str) -> Mapping[str, Any]:
        """Return an inner table; empty where it is left out or wrong."""
        value = self._values.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(key, Complaint(f"{_plain(value)} is no table", form))
        return {}

    def tables(self, key: str, form: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the tables of a list with their numbers, from 1."""
        values = self._values.get(key, [])
        if not isinstance(values, list):
            self.wrong(key, Complaint("this is no list of tables", form))
            return
        for number, value in enumerate(values, start=1):
            if isinstance(value, dict):
                yield number, value
            else:
                self.wrong(key, Complaint(f"entry {number} is no table", form))

    def quantity(self, key: str) -> Span | None:
        """Return a quantity; ``None`` where it is missing or wrong."""
        value = self._values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        hint = about_quantity(value) if isinstance(value, str) else ""
        return self._parsed(key, value, Span.parse, _QUANTITY, hint, required=True)

    def dates(self, key: str) -> DateSpan | None:
        """Return a day or a span of days; ``None`` where it is left out or wrong."""
        value = self._values.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return DateSpan.on(value)
        hint = about_date(value)[1] if isinstance(value, str) else ""
        return self._parsed(key, value, DateSpan.parse, _DATES, hint)

    def day(self, key: str) -> date | None:
        """Return a day; ``None`` where it is left out or wrong."""
        value = self._values.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        hint = about_date(value)[1] if isinstance(value, str) else ""
        return self._parsed(key, value, parse_date, _DAY, hint)

    def _parsed(
        self,
        key: str,
        value: object,
        parse: Callable[[str], _T],
        expected: str,
        hint: str,
        *,
        required: bool = False,
    ) -> _T | None:
        if value is None:
            if required:
                self.wrong(key, Complaint(f"{key} is missing", expected))
            return None
        if not isinstance(value, str):
            self.wrong(key, Complaint(f"{_plain(value)} cannot be read", expected))
            return None
        try:
            return parse(value)
        except ValueError as error:
            self.wrong(key, Complaint(shown(str(error), most=160), "" if hint else expected, hint))
            return None

    def status(self, key: str) -> Status:
        """Return a holding status; ``overall`` where it is left out or wrong."""
        return self.status_named(key, self.text(key)) or Status.OVERALL

    def status_named(self, key: str, text: str) -> Status | None:
        """Return the status that a text means, ``overall`` for none; ``None`` where wrong."""
        if not text:
            return Status.OVERALL
        meaning = spellings.STATUSES.read(text)
        if meaning is None:
            expected = f"one of {', '.join(status.value for status in Status)}"
            hint = spellings.STATUSES.suggest(text) if len(text) <= _LONGEST_NAME else ""
            message = f"'{shown(text)}' is no status of a holding"
            self.wrong(key, Complaint(message, "" if hint else expected, hint))
            return None
        return Status(meaning)


def _plain(value: object) -> str:
    """Return a value that is no text, as the file has it."""
    return str(value).lower() if isinstance(value, bool) else shown(str(value))
