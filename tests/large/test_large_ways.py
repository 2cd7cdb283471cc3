"""One answer, whichever way it is found: in groups or row by row, in whatever order recorded."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from independent import Asked
from large_ledger import LIMITS, YEARS, Large, build, make_files

from compliance.ledger import tails

if TYPE_CHECKING:
    from conftest import Run

pytestmark = pytest.mark.long

SAME = ("counted", "held", "not_counted", "ceiling", "headroom", "verdict", "basis", "stale")
NEVER = 10**9
TIPPING = "tipping"


def _numbers(found: Sequence[dict[str, Any]]) -> dict[tuple[str, str], list[Any]]:
    names = (*SAME, "declared_as_of", TIPPING)
    return {(row["party"], row["category"]): [row[name] for name in names] for row in found}


def _without_tipping(found: Sequence[dict[str, Any]]) -> dict[tuple[str, str], list[Any]]:
    return _numbers([{**row, TIPPING: None} for row in found])


@pytest.mark.parametrize(
    ("question", "parties"),
    [
        (Asked("2024-08-17"), ()),
        (Asked("2024-06-15"), ("party-03", "party-07", "party-11", "party-14", "party-15")),
        (Asked("1991-05-17"), ("party-01", "party-02")),
        (Asked("2009-08-17", known_at="2010-02-01"), ()),  # before the corrections of the year
        (Asked("2024-08-17", basis="estimate"), ("party-05",)),
    ],
    ids=lambda value: "-".join(filter(None, value)),
)
def test_groups_count_as_their_rows(
    large: Large, monkeypatch: pytest.MonkeyPatch, question: Asked, parties: tuple[str, ...]
) -> None:
    named = [word for party in parties for word in ("--party", party)]
    # What would turn a verdict is said of each uncertain piece: of a group as of one.
    usual = _without_tipping(large.audit(question, *named))
    monkeypatch.setattr(tails, "MANY", 0)
    groups = large.audit(question, *named)
    monkeypatch.setattr(tails, "MANY", NEVER)
    singly = large.audit(question, *named)
    assert _without_tipping(groups) == _without_tipping(singly) == usual
    assert len(singly) == 5 * (len(parties) or 30)
    assert "@" in _refs(groups)
    assert "@" not in _refs(singly)


def _refs(found: Sequence[dict[str, Any]]) -> str:
    """Return how the movements behind an answer are named: groups as ``number@hash``."""
    return " ".join(row["ref"] for item in found for row in item["rows"])


@pytest.mark.parametrize(
    "days",
    [("2023-11-20", "2024-07-05"), ("2010-10-15", "2011-12-31")],  # a year divided, and one whole
    ids="-".join,
)
def test_groups_are_causes_of_a_change_as_their_rows_are(
    large: Large, monkeypatch: pytest.MonkeyPatch, days: tuple[str, str]
) -> None:
    asked = ("diff", *days, "--party", "party-03", "--party", "party-07")
    found = []
    for many in (0, NEVER):
        monkeypatch.setattr(tails, "MANY", many)
        told = large.call(*asked, "--all", "--format", "json").json["rows"]
        found.append(
            {(row["party"], row["category"]): (row["change"], _by_kind(row)) for row in told}
        )
    assert found[0] == found[1]
    assert len(found[0]) == 10


def _by_kind(row: dict[str, Any]) -> dict[str, list[int]]:
    """Return what the causes of each kind add up to: groups have fewer of the same."""
    found: dict[str, list[int]] = {}
    for cause in row["causes"]:
        total = found.setdefault(cause["kind"], [0, 0])
        total[0] += cause["low"]
        total[1] += cause["high"]
    return found


def test_the_order_of_recording_changes_no_number(program: Run, tmp_path: Path) -> None:
    """The last years of a small ledger, once in their order, once backwards and in disorder."""
    files, disorder = tmp_path / "files", tmp_path / "disorder"
    make_files(files, 3000)
    shutil.copytree(files, disorder)
    chance = random.Random(7)
    for path in disorder.glob("*-*.csv"):
        first, *rest = path.read_text("utf-8").splitlines()
        chance.shuffle(rest)
        path.write_text("\n".join([first, *rest]) + "\n", "utf-8")
    years = YEARS[-5:]
    found = []
    for folder, order in ((files, years), (disorder, years[::-1])):
        made = Large(program, str(tmp_path / f"{folder.name}.db"), folder, 3000, str)
        made.call("db", "init", "--empty", codes=[0])
        build(made, order)
        days = ("2023-10-01", "2024-06-15", "2024-08-17", "2025-12-31")
        found.append([_numbers(made.audit(Asked(day))) for day in days])
    assert found[0] == found[1]
    assert all(len(numbers) == len(LIMITS) for numbers in found[0])
