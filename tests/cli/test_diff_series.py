"""``compliance diff --every``: a series hangs together, and shows each limit year by year."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

TANKS = ("diff", "1996", "2026", "--category", "battle_tank", "--every", "year")
MONTENEGRO = ("diff", "2006", "2020-07-01", "--party", "montenegro", "--every", "year")


def _by_place(periods: list[Any]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for period in periods:
        for row in period["rows"]:
            found[row["party"], row["category"]].append(row)
    return found


def test_each_period_begins_as_the_one_before_it_ends(run: Run) -> None:
    result = run(*TANKS, "--format", "json").json
    periods = result["periods"]
    assert (result["every"], result["last_shorter"], len(periods)) == ("year", False, 30)
    assert [p["from"] for p in periods] == [f"{year}-01-01" for year in range(1996, 2026)]
    assert all(one["to"] == other["from"] for one, other in pairwise(periods))
    for rows in _by_place(periods).values():
        assert all(one["after"] == other["before"] for one, other in pairwise(rows))


def test_a_period_of_a_series_is_that_period_by_itself(run: Run) -> None:
    periods = run(*TANKS, "--format", "json").json["periods"]
    for period in (periods[0], periods[10], periods[23]):
        days = (period["from"], period["to"])
        alone = run("diff", *days, "--category", "battle_tank", "--format", "json").json["rows"]
        for row in (*period["rows"], *alone):
            # What is dated after the last day is named of the last day only.
            row["left_open"] = [t for t in row["left_open"] if "dated after" not in t]
        assert period["rows"] == alone


@pytest.mark.parametrize(
    ("days", "every", "count", "last"),
    [
        (("2020", "2024"), "year", 4, None),
        (("2020", "2024-03-01"), "year", 5, ("2024-01-01", "2024-03-01")),
        (("2020-02-29", "2024-02-29"), "year", 4, None),
        (("2020", "2021-02-01"), "quarter", 5, ("2021-01-01", "2021-02-01")),
        (("2020", "2020"), "year", 1, None),
    ],
)
def test_a_shorter_last_period_is_said(
    run: Run, days: tuple[str, str], every: str, count: int, last: tuple[str, str] | None
) -> None:
    arguments = ("diff", *days, "--every", every, "--category", "battle_tank")
    result = run(*arguments, "--format", "json").json
    assert len(result["periods"]) == count
    shorter = days[0] == days[1] or last is not None
    assert result["last_shorter"] is shorter
    if last is not None:
        assert (result["periods"][-1]["from"], result["periods"][-1]["to"]) == last
    text = run(*arguments).stdout
    assert ("The last period is shorter than a" in text) is shorter


def test_a_hundred_years_is_the_most(run: Run) -> None:
    outcome = run("diff", "1900", "2026", "--every", "quarter")
    assert outcome.code == 2
    assert "too long for --every" in outcome.stderr


def test_csv_is_in_long_form(run: Run) -> None:
    periods = run(*TANKS, "--format", "json").json["periods"]
    lines = list(csv.DictReader(io.StringIO(run(*TANKS, "--format", "csv").stdout)))
    rows = [(p["from"], p["to"], r) for p in periods for r in p["rows"]]
    assert len(lines) == len(rows)
    for line, (start, end, row) in zip(lines, rows, strict=True):
        assert (line["from"], line["to"]) == (start, end)
        assert (line["party"], line["category"]) == (row["party"], row["category"])
        change = [row["change"][bound] for bound in ("low", "high")]
        assert [line["change_low"], line["change_high"]] == [
            "" if c is None else str(c) for c in change
        ]
        counted = row["after"]["counted"]
        assert line["counted_after_low"] == ("" if counted is None else str(counted["low"]))
        assert line["verdict_after"] == row["after"]["verdict"]


def test_tables_and_drawings_stay_within_a_hundred_columns(run: Run) -> None:
    lines = run("diff", "1996", "2026", "--every", "year", "--all").stdout.splitlines()
    assert [line for line in lines if len(line) > 100 and "://" not in line] == []
    assert sum(line.startswith("2010-01-01") for line in lines) == 20


def test_the_ceiling_is_drawn_as_a_step_and_what_is_unknown_as_unknown(run: Run) -> None:
    lines = run(*MONTENEGRO, "--category", "battle_tank").stdout.splitlines()
    drawn = {line[:10]: line.split()[-1] for line in lines if line[:4].isdigit()}
    assert drawn["2006-01-01"] == "?"
    assert drawn["2008-01-01"] == "~~~~~~~~~~~~~~~~~~~>|"
    assert drawn["2020-01-01"] == "....................|"
    assert list(drawn)[-1] == "2020-07-01"


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("diff-series-montenegro.txt", (*MONTENEGRO, "--category", "battle_tank")),
        ("diff-series-montenegro.csv", (*MONTENEGRO, "--format", "csv")),
        ("diff-series-montenegro.md", (*MONTENEGRO, "--format", "markdown")),
        ("diff-series-tanks.txt", TANKS),
    ],
)
def test_series_are_as_recorded(
    run: Run, golden: Callable[[str, str], None], file: str, arguments: tuple[str, ...]
) -> None:
    golden(file, run(*arguments).stdout)
