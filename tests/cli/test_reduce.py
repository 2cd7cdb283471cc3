"""``reduce``: what leaves a Party or changes its status, how surely, and what cannot leave."""

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

TO_UKRAINE = (
    *("reduce", "croatia", "M-84", "30", "--to", "export:Ukraine"),
    *("--on", "2024-11-01..2025-08-31", "--source", "synthetic"),
)
M84 = ("reduce", "croatia", "M-84")
SURE = ("--basis", "notified", "--source", "synthetic")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "today", lambda: TODAY)


@pytest.fixture
def base(run: Run, empty_ledger: Path) -> Path:
    """Croatia's 232 tanks of 2019."""
    return load(run, empty_ledger, CROATIAN_TANKS)


@pytest.fixture
def typed(run: Run, empty_ledger: Path) -> Path:
    """100 tanks (synthetic): 60 M-84 and 40 T-55, new enough to speak for today."""
    return load(
        run,
        empty_ledger,
        synthetic("100"),
        synthetic("60", type="M-84"),
        synthetic("40", type="T-55"),
    )


def test_what_a_party_notified_is_certainly_gone_by_the_last_day(
    run: Run, base: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run(*TO_UKRAINE, "--basis", "notified", db=base)
    assert outcome.code == 0, outcome.stderr
    golden("reduce-notified.txt", lasting(outcome.stdout))
    assert rows(run, base, 2)[0]["content"]["to"] == "@export:Ukraine"
    assert counted(run, base, "2024-10-31") == "232"
    assert counted(run, base, "2024-11-01") == "202..232"
    assert counted(run, base, "2025-08-31") == "202"


def test_the_example_of_the_purchase_and_the_export(run: Run, base: Path) -> None:
    """232 - 30 + 44: a plan is not certain, so the span ends at 246 and starts at 202."""
    plan = ("--on", "2028-01-01..2030-12-31", "--planned", "--source", "synthetic")
    assert run("acquire", "croatia", "Leopard 2A8", "44", *plan, db=base).code == 0
    assert run(*TO_UKRAINE, "--basis", "notified", db=base).code == 0
    assert counted(run, base, "2027-12-31") == "202"
    assert counted(run, base, "2031-12-31") == "202..246"


@pytest.mark.parametrize("basis", ["press", "estimate", "official"])
def test_a_weaker_basis_only_widens_and_what_would_make_it_certain_is_told(
    basis: str, run: Run, base: Path, golden: Callable[[str, str], None]
) -> None:
    asked = (*TO_UKRAINE, "--basis", basis, "--dry-run")
    assert steps(run(*asked, "--format", "json", db=base)) == {"2024-11-01": "202..232"}
    shown = run(*asked, db=base).stdout
    text = " ".join(shown.split())
    assert f"departure on the basis '{basis}' is not certain and only widens the span" in text
    assert "record it with --basis notified, or correct this row" in text
    if basis == "press":
        golden("reduce-press.txt", lasting(shown))


def test_official_is_what_is_taken_if_nothing_is_said(run: Run, base: Path) -> None:
    assert run(*TO_UKRAINE, db=base).code == 0
    assert rows(run, base, 2)[0]["content"]["basis"] == "official"


@pytest.mark.parametrize(
    ("where", "account"),
    [
        ("destruction", "@reduced:destroyed"),
        ("destroyed", "@reduced:destroyed"),
        ("conversion", "@reduced:converted"),
        ("static display", "@reduced:static_display"),
        ("ground targets", "@reduced:ground_target"),
        ("@reduced:destroyed", "@reduced:destroyed"),
        ("reduced:melted_down", "@reduced:melted_down"),
        ("export", "@export"),
        ("export:United States", "@export:United States"),
        ("@export:Ukraine", "@export:Ukraine"),
        ("lost", "@lost"),
        ("Serbia", "serbia"),
        ("RS:stored", "serbia:stored"),
        ("decommissioned", "croatia:decommissioned"),
        ("historical collection", "croatia:historical_collection"),
    ],
)
def test_where_it_goes(where: str, account: str, run: Run, typed: Path) -> None:
    outcome = run(*M84, "3", "--to", where, *SURE, db=typed)
    assert outcome.code == 0, outcome.stderr
    assert rows(run, typed, 2)[0]["content"]["to"] == account


def test_a_transfer_leaves_one_party_and_reaches_the_other(run: Run, empty_ledger: Path) -> None:
    db = load(run, empty_ledger, synthetic("300"), synthetic("940", party="serbia"))
    outcome = run(*M84, "30", "--to", "serbia", *SURE, "--format", "json", db=db)
    assert steps(outcome, "croatia") == {"2026-11-20": "270"}
    assert steps(outcome, "serbia") == {"2026-11-20": "970"}
    assert "Transfer" in run(*M84, "1", "--to", "serbia", *SURE, "--dry-run", db=db).stdout


@pytest.fixture
def exempt(run: Run, empty_ledger: Path) -> Path:
    """100 tanks (synthetic), and beside them 3 M-84 used only for research and development."""
    status = "research_development"
    return load(run, empty_ledger, synthetic("100"), synthetic("3", type="M-84", status=status))


def test_the_end_of_a_research_exemption_can_only_raise_the_count(run: Run, exempt: Path) -> None:
    asked = (*M84, "2", "--status", "research_development", "--to", "overall")
    closed = ("--reading", "counting-exclusions=cfe", "--format", "json")
    outcome = run(*asked, *SURE, *closed, "--dry-run", db=exempt)
    assert steps(outcome) == {"2026-11-20": "102"}
    official = run(*asked, "--source", "synthetic", *closed, "--dry-run", db=exempt)
    assert steps(official) == {"2026-11-20": "102"}, "it counts against the Party"
    open_question = run(*asked, *SURE, "--format", "json", "--dry-run", db=exempt)
    assert steps(open_question) == {"2026-11-20": "102..103"}
    assert "Change of status" in run(*asked, *SURE, "--dry-run", db=exempt).stdout


def test_a_change_that_counts_alike_is_said_to_change_nothing(run: Run, typed: Path) -> None:
    outcome = run(*M84, "5", "--to", "stored", *SURE, db=typed)
    assert outcome.code == 0
    assert "No count changes on any day." in outcome.stdout
    assert "count alike under both statuses" in outcome.stdout


def test_what_a_later_figure_contains_is_said_to_be_in_it(run: Run, base: Path) -> None:
    asked = ("--on", "2019-01-01", *SURE, "--dry-run", "--format", "json")
    (course,) = run(*M84, "5", "--to", "lost", *asked, db=base).json["courses"]
    assert "in the figure as of 2019-09-12 already" in course["certainty"][-1]["text"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("M-84", "233", "--to", "lost"), "holds at most 232 battle tanks"),
        (("M-84", "233..240", "--to", "lost"), "holds at most 232 battle tanks"),
    ],
)
def test_more_than_is_held_cannot_leave(
    arguments: tuple[str, ...], says: str, run: Run, base: Path
) -> None:
    before = base.read_bytes()
    outcome = run("reduce", "croatia", *arguments, *SURE, db=base)
    assert outcome.code == 2
    assert says in outcome.stderr
    assert outcome.stdout == ""
    assert base.read_bytes() == before


def test_all_that_is_held_can_leave_and_what_may_be_held(run: Run, base: Path) -> None:
    assert run(*M84, "232", "--to", "lost", *SURE, "--dry-run", db=base).code == 0
    assert run(*M84, "200..300", "--to", "lost", *SURE, "--dry-run", db=base).code == 0
    come = ("--on", "2020-01-01", "--basis", "press", "--source", "synthetic")
    assert run("acquire", "croatia", "M-84", "10", *come, db=base).code == 0
    assert run(*M84, "242", "--to", "lost", *SURE, "--dry-run", db=base).code == 0
    assert run(*M84, "243", "--to", "lost", *SURE, "--dry-run", db=base).code == 2


def test_more_of_a_type_than_is_held_names_the_types_that_are(run: Run, typed: Path) -> None:
    outcome = run(*M84, "61", "--to", "lost", *SURE, db=typed)
    assert outcome.code == 2
    assert "at most 60 M-84" in outcome.stderr
    assert "60 M-84 and 40 T-55" in outcome.stderr
    outcome = run("reduce", "croatia", "T-72", "1", "--to", "lost", *SURE, db=typed)
    assert outcome.code == 2
    assert "holds no T-72" in outcome.stderr
    assert run(*M84, "60", "--to", "lost", *SURE, db=typed).code == 0
    outcome = run(*M84, "1", "--to", "lost", *SURE, db=typed)
    assert outcome.code == 2
    assert "holds no M-84" in outcome.stderr, "they left already"


def test_types_that_are_not_all_there_are_refuse_nothing(run: Run, empty_ledger: Path) -> None:
    db = load(run, empty_ledger, synthetic("100"), synthetic("60", type="M-84"))
    assert run("reduce", "croatia", "T-55", "40", "--to", "lost", *SURE, db=db).code == 0


def test_more_under_a_status_than_is_held_under_it(run: Run, exempt: Path) -> None:
    asked = ("--status", "research_development", "--to", "overall", *SURE)
    outcome = run(*M84, "4", *asked, db=exempt)
    assert outcome.code == 2
    assert "at most 3 M-84 under 'research_development'" in outcome.stderr
    assert run(*M84, "3", *asked, db=exempt).code == 0


def test_where_nothing_is_known_of_the_holding_it_is_recorded_with_a_warning(
    run: Run, empty_ledger: Path
) -> None:
    outcome = run(*M84, "5", "--to", "lost", *SURE, db=empty_ledger)
    assert outcome.code == 0
    assert "warning: nothing on record says how many M-84 croatia holds" in outcome.stderr
    assert len(rows(run, empty_ledger, 1)) == 1


def test_a_reduction_passes_the_gate_and_its_receiver_does_not(
    run: Run, empty_ledger: Path
) -> None:
    """950 tanks of Serbia (synthetic) are over its 948: fewer of them is never refused."""
    db = load(run, empty_ledger, synthetic("400"), synthetic("950", party="serbia"))
    away = ("reduce", "serbia", "M-84", "1", *SURE, "--gate")
    outcome = run(*away, "--to", "lost", "--dry-run", "--format", "json", db=db)
    assert outcome.code == 1, "949 are still too many, and that is not the reduction's fault"
    assert "Refused" not in outcome.stderr
    before = dump(db)
    outcome = run("reduce", "serbia", "M-84", "11", *SURE, "--gate", "--to", "croatia", db=db)
    assert outcome.code == 1
    assert "Refused" in outcome.stderr
    assert dump(db) == before


def test_what_still_exceeds_afterwards_is_told_by_the_exit_code(
    run: Run, empty_ledger: Path
) -> None:
    db = load(run, empty_ledger, synthetic("420"))
    assert run(*M84, "5", "--to", "lost", *SURE, db=db).code == 1
    outcome = run(*M84, "5", "--to", "lost", *SURE, "--format", "json", "--again", db=db)
    assert outcome.code == 0
    assert verdicts(outcome) == ["within"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("croatia", "M-84", "5", "--to", "Ukraine"), "export:Ukraine"),
        (("croatia", "M-84", "5", "--to", "destructoin"), "did you mean"),
        (("croatia", "M-84", "5", "--to", "overall"), "held as croatia already"),
        (("croatia", "M-84", "5", "--to", "croatia"), "held as croatia already"),
        (("croatia", "M-84", "5", "--to", "export:"), "is no outside place"),
        (("croatia", "M-84", "5"), "Missing option '--to'"),
        (("croatia", "M-84", "-5", "--to", "lost"), "is no quantity"),
        (("croatia", "M-84", "5", "--to", "lost", "--on", "2027-01-01"), "add --planned"),
        (("crotia", "M-84", "5", "--to", "lost"), "did you mean 'croatia'?"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(
    arguments: tuple[str, ...], says: str, run: Run, typed: Path
) -> None:
    before = typed.read_bytes()
    outcome = run("reduce", *arguments, db=typed)
    assert outcome.code == 2, outcome.stdout
    assert says in outcome.stderr
    assert typed.read_bytes() == before
