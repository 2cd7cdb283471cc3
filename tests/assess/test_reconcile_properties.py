"""Every line of a reconciliation adds up, and no possible world lies outside it.

The worlds are those of ``possible_worlds``: plain numbers, nothing of the program's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from possible_worlds import MANY, World, _answers, _bases, _effects
from random_rows import READINGS, declarations, movements
from small_law import PARTIES, TANK, TYPES, audited, gathered, law, row_of

from compliance.agreement.select import Readings
from compliance.assess.reconcile import Reconciled, Reconciliation, reconcile
from compliance.assess.standing import Request
from compliance.values.evidence import Evidence
from compliance.values.records import Holding, Movement, Row
from compliance.values.span import hull
from compliance.values.vocabulary import Basis

LAW = law()
Ledger = list[list[Row]]
OWN = (Basis.DECLARED, Basis.NOTIFIED)


def _meet(submissions: Ledger) -> Ledger:
    """Put all declarations in one party's two chains, so that many follow each other."""
    return [
        [
            replace(
                row,
                party="serbia",
                basis=Basis.RELAYED if row.basis.rank > 3 else OWN[row.basis.rank % 2],
            )
            if isinstance(row, Holding)
            else row
            for row in rows
        ]
        for rows in submissions
    ]


def dense(most: int) -> st.SearchStrategy[Ledger]:
    """Ledgers of two declarations at least, and a movement."""
    parties = ("serbia", "serbia", "croatia")
    return st.tuples(
        st.lists(declarations(parties), min_size=2, max_size=most),
        st.lists(movements(parties), min_size=1, max_size=most),
    ).map(lambda pair: _meet([*pair[0], *([movement] for movement in pair[1])]))


def compared(submissions: Ledger, closed: Mapping[str, str]) -> Reconciliation:
    readings = Readings.from_options(LAW, [f"{q}={a}" for q, a in closed.items()])
    request = Request(as_of=date.max, readings=readings, parties=PARTIES)
    return reconcile(LAW, TYPES.get, gathered(submissions), request)


def whole_pairs(found: Reconciliation) -> Iterator[list[Reconciled]]:
    """Yield the cases of each pair of declarations of a whole category."""
    rows = [row for row in found.rows if not row.type]
    for _, cases in itertools.groupby(
        rows, key=lambda r: (r.party, r.category, r.opened.rows, r.closed.rows)
    ):
        yield list(cases)


def places(row: Reconciled) -> tuple[int, int]:
    """Return the numbers of the two submissions, from zero."""
    return tuple(  # type: ignore[return-value]
        int(statement.rows[0].ref.removeprefix("submission-").partition(":")[0]) - 1
        for statement in (row.opened, row.closed)
    )


def _minus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _sum(numbers: Sequence[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


@settings(max_examples=100)
@given(submissions=dense(4), closed=READINGS)
def test_every_line_adds_up_on_both_bounds(submissions: Ledger, closed: dict[str, str]) -> None:
    found = compared(submissions, closed)
    for row in found.rows:
        balance = row.balance
        came, left = balance.increases.values(), balance.decreases.values()
        for kinds, lines in ((came, "increase"), (left, "decrease")):
            for side in ("low", "high"):
                parts = [getattr(getattr(m, lines), side) for m in balance.moved]
                assert _sum([getattr(k, side) for k in kinds]) == _sum(parts)
        opening, book, unexplained = balance.opening, balance.book, balance.unexplained
        lows, highs = (
            [m.increase.low for m in balance.moved],
            [m.increase.high for m in balance.moved],
        )
        out = [m.decrease for m in balance.moved]
        assert book.low == _minus(_sum([opening.low, *lows]), _sum([o.high for o in out]))
        assert book.high == _minus(_sum([opening.high, *highs]), _sum([o.low for o in out]))
        assert unexplained.low == _minus(balance.declared.low, book.high)
        assert unexplained.high == _minus(balance.declared.high, book.low)


@settings(max_examples=80)
@given(submissions=dense(4), closed=READINGS)
def test_the_book_is_what_an_audit_counts_from_the_earlier_declaration(
    submissions: Ledger, closed: dict[str, str]
) -> None:
    every = gathered(submissions)
    readings = [f"{q}={a}" for q, a in closed.items()]
    for cases in whole_pairs(compared(submissions, closed)):
        first, second = (
            next(d for d in every.declarations if d.order == place + 1)
            for place in places(cases[0])
        )
        if not second.as_of.exact or second.as_of.first < first.as_of.last:
            continue
        day, party, category = second.as_of.last, cases[0].party, cases[0].category
        for declaration, between, spans in (
            (first, every.movements, [case.balance.book for case in cases]),
            (second, (), [case.balance.declared for case in cases]),
        ):
            audit = audited(LAW, Evidence((declaration,), between), day=day, readings=readings)
            assert row_of(audit, party, category).counted == hull(spans).cut_at_zero()


def _differences(submissions: Ledger, row: Reconciled, world: World) -> tuple[int, int]:
    """Return the lowest and the highest difference in a world."""
    first, second = (
        [r for r in submissions[place] if isinstance(r, Holding)] for place in places(row)
    )
    old, new = first[0].as_of, second[0].as_of
    opening, declared = (list(_bases(rows, row.category, world)) for rows in (first, second))
    low, high = min(declared) - max(opening), max(declared) - min(opening)
    for movement in itertools.chain(*submissions):
        if not isinstance(movement, Movement):
            continue
        if row.party not in (movement.origin.party, movement.destination.party):
            continue
        args = (row.party, row.category, new.last, world)
        effects = _effects(movement, first, *args)
        if movement.date.last > new.first and new.first != new.last:
            effects = [0, *effects]
        if (
            new.first < old.last
            and movement.date.last > new.first
            and movement.date.first <= old.last
        ):
            # The later figure may be the earlier one: then the movement works backwards.
            effects = [0, *effects, *(-effect for effect in _effects(movement, second, *args))]
            if movement.date.last > old.first:
                effects += [-effect for effect in _effects(movement, first, *args)]
        low, high = low - max(effects), high - min(effects)
    return low, high


def _compare(submissions: Ledger, closed: Mapping[str, str]) -> None:
    for cases in whole_pairs(compared(submissions, closed)):
        found = hull(case.balance.unexplained for case in cases)
        differences = [_differences(submissions, cases[0], world) for world in _answers(closed)]
        low, high = min(low for low, _ in differences), max(high for _, high in differences)
        assert found.low == (None if low < -MANY // 2 else low)
        assert found.high == (None if high > MANY // 2 else high)


@settings(max_examples=150)
@given(submissions=dense(4), closed=READINGS)
def test_the_difference_is_that_of_all_possible_worlds(
    submissions: Ledger, closed: dict[str, str]
) -> None:
    _compare(submissions, closed)


@pytest.mark.long
@settings(max_examples=3000)
@given(submissions=dense(7), closed=READINGS)
def test_the_difference_is_that_of_all_possible_worlds_at_length(
    submissions: Ledger, closed: dict[str, str]
) -> None:
    _compare(submissions, closed)


def _rank(row: Holding) -> int:
    order = ["declared", "relayed", "observed", "official", "estimate", "press"]
    return order.index("declared" if row.basis.value == "notified" else row.basis.value)


@settings(max_examples=100)
@given(submissions=dense(8))
def test_each_declaration_is_compared_with_the_next_of_its_rank(submissions: Ledger) -> None:
    expected: set[tuple[str, int, int]] = set()
    for party, rank in itertools.product(PARTIES, range(2)):
        chain = []
        for number, rows in enumerate(submissions):
            own = [r for r in rows if isinstance(r, Holding) and r.category == TANK]
            # Only totals or own statements, which are always compared as a whole.
            if own and own[0].party == party and _rank(own[0]) == rank:
                chain.append((own[0].as_of.last, own[0].as_of.first, number))
        chain.sort()
        expected |= {(party, a[2], b[2]) for a, b in itertools.pairwise(chain)}
    found = {
        (cases[0].party, *places(cases[0]))
        for cases in whole_pairs(compared(submissions, {}))
        if cases[0].category == TANK
    }
    assert found <= expected
    own_words = {pair for pair in expected if _rank(_first(submissions, pair[1])) == 0}
    assert own_words <= found


def _first(submissions: Ledger, number: int) -> Holding:
    return next(row for row in submissions[number] if isinstance(row, Holding))
