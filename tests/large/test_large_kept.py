"""The kept balances of a large ledger, and what is recorded on top of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from independent import Asked, Cells, Kept, Key, Recomputed, Said, rows
from large_ledger import DOUBTFUL, Large, name_corrected, spans, write_movements

pytestmark = pytest.mark.long

_COLUMNS = (
    "year, from_party, from_status, from_place, to_party, to_status, to_place, "
    "type, category, basis, marking, movements, quantity_low, quantity_high, open"
)
_PLACES = (3, 6)


def _kept(large: Large) -> dict[Key, tuple[int, ...]]:
    """Return the kept balances as they stand, of an outside place only its kind."""
    found: dict[Any, tuple[int, ...]] = {}
    for row in large.ask(f"SELECT {_COLUMNS} FROM turnover JOIN movement_shape ON id = shape_id"):
        alike = list(row[:11])
        for place in _PLACES:
            if not alike[place].startswith("@reduced:"):
                alike[place] = alike[place].partition(":")[0]
        key, sums = tuple(alike), tuple(map(int, row[11:]))
        before = found.get(key, (0,) * len(sums))
        found[key] = tuple(map(sum, zip(before, sums, strict=True)))
    return found


def _rows_proven(large: Large) -> int:
    said = large.call("history", "verify", codes=[0]).stdout
    found = re.match(r"Sound: [\d,]+ submissions?, ([\d,]+) rows", said)
    assert found, said
    return int(found[1].replace(",", ""))


def _recorded(large: Large) -> int:
    tables = ("holding", "movement", "withdrawal")
    return sum(large.ask(f"SELECT count(*) FROM {name}")[0][0] for name in tables)


def test_kept_balances_are_the_sums_of_what_is_exported(large: Large, tmp_path: Path) -> None:
    large.call("export", "--format", "csv", "-o", tmp_path / "exported", codes=[0])
    wanted, exported = Kept(), 0
    for cells in rows(tmp_path / "exported" / "movements.csv"):
        wanted.move(cells)
        exported += 1
    doubtful = sum(1 for _ in rows(large.files / "doubtful-movements.csv"))
    assert exported == large.movements + doubtful
    found = _kept(large)
    assert found == wanted.all()
    assert sum(total[0] for total in found.values()) > 0.9 * large.movements


def test_everything_recorded_is_proven(large: Large) -> None:
    declared = len(large.holdings())
    corrected = sum(bool(said.until) for said in large.moved())
    moved = sum(1 for _ in rows(large.files / "doubtful-movements.csv")) + large.movements
    assert corrected >= 35
    assert _rows_proven(large) == _recorded(large) == declared + moved + corrected


DAYS = (
    Asked("1999-11-30"),
    Asked("2000-02-29"),
    Asked("2003-06-15"),
    Asked("2024-08-17"),
    Asked("2024-12-31"),
    Asked("2024-08-17", known_at="2026-05-01"),  # before any of it was recorded
)
SINCE = "9999-01-01"  # later than any moment that is asked about


@pytest.fixture(scope="module")
def recomputed(large: Large) -> Recomputed:
    return large.recomputed(DAYS)


def test_what_is_recorded_later_stays_right_and_taken_back_leaves_no_trace(
    large: Large, recomputed: Recomputed, tmp_path: Path
) -> None:
    """A back-dated file, a correction, a withdrawal; then all of it is undone, newest first."""
    large = large.copy()
    before, kept = [_printed(large, question) for question in DAYS], _kept(large)
    changed, wanted, numbers = Kept(), recomputed, []
    for key, total in kept.items():
        changed.sums[key] = list(total)
    for step in (_back_dated, _correction, _withdrawal):
        added, taken = step(large, tmp_path)
        numbers.append(large.newest()[0])
        last = wanted
        wanted = wanted.but(
            (Said(cells, SINCE) for cells in added), (Said(cells, SINCE) for cells in taken)
        )
        for sign, moved in ((1, added), (-1, taken)):
            for cells in moved:
                changed.move(cells, sign)
        assert any(wanted.counted(q) != last.counted(q) for q in DAYS)
        for question in DAYS:
            told = f"{step.__name__}, {question}"
            assert spans(large.audit(question)) == wanted.counted(question), told
        assert _kept(large) == changed.all()
    assert wanted.counted(DAYS[-1]) == recomputed.counted(DAYS[-1])
    assert _rows_proven(large) == _recorded(large)
    for number in reversed(numbers):
        large.call("undo", str(number), codes=[0])
    assert [_printed(large, question) for question in DAYS] == before
    assert _kept(large) == kept
    assert _rows_proven(large) == _recorded(large)


def _printed(large: Large, question: Asked) -> str:
    """Return an audit but for the names of rows: what is brought back stands in a new place."""
    text = large.call("audit", *question.options, "--format", "json").stdout
    return re.sub(r"\b[0-9a-f]{12}:\d+", "ROW", text)


Changed = tuple[Sequence[Cells], Sequence[Cells]]
"""The movements that count from now on, and those that count no more."""


def _back_dated(large: Large, folder: Path) -> Changed:
    """Record what happened long ago: on one day, around the end of a year, nobody knows how many"""
    like = next(_plain(large, 2003, "2003-05"))
    across = {"date": "2002-12-20..2003-01-20", "quantity": "4..6", "basis": "relayed"}
    added = [
        {**like, "quantity": "41", "from": "@import:France", "to": "party-02"},
        {**like, **across, "from": "party-02", "to": "@reduced:converted"},
        {**like, "quantity": "7..", "from": "@production", "to": "party-04"},
        {**like, "date": "2024-08-02", "quantity": "9", "from": "party-08", "to": "party-10"},
    ]
    large.tell(write_movements(folder / "back-dated.csv", *added))
    return added, []


def _correction(large: Large, folder: Path) -> Changed:
    """Correct a row into another year, and one into a span around a day that is asked about."""
    added, taken = [], []
    for year, wrong, better in (
        (1999, "1999-11", {"date": "2000-02-03"}),
        (2024, "2024-07", {"date": "2024-08-10..2024-08-25", "quantity": "1..90"}),
    ):
        old = next(_plain(large, year, wrong))
        new = {**old, **better}
        query = f"SELECT content_sha256 FROM submission WHERE recorded_at LIKE '{year + 1}-01-15%'"
        path = write_movements(folder / f"corrected-{year}.csv", new)
        named = folder / f"named-{year}.csv"
        moved = large.files / f"movements-{year}.csv"
        name_corrected(path, moved, named, str(large.ask(query)[0][0]))
        added.append(new)
        taken.append(old)
    large.tell(*(folder / f"named-{year}.csv" for year in (1999, 2024)))
    return added, taken


def _withdrawal(large: Large, folder: Path) -> Changed:
    """Take the corrections of a year back: the rows stand again as they were first said."""
    query = "SELECT id FROM submission WHERE recorded_at LIKE '2025-02-15%'"
    large.call("undo", str(large.ask(query)[0][0]), codes=[0])
    taken = list(rows(large.files / "corrections-2024.csv"))
    refs = {cells["ref"] for cells in taken}
    moved = rows(large.files / "movements-2024.csv")
    return [cells for cells in moved if cells["ref"] in refs], taken


def _plain(large: Large, year: int, month: str) -> Iterator[dict[str, str]]:
    """Yield done movements of a month from or to a Party and outside, that were not corrected."""
    wrong = {cells["ref"] for cells in rows(large.files / f"corrections-{year}.csv")}
    for cells in _exact(rows(large.files / f"movements-{year}.csv")):
        outside = cells["from"].startswith("@") != cells["to"].startswith("@")
        if cells["date"].startswith(month) and cells["ref"] not in wrong and outside:
            yield cells


def _exact(found: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    return (c for c in found if ".." not in c["date"] + c["quantity"] and c["state"] == "done")


def test_the_doubtful_rows_are_the_last_that_were_recorded(large: Large) -> None:
    """Guards the moments that are asked about."""
    query = "SELECT max(recorded_at) FROM submission"
    assert str(large.ask(query)[0][0]).startswith(DOUBTFUL)
