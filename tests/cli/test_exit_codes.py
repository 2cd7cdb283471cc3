"""Exit codes: each by a situation that people really meet."""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

TODAY = ("--as-of", "2026-11-20")
TANKS = ("--as-of", "2019-12-31", "--category", "battle_tank")
# Over the ceilings that have just become binding, on estimates two years older.
OVER = ("--as-of", "1998-01-01", "--basis", "estimate", "--accept-stale")


def test_0_where_every_verdict_is_within(run: Run) -> None:
    assert run("audit", *TANKS).code == 0


def test_1_where_a_ceiling_is_exceeded(run: Run) -> None:
    outcome = run("audit", *OVER, "--party", "fr-yugoslavia", "--format", "json")
    assert outcome.code == 1
    assert {row["verdict"] for row in outcome.json["rows"]} == {"exceeds"}


def test_1_outweighs_a_missing_verdict(run: Run) -> None:
    outcome = run("audit", "--as-of", "2005-12-31", "--accept-stale", "--format", "json")
    assert outcome.code == 1
    assert {row["verdict"] for row in outcome.json["rows"]} >= {"exceeds", "indeterminate"}


def test_3_where_none_is_exceeded_and_one_has_no_verdict(run: Run) -> None:
    outcome = run("audit", "--as-of", "2019-12-31", "--party", "serbia", "--format", "json")
    assert outcome.code == 3
    assert {row["verdict"] for row in outcome.json["rows"]} == {"within", "indeterminate"}


def test_3_where_a_limit_does_not_bind_yet(run: Run) -> None:
    outcome = run("audit", "--as-of", "1997-01-01", "--basis", "estimate", "--format", "json")
    assert outcome.code == 3
    assert "not_binding" in {row["verdict"] for row in outcome.json["rows"]}


@pytest.mark.parametrize(
    ("arguments", "without"),
    [(OVER, 1), (("--as-of", "2019-12-31"), 3), (TANKS, 0)],
    ids=["exceeds", "no verdict", "within"],
)
def test_exit_zero_is_for_those_who_only_read(
    arguments: tuple[str, ...], without: int, run: Run
) -> None:
    assert run("audit", *arguments).code == without
    quiet = run("audit", *arguments, "--exit-zero")
    assert quiet.code == 0
    assert quiet.stdout == run("audit", *arguments).stdout


def test_exit_zero_does_not_hide_what_could_not_run(run: Run, tmp_path: Path) -> None:
    assert run("audit", "--exit-zero", db=tmp_path / "absent.db").code == 4
    assert run("audit", "--exit-zero", "--party", "Atlantis").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "--frmat", "json"),
        ("audit", "--format", "pdf"),
        ("audit", "surplus"),
        ("adit",),
        ("rules", "chek"),
        ("--agreement", "cfe-1990", "audit"),
        ("--agreement", "/", "audit"),
        ("audit", "--party", "Atlantis"),
        ("audit", "--as-of", "2025-02-30"),
        ("audit", "--basis", "gossip"),
        ("classify",),
        ("classify", "M-60"),
        ("classify", "Zzyzx 9000"),
        ("classify", "X", "-a", "calibre"),
        ("rules", "check", "/nowhere"),
    ],
    ids=" ".join,
)
def test_2_where_it_could_not_run(arguments: tuple[str, ...], run: Run) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert "Error: " in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "bug" not in outcome.stderr


def test_4_where_there_is_no_database(run: Run, tmp_path: Path) -> None:
    outcome = run("audit", db=tmp_path / "absent.db")
    assert outcome.code == 4
    assert "absent.db" in outcome.stderr
    assert "compliance db init" in outcome.stderr
    assert not (tmp_path / "absent.db").exists()


def test_4_where_the_file_is_no_database(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear colleagues,\n" * 200, encoding="utf-8")
    outcome = run("audit", db=path)
    assert outcome.code == 4
    assert "letter.db" in outcome.stderr


def test_4_where_the_database_is_of_another_program(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "recipes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()
    outcome = run("audit", db=path)
    assert outcome.code == 4
    assert "not a ledger" in outcome.stderr


@pytest.mark.parametrize(("revision", "advice"), [("0000", "db upgrade"), ("9999", "newer")])
def test_4_where_the_ledger_has_another_revision(
    revision: str, advice: str, run: Run, own_ledger: Path
) -> None:
    with sqlite3.connect(own_ledger) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    outcome = run("audit", db=own_ledger)
    assert outcome.code == 4
    assert revision in outcome.stderr
    assert advice in outcome.stderr


def test_4_where_a_ledger_is_there_already_and_it_is_left_alone(run: Run, own_ledger: Path) -> None:
    before = own_ledger.read_bytes()
    assert run("db", "init", db=own_ledger).code == 4
    assert own_ledger.read_bytes() == before


def test_4_where_the_database_is_of_an_unsupported_kind(run: Run) -> None:
    outcome = run("audit", db="postgresql://ana:secret@host/ledger")
    assert outcome.code == 4
    assert "secret" not in outcome.stderr


def test_70_for_a_bug_with_the_way_to_report_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the bug of the day")

    monkeypatch.setattr("compliance.cli.audit.judge", broken)
    outcome = run("audit", *TANKS)
    assert outcome.code == 70
    assert outcome.stdout == ""
    assert "the bug of the day" in outcome.stderr
    assert "--debug" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    with pytest.raises(RuntimeError, match="the bug of the day"):
        run("--debug", "audit", *TANKS)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_130_where_somebody_presses_ctrl_c(ledger: Path) -> None:
    """The report is longer than a pipe holds: while nobody reads it, the program is at work."""
    command = [sys.executable, "-m", "compliance", "--db", str(ledger)]
    process = subprocess.Popen(
        [*command, "audit", "--as-of", "2026-11-20", "--format", "json", "--details"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert select.select([process.stdout], [], [], 60)[0], "nothing was printed"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"Interrupted" in errors
    assert b"Traceback" not in errors


def test_the_process_exits_with_the_same_codes(ledger: Path, tmp_path: Path) -> None:
    def code(*arguments: str) -> int:
        command = [sys.executable, "-m", "compliance", *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert code("--db", str(ledger), "audit", *TANKS) == 0
    assert code("--db", str(ledger), "audit", *OVER) == 1
    assert code("--db", str(tmp_path / "absent.db"), "audit") == 4
    assert code("audit", "--frmat") == 2


def test_0_for_who_is_no_party_because_no_limit_applies(run: Run) -> None:
    outcome = run("audit", *TODAY, "--party", "kosovo")
    assert outcome.code == 0
    text = " ".join(outcome.stdout.split())
    assert "Kosovo is not a Party: no limit applies to it. Findings" in text
    assert "24 FGM-148 Javelin" in text
    both = run("audit", *TODAY, "--party", "kosovo", "--party", "serbia")
    assert both.code == 3
    assert "Kosovo is not a Party" in both.stdout
    assert "5 limits checked" in both.stdout


@pytest.mark.parametrize("parties", [(), ("--party", "kosovo", "--party", "serbia")])
def test_3_where_no_limit_of_any_party_is_asked_about(run: Run, parties: tuple[str, ...]) -> None:
    assert run("audit", *TODAY, "--category", "none", *parties).code == 3
