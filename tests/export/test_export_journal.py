"""The journals as the real hledger adds them up, against plain sums over the rows."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.report.export import journal_names as names

if TYPE_CHECKING:
    from conftest import Run

Balances = dict[tuple[str, str, str], int]
RANKS = ("declared notified", "relayed", "observed", "official", "estimate", "press")


def _hledger(path: Path, *arguments: str) -> str:
    program = shutil.which("hledger")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("hledger is not installed; the journals must be read here", pytrace=False)
        pytest.skip("NOT RUN: hledger is not installed, so nothing has read the journals")
    done = subprocess.run(
        [program, "-f", str(path), *arguments],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _read(path: Path) -> Balances:
    """Return what hledger says every account holds at the end of every year."""
    _hledger(path, "check")
    shape = ("--yearly", "--historical", "--flat", "--no-total", "--layout=bare")
    text = _hledger(path, "balance", *shape, "--output-format=csv")
    header, *lines = csv.reader(io.StringIO(text))
    return {
        (account, commodity, year): int(amount)
        for account, commodity, *amounts in lines
        for year, amount in zip(header[2:], amounts, strict=True)
        if int(amount)
    }


def _rank(row: dict[str, Any]) -> int:
    return next(place for place, words in enumerate(RANKS) if row["basis"] in words)


def _bounds(text: str) -> tuple[int, int]:
    low, _, high = ("0.." if text == "withheld" else text).partition("..")
    return int(low), int(high or low)


def _days(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _expected(rows: list[dict[str, Any]], bound: int, categories: dict[str, str]) -> Balances:
    """Add up, for every year's end anew, the declaration in use and the movements after it."""
    result: Balances = {}
    moved = [row for row in rows if row["kind"] == "movement" and row["state"] == "done"]
    if bound == 0:
        moved = [row for row in moved if _rank(row) <= 3]
    days = [_days(row["date"])[1 - bound] for row in moved]
    declared = [row for row in rows if row["kind"] == "holding"]
    for year in range(2018, 2022):
        end = date(year, 12, 31)
        total: dict[tuple[str, str], int] = defaultdict(int)
        starts: dict[tuple[str, str], date] = {}
        for key in {(row["party"], row["category"]) for row in declared}:
            said = [
                row
                for row in declared
                if (row["party"], row["category"]) == key and _days(row["as_of"])[1] <= end
            ]
            if not said:
                continue
            best = min(map(_rank, said))
            newest = max(_days(row["as_of"])[1] for row in said if _rank(row) == best)
            starts[key] = newest
            for row in said:
                if _rank(row) == best and _days(row["as_of"])[1] == newest:
                    name = ":".join((*key, row["status"]))
                    total[name, row["type"]] += _bounds(row["quantity"])[bound]
        for row, day in zip(moved, days, strict=True):
            category = row["category"] or categories[row["type"]]
            for side, sign in (("from", -1), ("to", 1)):
                party, _, status = row[side].partition(":")
                if row[side].startswith("@"):
                    name, start = row[side], date.min
                else:
                    name = f"{party}:{category}:{status or 'overall'}"
                    start = starts.get((party, category), date.min)
                if start < day <= end:
                    total[name, row["type"]] += sign * _bounds(row["quantity"])[bound]
        result |= {
            (name, commodity, str(year)): amount
            for (name, commodity), amount in total.items()
            if amount
        }
    return result


def _plain(found: Balances) -> Balances:
    """Return hledger's balances under the names of the rows, without the equity."""
    return {
        (unquote(account), "" if kind == "(type not stated)" else unquote(kind), year): amount
        for (account, kind, year), amount in found.items()
        if not account.startswith("equity:")
    }


def _in_force(run: Run, db: Path) -> list[dict[str, Any]]:
    numbers = [item["id"] for item in run("history", "--format", "json", db=db).json["submissions"]]
    rows = [
        row
        for number in numbers
        for row in run("history", "show", str(number), "--format", "json", db=db).json["rows"]
    ]
    kept = [row["content"] for row in rows if not row["corrected_by"]]
    return [content for content in kept if content["kind"] != "withdrawal"]


def test_every_balance_of_every_year_is_ours(run: Run, rich: Path, tmp_path: Path) -> None:
    assert run("export", "--format", "hledger", "-o", tmp_path / "books", db=rich).code == 0
    rows = _in_force(run, rich)
    books = [_read(tmp_path / "books" / f"{bound}.journal") for bound in ("low", "high")]
    for bound, found in enumerate(books):
        expected = _expected(rows, bound, {"Rafale": "combat_aircraft"})
        # hledger begins with the first year that anything is booked in.
        assert _plain(found) == expected
        assert len(expected) > 20
        # Double entry: everything together is nothing.
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for (_, commodity, year), amount in found.items():
            sums[commodity, year] += amount
        assert not any(sums.values())
    low, high = map(_plain, books)
    tanks = ("serbia:battle_tank:overall", "M-84")
    # 214 declared on 1 January 2019, that day's 7 in it; 1 and 5 came; 2 to 4 went by April, or
    # before the declaration; then 221 were declared.
    assert low[*tanks, "2019"] == 214 + 1 + 5 - 2
    assert high[*tanks, "2019"] == 214 + 1 + 5
    assert low[*tanks, "2021"] == high[*tanks, "2021"] == 221
    assert ("croatia:combat_aircraft:overall", "Rafale", "2019") not in low
    assert high["croatia:combat_aircraft:overall", "Rafale", "2019"] == 6
    # What a Party declared is not displaced by a later estimate.
    assert ("serbia:battle_tank:overall", "", "2020") not in high
    assert low["serbia:battle_tank:overall", "", "2018"] == 200


def test_what_the_journals_leave_out_is_listed(run: Run, rich: Path, tmp_path: Path) -> None:
    assert run("export", "--format", "hledger", "-o", tmp_path / "books", db=rich).code == 0
    text = (tmp_path / "books" / "open.txt").read_text("utf-8")
    parts = {part.splitlines()[0].split(":")[0]: part for part in text.split("\n\n")}
    planned, opened, weak, unused = parts.values()
    assert planned.count("\n  ") == 1
    assert "2028-01-01..2030-12-31" in planned
    assert opened.count("\n  ") == 4
    assert all(word in opened for word in ("withheld", "15..", "10.."))
    assert weak.count("\n  ") == 2
    assert "made up: later and weaker" in unused
    assert "made up: a yearbook" not in unused
    for name in ("low.journal", "high.journal"):
        assert "2028" not in (tmp_path / "books" / name).read_text("utf-8")


def test_the_published_figures_are_read(run: Run, tmp_path: Path) -> None:
    assert run("export", "--format", "hledger", "-o", tmp_path / "books").code == 0
    for name in ("low.journal", "high.journal"):
        assert len(_read(tmp_path / "books" / name)) > 100


HOSTILE = ('"', ";", "  ", " ; ", "%22", "a\u00a0b", "x:y::", "(a)", "[2020-99]", "@@ 5", "\u202e")


def test_hostile_names_reach_hledger_and_back(tmp_path: Path) -> None:
    lines, wanted = [], set()
    for number, text in enumerate(HOSTILE):
        place, kind = names.place(f"@import:x{text}x"), names.commodity(text)
        lines += [f"2020-01-01 * ({number}) {names.one_line(text)}"]
        lines += [f"    {place}  -1 {kind}", f"    {names.account('serbia', text)}x  1 {kind}", ""]
        wanted |= {(f"@import:x{text}x", text), (f"serbia:{text}x", text)}
    path = tmp_path / "hostile.journal"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert {(unquote(a), unquote(k)) for a, k, _ in _read(path)} == wanted


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    for name in (names.commodity, names.account, names.place):
        assert (name(one) == name(other)) == (one == other)
    assert names.commodity(one) != names.commodity("")
    assert '"' not in names.commodity(one)[1:-1]
