"""The shipped open data reads in, keeps its own rules, and says what its sources say."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from compliance.intake.files import read_files
from compliance.intake.rows import Vocabulary
from compliance.intake.write import write_csv
from compliance.values.names import fold
from compliance.values.records import Holding, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

DATA = Path(__file__).parents[2] / "data"
OPEN = DATA / "open"
PARTIES = (
    "serbia",
    "croatia",
    "bosnia-herzegovina",
    "montenegro",
    "fr-yugoslavia",
    "federation-bih",
    "republika-srpska",
)
ACTORS = ("kosovo", "republic-of-serb-krajina")
CATEGORIES = (
    "battle_tank",
    "armoured_combat_vehicle",
    "artillery",
    "combat_aircraft",
    "attack_helicopter",
)


def _catalogue_names() -> frozenset[str]:
    names: set[str] = set()
    for path in sorted((DATA / "catalogue").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("type", []):
            names |= {fold(name) for name in (entry["name"], *entry["aliases"])}
    return frozenset(names)


CATALOGUE = _catalogue_names()
VOCABULARY = Vocabulary(
    resolve_party=lambda text: text if text in PARTIES + ACTORS else None,
    party_ids=PARTIES + ACTORS,
    party_names=PARTIES + ACTORS,
    resolve_category=lambda text: text if text in CATEGORIES else None,
    category_ids=CATEGORIES,
    knows_type=lambda text: fold(text) in CATALOGUE,
)


@pytest.fixture(scope="module")
def holdings() -> list[Holding]:
    rows = read_files([OPEN / "holdings.csv"], VOCABULARY).rows
    return [row for row in rows if isinstance(row, Holding)]


@pytest.fixture(scope="module")
def movements() -> list[Movement]:
    rows = read_files([OPEN / "movements.csv"], VOCABULARY).rows
    return [row for row in rows if isinstance(row, Movement)]


@pytest.fixture(scope="module")
def not_recorded() -> list[dict[str, str]]:
    with (OPEN / "not-recorded.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _held(holdings: list[Holding], party: str, last: date, category: str) -> list[str]:
    return [
        f"{row.type}|{'withheld' if row.withheld else row.quantity}|{row.basis.value}"
        for row in holdings
        if (row.party, row.as_of.last, row.category) == (party, last, category)
    ]


def _moved(movements: list[Movement], designation: str, party: str) -> list[str]:
    return [
        f"{row.date} {row.quantity} {row.origin} {row.destination} {row.state} {row.basis}"
        for row in movements
        if row.type == designation and party in (row.origin.party, row.destination.party)
    ]


def test_the_readme_counts_the_rows(
    holdings: list[Holding], movements: list[Movement], not_recorded: list[dict[str, str]]
) -> None:
    told = dict(re.findall(r"\| `(\S+)` \| (\d+) \|", (OPEN / "README.md").read_text("utf-8")))
    assert told == {
        "holdings.csv": str(len(holdings)),
        "movements.csv": str(len(movements)),
        "not-recorded.csv": str(len(not_recorded)),
    }


def test_the_files_are_as_the_tool_itself_would_write_them(
    holdings: list[Holding], movements: list[Movement]
) -> None:
    assert write_csv(holdings) == (OPEN / "holdings.csv").read_text("utf-8")
    assert write_csv(movements) == (OPEN / "movements.csv").read_text("utf-8")


def test_one_fact_is_one_row(holdings: list[Holding], movements: list[Movement]) -> None:
    held = [(r.party, r.as_of, r.category, r.type, r.status) for r in holdings]
    assert len(held) == len(set(held))
    moved = [(r.date, r.type, r.origin, r.destination) for r in movements]
    assert len(moved) == len(set(moved))


def test_every_row_has_an_address_a_grade_and_somebody_who_states_it(
    holdings: list[Holding], movements: list[Movement]
) -> None:
    for row in (*holdings, *movements):
        assert re.fullmatch(r"[^<>]+( <https?://[^\s<>]+>)+ \(grade [ABC]\)", row.source), row
        assert row.more.stated_by, row


def test_every_uncertain_quantity_says_why(
    holdings: list[Holding], movements: list[Movement]
) -> None:
    for row in (*holdings, *movements):
        if not row.quantity.exact:
            assert row.more.note, row


def test_every_type_is_in_the_catalogue(holdings: list[Holding], movements: list[Movement]) -> None:
    types = {row.type for row in (*holdings, *movements) if row.type}
    assert len(types) == 51
    assert {name for name in types if fold(name) not in CATALOGUE} == set()


def test_a_figure_for_a_type_or_an_active_fleet_is_never_a_total(holdings: list[Holding]) -> None:
    parts = [row for row in holdings if row.type or row.status is not Status.OVERALL]
    assert len(parts) == 37
    for row in parts:
        assert row.quantity.high is None, row


def test_no_figure_here_is_a_partys_own_and_weak_sources_are_not_official(
    holdings: list[Holding], movements: list[Movement]
) -> None:
    for row in (*holdings, *movements):
        assert not row.basis.own_statement, row
        assert not (row.basis is Basis.OFFICIAL and row.source.endswith("(grade C)")), row


@pytest.mark.parametrize(
    ("party", "tanks"),
    [("bosnia-herzegovina", 325), ("croatia", 232), ("serbia", 464), ("montenegro", 0)],
)
def test_tanks_of_2019(party: str, tanks: int, holdings: list[Holding]) -> None:
    on = date(2019, 9, 12)
    assert _held(holdings, party, on, "battle_tank") == [f"|{tanks}|relayed"]


# Typed from the table of Arms Control Today, October 1997: tanks, ACVs, artillery, combat
# aircraft, attack helicopters.
BEFORE_REDUCTIONS = {
    "fr-yugoslavia": (1300, 1000, 4000, 280, 110),
    "croatia": (400, 300, 1700, 20, 30),
    "federation-bih": (135, 80, 1500, 0, 12),
    "republika-srpska": (330, 400, 1600, 40, 30),
}


@pytest.mark.parametrize("party", BEFORE_REDUCTIONS)
def test_estimates_of_1995_are_totals(party: str, holdings: list[Holding]) -> None:
    for category, figure in zip(CATEGORIES, BEFORE_REDUCTIONS[party], strict=True):
        found = _held(holdings, party, date(1995, 12, 31), category)
        assert found == [f"|{figure}|estimate"]


def test_the_last_exchange_before_the_air_campaign_equals_the_ceilings(
    holdings: list[Holding],
) -> None:
    declared = zip(CATEGORIES, (1025, 850, 3750, 155, 53), strict=True)
    for category, figure in declared:
        found = _held(holdings, "fr-yugoslavia", date(1998, 12, 31), category)
        assert found == [f"|{figure}|relayed"]


def test_the_update_of_1999_is_withheld_and_silent_on_two_categories(
    holdings: list[Holding],
) -> None:
    on = date(1999, 9, 30)
    told = {c: _held(holdings, "fr-yugoslavia", on, c) for c in CATEGORIES}
    withheld = ["|withheld|relayed"]
    assert told == {
        "battle_tank": withheld,
        "armoured_combat_vehicle": withheld,
        "combat_aircraft": withheld,
        "artillery": [],
        "attack_helicopter": [],
    }


def test_mig_29_of_serbia(holdings: list[Holding], movements: list[Movement]) -> None:
    assert _held(holdings, "serbia", date(2019, 9, 12), "combat_aircraft") == [
        "MiG-29|10..|relayed"
    ]
    assert _held(holdings, "serbia", date(2020, 9, 9), "combat_aircraft") == [
        "MiG-29|14..|official"
    ]
    assert _moved(movements, "MiG-29", "serbia") == [
        "2017-10-02..2017-10-04 6 @import:Russia serbia done official",
        "2019-01-01..2019-09-12 1 serbia:research_development serbia done relayed",
        "2019-09-13..2020-09-09 4 @import:Belarus serbia done official",
    ]


def test_rafale_of_croatia_and_serbia(movements: list[Movement]) -> None:
    assert _moved(movements, "Rafale", "croatia") == [
        "2024-04-25 6 @import:France croatia done official",
        "2024-11-21 1 @import:France croatia done press",
        "2024-11-22..2025-02-20 3 @import:France croatia done press",
        "2025-02-21..2025-12-31 2 @import:France croatia done press",
    ]
    assert _moved(movements, "Rafale", "serbia") == [
        "2028-01-01..2030-12-31 12 @import:France serbia planned press"
    ]


def test_bradley_adds_up_to_89(movements: list[Movement]) -> None:
    assert _moved(movements, "M2A2 Bradley", "croatia") == [
        "2023-12-06 22 @import:United States croatia done official",
        "2023-12-07..2025-01-23 22 @import:United States croatia done press",
        "2025-01-24..2026-12-31 45 @import:United States croatia planned press",
    ]


def test_other_movements_that_were_hard_to_read(movements: list[Movement]) -> None:
    assert _moved(movements, "T-72B1MS", "serbia") == [
        "2020-10-28..2020-11-28 11 @import:Russia serbia done official",
        "2020-11-29..2021-05-23 19 @import:Russia serbia done official",
    ]
    assert _moved(movements, "T-55", "montenegro") == [
        "2007-07-03..2019-09-12 61 montenegro @reduced:destroyed done official"
    ]
    assert _moved(movements, "MiG-21", "croatia") == [
        "2014-01-01..2014-12-31 5 @import:Ukraine croatia done press",
        "2024-12-01 12 croatia croatia:decommissioned done press",
    ]
    assert _moved(movements, "M-84", "croatia") == [
        "2024-11-01..2025-08-31 30 croatia @export:Ukraine done press"
    ]
    assert _moved(movements, "OH-58D Kiowa Warrior", "croatia")[-1] == (
        "2020-01-27 1 croatia @lost done press"
    )
    assert _moved(movements, "G-4 Super Galeb", "montenegro") == [
        "2010-01-01..2010-12-31 6 montenegro serbia done press"
    ]
    assert _moved(movements, "CH-92A", "serbia")[0].startswith("2020-01-01..2020-12-31 6..9 ")
    assert _moved(movements, "PULS", "serbia") == [
        "2024-11-01..2025-09-20 1.. @import:Israel serbia done press",
        "2025-09-21..2028-06-30 1.. @import:Israel serbia planned press",
    ]
    assert _moved(movements, "FGM-148 Javelin", "kosovo") == [
        "2024-01-01..2025-12-31 24 @import:United States kosovo planned press"
    ]


def test_rounded_numbers_follow_the_width_rule(holdings: list[Holding]) -> None:
    words = r"'(about|approximately|around|nearly|almost) (\d+)'"
    seen = set()
    for row in holdings:
        found = re.match(words, row.more.note, re.IGNORECASE)
        if found is None:
            continue
        word, number = found[1].lower(), int(found[2])
        seen.add(word)
        low = number * 9 // 10
        high = number if word in ("nearly", "almost") else -(-number * 11 // 10)
        assert row.quantity in (Span(low, high), Span.at_least(low)), row
    assert seen == {"about", "approximately", "around", "nearly", "almost"}


def test_only_what_is_planned_lies_ahead(movements: list[Movement]) -> None:
    # The data was compiled on 20 November 2026.
    compiled = date(2026, 11, 20)
    ahead = [row for row in movements if row.date.last > compiled]
    assert len(ahead) == 11
    assert {row.state for row in ahead} == {State.PLANNED}


def test_what_is_not_recorded_has_its_reason_and_source(
    not_recorded: list[dict[str, str]],
) -> None:
    assert list(not_recorded[0]) == [
        *("origin", "actor", "item", "figure", "as_of", "source", "url", "reason")
    ]
    for row in not_recorded:
        assert row["reason"], row
        assert row["source"], row
        without_address = row["origin"] == "press texts on purchases"
        assert bool(re.fullmatch(r"https?://\S+", row["url"])) != without_address, row
    upgrades = [row["item"] for row in not_recorded if "an upgrade" in row["reason"]]
    assert sorted(upgrades) == [
        *("BVP M-80AB1", "BVP M-80AB1", "M-84AS2", "modernisation of T-72 tanks")
    ]
