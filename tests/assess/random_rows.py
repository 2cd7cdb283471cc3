"""Random ledgers for the tests of counting: small numbers, few days, so that things meet."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from small_law import ACV, PARTIES, PARTS, TANK, TYPES, WHOLE

from compliance.values.dates import DateSpan
from compliance.values.records import Account, Holding, Movement, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

_FIRST = date(2020, 1, 1)
_DAYS = st.integers(0, 8).map(lambda n: _FIRST + timedelta(days=30 * n))
DAYS = _DAYS.map(lambda day: day + timedelta(days=45))
_DATES = st.one_of(
    _DAYS.map(DateSpan.on),
    _DAYS.map(DateSpan.on),
    st.tuples(_DAYS, _DAYS).map(lambda pair: DateSpan(min(pair), max(pair))),
)
_EXACT = st.integers(0, 9).map(Span.exactly)
QUANTITIES = st.one_of(
    _EXACT,
    _EXACT,
    _EXACT,
    st.tuples(st.integers(0, 9), st.integers(1, 2)).map(lambda p: Span(p[0], p[0] + p[1])),
    st.integers(0, 9).map(Span.at_least),
)
_TYPES = st.sampled_from(["", "", "Mystery", *TYPES])
_STATUSES = st.sampled_from(
    [
        Status.OVERALL,
        Status.OVERALL,
        Status.OVERALL,
        Status.IN_SERVICE,
        Status.STORED,
        Status.RESEARCH_DEVELOPMENT,
        Status.HISTORICAL_COLLECTION,
        Status.DECOMMISSIONED,
        Status.AWAITING_EXPORT,
    ]
)
_BASES = st.sampled_from(Basis)
_OUTSIDE = st.sampled_from(["@production", "@import:France", "@lost", "@reduced:destroyed"])


@st.composite
def declarations(draw: st.DrawFn, parties: tuple[str, ...] = PARTIES) -> list[Row]:
    party, basis, as_of = draw(st.sampled_from(parties)), draw(_BASES), draw(_DATES)
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from([TANK, TANK, ACV, "none"]),
                _TYPES,
                _STATUSES,
                QUANTITIES,
                st.integers(0, 9).map(lambda n: n == 0),
            ),
            min_size=1,
            max_size=4,
        )
    )
    return [
        Holding(
            party,
            as_of,
            basis,
            category,
            type,
            status,
            Span.at_least(0) if withheld else quantity,
            "a source",
            withheld,
        )
        for category, type, status, quantity, withheld in rows
    ]


def _accounts(parties: tuple[str, ...]) -> st.SearchStrategy[Account]:
    return st.one_of(
        st.builds(Account, st.sampled_from(parties), _STATUSES), _OUTSIDE.map(Account.parse)
    )


def movements(parties: tuple[str, ...] = PARTIES) -> st.SearchStrategy[Movement]:
    return st.builds(
        Movement,
        date=_DATES,
        type=_TYPES,
        category=st.sampled_from([TANK, TANK, ACV, "none", ""]),
        quantity=QUANTITIES,
        origin=_accounts(parties),
        destination=_accounts(parties),
        state=st.sampled_from([State.DONE, State.DONE, State.PLANNED]),
        basis=_BASES,
        source=st.just("a source"),
    )


# One party has most of the rows, so that they meet.
_UNEVEN = ("serbia", "serbia", "serbia", "croatia")


def ledgers(
    parties: tuple[str, ...] = _UNEVEN, *, most: int = 3
) -> st.SearchStrategy[list[list[Row]]]:
    """Submissions of one declaration or some movements each: no two share day, basis and order."""
    return st.tuples(
        st.lists(declarations(parties), max_size=most),
        st.lists(movements(parties), max_size=most),
    ).map(lambda pair: [*pair[0], *([movement] for movement in pair[1])])


EVERYBODY = (*PARTIES, WHOLE, *PARTS)
READINGS = st.fixed_dictionaries(
    {},
    optional={
        "party-claims": st.sampled_from(["accepted", "rejected"]),
        "row-or-catalogue": st.sampled_from(["row", "catalogue"]),
        "light-tanks": st.sampled_from(["tank", "other"]),
        "rd": st.sampled_from(["excluded", "counted"]),
    },
)
