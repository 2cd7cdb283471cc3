"""``deliver``: a plan becomes done by a correction, whole or in part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from recorded import CROATIAN_TANKS, TODAY, counted, dump, lasting, load, rows, steps, synthetic

from compliance.cli import options

if TYPE_CHECKING:
    from conftest import Run

PLAN = (
    *("acquire", "croatia", "Leopard 2A8", "44", "--on", "2026-01-01..2028-12-31"),
    *("--planned", "--source", "synthetic plan", "--ordered", "2025-10-24"),
)
DONE = ("--on", "2026-10-31", "--source", "synthetic delivery")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "today", lambda: TODAY)


@pytest.fixture
def db(run: Run, empty_ledger: Path) -> Path:
    """Croatia's 232 tanks of 2019, and 44 more planned."""
    load(run, empty_ledger, CROATIAN_TANKS)
    assert run(*PLAN, db=empty_ledger).code == 0
    return empty_ledger


@pytest.fixture
def plan(run: Run, db: Path) -> str:
    """The name of the planned row."""
    return str(rows(run, db, 2)[0]["ref"])


def test_a_plan_that_is_done_counts_from_its_day_and_no_longer_as_a_plan(
    run: Run, db: Path, plan: str, golden: Callable[[str, str], None]
) -> None:
    assert counted(run, db, "2026-10-31") == "232..276"
    outcome = run("deliver", plan, *DONE, db=db)
    assert outcome.code == 0, outcome.stderr
    golden("deliver-whole.txt", lasting(outcome.stdout))
    assert counted(run, db, "2026-10-30") == "232"
    assert counted(run, db, "2026-10-31") == "276"
    (row,) = rows(run, db, 3)
    assert row["corrects"] == plan
    content = row["content"]
    assert content["state"] == "done"
    assert content["source"] == "synthetic delivery"
    assert content["note"] == "ordered 2025-10-24"
    assert "None." in run("deliver", "--list", db=db).stdout


def test_a_part_comes_and_the_rest_stays_planned(
    run: Run, db: Path, plan: str, golden: Callable[[str, str], None]
) -> None:
    outcome = run("deliver", plan, *DONE, "--quantity", "14", db=db)
    assert outcome.code == 0, outcome.stderr
    golden("deliver-part.txt", lasting(outcome.stdout))
    done, rest = rows(run, db, 3)
    assert (done["content"]["quantity"], done["content"]["state"]) == ("14", "done")
    assert (rest["content"]["quantity"], rest["content"]["state"]) == ("30", "planned")
    assert done["corrects"] == rest["corrects"] == plan
    assert counted(run, db, "2026-10-31") == "246..276"
    last = run("deliver", rest["ref"], "--on", "2026-11-15", "--source", "synthetic", db=db)
    assert last.code == 0, last.stderr
    assert counted(run, db, "2026-11-15") == "276"


@pytest.mark.parametrize(
    ("planned", "came", "rest"),
    [
        ("62..89", "40", "22..49"),
        ("62..89", "70", "0..19"),
        ("62..89", "60..65", "0..29"),
        ("15..", "10", "5.."),
        ("62..89", "89", None),
        ("62..89", "100", None),
    ],
)
def test_what_stays_of_an_uncertain_plan(
    planned: str, came: str, rest: str | None, run: Run, empty_ledger: Path
) -> None:
    load(run, empty_ledger, synthetic("100"))
    dates = ("--on", "2026-01-01..2028-12-31", "--planned", "--source", "synthetic")
    assert run("acquire", "croatia", "M-84", planned, *dates, db=empty_ledger).code == 0
    name = rows(run, empty_ledger, 2)[0]["ref"]
    outcome = run("deliver", name, *DONE, "--quantity", came, db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    found = [row["content"]["quantity"] for row in rows(run, empty_ledger, 3)]
    assert found == [came, *([rest] if rest else [])]
    assert ("more than was planned" in outcome.stderr) == (came == "100")


def test_an_uncertain_plan_delivered_whole_stays_uncertain_and_that_is_told(
    run: Run, empty_ledger: Path
) -> None:
    load(run, empty_ledger, synthetic("100"))
    dates = ("--planned", "--on", "2026-10-01..2026-12-31", "--source", "synthetic")
    assert run("acquire", "croatia", "M-84", "62..89", *dates, db=empty_ledger).code == 0
    name = rows(run, empty_ledger, 2)[0]["ref"]
    outcome = run("deliver", name, *DONE, "--format", "json", db=empty_ledger)
    assert "62..89: --quantity N" in outcome.stderr
    assert steps(outcome) == {
        "2026-10-01": "100",
        "2026-10-31": "162..189",
    }


def test_a_planned_departure_can_be_done_as_well(run: Run, db: Path) -> None:
    dates = ("--on", "2026-01-01..2028-12-31", "--planned", "--source", "synthetic")
    assert run("reduce", "croatia", "M-84", "30", "--to", "lost", *dates, db=db).code == 0
    name = rows(run, db, 3)[0]["ref"]
    assert run("deliver", name, *DONE, "--basis", "notified", db=db).code == 0
    assert counted(run, db, "2026-10-31") == "202..246"


def test_more_than_is_held_cannot_have_left(run: Run, db: Path) -> None:
    dates = ("--on", "2026-01-01..2028-12-31", "--planned", "--source", "synthetic")
    assert run("reduce", "croatia", "M-84", "230", "--to", "lost", *dates, db=db).code == 0
    name = rows(run, db, 3)[0]["ref"]
    outcome = run("deliver", name, *DONE, "--quantity", "500", db=db)
    assert outcome.code == 2
    assert "holds at most 276" in outcome.stderr


def test_without_a_source_the_plans_own_stands_and_that_is_told(
    run: Run, db: Path, plan: str
) -> None:
    outcome = run("deliver", plan, "--on", "2026-10-31", db=db)
    assert outcome.code == 0
    assert "--source TEXT" in outcome.stderr
    assert rows(run, db, 3)[0]["content"]["source"] == "synthetic plan"


def test_a_plan_is_named_by_hash_or_number(run: Run, db: Path, plan: str) -> None:
    for name in (plan, plan[:8] + plan[12:], "2:1", f" {plan.upper()} "):
        outcome = run("deliver", name, *DONE, "--dry-run", db=db)
        assert outcome.code == 0, (name, outcome.stderr)


def test_what_is_planned_is_listed(run: Run, db: Path, golden: Callable[[str, str], None]) -> None:
    dates = ("--on", "2026-01-01..2026-10-31", "--planned", "--source", "synthetic")
    assert run("acquire", "serbia", "Rafale", "12", *dates, db=db).code == 0
    golden("deliver-list.txt", run("deliver", "--list", db=db).stdout)
    found = run("deliver", "--list", "--format", "json", db=db).json["rows"]
    assert [(r["content"]["type"], r["overdue"]) for r in found] == [
        ("Rafale", True),
        ("Leopard 2A8", False),
    ]
    of_one = run("deliver", "--list", "--party", "RS", "--format", "json", db=db).json["rows"]
    assert [r["content"]["type"] for r in of_one] == ["Rafale"]


def test_a_dry_run_leaves_no_trace(run: Run, db: Path, plan: str) -> None:
    before, content = db.read_bytes(), dump(db)
    assert run("deliver", plan, *DONE, "--dry-run", db=db).code == 0
    assert (db.read_bytes(), dump(db)) == (before, content)


def test_the_gate_holds_for_a_delivery(run: Run, empty_ledger: Path) -> None:
    load(run, empty_ledger, synthetic("400"))
    dates = ("--on", "2026-01-01..2028-12-31", "--planned", "--source", "synthetic")
    assert run("acquire", "croatia", "M-84", "44", *dates, db=empty_ledger).code == 0
    name = rows(run, empty_ledger, 2)[0]["ref"]
    before = dump(empty_ledger)
    assert run("deliver", name, *DONE, "--gate", db=empty_ledger).code == 1
    assert dump(empty_ledger) == before
    assert run("deliver", name, *DONE, db=empty_ledger).code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "which planned movement?"),
        (("0123456789ab:1", *DONE), "names no row"),
        (("0123456789ab", *DONE), "write submission:line"),
        (("9:1", *DONE), "there is no submission '9'"),
        (("1:1", *DONE), "is a holding"),
        (("2:1",), "when it happened is missing"),
        (("2:1", "--on", "2026-02-30"), "not a day of the calendar"),
        (("2:1", "--on", "2027-01-01"), "deliver it once it is done"),
        (("2:1", *DONE, "--quantity", "0"), "nothing moves"),
        (("2:1", *DONE, "--party", "croatia"), "add --list"),
        (("2:1", "--list"), "leave out the one or the other"),
        (("--list", "--party", "crotia"), "did you mean 'croatia'?"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(
    arguments: tuple[str, ...], says: str, run: Run, db: Path
) -> None:
    before = db.read_bytes()
    outcome = run("deliver", *arguments, db=db)
    assert outcome.code == 2, outcome.stdout
    assert says in outcome.stderr
    assert db.read_bytes() == before


@pytest.mark.parametrize("ref", [(), ("0123456789ab:1", *DONE)])
def test_the_plans_on_record_are_listed_where_none_is_rightly_named(
    ref: tuple[str, ...], run: Run, db: Path, plan: str
) -> None:
    outcome = run("deliver", *ref, db=db)
    assert f"{plan}  2026-01-01..2028-12-31  44 Leopard 2A8" in outcome.stderr


def test_what_is_done_or_corrected_already_is_said_so(run: Run, db: Path, plan: str) -> None:
    assert run("deliver", plan, *DONE, db=db).code == 0
    outcome = run("deliver", plan, *DONE, db=db)
    assert outcome.code == 2
    assert "was corrected already" in outcome.stderr
    done = rows(run, db, 3)[0]["ref"]
    outcome = run("deliver", done, *DONE, db=db)
    assert outcome.code == 2
    assert "is done already" in outcome.stderr
    assert run("undo", "3", db=db).code == 0
    again = run("deliver", "--list", "--format", "json", db=db).json["rows"]
    assert [row["content"]["quantity"] for row in again] == ["44"]
