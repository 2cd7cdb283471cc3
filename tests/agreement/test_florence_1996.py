"""The shipped rule pack, held against figures typed here from the published tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from compliance.agreement.law import Agreement
from compliance.agreement.load import CheckResult, check, load
from compliance.agreement.provisions import Party
from compliance.agreement.select import Readings
from compliance.resources import folder
from compliance.values.span import Span
from compliance.values.vocabulary import Grade, LawStatus, Status

CATEGORIES = (
    "battle_tank",
    "armoured_combat_vehicle",
    "artillery",
    "combat_aircraft",
    "attack_helicopter",
)
# Arms Control Today, October 1997, table "Balkan arms control accord".
CEILINGS_1996 = {
    "fr-yugoslavia": (1025, 850, 3750, 155, 53),
    "croatia": (410, 340, 1500, 62, 21),
    "bosnia-herzegovina": (410, 340, 1500, 62, 21),
    "federation-bih": (273, 227, 1000, 41, 14),
    "republika-srpska": (137, 113, 500, 21, 7),
}
# Ministry of Defence of Bosnia and Herzegovina, 2019 (tanks); Wikipedia (Serbia's vehicles);
# the others are arithmetic.
CEILINGS_2007 = {
    "serbia": (
        ("948", "reported"),
        ("786", "reported"),
        ("3466..3470", "derived"),
        ("143", "derived"),
        ("49", "derived"),
    ),
    "montenegro": (
        ("77", "reported"),
        ("64", "derived"),
        ("280..284", "derived"),
        ("12", "derived"),
        ("4", "derived"),
    ),
}
STATES_NOW = {"bosnia-herzegovina", "croatia", "montenegro", "serbia"}


@pytest.fixture(scope="module")
def result() -> CheckResult:
    return check(folder("rules") / "florence-1996")


@pytest.fixture(scope="module")
def law(result: CheckResult) -> Agreement:
    assert result.agreement is not None
    return result.agreement


def test_the_pack_has_no_problem_at_all(result: CheckResult) -> None:
    assert [p.line() for p in result.problems] == []


def test_identity(law: Agreement) -> None:
    assert (law.id, law.catalogue) == ("florence-1996", "heavy-weapons")
    assert law.signed == law.in_force == date(1996, 6, 14)
    assert law.current_months == 13
    assert law.current_citation.status is LawStatus.DERIVED
    assert law.identity is not None
    assert tuple(c.id for c in law.categories) == CATEGORIES


def value(law: Agreement, party: str, category: str, day: date) -> Span | None:
    limit = law.ceiling(party, category, day).limit
    return limit.value if limit else None


@pytest.mark.parametrize("party", CEILINGS_1996)
def test_the_ceilings_of_1996(party: str, law: Agreement) -> None:
    for day in (date(1996, 6, 14), date(1997, 10, 31), date(2005, 12, 31)):
        found = tuple(value(law, party, category, day) for category in CATEGORIES)
        assert found == tuple(Span.exactly(n) for n in CEILINGS_1996[party])
    for category in CATEGORIES:
        limit = law.ceiling(party, category, date(1996, 6, 14)).limit
        assert limit is not None
        assert limit.binding_from == date(1997, 10, 31)
        assert limit.citation.status is LawStatus.REPORTED
        assert limit.citation.grade is Grade.B


@pytest.mark.parametrize("party", ["croatia", "bosnia-herzegovina"])
def test_croatia_and_bosnia_are_unchanged_today(party: str, law: Agreement) -> None:
    found = tuple(value(law, party, category, date(2026, 11, 20)) for category in CATEGORIES)
    assert found == tuple(Span.exactly(n) for n in CEILINGS_1996[party])


@pytest.mark.parametrize("party", CEILINGS_2007)
def test_the_divided_ceilings(party: str, law: Agreement) -> None:
    for category, (span, status) in zip(CATEGORIES, CEILINGS_2007[party], strict=True):
        ceiling = law.ceiling(party, category, date(2007, 12, 31))
        assert ceiling.limit is not None
        assert str(ceiling.limit.value) == span
        assert ceiling.limit.citation.status.value == status
        assert ceiling.derived is (status == "derived")
        if ceiling.derived:
            assert ceiling.limit.question == "post-2006-ceilings"
            assert ceiling.limit.accepting == "derived"
            assert ceiling.limit.note.startswith("Derived: ")
            assert ceiling.limit.citation.grade is Grade.C


def test_derived_ceilings_follow_from_one_share(law: Agreement) -> None:
    """948 of 1,025 and 786 of 850 fit shares from 0.92439 to 0.92529; the rest follows."""
    low, high = max(947.5 / 1025, 785.5 / 850), min(948.5 / 1025, 786.5 / 850)
    assert (round(low, 4), round(high, 4)) == (0.9244, 0.9253)
    day = date(2010, 1, 1)
    for category, joint in zip(CATEGORIES, CEILINGS_1996["fr-yugoslavia"], strict=True):
        serbia = value(law, "serbia", category, day)
        montenegro = value(law, "montenegro", category, day)
        assert serbia == Span(round(low * joint), round(high * joint))
        assert montenegro is not None
        assert serbia is not None
        assert serbia.low is not None
        assert serbia.high is not None
        assert montenegro == Span(joint - serbia.high, joint - serbia.low)


@pytest.mark.parametrize(
    ("party", "last_known", "first_gap", "last_gap", "after"),
    [
        ("fr-yugoslavia", date(2006, 6, 2), None, None, None),
        (
            "republika-srpska",
            date(2005, 12, 31),
            date(2006, 1, 1),
            date(2006, 12, 30),
            date(2006, 12, 31),
        ),
        (
            "federation-bih",
            date(2005, 12, 31),
            date(2006, 1, 1),
            date(2006, 12, 30),
            date(2006, 12, 31),
        ),
        ("serbia", None, date(2006, 6, 3), date(2007, 12, 30), None),
        ("montenegro", None, date(2006, 6, 3), date(2007, 12, 30), None),
    ],
)
def test_gaps_are_declared_to_the_day(
    party: str,
    last_known: date | None,
    first_gap: date | None,
    last_gap: date | None,
    after: date | None,
    law: Agreement,
) -> None:
    for category in CATEGORIES:
        if last_known is not None:
            assert value(law, party, category, last_known) is not None
            assert value(law, party, category, last_known + timedelta(days=1)) is None
        for day in (first_gap, last_gap):
            if day is not None:
                ceiling = law.ceiling(party, category, day)
                assert ceiling.limit is None
                assert ceiling.gap is not None
                assert ceiling.gap.reason
        if after is not None:
            ceiling = law.ceiling(party, category, after)
            assert ceiling.limit is None
            assert ceiling.gap is None


def ids(parties: tuple[Party, ...]) -> set[str]:
    return {party.id for party in parties}


def test_parties_over_time(law: Agreement) -> None:
    assert ids(law.parties_on(date(1996, 6, 13))) == set()
    first = set(CEILINGS_1996)
    assert ids(law.parties_on(date(1996, 6, 14))) == first
    assert ids(law.parties_on(date(2005, 12, 31))) == first
    entities = {"federation-bih", "republika-srpska"}
    assert ids(law.parties_on(date(2006, 6, 3))) == STATES_NOW | entities
    assert ids(law.parties_on(date(2006, 12, 31))) == STATES_NOW
    assert ids(law.parties_on(date(2026, 11, 20))) == STATES_NOW
    serbia = law.party("serbia")
    assert serbia is not None
    assert serbia.membership_on(date(2006, 12, 30)) is None
    assert serbia.membership_on(date(2006, 12, 31)) is not None
    assert ids(law.parts_on("bosnia-herzegovina", date(2006, 12, 30))) == entities
    assert ids(law.parts_on("bosnia-herzegovina", date(2006, 12, 31))) == set()
    limits = law.last_limits_of_predecessors("montenegro", "artillery")
    assert [limit.value for limit in limits] == [Span.exactly(3750)]


def test_the_name_of_2003(law: Agreement) -> None:
    party = law.party("fr-yugoslavia")
    assert party is not None
    assert party.name_on(date(2003, 2, 3)) == "Federal Republic of Yugoslavia"
    assert party.name_on(date(2003, 2, 4)) == "Serbia and Montenegro"


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("RS", "serbia"),
        ("srb", "serbia"),
        ("Србија", "serbia"),
        ("Republika Srpska", "republika-srpska"),
        ("Република Српска", "republika-srpska"),
        ("BA-SRP", "republika-srpska"),
        ("BA-BIH", "federation-bih"),
        ("Federacija BiH", "federation-bih"),
        ("BIH", "bosnia-herzegovina"),
        ("Bosna i Hercegovina", "bosnia-herzegovina"),
        ("HR", "croatia"),
        ("Hrvatska", "croatia"),
        ("ME", "montenegro"),
        ("Crna Gora", "montenegro"),
        ("YU", "fr-yugoslavia"),
        ("SCG", "fr-yugoslavia"),
        ("FR Yugoslavia", "fr-yugoslavia"),
        ("Serbia and Montenegro", "fr-yugoslavia"),
        ("Kosovo", "kosovo"),
        ("KFOR", "kfor"),
        ("Republic of Serb Krajina", "republic-of-serb-krajina"),
        ("Atlantis", None),
    ],
)
def test_who_is_meant(text: str, party: str | None, law: Agreement) -> None:
    assert law.resolve_party(text) == party


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("tanks", "battle_tank"),
        ("тенкови", "battle_tank"),
        ("acv", "armoured_combat_vehicle"),
        ("oklopna borbena vozila", "armoured_combat_vehicle"),
        ("topništvo", "artillery"),
        ("artiljerija", "artillery"),
        ("borbeni zrakoplovi", "combat_aircraft"),
        ("jurisni helikopteri", "attack_helicopter"),
        ("Attack helicopters", "attack_helicopter"),
        ("drones", None),
    ],
)
def test_what_is_meant(text: str, category: str | None, law: Agreement) -> None:
    assert law.resolve_category(text) == category


def test_actors_are_named_neutrally(law: Agreement) -> None:
    assert {
        "kosovo",
        "albania",
        "north-macedonia",
        "kfor",
        "eufor",
        "republic-of-serb-krajina",
    } <= {actor.id for actor in law.actors}
    for actor in law.actors:
        assert "counted against no Party" in actor.wording
        for word in ("independen", "so-called", "province", "recogni", "state of"):
            assert word not in actor.wording.lower()


DISPUTES = {
    "armed-drones": {"outside", "counted"},
    "exactly-75-mm": {"included", "excluded"},
    "tank-destroyers": {"by-numbers", "as-heavy-combat-vehicle"},
    "anti-tank-guns": {"outside", "artillery"},
    "combat-trainers": {"combat-aircraft", "primary-trainer"},
    "gazelle-versions": {"by-version", "by-type"},
    "armed-light-helicopters": {"combat-support", "attack"},
    "protected-vehicles": {"squad-carrier", "outside"},
    "command-versions": {"counted", "outside"},
    "coastal-guns": {"artillery", "outside"},
    "single-launchers": {"outside", "artillery"},
}
GREY_AREAS = {
    "armed uncrewed aircraft": "armed-drones",
    "loitering munitions": "loitering-munitions",
    "rocket launchers and missile systems": "missile-launchers",
    "single launchers": "single-launchers",
    "81 and 82 mm mortars": "medium-mortars",
    "guns of exactly 75 mm": "exactly-75-mm",
    "anti-tank guns": "anti-tank-guns",
    "recoilless and anti-aircraft guns": "recoilless-and-anti-aircraft-guns",
    "coastal guns": "coastal-guns",
    "anti-tank missile carriers": "missile-carriers",
    "air-defence vehicles": "air-defence-systems",
    "protected vehicles": "protected-vehicles",
    "versions of carriers": "carrier-variants",
    "command versions": "command-versions",
    "tank destroyers": "tank-destroyers",
    "towed or self-propelled": "towed-or-self-propelled",
    "armed trainers": "combat-trainers",
    "two-seat versions": "two-seat-versions",
    "Gazelle versions": "gazelle-versions",
    "armed light helicopters": "armed-light-helicopters",
    "police vehicles and helicopters": "internal-security",
    "stored and unserviceable items": "stored-and-unserviceable",
    "items on loan": "items-on-loan",
    "items abroad": "items-abroad",
    "spares": "spares-hulks",
    "orders": "ordered-not-delivered",
    "foreign forces": "foreign-forces",
    "CFE exclusions": "counting-exclusions",
    "ceilings after 2006": "post-2006-ceilings",
}


@pytest.mark.parametrize("area", GREY_AREAS)
def test_every_grey_area_has_a_question(area: str, law: Agreement) -> None:
    question = law.question(GREY_AREAS[area])
    assert question is not None
    assert question.why_open
    assert len(question.readings) >= 2


@pytest.mark.parametrize("question", DISPUTES)
def test_disputes_have_the_readings_the_catalogue_uses(question: str, law: Agreement) -> None:
    found = law.question(question)
    assert found is not None
    assert {reading.id for reading in found.readings} == DISPUTES[question]


def test_what_stays_open_unless_the_reader_closes_it(law: Agreement) -> None:
    readings = Readings.from_options(law)
    for question in ("post-2006-ceilings", "party-claims", "row-or-catalogue", "exactly-75-mm"):
        assert readings.is_open(question)
    for question in ("counting-exclusions", "spares-hulks", "combat-trainers"):
        assert readings.is_open(question)
    assert readings.answer("armed-drones") == "outside"
    for use in ("party-claims", "row-or-catalogue"):
        found = law.engine_question(use)
        assert found is not None
        assert found.id == use


EXCLUDED = {
    Status.RESEARCH_DEVELOPMENT: ("counting-exclusions", "cfe"),
    Status.HISTORICAL_COLLECTION: ("counting-exclusions", "cfe"),
    Status.DECOMMISSIONED: ("counting-exclusions", "cfe"),
    Status.AWAITING_EXPORT: ("counting-exclusions", "cfe"),
    Status.IN_TRANSIT: ("counting-exclusions", "cfe"),
    Status.IN_MANUFACTURE: ("counting-exclusions", "cfe"),
    Status.SPARES: ("spares-hulks", "not-counted"),
    Status.ON_LOAN: ("items-on-loan", "owner"),
    Status.ABROAD: ("items-abroad", "outside-area"),
}


def test_counting_rules(law: Agreement) -> None:
    for category in CATEGORIES:
        for status, (question, accepting) in EXCLUDED.items():
            rule = law.counting_rule(status, category)
            assert rule is not None
            assert not rule.counted
            assert (rule.question, rule.accepting) == (question, accepting)
        stored = law.counting_rule(Status.STORED, category)
        assert stored is not None
        assert stored.counted
        police = law.counting_rule(Status.INTERNAL_SECURITY, category)
        excluded = category in ("armoured_combat_vehicle", "attack_helicopter")
        assert (police is not None) is excluded
        for status in (Status.OVERALL, Status.IN_SERVICE):
            assert law.counting_rule(status, category) is None


def test_nothing_is_cited_as_text_but_what_was_read(law: Agreement) -> None:
    """Only the preamble and Article I.1 to I.3 of the Agreement could be read."""
    for limit in law.limits:
        assert limit.citation.status is not LawStatus.TEXT
    for rule in law.counting:
        assert rule.citation.status is not LawStatus.TEXT
    for category in law.categories:
        assert category.citation.provision == "Article I.1"
        for definition in category.definitions:
            assert definition.citation.status is not LawStatus.TEXT
    for question in law.questions:
        assert question.citation.status is not LawStatus.TEXT


def test_every_source_cited_leads_somewhere(result: CheckResult) -> None:
    for source in result.sources.values():
        assert source.title
        assert source.url.startswith("https://") or "was not kept" in source.note


def test_the_suspensions_are_reporting_gaps(law: Agreement) -> None:
    def silent(day: date) -> bool:
        return any(g.party == "fr-yugoslavia" and g.covers(day) for g in law.reporting_gaps)

    assert [silent(date(1999, month, 15)) for month in (3, 4, 9, 12)] == [False, True, True, False]
    assert [silent(day) for day in (date(2000, 5, 24), date(2000, 5, 25), date(2000, 11, 3))] == [
        False,
        True,
        False,
    ]


def test_the_cases_cover_every_party_and_verdict(result: CheckResult) -> None:
    expected = [e for case in result.cases for e in case.expected]
    assert len(result.cases) >= 30
    assert {e.party for e in expected} == {
        "bosnia-herzegovina",
        "croatia",
        "federation-bih",
        "fr-yugoslavia",
        "montenegro",
        "republika-srpska",
        "serbia",
    }
    assert {e.verdict.value for e in expected} == {
        "within",
        "exceeds",
        "indeterminate",
        "not_binding",
    }
    assert {e.category for e in expected} == set(CATEGORIES)


def test_loading_again_gives_the_same_law(law: Agreement) -> None:
    assert load(folder("rules") / "florence-1996") == law
