"""Headroom over the years: no day left out, none told twice, and nothing unknown filled in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from compliance.assess.dossier import Dossier
from compliance.cli import options
from compliance.cli.dossier import dossier
from compliance.cli.world import World
from compliance.values.vocabulary import Verdict

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def world(ledger: Path) -> World:
    return World(db=str(ledger))


def _made(world: World, day: date = DAY, **asked: Any) -> Dossier:
    given: dict[str, Any] = {"parties": (), "categories": (), "readings": (), **asked}
    request = options.request(
        world.law,
        as_of=day,
        known_at=None,
        basis=None,
        accept_stale=given.pop("accept_stale", False),
        **given,
    )
    return dossier(world, request, until=None)


@pytest.fixture(scope="module")
def found(world: World) -> Dossier:
    return _made(world)


def test_the_stretches_follow_each_other_day_by_day(found: Dossier) -> None:
    for one in found.history:
        for before, after in pairwise(one.stretches):
            assert after.first == before.until + timedelta(days=1), one.party
            assert before != after
        assert all(stretch.first <= stretch.until for stretch in one.stretches)


def test_everybody_who_was_a_party_is_told_while_it_was_one(found: Dossier, world: World) -> None:
    told = {one.party: (one.stretches[0].first, one.stretches[-1].until) for one in found.history}
    start = world.law.in_force
    assert told == {
        "bosnia-herzegovina": (start, DAY),
        "croatia": (start, DAY),
        "fr-yugoslavia": (start, date(2006, 6, 2)),
        # When exactly the Entities ceased to be Parties in 2006 is not known.
        "federation-bih": (start, date(2006, 12, 30)),
        "republika-srpska": (start, date(2006, 12, 30)),
        "serbia": (date(2006, 6, 3), DAY),
        "montenegro": (date(2006, 6, 3), DAY),
    }
    assert len(found.history) == 7 * 5


def test_the_last_stretch_is_the_audit(world: World) -> None:
    for day in (DAY, date(2019, 12, 31), date(1998, 12, 31), date(1996, 6, 14)):
        found = _made(world, day)
        last = {(one.party, one.category): one.stretches[-1] for one in found.history}
        assert found.audit.rows
        for row in found.audit.rows:
            stretch = last[row.party, row.category]
            assert stretch.until == day
            assert (stretch.verdict, stretch.ceiling) == (row.verdict, row.ceiling)
            if stretch.counted is not None:
                assert (stretch.counted, stretch.headroom) == (row.counted, row.headroom)
            else:
                assert row.stale or row.declared_as_of is None


def test_what_is_unknown_has_no_number_and_no_verdict(found: Dossier) -> None:
    unknown = [s for one in found.history for s in one.stretches if s.counted is None]
    assert len(unknown) > 50
    assert all(s.headroom is None for s in unknown)
    assert {s.verdict for s in unknown} <= {Verdict.INDETERMINATE, Verdict.NOT_BINDING}


def test_a_figure_fills_its_thirteen_months_and_no_more(found: Dossier) -> None:
    tanks = next(
        one for one in found.history if (one.party, one.category) == ("montenegro", "battle_tank")
    )
    known = [s for s in tanks.stretches if s.counted is not None and s.counted.closed]
    (within,) = known
    assert (within.first, within.until) == (date(2019, 9, 12), date(2020, 10, 12))
    assert (within.counted and within.counted.low, within.headroom and within.headroom.low) == (
        0,
        77,
    )


def test_old_figures_that_are_accepted_go_on(world: World) -> None:
    found = _made(world, accept_stale=True, parties=("montenegro",), categories=("battle_tank",))
    tanks = found.history[-1]
    assert tanks.stretches[-1].counted is not None
    assert tanks.stretches[-1].verdict is Verdict.WITHIN


def test_one_party_brings_its_predecessor(world: World) -> None:
    found = _made(world, parties=("serbia",), categories=("battle_tank",))
    assert [one.party for one in found.history] == ["fr-yugoslavia", "serbia"]


def test_the_answer_counts_what_the_audit_has(found: Dossier) -> None:
    assert (found.answers.total, found.answers.within, found.answers.without) == (20, 0, 20)
    names = {one.party_name for one in found.answers.parties}
    assert all(name in found.answers.headline for name in names)
    by_party = {one.party: one for one in found.answers.parties}
    assert "Over the ceiling on the old figure: attack helicopters" in " ".join(
        by_party["croatia"].why
    )
    assert by_party["serbia"].last == (
        "Known last: battle tanks within on 12 September 2019 (464 of 948)."
    )


def test_treaty_count_and_active_fleet_stand_side_by_side(found: Dossier) -> None:
    tanks = {one.party: one for one in found.fleets if one.category == "battle_tank"}
    assert {party: one.fleets[0].quantity.low for party, one in tanks.items()} == {
        "bosnia-herzegovina": 58,
        "croatia": 75,
        "serbia": 212,
    }
    assert all(one.fleets[0].type == "" for one in tanks.values())
    assert [fleet.type for fleet in tanks["croatia"].fleets] == ["", "M-84"]
    # A count of what is in service is no treaty count to set beside itself.
    assert ("serbia", "armoured_combat_vehicle") not in {
        (one.party, one.category) for one in found.fleets
    }


def test_every_source_is_named_with_its_grade(found: Dossier) -> None:
    used = {row.source for line in found.audit.rows for row in line.rows}
    named = {item.text: item for item in found.figure_sources}
    assert used <= set(named)
    assert all(item.refs and item.used_for for item in named.values())
    assert all(item.text.endswith(f"(grade {item.grade})") for item in named.values() if item.grade)
    assert {item.grade for item in found.law_sources} <= {"A", "B", "C"}
