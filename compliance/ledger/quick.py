"""The quick way to prove rows: what they share is proven once, and the rest column by column.

A row is its dates, its amount, its basis, three texts of its own and its shape. Each of these is
sound or not whatever the others are; so each is proven once, by ``raw.as_recorded``, in a row in
which all else is beyond doubt, and remembered with what it gives to the canonical form. Rows that
correct something, and all that is unusual, are left to the careful way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from compliance.ledger.encode import Pieces, Texts, Told, forms, pieces, together
from compliance.ledger.kept import Tally, amount_of, year_of
from compliance.ledger.raw import alone, as_recorded
from compliance.ledger.runs import Layout, Raw, Run
from compliance.ledger.stored import SHAPE, Shape, encoded
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
_TRUTHS: tuple[set[type], ...] = ({int}, {bool})

_Key = TypeVar("_Key", bound=Hashable)
_Found = TypeVar("_Found")

Column = tuple[Any, ...]
"""One column of rows that follow each other."""

_Shape = tuple[Pieces, int]
"""What a shape gives to its rows: pieces of the canonical form, and its weight in the tally."""


class _Memory(dict[_Key, _Found], Generic[_Key, _Found]):
    """What was found out about some of a row's values, where they are sound."""

    def __init__(self, find: Callable[[Collection[_Key]], Mapping[_Key, _Found]]) -> None:
        self._find = find

    def of(self, keys: Sequence[_Key]) -> list[_Found] | None:
        """Return what is known of each, found out where it is asked for first.

        ``None`` if any is not sound; that is looked at again each time.
        """
        for _ in range(2):
            try:
                return list(map(self.__getitem__, keys))
            except KeyError:
                self._learn(set(keys))
        return None

    def _learn(self, wanted: set[_Key]) -> None:
        new = {key for key in wanted if key not in self}
        if len(self) + len(new) > _MOST:
            self.clear()
            new = wanted
        self.update(self._find(new))


class Quick:
    """Proves the rows of one table, and tallies the movements among them."""

    def __init__(
        self,
        layout: Layout,
        tally: Tally,
        shapes: Callable[[Collection[int]], Mapping[int, Shape]],
    ) -> None:
        """Prepare for a table.

        Args:
            layout: how its rows are read.
            tally: where movements are added up.
            shapes: gives the columns of movements' shapes by number, of those that are there.
        """
        self._layout = layout
        self._tally = tally
        self._shapes_of = shapes
        self._sure = alone(
            layout.whole,
            {
                **dict.fromkeys(column.name for column in layout.whole.c),
                "submission_id": 1,
                "line": 1,
                "declaration_id": 1,
                **encoded(_SURE[layout.whole.name]),
            },
        )
        self._bases = _Memory(_each(self._basis))
        self._days = _Memory(_each(self._dates))
        self._amounts = _Memory(_each(self._amount))
        if layout.whole is holding:
            self._shapes = _Memory(_each(self._held))
        else:
            self._shapes = _Memory(self._moved)

    def written(self, run: Run, rows: Sequence[Raw], line: int) -> str | None:
        """Return the canonical forms of rows that follow each other, with commas between.

        They are tallied then. ``None`` where the quick way cannot tell that all of them are sound.

        Args:
            run: what they are of.
            rows: the rows.
            line: the number that the first of them should have.
        """
        columns: list[Column] = list(zip(*rows, strict=True))
        if not (run.text and self._unbound(run, columns) and self._of_one_kind(columns)):
            return None
        if columns[1] != tuple(range(line, line + len(rows))):
            return None
        layout = self._layout
        days = _alike(columns[layout.days])
        amounts = _alike(columns[layout.amount])
        basis = columns[layout.basis]
        shapes = _alike(columns[layout.shape])
        dated, counted = self._days.of(days), self._amounts.of(amounts)
        shaped, based = self._shapes.of(shapes), self._bases.of(basis)
        try:
            texts = [Texts.of(column) for column in columns[layout.own : layout.own + 3]]
        except TypeError:
            return None  # no texts
        if dated is None or counted is None or shaped is None or based is None:
            return None
        shared, weights = zip(*shaped, strict=True)
        dates, years = zip(*dated, strict=True)
        quantities, numbers = zip(*counted, strict=True)
        kind = Holding if layout.whole is holding else Movement
        if kind is Movement:
            self._tally.add_all(years, weights, based, numbers)
        return together(forms(shared, Told(kind, dates, basis, quantities, *texts)))

    def _unbound(self, run: Run, columns: Sequence[Column]) -> bool:
        """True where no row corrects another, and a holding is of its own declaration."""
        corrects_submission, corrects_line, *own = columns[self._layout.bound]
        many = len(corrects_line)
        return (
            corrects_submission.count(None) == many
            and corrects_line.count(None) == many
            and all(column.count(run.submission) == many for column in own)
        )

    def _of_one_kind(self, columns: Sequence[Column]) -> bool:
        """True where the numbers are of the types they should be: 1, 1.0 and True are equal."""

        def types(column: Column) -> set[type]:
            return set(map(type, column))

        layout = self._layout
        low, high, *withheld = columns[layout.amount]
        whole = [*columns[:2], low, *columns[layout.bound][2:]]
        if layout.whole is not holding:
            whole += columns[layout.shape]
        return (
            all(types(column) == _INTEGER for column in whole)
            and types(high) <= _SPAN_END
            and all(types(column) in _TRUTHS for column in withheld)
        )

    def _sound(self, some: Mapping[str, Any]) -> Entry | None:
        """Return the row beyond doubt with some of its values exchanged, if it is sound then."""
        return as_recorded(self._sure._replace(stored={**self._sure.stored, **some}))

    def _with(self, part: slice, key: Any) -> Entry | None:
        names = self._layout.names[part]
        values = key if isinstance(key, tuple) else (key,) * len(names)
        return self._sound(dict(zip(names, values, strict=True)))

    def _held(self, key: Any) -> _Shape | None:
        return self._pieces(self._with(self._layout.shape, key), 0)

    def _moved(self, numbers: Collection[Any]) -> dict[Any, _Shape]:
        found = {}
        for number, columns in self._shapes_of(numbers).items():
            row = self._sound(dict(zip(SHAPE, columns, strict=True)))
            weight = 0
            if isinstance(row, Movement) and row.state is State.DONE:
                weight = self._tally.weight(number)
            if (pieces := self._pieces(row, weight)) is not None:
                found[number] = pieces
        return found

    def _pieces(self, row: Entry | None, weight: int) -> _Shape | None:
        if row is None or isinstance(row, Withdrawal):
            return None
        return pieces(row), weight

    def _basis(self, value: Any) -> int | None:
        return None if self._sound({"basis": value}) is None else self._tally.bases[value]

    def _dates(self, key: Any) -> tuple[str, int | None] | None:
        row = self._with(self._layout.days, key)
        if isinstance(row, Holding):
            return str(row.as_of), None
        if isinstance(row, Movement):
            return str(row.date), year_of(row.date)
        return None

    def _amount(self, key: Any) -> tuple[str, int] | None:
        row = self._with(self._layout.amount, key)
        if row is None or isinstance(row, Withdrawal):
            return None
        return row.content()["quantity"], amount_of(row.quantity)


def _alike(columns: Sequence[Column]) -> Sequence[Any]:
    """Return for each row its values of some columns, or the one value that is in all of them."""
    first, *others = columns
    if len(others) < 2 and all(column == first for column in others):
        return first
    return list(zip(*columns, strict=True))


def _each(find: Callable[[Any], _Found | None]) -> Callable[[Collection[Any]], dict[Any, _Found]]:
    """Return what finds out about many values what another finds about one."""

    def all_of(values: Collection[Any]) -> dict[Any, _Found]:
        pairs = ((value, find(value)) for value in values)
        return {value: found for value, found in pairs if found is not None}

    return all_of
