"""The benchmark itself: it measures the same thing every time, and refuses wrong answers."""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bench import answers, generate, goals, invented, journals, reckon, table  # noqa: E402
from bench.measure import Contest, Failed, Output, Runner, Step, Subject  # noqa: E402
from bench.places import Peer  # noqa: E402

MOVEMENTS, DAY, NEW_YEAR = 700, "1998-08-17", "2025-01-01"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    generate.generate(folder, MOVEMENTS)
    return folder


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented.write_pack(tmp_path_factory.mktemp("pack"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(folder.glob(f"{kind}-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found


def test_the_same_number_gives_the_same_files_and_they_are_as_promised(
    files: Path, tmp_path: Path
) -> None:
    generate.generate(tmp_path, MOVEMENTS)
    assert contents(tmp_path) == contents(files)
    moved = rows(files, "movements")
    assert len(moved) == MOVEMENTS
    for kind in ("movements", "declarations", "corrections"):
        assert all("synthetic" in row["source"] for row in rows(files, kind))
    for path in files.glob("movements-*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            dates = [row["date"][:10] for row in csv.DictReader(file)]
        assert dates == sorted(dates)
    assert {row["ref"] for row in rows(files, "corrections")} < {row["ref"] for row in moved}


def _doubtful() -> Iterator[str]:
    """Yield movements in and out of each Party, of every basis, with spans and without."""
    dates = (
        "1998-03-01",
        "1997-12-31",
        "1998-08-17",
        "1998-08-01..1998-09-30",
        "1997-12-01..1998-01-31",
        "1998-08-18",
    )
    bases = ("declared", "observed", "official", "press")
    doubts = itertools.product(dates, bases, ("3", "2..5"), (True, False))
    for (day, basis, quantity, enters), party in zip(
        doubts, itertools.cycle(invented.parties()), strict=False
    ):
        ends = f"@import,{party.id}" if enters else f"{party.id},@export"
        yield f"{day},{party.types[0]},,{quantity},{ends},done,{basis}"


def test_ours_counts_what_the_reckoning_counts(
    files: Path, pack: Path, tmp_path: Path, program: Callable[..., Any]
) -> None:
    """Without the corrections, that need a name from the ledger; with every kind of doubt."""
    for name, content in contents(files).items():
        if not name.startswith("corrections"):
            (tmp_path / name).write_bytes(content)
    with (tmp_path / f"movements-{DAY[:4]}.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row},synthetic: by hand,{n}\n" for n, row in enumerate(_doubtful()))
    db = tmp_path / "synthetic.db"
    ours = ["--agreement", pack, "--db", db]
    for arguments in (
        ["rules", "check", pack],
        ["db", "init", "--empty"],
        ["import", *sorted(tmp_path.glob("*.csv")), "--as-of", DAY],
    ):
        assert program(*ours, *arguments).code == 0
    printed = tmp_path / "printed"
    printed.write_bytes(program(*ours, "audit", "--as-of", DAY, "--format", "json").raw)
    reckoned = reckon.reckon(tmp_path, [DAY])
    wanted = answers.wanted_counts(reckoned, DAY)
    assert len(wanted) == 150
    assert answers.audit(Output((printed,))) == wanted
    assert answers.imported(db) == answers.wanted_import(reckoned)


def runner(folder: Path) -> Runner:
    return Runner(folder, os.environ, 1)


def says(text: str, key: str = "peer", expected: object = None, code: int = 0) -> Subject:
    command = [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]
    return Subject(key, key, [Step(command)], answer=answers.printed, expected=lambda: expected)


def test_a_wrong_answer_or_a_failure_ends_the_run_before_any_time_is_kept(tmp_path: Path) -> None:
    right = {"party-01/artillery": [7, 8]}
    good = says(json.dumps(right), "ours", right)
    wrong = says('{"party-01/artillery": [7, 9]}', "peer", right)
    with pytest.raises(Failed, match=r"party-01/artillery: \[7, 9\], not \[7, 8\]"):
        runner(tmp_path).all([Contest("counts", "counts", [good, wrong])])
    assert (good.seconds, wrong.seconds) == ([], [])
    with pytest.raises(Failed, match="exit code 3"):
        runner(tmp_path).all([Contest("counts", "counts", [says("{}", "peer", {}, code=3)])])
    runner(tmp_path).all([Contest("counts", "counts", [good])])
    assert len(good.seconds) == 1


def test_a_planted_wrong_row_changes_the_reckoning(files: Path, tmp_path: Path) -> None:
    for name, content in contents(files).items():
        (tmp_path / name).write_bytes(content)
    before = reckon.reckon(tmp_path, [NEW_YEAR])
    declared = tmp_path / "declarations-2024.csv"
    first, line, rest = declared.read_text("utf-8").split("\n", 2)
    cells = line.split(",")
    cells[6] = str(int(cells[6]) + 1)
    declared.write_text("\n".join([first, ",".join(cells), rest]), "utf-8")
    after = reckon.reckon(tmp_path, [NEW_YEAR])
    name = f"{cells[0]}/{cells[3]}"
    changed = {
        key for key, span in after["counts"][NEW_YEAR].items()
        if span != before["counts"][NEW_YEAR][key]
    }  # fmt: skip
    assert changed == {name}


def measured(key: str, *seconds: float, peak: float = 50e6) -> Subject:
    return Subject(key, key, seconds=list(seconds), peaks=[peak] * len(seconds))


def test_the_table_judges_each_goal_by_its_medians() -> None:
    def judged(ours: float, peak: float, sizes: dict[str, int]) -> str:
        subjects = [
            measured("ours", ours, ours, 99, peak=peak),
            measured("floor", 1, 1, 1),
            Subject("utils", "utils", absent="sqlite-utils cannot be installed here"),
        ]
        return table.goals({"import": Contest("import", "import", subjects)}, sizes)

    def line(text: str, start: str) -> list[str]:
        found = next(row for row in text.splitlines() if row.startswith(f"| {start}"))
        return [cell.strip() for cell in found.strip("|").split("|")]

    good = judged(2.5, 100e6, goals.SIZES)
    assert line(good, "import of 1 million")[1:4] == ["2.500", "at most 2.5", "met"]
    assert line(good, "peak memory")[1:4] == ["100 MB", "at most 100 MB", "met"]
    assert "NOT MEASURED: sqlite-utils" in line(good, "the same against `sqlite-utils i")[3]
    bad = judged(2.51, 101e6, goals.SIZES)
    assert line(bad, "import of 1 million")[3] == "**not met**"
    assert line(bad, "peak memory")[3] == "**not met**"
    assert line(judged(2.5, 1e6, {"10k": 1}), "import of 1 m")[3] == "not judged: it needs 1m"
    assert line(good, "verify of 10 million")[3] == table.NOT_RUN


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- table: made by make bench -->\nold\n<!-- table: end -->\nb\n", "utf-8")
    table.put(page, "table", "new")
    text = page.read_text("utf-8")
    assert text.startswith("a\n")
    assert text.endswith("\nb\n")
    assert "\nnew\n" in text
    assert "old" not in text
    with pytest.raises(Failed, match="profile"):
        table.put(page, "profile", "new")


def test_every_goal_names_what_a_contest_has() -> None:
    from bench.contests import ALL

    assert {goal.contest for goal in goals.GOALS} <= set(ALL)
    assert {key for key, _ in goals.GROWTH} <= set(ALL)
    issue = [goal for goal in goals.GOALS if goal.at_most or goal.faster or goal.memory]
    assert len(issue) == 13


def test_the_journals_hold_every_declared_balance(files: Path, tmp_path: Path) -> None:
    for name, content in contents(files).items():
        (tmp_path / name).write_bytes(content)
    journals.write(tmp_path)
    declared = rows(files, "declarations")
    hledger = (tmp_path / "ledger.journal").read_text("utf-8")
    beancount = (tmp_path / "ledger.beancount").read_text("utf-8")
    assert sum(" = " in line for line in hledger.splitlines()) == len(declared)
    assert sum(" balance " in line for line in beancount.splitlines()) == len(declared)


@pytest.mark.long
def test_the_whole_command_runs_on_tiny_ledgers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- table: made by make bench -->\n<!-- table: end -->\n", encoding="utf-8")
    command = [sys.executable, "-m", "bench", "--quick", "--runs", "1", "--page", str(page)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "A smoke run" in page.read_text("utf-8")
    assert "| what | measured | goal | result |" in done.stdout
    assert "left" in done.stderr


def test_peers_that_are_absent_are_told() -> None:
    subjects = [Subject("ours", "ours", seconds=[1.0], peaks=[1e6]),
                Subject("hledger", "hledger", absent="hledger is not installed here")]  # fmt: skip
    text = table.report(
        [Contest("journals", "journals", subjects)],
        sizes=goals.SIZES, databases={}, runs=5, about="",
        peers=[Peer("hledger", absent="hledger is not installed here")],
    )  # fmt: skip
    assert "NOT MEASURED | hledger is not installed here" in text
    assert "Peers: none" in text
