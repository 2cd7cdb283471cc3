"""How a number, a span or a text stands in a cell, for people and for spreadsheets."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from compliance.assess.result import AuditRow
from compliance.values.dates import DateSpan
from compliance.values.names import printable
from compliance.values.said import Brief, BriefMonth, Said, said
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Verdict

UNKNOWN = said("?")

# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def span(value: Span | None) -> Said:
    """Return a span as the files write it, with thousands separated; ``?`` where unknown."""
    if value is None:
        return UNKNOWN
    low, high = value.low, value.high
    if low is not None and high is not None:
        return said("{low}", low=low) if low == high else said("{low}..{high}", low=low, high=high)
    if low is not None:
        return said("{low}..", low=low)
    return UNKNOWN if high is None else said("..{high}", high=high)


def bounds(value: Span | None) -> tuple[str, str]:
    """Return the two bounds of a span as cells of their own; empty where open or unknown."""
    if value is None:
        return "", ""
    return (
        "" if value.low is None else str(value.low),
        "" if value.high is None else str(value.high),
    )


def ceiling(row: AuditRow) -> Said:
    """Return a ceiling; a derived one that was not used stands in brackets with a question mark."""
    if row.ceiling is None and row.ceiling_derived is not None:
        return only_derived(row.ceiling_derived)
    return span(row.ceiling)


def only_derived(value: Span) -> Said:
    """Return a ceiling that derivation gives, and that is not used for a verdict."""
    return said("({span}?)", span=span(value))


def percent(row: AuditRow) -> Said:
    """Return utilisation in percent: to one place where it is one number, else in whole ones."""
    used = row.percent
    if used is None:
        return said("")
    low, high = used
    if low is not None and low == high:
        return said("{share}", share=low)
    return said("{low}..{high}", low=_whole(low), high=_whole(high))


def _whole(share: Decimal | None) -> Decimal | str:
    return "" if share is None else share.to_integral_value(ROUND_HALF_UP)


VERDICTS = {
    Verdict.WITHIN: said("within"),
    Verdict.EXCEEDS: said("EXCEEDS"),
    Verdict.INDETERMINATE: said("cannot tell"),
    Verdict.NOT_BINDING: said("not binding"),
}
"""The verdicts as a table shows them; colour is never the only signal."""


def verdict(row: AuditRow) -> Said:
    """Return the verdict in words for a table."""
    return verdict_in_words(row.verdict, conditional=row.conditional)


def verdict_in_words(found: Verdict, *, conditional: bool) -> Said:
    """Return a verdict in words for a table.

    Args:
        found: the verdict.
        conditional: it holds only under readings that the reader closed.
    """
    word = VERDICTS[found]
    return said("{verdict}, conditional", verdict=word) if conditional else word


def basis(row: AuditRow) -> Said:
    """Return the word for the basis of the figure in use; ``none`` where there is no figure."""
    return basis_in_words(row.basis) if row.basis else said("none")


def basis_in_words(text: str) -> Said:
    """Return the word for a basis, or for ``mixed``."""
    return said("mixed") if text == "mixed" else Basis(text).word


def valid_on(row: AuditRow) -> Said:
    """Return the date of the declaration in use, as briefly as it can be said; ``old`` if so."""
    if row.declared_as_of is None:
        return said("")
    return dated(row.declared_as_of, old=row.stale)


def dated(dates: DateSpan, *, old: bool) -> Said:
    """Return days as briefly as it can be said, and whether a figure of them is too old."""
    return said("{days} (old)", days=brief(dates)) if old else brief(dates)


def brief(dates: DateSpan) -> Said:
    """Return a span of days as briefly as it can be said in figures."""
    first, last = dates.first, dates.last
    if dates.exact:
        return said("{day}", day=Brief.of(first))
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months and (first.month, last.month) == (1, 12):
        if first.year == last.year:
            return said("{year}", year=str(first.year))
        return said("{first}..{last}", first=str(first.year), last=str(last.year))
    if whole_months and (first.year, first.month) == (last.year, last.month):
        return said("{month}", month=BriefMonth.of(first))
    return said("{first}..{last}", first=Brief.of(first), last=Brief.of(last))


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = printable(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
