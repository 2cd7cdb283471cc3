"""Rows of every shape, as Hypothesis makes them, and tables that tests share."""

from __future__ import annotations

from hypothesis import strategies as st

from compliance.values.dates import DateSpan
from compliance.values.records import Account, Holding, Movement, Particulars, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

# Any text that a cell may hold: no control characters, no direction overrides, no surrogates,
# and no outer spaces, which a reader takes off.
_ALPHABET = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Cs", "Zl", "Zp"],
    exclude_characters="\u200e\u200f\ufffe\uffff",
).filter(lambda char: not ("\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"))
TEXT = st.text(_ALPHABET, max_size=30).map(str.strip)
_FILLED = TEXT.filter(bool)
_DATES = st.tuples(st.dates(), st.dates()).map(lambda two: DateSpan(min(two), max(two)))
_COUNT = st.integers(0, 999_999_999)
_SPANS = st.one_of(
    _COUNT.map(Span.exactly),
    _COUNT.map(Span.at_least),
    st.tuples(_COUNT, _COUNT).map(lambda two: Span(min(two), max(two))),
)
_PARTIES = st.sampled_from(["serbia", "croatia", "montenegro", "kosovo"])
_CATEGORIES = st.sampled_from(["battle_tank", "artillery", "combat_aircraft", "none"])
_MORE = st.builds(
    Particulars,
    note=TEXT,
    ref=TEXT,
    stated_by=TEXT,
    subcategory=TEXT,
    unit=TEXT,
    site=TEXT,
    marking=TEXT,
    corrects=st.sampled_from(["", "3f9a2b7c:2", "3f9a2b7c81d0:400"]),
)
HOLDINGS = st.builds(
    Holding,
    party=_PARTIES,
    as_of=_DATES,
    basis=st.sampled_from(Basis),
    category=_CATEGORIES,
    type=TEXT,
    status=st.sampled_from(Status),
    quantity=_SPANS,
    source=_FILLED,
    more=_MORE,
)
WITHHELD = HOLDINGS.map(
    lambda row: Holding(
        row.party,
        row.as_of,
        row.basis,
        row.category,
        row.type,
        row.status,
        Span.at_least(0),
        row.source,
        withheld=True,
        more=row.more,
    )
)
_ACCOUNTS = st.builds(Account, party=_PARTIES, status=st.sampled_from(Status))
_ORIGINS = st.sampled_from(["@import", "@import:France", "@production"]).map(
    lambda place: Account(place=place)
)
_DESTINATIONS = st.sampled_from(["@export:Cyprus", "@reduced:destroyed", "@lost"]).map(
    lambda place: Account(place=place)
)
_SIDES = st.one_of(
    st.tuples(_ACCOUNTS, _ACCOUNTS).filter(lambda two: two[0] != two[1]),
    st.tuples(_ORIGINS, _ACCOUNTS),
    st.tuples(_ACCOUNTS, _DESTINATIONS),
)
MOVEMENTS = st.builds(
    lambda sides, **rest: Movement(origin=sides[0], destination=sides[1], **rest),
    sides=_SIDES,
    date=_DATES,
    type=TEXT,
    category=_CATEGORIES,
    quantity=_SPANS.filter(lambda span: span.high != 0),
    state=st.sampled_from(State),
    basis=st.sampled_from(Basis),
    source=_FILLED,
    more=_MORE,
)

ANY_HOLDINGS = st.lists(st.one_of(HOLDINGS, WITHHELD), min_size=1, max_size=4)
ANY_MOVEMENTS = st.lists(MOVEMENTS, min_size=1, max_size=4)


def mixed(rows: list[Row]) -> bool:
    """True where there are holdings and movements."""
    return len({type(row) for row in rows}) > 1
