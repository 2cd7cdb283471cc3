"""Implausible figures are taken in and named by the audit: jumps, overdrawn accounts, odd dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from import_files import LOSS, TANKS, write

if TYPE_CHECKING:
    from conftest import Run

SERBIA = {**TANKS, "source": "synthetic"}
ENTRIES = (
    (
        "2023-12-15",
        {**SERBIA, "as_of": "2024-01-01", "quantity": "200"},
        {**SERBIA, "as_of": "2024-01-01", "quantity": "100", "type": "M-84"},
    ),
    (
        "2024-12-15",
        {**SERBIA, "as_of": "2025-01-01", "quantity": "250"},
        {**SERBIA, "as_of": "2025-01-01", "quantity": "100", "type": "M-84"},
    ),
    ("2025-01-10", {**SERBIA, "as_of": "2025-06-01", "quantity": "251"}),
    ("2025-03-01", {**LOSS, "date": "2025-02-01", "quantity": "101", "source": "synthetic"}),
)


@pytest.fixture(scope="module")
def odd(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of synthetic figures that are not plausible. For reading only."""
    folder = tmp_path_factory.mktemp("odd")
    path = folder / "odd.db"
    assert program("--db", path, "db", "init", "--empty").code == 0
    for number, (moment, *rows) in enumerate(ENTRIES):
        file = write(folder / f"{number}.csv", *rows)
        outcome = program("--db", path, "import", file, "--recorded-at", moment)
        assert outcome.code == 0, outcome.stderr
    return path


def _findings(run: Run, db: Path, *options: str) -> dict[str, dict[str, Any]]:
    asked = ("--category", "battle_tank", "--party", "serbia", "--format", "json", "--exit-zero")
    found = run("audit", *asked, *options, db=db)
    assert found.code == 0, found.stderr
    kinds = ("unexplained_jump", "account_below_zero", "later_declaration", "dated_ahead")
    return {f["kind"]: f for f in found.json["findings"] if f["kind"] in kinds}


def test_a_jump_is_found_between_declarations_of_which_only_one_is_in_use(
    run: Run, odd: Path
) -> None:
    found = _findings(run, odd, "--as-of", "2025-01-31")
    assert sorted(found) == ["dated_ahead", "later_declaration", "unexplained_jump"]
    jump = found["unexplained_jump"]
    assert "rose from 200" in jump["message"]
    assert jump["severity"] == "medium"
    assert jump["citation"]["status"] == "derived"
    assert len(jump["rows"]) == 2
    assert "1 June 2025" in found["later_declaration"]["message"]
    assert "recorded on (10 January 2025)" in found["dated_ahead"]["message"]
    assert found["later_declaration"]["severity"] == "info"


def test_what_was_recorded_later_is_not_found_at_an_earlier_moment(run: Run, odd: Path) -> None:
    assert sorted(_findings(run, odd, "--as-of", "2025-01-31", "--known-at", "2024-12-31")) == [
        "unexplained_jump"
    ]
    assert sorted(_findings(run, odd, "--as-of", "2024-12-31", "--known-at", "2024-12-31")) == [
        "later_declaration"
    ]
    assert not _findings(run, odd, "--as-of", "2024-12-31", "--known-at", "2024-06-30")


def test_an_account_is_found_below_zero(run: Run, odd: Path) -> None:
    found = _findings(run, odd, "--as-of", "2025-02-28")["account_below_zero"]
    assert "the account serbia of M-84 is below zero from 1 February 2025" in found["message"]
    assert "account_below_zero" not in _findings(run, odd, "--as-of", "2025-01-31")


def test_a_movement_between_the_two_explains(
    run: Run, odd: Path, tmp_path: Path, program: Run
) -> None:
    db = tmp_path / "explained.db"
    db.write_bytes(odd.read_bytes())
    bought = {**LOSS, "date": "2024-05-01", "type": "", "quantity": "30", "source": "synthetic"}
    file = write(tmp_path / "bought.csv", {**bought, "from": "@import:Elsewhere", "to": "serbia"})
    assert program("--db", db, "import", file).code == 0
    assert "unexplained_jump" not in _findings(run, db, "--as-of", "2025-01-31")


def test_the_published_figures_give_no_false_alarm(run: Run) -> None:
    for day in ("1999-12-31", "2019-12-31", "2026-11-20"):
        found = run("audit", "--as-of", day, "--format", "json", "--exit-zero").json["findings"]
        kinds = {finding["kind"] for finding in found}
        assert not kinds & {"unexplained_jump", "account_below_zero", "dated_ahead"}
