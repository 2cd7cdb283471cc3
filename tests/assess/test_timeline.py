"""Between two turning days nothing changes: compared with every single day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from overlay_ground import LATER, LAWS, RICH
from random_rows import EVERYBODY, ledgers
from small_law import ACV, TANK, TYPES, gathered

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.standing import Request, Standing, Standings
from compliance.assess.timeline import turning_days
from compliance.values.records import Row
from compliance.values.vocabulary import Basis

START, UNTIL = date(2019, 12, 20), date(2021, 12, 20)
EVERY_DAY = [START + timedelta(days=n) for n in range((UNTIL - START).days + 1)]


def figures(standing: Standing) -> tuple[object, ...]:
    position, judgement = standing.position, standing.judgement
    return (
        *(position.held, position.not_counted, position.counted, position.judged, position.uncut),
        *(position.basis, position.declared_as_of, position.stale, position.complete),
        *(judgement.ceiling, judgement.derived, judgement.verdict, judgement.conditional),
    )


def compare(
    agreement: Agreement,
    rows: Sequence[Sequence[Row]],
    holder: str,
    basis: Basis | None,
    age_on: date | None,
) -> None:
    readings = Readings.from_options(agreement)
    request = Request(as_of=START, readings=readings, basis=basis, age_on=age_on)
    standings = Standings(agreement, TYPES.get, gathered(rows), request)
    party = agreement.party(holder)
    assert party is not None
    turns = set(turning_days(standings, party, START, UNTIL))
    for category in agreement.categories:
        last: tuple[object, ...] = ()
        for day in EVERY_DAY:
            now = figures(standings.at(party, category, day))
            assert day in turns or now == last, (day, category.id)
            last = now


ASKED = {
    "agreement": st.sampled_from(LAWS),
    "holder": st.sampled_from(EVERYBODY),
    "basis": st.one_of(st.none(), st.sampled_from(Basis)),
    "age_on": st.sampled_from([None, START]),
}


@settings(max_examples=25)
@given(rows=ledgers(EVERYBODY, most=4), **ASKED)
def test_nothing_changes_between_turning_days(
    rows: list[list[Row]],
    agreement: Agreement,
    holder: str,
    basis: Basis | None,
    age_on: date | None,
) -> None:
    compare(agreement, rows, holder, basis, age_on)


@pytest.mark.long
@settings(max_examples=600)
@given(rows=ledgers(EVERYBODY, most=8), **ASKED)
def test_nothing_changes_between_turning_days_at_length(
    rows: list[list[Row]],
    agreement: Agreement,
    holder: str,
    basis: Basis | None,
    age_on: date | None,
) -> None:
    compare(agreement, rows, holder, basis, age_on)


@pytest.mark.parametrize("age_on", [None, START])
@pytest.mark.parametrize("holder", EVERYBODY)
@pytest.mark.parametrize("agreement", LAWS, ids=("plain", "changing", "parted"))
def test_nothing_changes_between_them_where_everything_happens(
    agreement: Agreement, holder: str, age_on: date | None
) -> None:
    for rows in (RICH, LATER):
        compare(agreement, rows, holder, None, age_on)


def test_the_first_day_turns_even_where_nothing_happens() -> None:
    agreement = LAWS[0]
    request = Request(as_of=START, readings=Readings.from_options(agreement))
    standings = Standings(agreement, TYPES.get, gathered([]), request)
    party = agreement.party("serbia")
    assert party is not None
    assert turning_days(standings, party, START, UNTIL) == (START,)
    assert {category.id for category in agreement.categories} == {TANK, ACV}
