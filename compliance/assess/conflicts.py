"""Which figures on record of near dates cannot both be right, whatever moved in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from compliance.agreement.law import Agreement
from compliance.assess import stated
from compliance.assess.book import Books, disagree
from compliance.assess.book_words import in_words
from compliance.assess.comparable import moved_of_type, of_type, types_named, whole
from compliance.assess.position import Positions
from compliance.values.dates import add_months, span_in_words
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.said import Said, joined, said
from compliance.values.vocabulary import Basis


class Conflicts:
    """Compares the figures of a category, or of one type of it."""

    def __init__(self, law: Agreement, books: Books, positions: Positions, type_: str) -> None:
        """Take what is compared with.

        Args:
            law: the agreement.
            books: balance two figures with what moved.
            positions: knows what moved.
            type_: the type's name in the accounts; empty for whole categories.
        """
        self._law = law
        self._books = books
        self._positions = positions
        self._type = type_
        self._known: stated.Known = books.counter.known

    def among(self, category: str, figures: Sequence[Declaration]) -> Iterator[Said]:
        """Yield each pair that cannot both be right, by their places in the list from 1."""
        for (one, first), (two, second) in combinations(enumerate(figures, start=1), 2):
            if first.party != second.party or first.basis is second.basis is Basis.OBSERVED:
                continue
            pair = sorted(
                ((one, first), (two, second)),
                key=lambda p: (p[1].as_of.last, p[1].as_of.first, p[1].order),
            )
            (old, before), (new, after) = pair
            if add_months(before.as_of.last, self._law.current_months) < after.as_of.first:
                continue
            compared = self._comparable(category, before, after)
            if compared is None:
                continue
            moved: list[RecordedMovement] = self._positions.movements_of(before.party)
            if self._type:
                moved = list(moved_of_type(moved, self._type, category, self._known))
            balances = self._books.balances(category, *compared, moved)
            if disagree(balances):
                several = len(balances) > 1
                yield said(
                    "[{old}] of {before} ({old_basis}) and [{new}] of {after} ({new_basis}): "
                    "{sums}.",
                    old=str(old),
                    before=span_in_words(before.as_of),
                    old_basis=before.basis.word,
                    new=str(new),
                    after=span_in_words(after.as_of),
                    new_basis=after.basis.word,
                    sums=joined(
                        "; ", (in_words(b, told=several, declared=False) for b in balances)
                    ),
                )

    def _comparable(
        self, category: str, first: Declaration, second: Declaration
    ) -> tuple[Declaration, Declaration] | None:
        """Return what of two declarations speaks of the same thing."""
        old = types_named(first, category, self._known)
        new = types_named(second, category, self._known)
        if self._type:
            if self._type not in old or self._type not in new:
                return None
            return of_type(first, old[self._type]), of_type(second, new[self._type])
        if not (first.covers(category) and second.covers(category)):
            return None
        both_whole = whole(first, category) and whole(second, category)
        return (first, second) if both_whole or (old and old.keys() == new.keys()) else None
