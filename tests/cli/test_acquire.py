"""``acquire``: what comes in, what it changes on which day, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from recorded import (
    CROATIAN_TANKS,
    TODAY,
    counted,
    dump,
    lasting,
    load,
    rows,
    steps,
    synthetic,
    verdicts,
)

from compliance.cli import options

if TYPE_CHECKING:
    from conftest import Run

LEOPARDS = (
    *("acquire", "croatia", "Leopard 2A8", "44"),
    *("--on", "2028-01-01..2030-12-31", "--planned", "--source", "synthetic"),
)
TANKS = ("acquire", "croatia", "M-84")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "today", lambda: TODAY)


@pytest.fixture
def base(run: Run, empty_ledger: Path) -> Path:
    """Croatia's 232 tanks of 2019."""
    return load(run, empty_ledger, CROATIAN_TANKS)


@pytest.fixture
def fresh(run: Run, empty_ledger: Path) -> Path:
    """300 tanks (synthetic), declared so late that they speak for today; the ceiling is 410."""
    return load(run, empty_ledger, synthetic("300"))


def test_a_planned_purchase_widens_the_span_from_its_first_possible_day(
    run: Run, base: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run(*LEOPARDS, db=base)
    assert outcome.code == 0, outcome.stderr
    golden("acquire-leopards.txt", lasting(outcome.stdout))
    (row,) = rows(run, base, 2)
    assert row["content"] == {
        "kind": "movement",
        "date": "2028-01-01..2030-12-31",
        "type": "Leopard 2A8",
        "category": "",
        "quantity": "44",
        "from": "@import",
        "to": "croatia",
        "state": "planned",
        "basis": "official",
        "source": "synthetic",
    }
    (head,) = (s for s in run("history", "--format", "json", db=base).json["submissions"][1:])
    assert f"as submission {head['id']}:\n  {row['ref']}  44 Leopard 2A8" in outcome.stderr
    assert head["sha256"] in outcome.stderr
    assert counted(run, base, "2027-12-31") == "232"
    assert counted(run, base, "2028-01-01") == "232..276"


def test_the_same_in_markdown_and_as_json(
    run: Run, base: Path, golden: Callable[[str, str], None]
) -> None:
    shown = run(*LEOPARDS, "--dry-run", "--format", "markdown", db=base).stdout
    golden("acquire-leopards.md", lasting(shown))
    outcome = run(*LEOPARDS, "--format", "json", db=base)
    found = outcome.json
    assert found["schema"] == "compliance.effect/1"
    assert steps(outcome) == {"2028-01-01": "232..276"}
    assert steps(outcome, side="before") == {"2028-01-01": "232"}
    (course,) = found["courses"]
    (day,) = course["days"]
    assert day["after"]["headroom"] == {"low": 134, "high": 178}
    assert course["would_make_certain"][0].endswith(f"deliver {found['rows'][0]['ref']} --on DATE")
    assert found["recorded"]["submission"] == 2
    assert found["recorded"]["sha256"] in outcome.stderr


def test_an_old_base_keeps_its_numbers_and_gives_no_verdict(run: Run, base: Path) -> None:
    old = run(*LEOPARDS, "--dry-run", "--format", "json", db=base)
    assert verdicts(old) == ["indeterminate"]
    accepted = run(*LEOPARDS, "--dry-run", "--format", "json", "--accept-stale", db=base)
    assert verdicts(accepted) == ["within"]
    assert steps(old) == steps(accepted)
    assert "nobody can have declared the future" in " ".join(
        run(*LEOPARDS, "--dry-run", db=base).stdout.split()
    )


def test_what_came_in_the_past_is_shown_from_then_on_with_the_day_its_base_grew_old(
    run: Run, base: Path
) -> None:
    asked = (*TANKS, "10", "--on", "2019-10-01..2019-10-31", "--source", "synthetic")
    outcome = run(*asked, "--dry-run", "--format", "json", db=base)
    assert steps(outcome) == {
        "2019-10-01": "232..242",
        "2019-10-31": "242",
        "2020-10-13": "242",
    }
    assert verdicts(outcome) == ["within", "within", "indeterminate"]


def test_an_official_purchase_may_come_on_any_day_of_its_span_and_is_there_at_its_end(
    run: Run, fresh: Path
) -> None:
    asked = ("--on", "2026-10-10..2026-11-10", "--source", "synthetic", "--format", "json")
    outcome = run(*TANKS, "62..89", *asked, "--dry-run", db=fresh)
    assert steps(outcome) == {"2026-10-10": "300..389", "2026-11-10": "362..389"}


@pytest.mark.parametrize("basis", ["press", "estimate"])
def test_what_only_the_press_says_widens_and_what_would_change_that_is_told(
    basis: str, run: Run, fresh: Path
) -> None:
    asked = ("--basis", basis, "--source", "synthetic")
    outcome = run(*TANKS, "50", *asked, "--format", "json", "--dry-run", db=fresh)
    assert steps(outcome) == {"2026-11-20": "300..350"}
    text = " ".join(run(*TANKS, "50", *asked, "--dry-run", db=fresh).stdout.split())
    assert f"an arrival on the basis '{basis}' is not certain and only widens" in text.lower()
    assert "record it with --basis official, or correct this row" in text


def test_an_excess_is_recorded_and_told_by_the_exit_code(
    run: Run, fresh: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run(*TANKS, "111", "--source", "synthetic", db=fresh)
    assert outcome.code == 1
    golden("acquire-excess.txt", lasting(outcome.stdout))
    assert counted(run, fresh, "2026-11-20") == "411"
    again = run(*TANKS, "1", "--source", "synthetic", "--exit-zero", db=fresh)
    assert again.code == 0


def test_up_to_the_ceiling_is_within(run: Run, fresh: Path) -> None:
    outcome = run(*TANKS, "110", "--source", "synthetic", "--gate", "--format", "json", db=fresh)
    assert outcome.code == 0, outcome.stderr
    assert verdicts(outcome) == ["within"]
    assert counted(run, fresh, "2026-11-20") == "410"


@pytest.mark.parametrize(
    ("quantity", "more", "code", "says"),
    [
        ("111", (), 1, "would exceed its ceiling"),
        ("100..111", (), 3, "could exceed its ceiling"),
        ("111", ("--basis", "press"), 3, "could exceed its ceiling"),
        ("15..", (), 3, "cannot be told to be within"),
    ],
)
def test_the_gate_keeps_out_what_is_not_certainly_within(
    quantity: str, more: tuple[str, ...], code: int, says: str, run: Run, fresh: Path
) -> None:
    before = dump(fresh)
    asked = (*TANKS, quantity, *more, "--source", "synthetic", "--gate")
    outcome = run(*asked, db=fresh)
    assert outcome.code == code
    assert says in outcome.stderr
    assert "before and after" in outcome.stdout, "what would change is shown all the same"
    assert dump(fresh) == before
    assert run(*asked, "--exit-zero", db=fresh).code == code, "a refusal is not a success"


def test_the_gate_refuses_on_a_base_that_is_too_old_and_accepts_it_if_told(
    run: Run, base: Path
) -> None:
    before = dump(base)
    assert run(*LEOPARDS, "--gate", db=base).code == 3
    assert dump(base) == before
    assert run(*LEOPARDS, "--gate", "--accept-stale", db=base).code == 0
    assert dump(base) != before


def test_the_gate_looks_at_the_plans_already_made(run: Run, fresh: Path) -> None:
    plan = ("--on", "2028-01-01", "--planned", "--source", "synthetic")
    assert run(*TANKS, "60", *plan, db=fresh).code == 0
    assert run(*TANKS, "51", "--source", "synthetic", "--gate", db=fresh).code == 3
    assert run(*TANKS, "50", "--source", "synthetic", "--gate", db=fresh).code == 0


@pytest.mark.parametrize("more", [("--dry-run",), ("--dry-run", "--gate")])
def test_a_dry_run_leaves_no_trace(more: tuple[str, ...], run: Run, fresh: Path) -> None:
    before, content = fresh.read_bytes(), dump(fresh)
    outcome = run(*TANKS, "44", "--source", "synthetic", *more, db=fresh)
    assert outcome.code == 0
    assert "Nothing was recorded: 1 row would be." in outcome.stderr
    assert fresh.read_bytes() == before
    assert dump(fresh) == content
    assert sorted(p.name for p in fresh.parent.iterdir()) == ["empty.csv", "empty.db"]


def test_a_dry_run_shows_what_the_real_one_then_shows(run: Run, fresh: Path) -> None:
    asked = (*TANKS, "44", "--source", "synthetic")
    assert run(*asked, "--dry-run", db=fresh).raw == run(*asked, db=fresh).raw


@pytest.mark.parametrize(
    ("designation", "says"),
    [
        ("HQ-22", "Air-defence missile: not a Florence category"),
        ("CH-92A", "--reading armed-drones=counted"),
    ],
)
def test_what_counts_nowhere_is_recorded_and_said_to_be_outside_with_why(
    designation: str, says: str, run: Run, fresh: Path
) -> None:
    outcome = run("acquire", "serbia", designation, "3", "--source", "synthetic", db=fresh)
    assert outcome.code == 0, outcome.stderr
    text = " ".join(outcome.stdout.split())
    assert "outside the limits" in text
    assert says in text
    assert "no count changes by it" in text
    assert "before and after" not in text
    assert rows(run, fresh, 2)[0]["content"]["type"] == designation


def test_a_disputed_type_counts_under_the_reading_that_says_so(run: Run, fresh: Path) -> None:
    asked = ("acquire", "serbia", "CH-92A", "3", "--source", "synthetic", "--format", "json")
    outcome = run(*asked, "--reading", "armed-drones=counted", db=fresh)
    assert [c["category"] for c in outcome.json["courses"]] == ["combat_aircraft"]
    assert outcome.json["outside"] == []


def test_who_is_no_party_gets_it_and_it_counts_against_nobody(run: Run, fresh: Path) -> None:
    outcome = run("acquire", "kosovo", "M-84", "3", "--source", "synthetic", db=fresh)
    assert outcome.code == 0
    assert "Kosovo: counted against nobody" in outcome.stdout


def test_a_transfer_between_parties_is_shown_on_both_sides(run: Run, empty_ledger: Path) -> None:
    db = load(run, empty_ledger, synthetic("300"), synthetic("200", party="serbia"))
    asked = (*TANKS, "30", "--from", "Serbia", "--basis", "notified", "--source", "synthetic")
    outcome = run(*asked, "--format", "json", db=db)
    assert steps(outcome, "croatia") == {"2026-11-20": "330"}
    assert steps(outcome, "serbia") == {"2026-11-20": "170"}
    assert rows(run, db, 2)[0]["content"]["from"] == "serbia"


@pytest.mark.parametrize(
    ("supplier", "account"),
    [
        ("France", "@import:France"),
        ("United States", "@import:United States"),
        ("production", "@production"),
        ("@production", "@production"),
        ("@import:France", "@import:France"),
        ("RS:stored", "serbia:stored"),
    ],
)
def test_a_supplier_is_a_country_a_party_or_own_production(
    supplier: str, account: str, run: Run, fresh: Path
) -> None:
    assert run(*TANKS, "1", "--from", supplier, "--source", "synthetic", db=fresh).code == 0
    assert rows(run, fresh, 2)[0]["content"]["from"] == account


def test_a_country_that_is_nearly_a_party_is_told(run: Run, fresh: Path) -> None:
    outcome = run(*TANKS, "1", "--from", "Serbja", "--source", "synthetic", db=fresh)
    assert "did you mean 'serbia'" in outcome.stderr


def test_the_order_the_note_and_the_status_are_kept(run: Run, fresh: Path) -> None:
    asked = ("--ordered", "2025-10-24", "--note", "first batch", "--stated-by", "MoD")
    more = ("--ref", "7", "--marking", "internal", "--status", "R&D", "--source", "synthetic")
    assert run(*TANKS, "1", *asked, *more, db=fresh).code == 0
    content = rows(run, fresh, 2)[0]["content"]
    assert content["note"] == "ordered 2025-10-24; first batch"
    assert (content["stated_by"], content["ref"], content["marking"]) == ("MoD", "7", "internal")
    assert content["to"] == "croatia:research_development"


def test_an_open_question_about_it_is_told(run: Run, fresh: Path) -> None:
    asked = ("--status", "research_development", "--source", "synthetic", "--format", "json")
    outcome = run(*TANKS, "5", *asked, "--dry-run", db=fresh)
    assert steps(outcome) == {"2026-11-20": "300..305"}
    (course,) = outcome.json["courses"]
    assert "'counting-exclusions' may be answered" in course["certainty"][0]["text"]


def test_without_a_source_there_is_a_warning(run: Run, fresh: Path) -> None:
    outcome = run(*TANKS, "1", db=fresh)
    assert outcome.code == 0
    assert "--source TEXT" in outcome.stderr
    assert rows(run, fresh, 2)[0]["content"]["source"] == "no source given"


def test_a_type_the_catalogue_does_not_know_needs_a_category(run: Run, fresh: Path) -> None:
    asked = ("acquire", "croatia", "Zzyzx 9000", "5", "--source", "synthetic")
    assert run(*asked, db=fresh).code == 2
    outcome = run(*asked, "--category", "tanks", "--format", "json", db=fresh)
    assert outcome.code == 0, outcome.stderr
    assert rows(run, fresh, 2)[0]["content"]["category"] == "battle_tank"
    assert steps(outcome) == {"2026-11-20": "300..305"}, "nothing confirms the row"
    outside = run("acquire", "croatia", "Truck X", "5", "--category", "none", db=fresh)
    assert outside.code == 0
    assert "in no limited category" in outside.stdout


def test_the_very_same_twice_is_recognised(run: Run, fresh: Path) -> None:
    asked = (*TANKS, "5", "--source", "synthetic")
    assert run(*asked, db=fresh).code == 0
    outcome = run(*asked, db=fresh)
    assert outcome.code == 0
    assert "recorded already, by submission 2" in outcome.stderr
    assert counted(run, fresh, "2026-11-20") == "305"
    assert run(*asked, "--again", db=fresh).code == 0
    assert counted(run, fresh, "2026-11-20") == "310"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("crotia", "M-84", "5"), "did you mean 'croatia'?"),
        (("croatia", "Lepard 2A8", "5"), "Leopard 2A8"),
        (("croatia", "M-60", "5"), "several things"),
        (("croatia", "Zzyzx", "5"), "--category"),
        (("croatia", "", "5"), "no type"),
        (("croatia", "M-84", "0"), "nothing moves"),
        (("croatia", "M-84", "-5"), "5' is no quantity"),
        (("croatia", "M-84", "five"), "'five' is no quantity"),
        (("croatia", "M-84", "12-15"), "write 12..15"),
        (("croatia", "M-84", "15..12"), "runs backwards"),
        (("croatia", "M-84", "5", "--on", "2026-02-30"), "not a day of the calendar"),
        (("croatia", "M-84", "5", "--on", "2026-03-02..2026-03-01"), "runs backwards"),
        (("croatia", "M-84", "5", "--on", "03/04/2026"), "either way round"),
        (("croatia", "M-84", "5", "--on", "2027-01-01"), "add --planned"),
        (("croatia", "M-84", "5", "--on", "2026-01-01..2026-12-31"), "add --planned"),
        (("croatia", "M-84", "5", "--on", "0206-01-01"), "before the agreement was signed"),
        (("croatia", "M-84", "5", "--ordered", "2026-11-21"), "after the last possible day"),
        (("croatia", "M-84", "5", "--status", "stord"), "did you mean 'stored'"),
        (("croatia", "M-84", "5", "--category", "battle_tnk"), "battle_tank"),
        (("croatia", "M-84", "5", "--from", "croatia"), "are the same"),
        (("croatia", "M-84", "5", "--from", "@lost"), "nothing comes from '@lost'"),
        (("federation-bih", "M-84", "5"), "bosnia-herzegovina"),
        (("fr-yugoslavia", "M-84", "5"), "was not a Party on 20 November 2026"),
        (("croatia", "M-84", "5", "--reading", "armed-drones=maybe"), "armed-drones"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(
    arguments: tuple[str, ...], says: str, run: Run, fresh: Path
) -> None:
    before = fresh.read_bytes()
    outcome = run("acquire", *arguments, db=fresh)
    assert outcome.code == 2, outcome.stdout
    assert says in outcome.stderr
    assert outcome.stdout == ""
    assert fresh.read_bytes() == before


def test_everything_that_is_wrong_is_told_at_once(run: Run, fresh: Path) -> None:
    wrong = ("crotia", "Lepard 2A8", "-5", "--on", "2026-02-30", "--ordered", "soon")
    outcome = run("acquire", *wrong, db=fresh)
    assert outcome.code == 2
    for place in ("PARTY:", "TYPE:", "QUANTITY:", "--on:", "--ordered:"):
        assert f"error: {place}" in outcome.stderr
    assert "5 mistakes" in outcome.stderr


def test_a_minus_elsewhere_is_still_an_option(run: Run, fresh: Path) -> None:
    asked = (*TANKS, "5", "--source", "synthetic", "--note", "-3 from the first batch")
    assert run(*asked, db=fresh).code == 0
    assert rows(run, fresh, 2)[0]["content"]["note"] == "-3 from the first batch"


def test_twelve_rafales_change_nothing_before_they_can_come(run: Run, empty_ledger: Path) -> None:
    aircraft = synthetic("60", party="croatia", category="combat_aircraft")
    db = load(run, empty_ledger, aircraft)
    asked = ("acquire", "croatia", "Rafale", "12", "--planned", "--source", "synthetic")
    outcome = run(*asked, "--on", "2028-01-01..2030-12-31", "--format", "json", db=db)
    assert steps(outcome) == {"2028-01-01": "60..72"}
    (row,) = rows(run, db, 2)
    asked = ("audit", "--party", "croatia", "--category", "combat_aircraft", "--format", "json")
    (before,) = run(*asked, "--as-of", "2027-12-31", db=db).json["rows"]
    assert before["counted"] == {"low": 60, "high": 60}
    assert row["content"]["state"] == "planned"


def test_without_a_ledger_it_is_the_database_that_is_missing(run: Run, tmp_path: Path) -> None:
    assert run(*TANKS, "5", "--source", "synthetic", db=tmp_path / "absent.db").code == 4


def test_what_may_be_on_record_already_is_told(run: Run, base: Path) -> None:
    assert run(*LEOPARDS, db=base).code == 0
    again = ("--on", "2029-01-01", "--planned", "--source", "synthetic, another")
    outcome = run("acquire", "croatia", "Leo 2A8", "44", *again, db=base)
    assert outcome.code == 0
    assert "comes on top of what is on record, 44 Leopard 2A8" in outcome.stderr
    assert counted(run, base, "2030-12-31") == "232..320"
