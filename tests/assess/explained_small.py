"""Explanations under the small agreement, and adding their lines up without code of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from small_law import DAY, TANK, TYPES, gathered

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.explain import explain
from compliance.assess.explained import Account, Explanation
from compliance.assess.standing import Request
from compliance.values.evidence import Background, Evidence
from compliance.values.records import Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis

Bounds = tuple[int | None, int | None]


def explained(
    agreement: Agreement,
    submissions: Iterable[Sequence[Row]],
    *,
    party: str = "serbia",
    category: str = TANK,
    day: date = DAY,
    readings: Iterable[str] = (),
    basis: Basis | None = None,
    accept_stale: bool = False,
) -> Explanation:
    found = gathered(submissions)
    by_then = tuple(d for d in found.declarations if d.as_of.last <= day)
    later = tuple(d for d in found.declarations if d.as_of.last > day)
    who, what = agreement.party(party), agreement.category(category)
    assert who is not None
    assert what is not None
    request = Request(
        as_of=day,
        readings=Readings.from_options(agreement, readings),
        basis=basis,
        accept_stale=accept_stale,
    )
    evidence = Evidence(by_then, found.movements, Background(later))
    return explain(agreement, TYPES.get, None, evidence, request, who, what)


def every(account: Account) -> list[Account]:
    return [account, *(inner for part in account.parts for inner in every(part))]


def bounds(span: Span | None) -> Bounds:
    assert span is not None
    return span.low, span.high


def added(spans: Iterable[Span]) -> Bounds:
    """Add up as a person would: an open side stays open."""
    low: int | None = 0
    high: int | None = 0
    for span in spans:
        low = None if low is None or span.low is None else low + span.low
        high = None if high is None or span.high is None else high + span.high
    return low, high


def cut(found: Bounds) -> Bounds:
    low, high = found
    return max(0, low or 0), None if high is None else max(0, high)


def widest(found: Sequence[Bounds]) -> Bounds:
    lows, highs = [low for low, _ in found], [high for _, high in found]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )
