"""Numbers, rows and spans in words, so that every sentence says them the same way."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.assess.result import EvidenceRow
from compliance.values.dates import span_in_words
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.span import Span
from compliance.values.vocabulary import State, Status


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted, in the singular and the plural, as it stands in a sentence."""

    one: str
    many: str

    def after(self, value: int) -> str:
        """Return the form that follows a number."""
        return self.one if value == 1 else self.many

    def counted(self, value: int) -> str:
        """Return the number with the noun."""
        return f"{number(value)} {self.after(value)}"


def number(value: int) -> str:
    """Return a number with a thousands separator, for people."""
    return f"{value:,}"


def span(value: Span | None) -> str:
    """Return a span for people: ``464``, ``62 to 89``, ``at least 15``, ``unknown``."""
    if value is None or (value.low is None and value.high is None):
        return "unknown"
    if value.high is None:
        return f"at least {number(value.low or 0)}"
    if value.low is None:
        return f"at most {number(value.high)}"
    if value.exact:
        return number(value.low)
    return f"{number(value.low)} to {number(value.high)}"


def holding(item: RecordedHolding) -> str:
    """Return a declared row in words."""
    row = item.row
    quantity = "quantity withheld" if row.withheld else span(row.quantity)
    what = row.type or row.category.replace("_", " ")
    status = "" if row.status is Status.OVERALL else f", {row.status.value.replace('_', ' ')}"
    at = f", at {row.more.site}" if row.more.site else ""
    return f"{quantity} {what}{status}{at}, {span_in_words(row.as_of)} ({row.basis.value})"


def movement(item: RecordedMovement) -> str:
    """Return a movement in words."""
    row = item.row
    planned = ", planned" if row.state is State.PLANNED else ""
    basis = "assumed" if item.assumed else row.basis.value
    return (
        f"{span(row.quantity)} {row.type or row.category}, {row.origin} to {row.destination}, "
        f"{span_in_words(row.date)}{planned} ({basis})"
    )


def evidence(item: RecordedHolding | RecordedMovement) -> EvidenceRow:
    """Return a ledger row as a result shows it."""
    text = holding(item) if isinstance(item, RecordedHolding) else movement(item)
    more = item.row.more
    return EvidenceRow(item.ref, text, item.row.source, more.marking, more.note)


def listed(items: list[str]) -> str:
    """Return ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
