"""Says what a text that is no date or no quantity may have been meant to be. Guesses nothing."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from compliance.values.dates import in_words

_NUMERIC = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})\.?", re.ASCII)
_LOOSE_ISO = re.compile(r"(\d{4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,2})\.?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*", re.ASCII)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 32874, 73050
"""1 January 1990 and 31 December 2099: the days a file of this kind may speak of."""

_YEAR = re.compile(r"(\d{4})\.?", re.ASCII)
_MONTH = re.compile(r"(?P<year>\d{4})\s*[./-]\s*(?P<month>\d{1,2})\.?", re.ASCII)
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})\s*[./-]\s*(?P<year>\d{4})\.?", re.ASCII)

_NEGATIVE = re.compile(r"[-−]\s*\d+", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}([., '\u00a0\u202f]\d{3})+", re.ASCII)
_DASHED = re.compile(r"(\d{1,9})\s*[-–—]\s*(\d{1,9})", re.ASCII)
_AT_LEAST = re.compile(r"(?:>=|≥)\s*(\d{1,9})|(\d{1,9})\s*\+", re.ASCII)


def about_date(text: str) -> tuple[str, str]:
    """Return what is particular about a text that is no date, and what to write; both may be empty.

    A text that could be two days is told with both. Spreadsheets count days from 1900; such a
    number is told with its day.
    """
    match = _NUMERIC.fullmatch(text)
    if match:
        return _numeric(int(match[1]), int(match[2]), match[3])
    match = _WITH_TIME.fullmatch(text)
    if match:
        return "a day is wanted, without the time of day", f"write {match[1]}"
    match = _LOOSE_ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        return "", f"write {day}" if day else ""
    match = _YEAR.fullmatch(text)
    if match:
        return "", _unknown_day(int(match[1]), 1, 12)
    match = _MONTH.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if match:
        return "", _unknown_day(int(match["year"]), int(match["month"]), int(match["month"]))
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
        day = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return (
            f"as a spreadsheet's count of days from 1900 it would be {in_words(day)}",
            f"write {day} if that day is meant",
        )
    return "", ""


def _numeric(first: int, second: int, year: str) -> tuple[str, str]:
    if len(year) == 2:
        return "day and month could be either way round, and the year has two digits", ""
    days = [_day(int(year), second, first), _day(int(year), first, second)]
    possible = list(dict.fromkeys(day for day in days if day))
    if len(possible) == 2:
        one, other = possible
        return (
            f"it is {in_words(one)} or {in_words(other)}: day and month could be either way "
            "round, so it is not guessed",
            f"write {one} or {other}",
        )
    return "", f"write {possible[0]}" if possible else ""


def _unknown_day(year: int, month: int, last_month: int) -> str:
    """Return what to write where a month or a year is given, or nothing where there is none."""
    first = _day(year, month, 1)
    if first is None:
        return ""
    last = first.replace(month=last_month, day=calendar.monthrange(year, last_month)[1])
    return f"write the day, or {first}..{last} if it is not known"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def about_quantity(text: str) -> str:
    """Return what to write for a text that is no quantity, or nothing."""
    if not text.isascii() and text.isdigit():
        return "write it in the digits 0 to 9"
    if _NEGATIVE.fullmatch(text):
        return "write what left a party as a movement from it"
    match = _DASHED.fullmatch(text)
    if match and int(match[1]) <= int(match[2]):
        return f"write {match[1]}..{match[2]} if a span is meant"
    match = _AT_LEAST.fullmatch(text)
    if match:
        return f"write {match[1] or match[2]}.. if 'at least' is meant"
    if _THOUSANDS.fullmatch(text):
        return (
            f"write {re.sub(r'[^0-9]', '', text)} if thousands are separated, which is not guessed"
        )
    return ""
