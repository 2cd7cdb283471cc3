"""Balances recomputed from exported files in plain Python: with no code of the program's.

For tests that hold the program's counts against another way to find them. It knows the plain case:
an account is a party and a type, its opening is the latest declaration of the party, and what moved
later is added. What it cannot tell of is left out, and counted, never guessed.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Key = tuple[str, str]
"""A party and a type."""

OWN_WORD = frozenset({"declared", "notified", "relayed"})
"""On these bases what comes and what leaves is certain."""


@dataclass
class Balance:
    """What a party has of a type at the end of a day.

    Attributes:
        declared_on: the day of the declaration it begins with; empty where there is none.
        low: at least so many.
        high: at most so many; ``None`` where nobody can say.
        movements: how many were added up.
    """

    declared_on: str
    low: int
    high: int | None
    movements: int = 0


@dataclass
class Recomputed:
    """All balances of a day, and how many rows were not understood.

    Attributes:
        left_out: rows on other bases, of units, sites and other statuses, and planned ones.
    """

    balances: dict[Key, Balance] = field(default_factory=dict)
    left_out: int = 0

    def by_category(self, category_of: Mapping[str, str]) -> dict[Key, tuple[int, int | None]]:
        """Return low and high by party and category, of the types whose category is given."""
        found: dict[Key, tuple[int, int | None]] = {}
        for (party, designation), item in self.balances.items():
            key = (party, category_of[designation])
            low, high = found.get(key, (0, 0))
            closed = None if high is None or item.high is None else high + item.high
            found[key] = (low + item.low, closed)
        return found


def recompute(folder: Path, day: str) -> Recomputed:
    """Return the balances at the end of a day, from what ``export --format csv`` wrote.

    Args:
        folder: with ``holdings.csv`` and ``movements.csv``.
        day: ``2024-06-30``.
    """
    found = Recomputed()
    latest: dict[str, str] = {}
    for row in _rows(folder / "holdings.csv"):
        _, last = _ends(row["as_of"])
        if row["basis"] in OWN_WORD and last <= day:
            latest[row["party"]] = max(latest.get(row["party"], ""), last)
    for row in _rows(folder / "holdings.csv"):
        first, last = _ends(row["as_of"])
        plain = first == last and row["type"] and row["status"] in {"", "overall"}
        if not plain or row["basis"] not in OWN_WORD or row["quantity"] == "withheld":
            found.left_out += 1
        elif last == latest.get(row["party"]):
            low, high = _bounds(row["quantity"])
            _add(found, (row["party"], row["type"]), last, low, high)
    for row in _rows(folder / "movements.csv"):
        if row["state"] not in {"", "done"} or row["basis"] not in OWN_WORD:
            found.left_out += 1
            continue
        for party, sign in _legs(row):
            _move(found, row, party, sign, latest.get(party, ""), day)
    return found


def _move(
    found: Recomputed, row: Mapping[str, str], party: str, sign: int, since: str, day: str
) -> None:
    """Add a movement to one side's account, as far as it surely or possibly moved it."""
    first, last = _ends(row["date"])
    if last <= since or first > day:
        return
    low, high = _bounds(row["quantity"])
    if first <= since or last > day:
        low = 0  # in the declaration already, or not yet happened: possibly, and not surely
    if sign < 0:
        least, most = (None if high is None else -high), -low
    else:
        least, most = low, high
    _add(found, (party, row["type"]), since, 0 if least is None else least, most, movements=1)
    if least is None:
        found.left_out += 1


def _add(
    found: Recomputed, key: Key, since: str, low: int, high: int | None, *, movements: int = 0
) -> None:
    item = found.balances.setdefault(key, Balance(since, 0, 0))
    item.low += low
    item.high = None if item.high is None or high is None else item.high + high
    item.movements += movements


def _legs(row: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the parties whose total a movement changes: none where it is a change of status."""
    legs: dict[str, int] = defaultdict(int)
    for name, sign in (("from", -1), ("to", 1)):
        if not row[name].startswith("@"):
            legs[row[name].partition(":")[0]] += sign
    yield from ((party, sign) for party, sign in legs.items() if sign)


def _ends(span: str) -> tuple[str, str]:
    first, _, last = span.partition("..")
    return first, last or first


def _bounds(quantity: str) -> tuple[int, int | None]:
    low, dots, high = quantity.partition("..")
    return int(low or 0), (int(high) if high else None) if dots else int(low)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
