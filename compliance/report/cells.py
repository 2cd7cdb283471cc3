"""How a number, a span or a text stands in a cell, for people and for spreadsheets."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from compliance.assess.result import AuditRow
from compliance.values.dates import DateSpan
from compliance.values.names import printable
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict

UNKNOWN = "?"

# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def span(value: Span | None) -> str:
    """Return a span as the files write it, with thousands separated; ``?`` where unknown."""
    if value is None or (value.low is None and value.high is None):
        return UNKNOWN
    if value.exact:
        return f"{value.low:,}"
    low = "" if value.low is None else f"{value.low:,}"
    high = "" if value.high is None else f"{value.high:,}"
    return f"{low}..{high}"


def bounds(value: Span | None) -> tuple[str, str]:
    """Return the two bounds of a span as cells of their own; empty where open or unknown."""
    if value is None:
        return "", ""
    return (
        "" if value.low is None else str(value.low),
        "" if value.high is None else str(value.high),
    )


def ceiling(row: AuditRow) -> str:
    """Return a ceiling; a derived one that was not used stands in brackets with a question mark."""
    if row.ceiling is None and row.ceiling_derived is not None:
        return f"({span(row.ceiling_derived)}?)"
    return span(row.ceiling)


def percent(row: AuditRow) -> str:
    """Return utilisation in percent: to one place where it is one number, else in whole ones."""
    used = row.percent
    if used is None:
        return ""
    low, high = used
    if low is not None and low == high:
        return str(low)
    return f"{_whole(low)}..{_whole(high)}"


def _whole(share: Decimal | None) -> str:
    return "" if share is None else str(int(share.to_integral_value(ROUND_HALF_UP)))


VERDICTS = {
    Verdict.WITHIN: "within",
    Verdict.EXCEEDS: "EXCEEDS",
    Verdict.INDETERMINATE: "cannot tell",
    Verdict.NOT_BINDING: "not binding",
}
"""The verdicts as a table shows them; colour is never the only signal."""


def verdict(row: AuditRow) -> str:
    """Return the verdict in words for a table."""
    text = VERDICTS[row.verdict]
    return f"{text}, conditional" if row.conditional else text


def valid_on(row: AuditRow) -> str:
    """Return the date of the declaration in use, as briefly as it can be said; ``old`` if so."""
    if row.declared_as_of is None:
        return ""
    return f"{brief(row.declared_as_of)}{' (old)' if row.stale else ''}"


def brief(dates: DateSpan) -> str:
    """Return a span of days as briefly as it can be said in figures."""
    first, last = dates.first, dates.last
    if dates.exact:
        return first.isoformat()
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months and (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year}..{last.year}"
    if whole_months and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return str(dates)


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = printable(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
