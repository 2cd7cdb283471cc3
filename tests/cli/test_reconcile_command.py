"""``compliance reconcile``: from files to the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, write

if TYPE_CHECKING:
    from conftest import Run

DECLARED = {**TANKS, "as_of": "2020-01-01", "quantity": "464", "source": "synthetic"}
ARRIVAL = {
    **LOSS,
    "date": "2020-03-01",
    "quantity": "30",
    "from": "@import:France",
    "to": "serbia",
    "source": "synthetic",
}
DEPARTURE = {**LOSS, "date": "2020-04-01", "quantity": "10", "source": "synthetic"}
NEXT = {**DECLARED, "as_of": "2021-01-01", "quantity": "480"}
SENT = {**LOSS, "to": "@export:Croatia", "quantity": "4", "source": "synthetic"}
RECEIVED = {**SENT, "from": "@import:Serbia", "to": "croatia", "quantity": "6"}


@pytest.fixture
def filled(run: Run, empty_ledger: Path, tmp_path: Path) -> Path:
    """A ledger in which four tanks are missing, and an export is told differently."""
    files = [
        write(tmp_path / "held.csv", DECLARED, NEXT),
        write(tmp_path / "moved.csv", ARRIVAL, DEPARTURE, SENT, RECEIVED),
    ]
    outcome = run("import", *files, "--recorded-at", "2025-06-01", db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    return empty_ledger


def test_the_shipped_figures(run: Run, golden: Callable[[str, str], None]) -> None:
    outcome = run("reconcile")
    assert outcome.code == 0, outcome.stderr
    golden("reconcile-shipped.txt", outcome.stdout)


def test_what_is_missing_is_said_and_found(
    run: Run, filled: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run("reconcile", db=filled)
    assert (outcome.code, outcome.stderr) == (0, "")
    golden("reconcile-unexplained.txt", outcome.stdout)
    assert max(map(len, outcome.stdout.splitlines())) <= 100


def test_the_same_as_json(run: Run, filled: Path) -> None:
    found = run("reconcile", "--format", "json", db=filled).json
    assert found["schema"] == "compliance.reconcile/1"
    (row,) = found["rows"]
    assert (row["party"], row["category"], row["type"], row["if"]) == (
        "serbia",
        "battle_tank",
        None,
        [],
    )
    exactly = lambda n: {"low": n, "high": n}  # noqa: E731
    assert row["opening"] == exactly(464)
    assert row["increases"] == {"import": exactly(30)}
    assert row["decreases"] == {"reduced: destroyed": exactly(10)}
    assert row["book"] == exactly(484)
    assert row["declared"] == exactly(480)
    assert row["unexplained"] == exactly(-4)
    assert row["result"] == "unexplained"
    assert [m["kind"] for m in row["movements"]] == ["import", "reduced: destroyed"]
    assert all(m["ref"] and m["source"] == "synthetic" for m in row["movements"])
    kinds = [finding["kind"] for finding in found["findings"]]
    assert kinds == ["unexplained", "mirror_missing"]
    assert "between 1 January 2020 and 1 January 2021" in found["findings"][0]["message"]
    assert run("reconcile", "--format", "json", db=filled).raw == (
        run("reconcile", "--format", "json", db=filled).raw
    )


def test_the_same_as_csv_and_markdown(run: Run, filled: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(run("reconcile", "--format", "csv", db=filled).stdout))
    assert (row["unexplained_low"], row["unexplained_high"]) == ("-4", "-4")
    assert (row["increases"], row["decreases"]) == ("import 30", "reduced: destroyed 10")
    shown = run("reconcile", "--format", "markdown", db=filled).stdout
    assert "| 2020-01-01 to 2021-01-01 |" in shown
    assert "UNEXPLAINED" in shown


def test_what_is_asked_about(run: Run, filled: Path) -> None:
    def rows(*options: str) -> tuple[int, list[str]]:
        outcome = run("reconcile", "--format", "json", *options, db=filled)
        assert outcome.code == 0, outcome.stderr
        return len(outcome.json["rows"]), [f["kind"] for f in outcome.json["findings"]]

    assert rows("--party", "RS") == (1, ["unexplained", "mirror_missing"])
    assert rows("--party", "montenegro") == (0, [])
    assert rows("--party", "croatia") == (0, ["mirror_missing"])
    assert rows("--category", "artillery") == (0, [])
    assert rows("--from", "2021-01-02") == (0, ["mirror_missing"])
    assert rows("--to", "2020-12-31") == (0, [])
    assert rows("--basis", "press") == (0, ["mirror_missing"])
    assert rows("--known-at", "2025-05-01") == (0, [])


def test_a_correction_settles_it(run: Run, filled: Path, tmp_path: Path) -> None:
    rows = run("reconcile", "--format", "json", db=filled).json["rows"]
    later = rows[0]["to"]["rows"][0]["ref"]
    better = write(tmp_path / "better.csv", {**NEXT, "quantity": "484", "corrects": later})
    assert run("import", better, db=filled).code == 0
    assert run("reconcile", "--format", "json", db=filled).json["rows"][0]["result"] == "explained"
    then = run("reconcile", "--format", "json", "--known-at", "2025-06-01", db=filled)
    assert then.json["rows"][0]["result"] == "unexplained"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--party", "serbai"), "did you mean 'serbia'?"),
        (("--category", "battle_tnak"), "did you mean 'battle_tank'?"),
        (("--reading", "nonsense=1"), "asks no question 'nonsense'"),
        (("--from", "2021-01-01", "--to", "2020-01-01"), "put the earlier day first"),
        (("--from", "1.2.2020"), "write YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_asked(run: Run, options: tuple[str, ...], said: str) -> None:
    outcome = run("reconcile", *options)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
