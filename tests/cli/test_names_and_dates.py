"""What people type: names, codes, dates, answers; and what they are told when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

TANKS_2019 = ("--as-of", "2019-12-31", "--category", "battle_tank", "--format", "json")


def _parties(run: Run, *arguments: str) -> set[str]:
    outcome = run("audit", *arguments)
    assert outcome.code in (0, 3), outcome.stderr
    return {row["party"] for row in outcome.json["rows"]}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("RS", "serbia"),
        ("rs", "serbia"),
        ("SRB", "serbia"),
        ("Serbia", "serbia"),
        ("SERBIA", "serbia"),
        ("Србија", "serbia"),
        ("HR", "croatia"),
        ("Hrvatska", "croatia"),
        ("ME", "montenegro"),
        ("BA", "bosnia-herzegovina"),
        ("Bosnia and Herzegovina", "bosnia-herzegovina"),
        ("bosnia-herzegovina", "bosnia-herzegovina"),
        ("BiH", "bosnia-herzegovina"),
    ],
)
def test_names_and_iso_codes_of_parties(given: str, meant: str, run: Run) -> None:
    assert _parties(run, *TANKS_2019, "--party", given) == {meant}


def test_rs_is_serbia_and_never_republika_srpska(run: Run) -> None:
    day = ("--as-of", "1999-01-31", "--format", "json")
    assert _parties(run, *day, "--party", "Republika Srpska") == {"republika-srpska"}
    assert _parties(run, *day, "--party", "FBiH") == {"federation-bih"}
    assert "republika-srpska" not in _parties(run, *day, "--party", "RS")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("battle_tank", "battle_tank"),
        ("Battle tanks", "battle_tank"),
        ("battle-tank", "battle_tank"),
        ("ACV", "armoured_combat_vehicle"),
        ("artillery", "artillery"),
        ("combat aircraft", "combat_aircraft"),
        ("attack helicopters", "attack_helicopter"),
    ],
)
def test_names_of_categories(given: str, meant: str, run: Run) -> None:
    outcome = run("audit", "--as-of", "2019-12-31", "--format", "json", "--category", given)
    assert outcome.code in (0, 3), outcome.stderr
    assert {row["category"] for row in outcome.json["rows"]} == {meant}


def test_named_twice_is_shown_once(run: Run) -> None:
    once = run("audit", *TANKS_2019, "--party", "serbia")
    twice = run("audit", *TANKS_2019, "--party", "serbia", "--party", "RS", "--party", "Serbia")
    assert twice.raw == once.raw


def test_several_are_shown_together(run: Run) -> None:
    two = ("--party", "RS", "--party", "HR")
    assert _parties(run, *TANKS_2019, *two) == {"serbia", "croatia"}


def test_the_name_of_the_day_is_shown(run: Run) -> None:
    def name(day: str) -> str:
        arguments = ("--as-of", day, "--party", "FRY", "--format", "json")
        return str(run("audit", *arguments).json["rows"][0]["party_name"])

    assert name("2003-02-03") == "Federal Republic of Yugoslavia"
    assert name("2003-02-04") == "Serbia and Montenegro"


def test_unknown_names_are_all_told_at_once_with_what_was_meant(run: Run) -> None:
    outcome = run(
        *("audit", "--party", "Serbja", "--party", "Kroatia", "--category", "battle_tnk"),
        *("--category", "artilery", "--reading", "armd-drones=counted"),
        *("--reading", "combat-trainers=maybe"),
    )
    assert outcome.code == 2
    assert outcome.stdout == ""
    for wrong, meant in (
        ("Serbja", "serbia"),
        ("Kroatia", "croatia"),
        ("battle_tnk", "battle_tank"),
        ("artilery", "artillery"),
        ("armd-drones", "armed-drones"),
        ("maybe", "primary-trainer"),
    ):
        assert wrong in outcome.stderr, f"'{wrong}' is not told with the others"
        assert meant in outcome.stderr.lower(), f"nothing is suggested for '{wrong}'"


def test_what_is_wrong_is_told_even_where_nothing_is_like_it(run: Run) -> None:
    outcome = run("audit", "--party", "Atlantis", "--category", "battleships")
    assert outcome.code == 2
    assert "Atlantis" in outcome.stderr
    assert "battleships" in outcome.stderr
    assert "compliance rules show" in outcome.stderr


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("armd-drones=counted", "armed-drones"),
        ("armed-drones=cunted", "counted"),
        ("armed-drones", "question=answer"),
        ("=counted", "question=answer"),
    ],
)
def test_a_wrong_reading_is_told_with_the_right_one(reading: str, expected: str, run: Run) -> None:
    for command in (("audit",), ("classify", "CH-92A")):
        outcome = run(*command, "--reading", reading)
        assert outcome.code == 2
        assert expected in outcome.stderr.replace(reading, "")


def test_one_question_takes_one_answer(run: Run) -> None:
    both = ("--reading", "armed-drones=counted", "--reading", "armed-drones=outside")
    outcome = run("audit", *both)
    assert outcome.code == 2
    assert "twice" in outcome.stderr


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-02-30", ["2025-02-30", "calendar"]),
        ("2025-13-01", ["2025-13-01", "calendar"]),
        ("03/04/2025", ["03/04/2025", "YYYY-MM-DD", "not guessed"]),
        ("3.4.2025", ["3.4.2025", "YYYY-MM-DD"]),
        ("yesterday", ["yesterday", "YYYY-MM-DD"]),
        ("2025", ["2025", "YYYY-MM-DD"]),
        ("", ["YYYY-MM-DD"]),
    ],
)
def test_a_wrong_date_is_told_clearly_and_never_guessed(
    day: str, told: list[str], run: Run
) -> None:
    for command in (("audit",), ("rules", "show", "ceilings")):
        outcome = run(*command, "--as-of", day)
        assert outcome.code == 2
        assert outcome.stdout == ""
        assert "--as-of" in outcome.stderr
        for word in told:
            assert word in outcome.stderr


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2099-05-06", "2099-05-06T23:59:59.999999Z"),
        ("2099-05-06T12:30", "2099-05-06T12:30:00.000000Z"),
        ("2099-05-06T12:30:00+02:00", "2099-05-06T10:30:00.000000Z"),
    ],
)
def test_known_at_is_a_moment_in_utc(given: str, kept: str, run: Run) -> None:
    assert run("audit", *TANKS_2019, "--known-at", given).json["known_at"] == kept


def test_known_at_of_a_wrong_day_is_told(run: Run) -> None:
    for given in ("06/05/2026", "2026-02-30", "2026-02-30T10:00"):
        outcome = run("audit", "--known-at", given)
        assert outcome.code == 2
        assert given in outcome.stderr


@pytest.mark.parametrize("given", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_a_moment_beyond_the_calendar_is_no_bug(given: str, run: Run) -> None:
    outcome = run("audit", "--known-at", given)
    assert outcome.code == 2
    assert given in outcome.stderr


def test_an_unknown_agreement_is_told_with_the_one_meant(run: Run) -> None:
    outcome = run("--agreement", "florence-1969", "audit")
    assert outcome.code == 2
    assert "florence-1996" in outcome.stderr


def test_a_misspelt_command_or_option_is_told(run: Run) -> None:
    assert "--format" in run("audit", "--frmat", "json").stderr
    assert "adit" in run("adit").stderr
