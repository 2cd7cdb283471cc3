"""Small agreements whose ceilings change, begin to bind, and are not known for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from small_law import ACV, TANK, WHOLE, cited, held, law, limit, moved

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import CeilingGap, Period
from compliance.values.records import Row
from compliance.values.vocabulary import Basis, LawStatus


def _changing() -> Agreement:
    first = limit("serbia", TANK, 12)
    return replace(
        law(
            replace(first, period=Period(first.period.start, date(2020, 5, 10))),
            replace(first, value=first.value, period=Period(date(2020, 6, 20), date(2020, 8, 1))),
            replace(
                limit("serbia", TANK, "7..9", binding_from=date(2020, 10, 3)),
                period=Period(date(2020, 8, 1)),
            ),
            limit(
                "croatia", TANK, 5, status=LawStatus.DERIVED, question="derived", accepting="use"
            ),
            limit(WHOLE, TANK, 20),
            limit(WHOLE, ACV, 4),
            limit("serbia", ACV, 6),
        ),
        ceiling_gaps=(
            CeilingGap(
                Period(date(2020, 5, 10), date(2020, 6, 20)),
                "nobody knows",
                cited(),
                ("serbia",),
                (TANK,),
            ),
        ),
    )


def _parted() -> Agreement:
    """The whole is the sum of its parts only for a time."""
    base = _changing()
    return replace(
        base,
        parties=tuple(
            replace(p, part_period=Period(p.part_period.start, date(2020, 7, 7)))
            if p.part_period
            else p
            for p in base.parties
        ),
    )


LAWS = (
    law(limit("serbia", TANK, 12), limit("croatia", TANK, 5), limit(WHOLE, TANK, 20)),
    _changing(),
    _parted(),
)

FEDERATION, SRPSKA = "federation", "srpska"
RICH: tuple[list[Row], ...] = (
    [held(8), held(3, category=ACV), moved(2, "T-55", date="2020-02-11..2020-04-17")],
    [held("5..6", party=FEDERATION), held(2, category=ACV, party=FEDERATION, as_of="2020-01-09")],
    [held(4, party=SRPSKA, as_of="2019-03-05"), held(30, party=WHOLE, basis=Basis.PRESS)],
    # Inspectors saw more than was declared, and one Party has declared nothing.
    [held(11, as_of="2020-01-20", basis=Basis.OBSERVED, source="an inspection")],
    [
        moved(3, "T-55", date="2020-03-03..2020-11-27", origin="serbia", destination=FEDERATION),
        moved(6, "T-55", date="2020-05-21", destination="croatia"),
        moved(1, "M-80", date="2020-04-04..2020-07-19", category=ACV, destination=SRPSKA),
        moved(4, "T-55", date="2020-08-08", origin="serbia", destination="@reduced:destroyed"),
    ],
)
"""A ledger in which everything happens on days of its own."""
LATER: tuple[list[Row], ...] = (
    *RICH,
    [held(7, party=SRPSKA, as_of="2020-06-13"), held(9, as_of="2020-09-22..2020-09-24")],
)
"""The same, with declarations that come into use later."""
