"""Every acquisition the sources name is in the shipped data, or listed with the reason why not.

``pipeline.csv`` has what is named as bought, promised, sold or given up, mostly from 2015 to 2030:
a line for each figure, so two where sources differ. ``newspaper.csv`` has what two press texts
name, in their words. Both were typed from the sources, not from the shipped files, so that a row
lost or changed there is noticed here.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.intake.files import read_files
from compliance.intake.rows import Vocabulary
from compliance.values.dates import DateSpan
from compliance.values.records import Movement
from compliance.values.span import Span
from compliance.values.vocabulary import State

if TYPE_CHECKING:
    from conftest import Run

HERE = Path(__file__).parent
OPEN = HERE.parents[1] / "data" / "open"
WINDOW_OPENS = date(2015, 1, 1)
Line = dict[str, str]


def _lines(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


NAMED = _lines(HERE / "pipeline.csv")
RECORDED = [line for line in NAMED if line["type"]]
WRITTEN = _lines(HERE / "newspaper.csv")
NOT_RECORDED = _lines(OPEN / "not-recorded.csv")


def _as_written(text: str) -> str:
    return text


VOCABULARY = Vocabulary(
    resolve_party=_as_written,
    party_ids=(),
    party_names=(),
    resolve_category=_as_written,
    category_ids=(),
    knows_type=bool,
)
MOVEMENTS = [
    row
    for row in read_files([OPEN / "movements.csv"], VOCABULARY).rows
    if isinstance(row, Movement)
]


def _name(line: Line) -> str:
    return f"{line.get('party') or line['actor']}: {line.get('item') or line['words']}"


def _meant(line: Line) -> list[Movement]:
    """Return the rows that a line speaks of: type, account, Party, state and days."""
    window = DateSpan.parse(line["window"]) if line["window"] else None
    found = []
    for row in MOVEMENTS:
        near, far = row.destination, row.origin
        if line["way"] == "out":
            near, far = far, near
        told = line["type"], line["account"], line["party"], line["state"]
        if (row.type, str(far), near.party, row.state.value) != told:
            continue
        if window is None or (row.date.first <= window.last and window.first <= row.date.last):
            found.append(row)
    return found


def _sum(rows: list[Movement]) -> Span:
    total = Span(0, 0)
    for row in rows:
        total = total + row.quantity
    return total


def _same_rows(line: Line) -> list[Line]:
    """Return all lines that speak of the rows this line speaks of: sources may differ."""
    rows = [id(row) for row in _meant(line)]
    return [other for other in RECORDED if [id(row) for row in _meant(other)] == rows]


@pytest.mark.parametrize("line", RECORDED, ids=_name)
def test_the_number_recorded_spans_what_the_sources_name(line: Line) -> None:
    rows = _meant(line)
    assert rows, "no such row in movements.csv"
    numbers = [Span.parse(other["number"]) for other in _same_rows(line) if other["number"]]
    if numbers:
        lows, highs = [n.low for n in numbers], [n.high for n in numbers]
        widest = None if None in highs else max(high for high in highs if high is not None)
        assert _sum(rows) == Span(min(low for low in lows if low is not None), widest)
    else:
        assert all(row.quantity == Span.at_least(1) for row in rows)
        assert all("not published" in row.more.note for row in rows)


@pytest.mark.parametrize("line", [line for line in RECORDED if line["window"]], ids=_name)
def test_the_days_recorded_span_what_the_sources_name(line: Line) -> None:
    windows = [DateSpan.parse(other["window"]) for other in _same_rows(line)]
    rows = _meant(line)
    recorded = min(row.date.first for row in rows), max(row.date.last for row in rows)
    assert recorded == (min(w.first for w in windows), max(w.last for w in windows))


def test_a_line_without_days_is_the_one_whose_days_are_disputed() -> None:
    (line,) = (line for line in RECORDED if not line["window"])
    (row,) = _meant(line)
    assert (row.type, str(row.date)) == ("MiG-29", "2019-09-13..2020-09-09")
    assert "disputed" in row.more.note


def test_every_movement_of_the_time_belongs_to_a_line() -> None:
    claimed = [id(row) for line in RECORDED for row in _meant(line)]
    unclaimed = [
        f"{row.date} {row.type} {row.origin} {row.destination}"
        for row in MOVEMENTS
        if row.date.last >= WINDOW_OPENS and id(row) not in claimed
    ]
    assert unclaimed == []


@pytest.mark.parametrize("line", [line for line in NAMED if not line["type"]], ids=_name)
def test_what_is_no_movement_has_its_reason(line: Line) -> None:
    reasons = [
        row["reason"]
        for row in NOT_RECORDED
        if (row["actor"], row["item"]) == (line["party"], line["not_recorded"])
    ]
    assert reasons
    assert all(reasons)


def test_nothing_in_the_list_is_left_unanswered() -> None:
    assert len(NAMED) == 78
    for line in NAMED:
        assert bool(line["type"]) != bool(line["not_recorded"]), line


def test_what_is_planned_is_not_done_and_has_a_last_day() -> None:
    planned = {
        (row.type, row.destination.party, str(row.date.last))
        for row in MOVEMENTS
        if row.state is State.PLANNED
    }
    assert planned == {
        ("Oshkosh L-ATV", "montenegro", "2023-12-31"),
        ("H145M", "serbia", "2024-09-30"),
        ("Bayraktar TB2", "bosnia-herzegovina", "2025-12-31"),
        ("FGM-148 Javelin", "kosovo", "2025-12-31"),
        ("M2A2 Bradley", "croatia", "2026-12-31"),
        ("Milos BOV M16", "serbia", "2026-12-31"),
        ("Nora B-52", "serbia", "2026-12-31"),
        ("Hermes 900", "serbia", "2028-06-30"),
        ("PULS", "serbia", "2028-06-30"),
        ("M142 HIMARS", "croatia", "2028-12-31"),
        ("CAESAR 155 mm", "croatia", "2030-12-31"),
        ("Leopard 2A8", "croatia", "2030-12-31"),
        ("Rafale", "serbia", "2030-12-31"),
        ("Bell 412", "bosnia-herzegovina", "2032-12-31"),
        ("UH-1H Huey", "bosnia-herzegovina", "2032-12-31"),
    }


def test_attack_helicopters_of_serbia_over_2023(run: Run) -> None:
    def counted(day: str) -> dict[str, int | None]:
        outcome = run(
            *("audit", "--as-of", day, "--party", "serbia", "--category", "attack_helicopter"),
            *("--format", "json"),
        )
        (row,) = outcome.json["rows"]
        found: dict[str, int | None] = row["counted"]
        return found

    assert counted("2023-01-01") == {"low": 4, "high": None}
    assert counted("2024-01-01") == {"low": 15, "high": None}


@pytest.mark.parametrize("line", [line for line in WRITTEN if line["asked"]], ids=_name)
def test_what_the_newspaper_names_is_classified(line: Line, run: Run) -> None:
    outcome = run("classify", line["asked"], "--format", "json", db=None)
    if ";" in line["outcome"]:
        if outcome.code == 0:  # the same for all that it may mean
            offered = [item["name"] for item in outcome.json["candidates"]]
        else:
            assert outcome.code == 2
            told = [text for text in outcome.stderr.splitlines() if text.startswith("  - ")]
            offered = [text[4:].split(" (")[0] for text in told]
        assert offered == line["outcome"].split("; ")
    else:
        assert outcome.code == 0
        assert outcome.json["category"] == line["outcome"]
        assert (outcome.json["question"] or "") == line["question"]
        assert outcome.json["reasons"]


@pytest.mark.parametrize("line", WRITTEN, ids=_name)
def test_what_the_newspaper_names_is_recorded_or_answered(line: Line) -> None:
    assert line["type"] or line["not_recorded"]
    for name in filter(None, line["type"].split("; ")):
        assert any(
            row.type == name and row.destination.party == line["actor"] for row in MOVEMENTS
        ), name
    if line["not_recorded"]:
        (reason,) = (
            row["reason"]
            for row in NOT_RECORDED
            if row["origin"] == "press texts on purchases"
            and (row["actor"], row["item"]) == (line["actor"], line["not_recorded"])
        )
        assert reason


def test_all_that_the_newspapers_name_is_here() -> None:
    assert len(WRITTEN) == 21
    listed = {row["item"] for row in NOT_RECORDED if row["origin"] == "press texts on purchases"}
    assert listed == {line["not_recorded"] for line in WRITTEN if line["not_recorded"]}
