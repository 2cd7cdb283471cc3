"""The quick way to prove a row: what it shares with rows found sound before is not proven again.

A row is its dates, its amount, three texts of its own and its shape. Each of these is sound or not
whatever the others are; so each is proven once, by ``raw.as_recorded``, in a row in which all else
is beyond doubt, and remembered with what it gives to the canonical form. Rows that correct
something, and all that is unusual, are left to the careful way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from compliance.ledger.encode import fragments
from compliance.ledger.kept import Tally, amount_of, year_of
from compliance.ledger.raw import alone, as_recorded
from compliance.ledger.runs import Layout, Run
from compliance.ledger.stored import encoded
from compliance.ledger.tables import holding
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Entry, Holding, Movement, Withdrawal
from compliance.values.span import ZERO
from compliance.values.vocabulary import Basis, State, Status

# So much is remembered of each kind; when it is more, all of it is found again.
_MOST = 32_768

_DAY = DateSpan.on(date(2000, 1, 1))
_SURE: dict[str, Entry] = {
    "holding": Holding("p", _DAY, Basis.PRESS, "c", "t", Status.OVERALL, ZERO, "s"),
    "movement": Movement(
        *(_DAY, "t", "c", ZERO, Account("p"), Account("q"), State.DONE, Basis.PRESS, "s")
    ),
}
"""A row beyond doubt, of each kind that can be proven in the quick way."""

_INTEGER = {int}
_SPAN_END = {int, type(None)}
_TEXT = {str}
_TRUTHS: tuple[set[type], ...] = ({int}, {bool})

_Found = TypeVar("_Found")


class _Shape(NamedTuple):
    """What a shape gives to its rows: pieces of the canonical form, and its weight in the tally."""

    start: str
    to_note: str
    to_quantity: str
    to_source: str
    end: str
    weight: int


class _Memory(dict[Hashable, _Found | None], Generic[_Found]):
    """What was found out about some of a row's values, found out when it is asked for first."""

    def __init__(self, find: Callable[[Any], _Found | None]) -> None:
        self._find = find

    def __missing__(self, values: Any) -> _Found | None:
        found = self._find(values)
        if found is not None:  # what is not sound is looked at again each time
            if len(self) >= _MOST:
                self.clear()
            self[values] = found
        return found


class Quick:
    """Proves the rows of one table, and tallies the movements among them."""

    def __init__(self, layout: Layout, tally: Tally) -> None:
        self._layout = layout
        self._tally = tally
        self._sure = alone(
            layout.table,
            {
                **dict.fromkeys(layout.names),
                "submission_id": 1,
                "line": 1,
                "declaration_id": 1,
                **encoded(_SURE[layout.table.name]),
            },
        )
        self._shapes = _Memory(self._shape)
        self._days = _Memory(self._dates)
        self._amounts = _Memory(self._amount)

    def forms(self, run: Run) -> list[str | None]:
        """Return the canonical form of each row, or ``None`` where the quick way cannot tell.

        Rows of which it is returned are tallied.
        """
        rows = run.rows
        if not run.text or not self._of_one_kind(rows):
            return [None] * len(rows)
        layout, quoted, sums = self._layout, encode_basestring, self._tally.by_year
        unbound: tuple[Any, ...] = (None, None)
        if layout.table is holding:
            unbound = (None, None, run.submission)
        parts = zip(
            map(self._shapes.__getitem__, map(itemgetter(layout.shape), rows)),
            map(self._days.__getitem__, map(itemgetter(layout.days), rows)),
            map(self._amounts.__getitem__, map(itemgetter(layout.amount), rows)),
            map(itemgetter(layout.bound), rows),
            map(itemgetter(slice(layout.own, layout.own + 3)), rows),
            strict=True,
        )
        forms: list[str | None] = []
        for shape, dated, counted, bound, (note, ref, source) in parts:
            if shape is None or dated is None or counted is None or bound != unbound:
                forms.append(None)
                continue
            start, to_note, to_quantity, to_source, end, weight = shape
            dates, year = dated
            quantity, amount = counted
            said = f',"note":{quoted(note)}' if note else ""
            named = f',"ref":{quoted(ref)}' if ref else ""
            forms.append(
                f"{start}{dates}{to_note}{said}{to_quantity}{quantity}"
                f'"{named}{to_source}{quoted(source)}{end}'
            )
            if weight:
                sums[year] += weight * amount
        return forms

    def _of_one_kind(self, rows: Sequence[Sequence[Any]]) -> bool:
        """True where the values are of the types they should be: 1, 1.0 and True are equal."""
        layout = self._layout

        def types(place: int) -> set[type]:
            return set(map(type, map(itemgetter(place), rows)))

        low = layout.amount.start
        return (
            types(0) == _INTEGER
            and types(1) == _INTEGER
            and types(low) == _INTEGER
            and types(low + 1) <= _SPAN_END
            and all(types(place) == _TEXT for place in range(layout.own, layout.own + 3))
            and (
                layout.table is not holding
                or (types(low + 2) in _TRUTHS and types(layout.bound.stop - 1) == _INTEGER)
            )
        )

    def _with(self, part: slice, values: Sequence[Any]) -> tuple[Mapping[str, Any], Entry | None]:
        """Return the row beyond doubt with some of its values exchanged, if it is sound then."""
        stored = {
            **self._sure.stored,
            **dict(zip(self._layout.names[part], values, strict=True)),
        }
        return stored, as_recorded(self._sure._replace(stored=stored))

    def _shape(self, values: Sequence[Any]) -> _Shape | None:
        stored, row = self._with(self._layout.shape, values)
        if row is None or isinstance(row, Withdrawal):
            return None
        said = fragments(row)
        assert said.to_ref == '"'
        start, to_note = said.start, said.to_note
        # The basis is a part of the shape here.
        if isinstance(row, Holding):
            to_note = said.between + row.basis.value + to_note
        else:
            start += row.basis.value + said.between
        weight = self._tally.weight(stored) if isinstance(row, Movement) else 0
        return _Shape(start, to_note, said.to_quantity, said.to_source, said.end, weight)

    def _dates(self, values: Sequence[Any]) -> tuple[str, int | None] | None:
        _, row = self._with(self._layout.days, values)
        if isinstance(row, Holding):
            return str(row.as_of), None
        if isinstance(row, Movement):
            return str(row.date), year_of(row.date)
        return None

    def _amount(self, values: Sequence[Any]) -> tuple[str, int] | None:
        _, row = self._with(self._layout.amount, values)
        if row is None or isinstance(row, Withdrawal):
            return None
        return row.content()["quantity"], amount_of(row.quantity)
