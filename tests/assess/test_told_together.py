"""What is found once for many movements is what would be found for each alone."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from small_law import ACV, TANK, TYPES, law, limit

from compliance.agreement.select import Readings
from compliance.assess.count import Counter
from compliance.assess.gathered import together
from compliance.values.dates import DateSpan
from compliance.values.evidence import OTHERS, RecordedMovement
from compliance.values.records import Account, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

LAW = law(limit("serbia", TANK, 12), limit("croatia", TANK, 5))
YEAR = DateSpan(date(2020, 1, 1), date(2020, 12, 31))

_ACCOUNTS = st.one_of(
    st.builds(
        Account,
        st.sampled_from(["serbia", "croatia"]),
        st.sampled_from([Status.OVERALL, Status.STORED, Status.RESEARCH_DEVELOPMENT]),
    ),
    st.sampled_from([OTHERS, Account(place="@lost")]),
)
_BASES = st.sets(st.sampled_from(Basis), min_size=1, max_size=3).map(
    lambda found: tuple(basis for basis in Basis if basis in found)
)


def _counter() -> Counter:
    return Counter(LAW, TYPES.get, Readings())


def _group(
    origin: Account,
    destination: Account,
    bases: tuple[Basis, ...],
    *,
    type: str = "M-84",
    category: str = TANK,
    assumed: bool = False,
    name: str = "2@a",
) -> RecordedMovement:
    row = Movement(
        *(YEAR, type, category, Span.exactly(2), origin, destination, State.DONE, bases[-1]),
        source="synthetic",
    )
    several = bases if len(bases) > 1 else ()
    return RecordedMovement(name, row, assumed=assumed, many=2, bases=several)


_GROUPS = st.builds(
    _group,
    _ACCOUNTS,
    _ACCOUNTS,
    _BASES,
    type=st.sampled_from(["M-84", "Light", "Mystery", ""]),
    category=st.sampled_from([TANK, ACV]),
    assumed=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_GROUPS, min_size=2, max_size=12))
def test_a_movement_bears_the_same_whatever_was_asked_about_before(
    groups: list[RecordedMovement],
) -> None:
    counter = _counter()
    for item in groups:
        for party in ("serbia", "croatia"):
            for category in (TANK, ACV):
                asked = item, party, category, None, YEAR.last
                assert counter.change(*asked) == _counter().change(*asked)


def test_groups_are_put_together_where_their_bases_weigh_alike() -> None:
    serbia, stored = Account("serbia"), Account("serbia", Status.STORED)
    # The same accounts, not only equal ones, as the ledger gives them.
    said = [
        (OTHERS, serbia, Basis.DECLARED),
        (OTHERS, serbia, Basis.OFFICIAL),
        (OTHERS, serbia, Basis.PRESS),
        (serbia, OTHERS, Basis.DECLARED),
        (serbia, OTHERS, Basis.OFFICIAL),
        (OTHERS, stored, Basis.DECLARED),
        (stored, OTHERS, Basis.DECLARED),
    ]
    items = [_group(a, b, (basis,), name=f"2@{n}") for n, (a, b, basis) in enumerate(said)]
    found = together(items, ["serbia"], TANK, _counter(), folded=True)
    assert [(item.row.origin, item.row.destination, item.bases, item.many) for item in found] == [
        (OTHERS, serbia, (Basis.DECLARED, Basis.OFFICIAL), 4),
        (OTHERS, serbia, (), 2),
        (serbia, OTHERS, (), 2),
        (serbia, OTHERS, (), 2),
        (OTHERS, stored, (), 2),
        (stored, OTHERS, (), 2),
    ]
    assert [item.row.basis for item in found] == [
        *(Basis.OFFICIAL, Basis.PRESS, Basis.DECLARED, Basis.OFFICIAL, Basis.DECLARED),
        Basis.DECLARED,
    ]
