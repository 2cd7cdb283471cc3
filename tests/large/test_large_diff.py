"""Causes and prospects of a large ledger: they add up, and meet the audits."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from independent import Asked, Limit, Recomputed, Said, ends
from large_ledger import LIMITS, Large, spans

pytestmark = pytest.mark.long

START, END = Asked("2021-03-01"), Asked("2024-08-17")
NEW_YEARS = [Asked(f"{year}-01-01") for year in range(1991, 2027)]
BEFORE, AFTER = (Asked("2009-08-17", known_at=day) for day in ("2010-02-01", "2010-03-01"))
FIRST_DAYS = (Asked("2025-12-28"), Asked("2025-12-31"))
BOUNDS = ("low", "high")
CATEGORY = "armoured_combat_vehicle"


@pytest.fixture(scope="module")
def recomputed(large: Large) -> Recomputed:
    return large.recomputed([START, END, *NEW_YEARS, BEFORE, AFTER, *FIRST_DAYS])


def _diff(large: Large, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = large.call("diff", *arguments, "--all", "--format", "json").json
    return found


def _add_up(found: list[dict[str, Any]]) -> Counter[str]:
    """Check every row; return how often a change was the sum of its causes, and of how many."""
    seen: Counter[str] = Counter()
    for row in found:
        for bound in BOUNDS:
            ends = [row[side]["headroom"][bound] for side in ("before", "after")]
            change = row["change"][bound]
            if None in ends:
                assert change is None
                assert row["party"] in {"party-14", "party-15"}
                seen["open"] += 1
                continue
            assert change == ends[1] - ends[0]
            assert sum(cause[bound] or 0 for cause in row["causes"]) == change, row
            seen["closed"] += 1
            seen["changed"] += change != 0
            seen["causes"] += len(row["causes"])
    return seen


def _sides(found: list[dict[str, Any]], side: str) -> list[dict[str, Any]]:
    assert [(row["party"], row["category"]) for row in found] == LIMITS
    return [row[side] for row in found]


def test_causes_add_up_between_two_days_and_both_sides_are_the_audits(
    large: Large, recomputed: Recomputed
) -> None:
    found = _diff(large, START.day, END.day)["rows"]
    seen = _add_up(found)
    assert seen["closed"] >= 298
    assert seen["changed"] > 200
    assert seen["causes"] > 1000
    for question, side in ((START, "before"), (END, "after")):
        rows = _sides(found, side)
        assert spans(rows) == recomputed.counted(question)
        for told, audited in zip(rows, large.audit(question), strict=True):
            same = ("counted", "ceiling", "headroom", "verdict", "basis", "declared_as_of", "stale")
            assert {name: told[name] for name in same} == {name: audited[name] for name in same}


def test_years_add_up_to_the_whole_time(large: Large, recomputed: Recomputed) -> None:
    """In one category: thirty-five years of all of them have several hundred thousand causes."""
    asked = (NEW_YEARS[0].day, NEW_YEARS[-1].day, "--category", CATEGORY)
    periods = _diff(large, *asked, "--every", "year")["periods"]
    assert [p["from"] for p in periods] == [asked.day for asked in NEW_YEARS[:-1]]
    sums: Counter[tuple[Limit, str]] = Counter()
    for period, before, after in zip(periods, NEW_YEARS, NEW_YEARS[1:], strict=False):
        assert _add_up(period["rows"])["closed"] == 60
        for question, side in ((before, "before"), (after, "after")):
            every = recomputed.counted(question)
            wanted = {limit: span for limit, span in every.items() if limit[1] == CATEGORY}
            assert spans([row[side] for row in period["rows"]]) == wanted
        for row in period["rows"]:
            for bound in BOUNDS:
                sums[(row["party"], row["category"]), bound] += row["change"][bound]
    whole = _diff(large, *asked)["rows"]
    assert _add_up(whole)["closed"] == 60
    found = {((r["party"], r["category"]), b): r["change"][b] for r in whole for b in BOUNDS}
    assert found == sums
    assert len(found) == 60


def test_what_was_corrected_since_is_told_apart(large: Large, recomputed: Recomputed) -> None:
    moments = ("--known-at-from", BEFORE.known_at, "--known-at-to", AFTER.known_at)
    found = _diff(large, BEFORE.day, AFTER.day, *moments)["rows"]
    assert _add_up(found)["closed"] == 300
    assert spans(_sides(found, "before")) == recomputed.counted(BEFORE)
    assert spans(_sides(found, "after")) == recomputed.counted(AFTER)
    assert any(row["changed"] for row in found)


@pytest.mark.parametrize("question", FIRST_DAYS, ids=lambda asked: asked.day)
def test_a_look_ahead_begins_with_the_counts_of_its_first_day(
    large: Large, recomputed: Recomputed, question: Asked
) -> None:
    """As the audit has them; what is planned up to that day is taken as done, and not overdue."""
    ahead = large.call("project", *question.options, "--until", "2030", "--format", "json").json
    first = [{**row, **row["days"][0]} for row in ahead["rows"]]
    assert {row["day"] for row in first} == {question.day}
    assert len(first) == 150
    due = [said for said in large.moved() if _due(said, question.day)]
    carried_out = [said._replace(cells={**said.cells, "state": "done"}) for said in due]
    assert spans(first) == recomputed.but(carried_out, due).counted(question)
    audited = large.audit(question)
    assert spans(audited) == recomputed.counted(question)
    same = [spans([one]) == spans([other]) for one, other in zip(first, audited, strict=True)]
    assert same.count(False) <= 2 * len(due)
    assert [row["verdict"] for row, alike in zip(first, same, strict=True) if alike] == [
        row["verdict"] for row, alike in zip(audited, same, strict=True) if alike
    ]
    assert bool(due) == (question.day == "2025-12-28")
    if not due:
        assert any(row["changes"] for row in ahead["rows"])


def _due(said: Said, day: str) -> bool:
    return said.cells["state"] == "planned" and ends(said.cells["date"])[1] == day
