"""Dates and spans of dates. A day always means the whole day; "as of D" is the end of day D."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from compliance.values.frozen import frozen
from compliance.values.said import Month, Said, said

_ISO = r"\d{4}-\d{2}-\d{2}"


def parse_date(text: str) -> date:
    """Read one day, ``2019-12-31``.

    Raises:
        ValueError: the text is not such a day; the message says what was expected.
    """
    text = text.strip()
    if re.fullmatch(_ISO, text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"'{text}' is not a day of the calendar: {error}") from None
    hint = ""
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text):
        hint = "; day and month could be either way round, so it is not guessed"
    raise ValueError(f"'{text}' is no date: write YYYY-MM-DD{hint}")


@frozen
class DateSpan:
    """All days from ``first`` to ``last``, both included; written ``2028-01-01..2030-12-31``."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a span of dates cannot run from {self.first} back to {self.last}")

    def __lt__(self, other: DateSpan) -> bool:
        """Order spans by their first day, then by their last."""
        return (self.first, self.last) < (other.first, other.last)

    @classmethod
    def on(cls, day: date) -> DateSpan:
        """Return the span of one day."""
        return cls(day, day)

    @classmethod
    def parse(cls, text: str) -> DateSpan:
        """Read ``2019-12-31`` or ``2028-01-01..2030-12-31``.

        Raises:
            ValueError: the text is neither; the message says what was expected.
        """
        first, dots, last = text.partition("..")
        if not dots:
            return cls.on(parse_date(first))
        start, end = parse_date(first), parse_date(last)
        if start > end:
            raise ValueError(f"'{text}' runs backwards: write the earlier day first")
        return cls(start, end)

    @property
    def exact(self) -> bool:
        """True where the span is one day."""
        return self.first == self.last

    def __str__(self) -> str:
        return str(self.first) if self.exact else f"{self.first}..{self.last}"


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month.

    Beyond the calendar's end it is the calendar's last day.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, _month_end(date(year, month + 1, 1)).day))


def in_words(day: date) -> Said:
    """Return a day for people: ``12 September 2019``."""
    return said("{day}", day=day)


# Rows of one declaration share their dates, and so do very many movements.
@lru_cache(maxsize=1024)
def span_in_words(span: DateSpan) -> Said:
    """Return a span of days for people, as briefly as it can be said."""
    if span.exact:
        return in_words(span.first)
    if span.first.day == 1 and span.last == _month_end(span.last):
        if span.first.month == 1 and span.last.month == 12 and span.first.year == span.last.year:
            return said("{year}", year=str(span.first.year))
        if (span.first.year, span.first.month) == (span.last.year, span.last.month):
            return said("{month}", month=Month.of(span.first))
    return said("{first} to {last}", first=span.first, last=span.last)


def _month_end(day: date) -> date:
    if day.month == 12:
        return day.replace(day=31)
    return day.replace(month=day.month + 1, day=1) - timedelta(days=1)
