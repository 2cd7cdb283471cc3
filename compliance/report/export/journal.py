"""Plain-text accounting journals, as hledger and its relatives read them: one for each bound.

Neither journal is a bound of what is held or counted: where less than thought left, more is there.
They are the books as they stand when every quantity is at its one end, or its other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from compliance.report.export.journal_names import account, commodity, one_line, place
from compliance.report.export.rows import ExportedRow
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.records import Account, Holding, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

CATEGORY_UNKNOWN = "category-not-stated"
"""Stands in the accounts of a movement whose category neither its row nor the catalogue tells."""

_Item = tuple[str, str]
"""A status and a commodity."""

_ABOUT = """\
; {name}: every quantity at its {bound} bound.
; Movements: {movements}.
; Declarations: the one in use (the best basis, then the latest, then the last recorded) makes each
; account of its party and category equal to it, on its last day and after the movements of that
; day; a type it does not name is then none. An open bound is taken at its low end.
; Not here, but in open.txt: planned movements, open bounds, declarations not in use.
; Nothing is counted as the treaty does; for that: compliance audit.
"""
_MOVEMENTS = {
    "low": "carried out, on official authority or better, each on its last day",
    "high": "carried out, on any authority, each on its first day",
}


@frozen
class _Declaration:
    """The rows of a declaration that speak of one category."""

    party: str
    category: str
    as_of: DateSpan
    order: int
    basis: Basis
    source: str

    @property
    def place(self) -> tuple[date, int, str, str, date]:
        return self.as_of.last, self.order, self.basis.value, self.source, self.as_of.first


def journals(rows: Sequence[ExportedRow], category_of: Callable[[str], str]) -> dict[str, str]:
    """Return the texts of ``low.journal``, ``high.journal`` and ``open.txt``.

    Args:
        rows: those in force, in the order of their recording.
        category_of: the category of a type, or empty where it is not settled.
    """
    declared: dict[_Declaration, list[ExportedRow]] = defaultdict(list)
    moved: list[tuple[ExportedRow, Movement]] = []
    for row in rows:
        entry = row.entry
        if isinstance(entry, Holding):
            said = (entry.party, entry.category, entry.as_of, row.declaration)
            declared[_Declaration(*said, entry.basis, entry.source)].append(row)
        elif isinstance(entry, Movement):
            moved.append((row, entry))
    used = {item: declared[item] for item in _in_use(declared)}
    texts = {
        f"{bound}.journal": "\n".join(
            [
                _ABOUT.format(name=f"{bound}.journal", bound=bound, movements=_MOVEMENTS[bound]),
                *_Book(bound, category_of).transactions(used, moved),
            ]
        )
        for bound in _MOVEMENTS
    }
    unused = [row for item, some in declared.items() if item not in used for row in some]
    return {**texts, "open.txt": _apart(rows, unused)}


def _in_use(declared: Iterable[_Declaration]) -> Iterator[_Declaration]:
    """Return the declarations that were in use on some day, in the order they came into use."""
    current: dict[tuple[str, str], _Declaration] = {}
    for item in sorted(declared, key=lambda item: item.place):
        key = (item.party, item.category)
        before = current.get(key)
        if before is not None:
            if item.basis.rank > before.basis.rank:
                continue
            # Of two in one submission for the same day, the audit too takes the first by name.
            if (item.basis.rank, item.place[:2]) == (before.basis.rank, before.place[:2]):
                continue
        current[key] = item
        yield item


class _Book:
    """One journal, and what its accounts hold so far."""

    def __init__(self, bound: str, category_of: Callable[[str], str]) -> None:
        self._low = bound == "low"
        self._category_of = category_of
        self._held: dict[tuple[str, str], dict[_Item, int]] = defaultdict(lambda: defaultdict(int))

    def transactions(
        self,
        declared: dict[_Declaration, list[ExportedRow]],
        moved: Sequence[tuple[ExportedRow, Movement]],
    ) -> Iterator[str]:
        """Return the text of each transaction, by date."""
        events: list[tuple[date, int, tuple[int, int], Callable[[], str]]] = []
        for row, movement in moved:
            if self._happened(movement):
                day = movement.date.last if self._low else movement.date.first
                at = (row.submission, row.line)
                events.append((day, 0, at, partial(self._movement, row, movement)))
        for number, (item, rows) in enumerate(declared.items()):
            written = partial(self._declaration, item, rows)
            events.append((item.as_of.last, 1, (number, 0), written))
        for event in sorted(events, key=lambda event: event[:3]):
            yield event[3]()

    def _happened(self, movement: Movement) -> bool:
        if movement.state is not State.DONE or not self._bound(movement.quantity):
            return False
        return movement.basis.counts_against or not self._low

    def _bound(self, quantity: Span) -> int:
        chosen = quantity.low if self._low or quantity.high is None else quantity.high
        return chosen or 0

    def _movement(self, row: ExportedRow, movement: Movement) -> str:
        quantity, symbol = self._bound(movement.quantity), commodity(movement.type)
        category = movement.category or self._category_of(movement.type) or CATEGORY_UNKNOWN
        day = movement.date.last if self._low else movement.date.first
        lines = [f"{day} * ({row.ref}) {one_line(movement.basis.value + ': ' + movement.source)}"]
        for side, amount in ((movement.origin, -quantity), (movement.destination, quantity)):
            if side.party:
                self._held[side.party, category][side.status.value, symbol] += amount
            lines.append(f"    {_side(side, category)}  {amount} {symbol}")
        return "\n".join(lines) + "\n"

    def _declaration(self, item: _Declaration, rows: Sequence[ExportedRow]) -> str:
        target: dict[_Item, int] = defaultdict(int)
        for row in rows:
            assert isinstance(row.entry, Holding)
            symbol = commodity(row.entry.type)
            target[row.entry.status.value, symbol] += self._bound(row.entry.quantity)
        held = self._held[item.party, item.category]
        equity: dict[str, int] = defaultdict(int)
        said = f"{item.basis.value} as of {item.as_of}: {item.source}"
        lines = [f"{item.as_of.last} * ({rows[0].ref}) {one_line(said)}"]
        for status, symbol in sorted({*held, *target}):
            after = target.get((status, symbol), 0)
            change = after - held[status, symbol]
            if change or (status, symbol) in target:
                name = account(item.party, item.category, status)
                lines.append(f"    {name}  {change} {symbol} = {after} {symbol}")
                equity[symbol] -= change
        name = account("equity", "declarations", item.party, item.category)
        lines += [f"    {name}  {change} {symbol}" for symbol, change in equity.items() if change]
        held.clear()
        held.update(target)
        return "\n".join(lines) + "\n"


def _side(side: Account, category: str) -> str:
    if side.place:
        return place(side.place)
    return account(side.party, category, side.status.value)


def _apart(rows: Sequence[ExportedRow], unused: Sequence[ExportedRow]) -> str:
    """Return the list of what the journals leave out or cannot say."""
    planned, opened, weak = [], [], []
    for row in rows:
        entry = row.entry
        if isinstance(entry, Movement) and entry.state is State.PLANNED:
            planned.append(row)
        elif isinstance(entry, Holding | Movement) and entry.quantity.high is None:
            opened.append(row)
        if isinstance(entry, Movement) and not entry.basis.counts_against:
            weak.append(row)
    parts = [
        ("Planned movements: in neither journal", planned),
        ("Open bounds: at their low end in both journals", opened),
        ("Movements on an estimate or a press report: in high.journal only", weak),
        ("Declarations not in use, because a better basis is: in neither journal", unused),
    ]
    return "\n".join(f"{title}\n" + "".join(map(_listed, some)) for title, some in parts)


def _listed(row: ExportedRow) -> str:
    content = row.entry.content()
    content.pop("kind")
    return (
        f"  {row.ref}  " + one_line("; ".join(f"{k} {v}" for k, v in content.items() if v)) + "\n"
    )
