"""Counts and kept balances found again from CSV files in plain Python: no code of the program's.

For tests that hold the program's numbers against another way to find them, by the rules of
docs/method.md. It reads a row once and keeps no row, so that a ledger may be of any length. It
knows no open questions, parts of Parties, or items that are not counted: rows must be plain.
"""

from __future__ import annotations

import copy
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

Cells = Mapping[str, str]
Bounds = tuple[int, int | None]
"""At least so many, and at most; ``None`` where nobody can say."""
Limit = tuple[str, str]
"""A party and a category."""

_RANK = {
    name: rank
    for rank, names in enumerate(
        ("declared notified", "relayed", "observed", "official", "estimate", "press")
    )
    for name in names.split()
}
_ENOUGH_IN, _ENOUGH_OUT = _RANK["official"], _RANK["observed"]
"""An arrival, and a departure, is certain on that basis or a better one."""


class Said(NamedTuple):
    """A row as its file has it, and the time in which it was the last word.

    Attributes:
        since: when it was recorded, as ``2025-02-15``.
        until: when it was corrected or taken back; empty where it never was.
    """

    cells: Cells
    since: str
    until: str = ""

    def in_force(self, moment: str) -> bool:
        """True where it was the last word at the end of a day; an empty one stands for today."""
        if not moment:
            return not self.until
        return self.since <= moment and (not self.until or self.until > moment)


class Asked(NamedTuple):
    """What is asked: the counts of a day, as known at a moment, by figures of a basis."""

    day: str
    known_at: str = ""
    basis: str = ""

    @property
    def options(self) -> list[str]:
        """The same as the program's options."""
        named = {"--as-of": self.day, "--known-at": self.known_at, "--basis": self.basis}
        return [word for name, value in named.items() if value for word in (name, value)]


@dataclass
class _Account:
    """What is counted from: the days of the declaration in use, and the sums by type."""

    first: str = ""
    last: str = ""
    sums: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    open: bool = True  # there is no declaration: at least what surely came since


class Recomputed:
    """Counts on many days at once, from rows that are told one after the other.

    Args:
        category_of: by type.
        limits: all that are asked about.
        asked: the days.
        holdings: every row of every declaration.
    """

    def __init__(
        self,
        category_of: Mapping[str, str],
        limits: Iterable[Limit],
        asked: Iterable[Asked],
        holdings: Sequence[Said],
    ) -> None:
        self._category_of = category_of
        self._found: dict[Asked, dict[Limit, _Account]] = {}
        self._by_year: dict[int, list[Asked]] = defaultdict(list)
        limits = list(limits)
        for question in dict.fromkeys(asked):
            found = self._found[question] = _declared(question, limits, holdings)
            begin = min(account.first for account in found.values())
            for year in range(int(begin[:4] or 1900), int(question.day[:4]) + 1):
                self._by_year[year].append(question)

    def move(self, said: Said, sign: int = 1) -> None:
        """Tell of a movement, or with the sign -1 take back that it was told."""
        cells = said.cells
        first, last = ends(cells["date"])
        candidates = self._by_year.get(int(first[:4]), [])
        if first[:4] != last[:4]:
            years = range(int(first[:4]), int(last[:4]) + 1)
            candidates = list(dict.fromkeys(q for y in years for q in self._by_year.get(y, [])))
        for question in candidates:
            if first <= question.day and said.in_force(question.known_at):
                self._bear(question, cells, first, last, sign)

    def but(self, added: Iterable[Said] = (), taken: Iterable[Said] = ()) -> Recomputed:
        """Return the counts with other movements told as well, and some not."""
        other = copy.copy(self)
        other._found = copy.deepcopy(self._found)
        for said in added:
            other.move(said)
        for said in taken:
            other.move(said, -1)
        return other

    def counted(self, question: Asked) -> dict[Limit, Bounds]:
        """Return every count: nobody holds less than none."""
        found: dict[Limit, Bounds] = {}
        for limit, account in self._found[question].items():
            low, high, without = (
                sum(part) for part in zip((0, 0, 0), *account.sums.values(), strict=False)
            )
            found[limit] = max(0, low), None if without or account.open else max(0, high)
        return found

    def by_type(self, question: Asked, limit: Limit) -> dict[str, Bounds]:
        """Return what is declared and moved of each type, before any cut at zero."""
        account = self._found[question][limit]
        return {
            designation: (low, None if without else high)
            for designation, (low, high, without) in account.sums.items()
        }

    def _bear(self, question: Asked, cells: Cells, first: str, last: str, sign: int) -> None:
        origin, destination = holder(cells["from"]), holder(cells["to"])
        if origin == destination:
            return
        designation, basis = cells["type"], _RANK[cells["basis"]]
        category = cells["category"] or self._category_of[designation]
        low, high = bounds(cells["quantity"])
        accounts = self._found[question]
        for party, arrives in ((origin, False), (destination, True)):
            account = accounts.get((party, category))
            if account is None or last <= account.first:
                continue
            done = cells["state"] in {"", "done"}
            sure = done and first > account.last and last <= question.day
            sums = account.sums[designation]
            if arrives:
                sums[0] += sign * low if sure and basis <= _ENOUGH_IN else 0
                sums[1] += sign * (high or 0)
                sums[2] += sign * (high is None)
            else:
                # One whose number nobody can say may have taken all there is.
                sums[0] -= sign * (10**12 if high is None else high)
                sums[1] -= sign * low if sure and basis <= _ENOUGH_OUT else 0


def _declared(
    question: Asked, limits: Sequence[Limit], holdings: Sequence[Said]
) -> dict[Limit, _Account]:
    """Return each count's account as its declaration opens it."""
    found = {limit: _Account() for limit in limits}
    best: dict[Limit, tuple[tuple[int, str, str], tuple[str, ...]]] = {}
    kept = [said for said in holdings if _speaks(said, question)]
    for said in kept:
        limit = said.cells["party"], said.cells["category"]
        preference = -_RANK[said.cells["basis"]], ends(said.cells["as_of"])[1], said.since
        if limit in found and (limit not in best or preference > best[limit][0]):
            best[limit] = preference, _identity(said)
    for said in kept:
        limit = said.cells["party"], said.cells["category"]
        if limit in best and best[limit][1] == _identity(said):
            account = found[limit]
            account.first, account.last = ends(said.cells["as_of"])
            account.open = False
            low, high = bounds(said.cells["quantity"])
            sums = account.sums[said.cells["type"]]
            sums[0] += low
            sums[1] += high or 0
            sums[2] += high is None
    return found


def _speaks(said: Said, question: Asked) -> bool:
    cells = said.cells
    return (
        ends(cells["as_of"])[1] <= question.day
        and question.basis in {"", cells["basis"]}
        and said.in_force(question.known_at)
    )


def _identity(said: Said) -> tuple[str, ...]:
    """Return what makes rows one declaration."""
    return (said.since, *(said.cells[name] for name in ("as_of", "basis", "source")))


Key = tuple[int, str, str, str, str, str, str, str, str, str, str]
"""A year, then party, status and place of the origin and of the destination, then type, category,
basis and marking."""


class Kept:
    """What moved in each calendar year, added up by all that movements can have in common."""

    def __init__(self) -> None:
        self.sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def move(self, cells: Cells, sign: int = 1) -> None:
        """Add a movement, or take it away with the sign -1."""
        first, last = ends(cells["date"])
        if cells["state"] not in {"", "done"} or first[:4] != last[:4]:
            return
        sides = (*_side(cells["from"]), *_side(cells["to"]))
        what = (cells["type"], cells["category"], cells["basis"], cells.get("marking", ""))
        low, high = bounds(cells["quantity"])
        total = self.sums[(int(first[:4]), *sides, *what)]
        for place, number in enumerate((1, low, high or 0, int(high is None))):
            total[place] += sign * number

    def all(self) -> dict[Key, tuple[int, ...]]:
        """Return the sums of which there is any movement."""
        return {key: tuple(total) for key, total in self.sums.items() if total[0]}


def _side(account: str) -> tuple[str, str, str]:
    if account.startswith("@reduced:"):
        return "", "", account
    if account.startswith("@"):
        return "", "", account.partition(":")[0]
    party, _, status = account.partition(":")
    return party, status or "overall", ""


def holder(account: str) -> str:
    """Return the party of an account, empty where it is an outside place."""
    return "" if account.startswith("@") else account.partition(":")[0]


def ends(span: str) -> tuple[str, str]:
    """Return the first and the last day of ``2024-06-30`` or ``2024-06-01..2024-06-30``."""
    first, _, last = span.partition("..")
    return first, last or first


def bounds(quantity: str) -> Bounds:
    """Return the bounds of ``5``, ``62..89`` or ``15..``."""
    low, dots, high = quantity.partition("..")
    return int(low), (int(high) if high else None) if dots else int(low)


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, one at a time."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
