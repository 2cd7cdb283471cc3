"""How much of what was declared inspectors have seen: by Party, category and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.assess import stated, words
from compliance.assess.result import EvidenceRow, LawUsed
from compliance.assess.seen import Seen, seen
from compliance.values.dates import DateSpan, add_months
from compliance.values.evidence import Declaration
from compliance.values.frozen import frozen
from compliance.values.said import name
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis

DECLARED = (Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED)
"""What inspections verify: what Parties declared to one another, or what is relayed of that."""


@frozen
class CoverageRow:
    """One party in one category in one year.

    Attributes:
        declared: how many items were declared; ``None`` where nothing was.
        declared_as_of: the date of that declaration.
        basis: of that declaration; ``mixed`` for parts that differ, ``None`` without any.
        seen: what was seen in the year; ``None`` where no inspection is on record.
        rows: the ledger rows behind both.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    year: int
    declared: Span | None
    declared_as_of: DateSpan | None
    basis: str | None
    seen: Seen | None
    rows: tuple[EvidenceRow, ...]

    @property
    def share(self) -> tuple[float | None, float | None] | None:
        """Return seen divided by declared, low and high, to four places.

        ``None`` where either is missing or nothing was declared to be there. More than 1 is not
        cut: it says that more was seen than declared.
        """
        if self.declared is None or self.seen is None or self.declared.high == 0:
            return None
        return (
            _share(self.seen.items.low, self.declared.high),
            _share(self.seen.items.high, self.declared.low),
        )

    @property
    def discrepancy(self) -> bool:
        """True where surely more was seen than declared."""
        if self.declared is None or self.seen is None:
            return False
        seen, declared = self.seen.items.low, self.declared.high
        return seen is not None and declared is not None and seen > declared


@frozen
class Coverage:
    """What was seen of what was declared.

    Attributes:
        first: the first year looked at, ``None`` where nothing is on record at all.
        last: the last one.
        left_out: how many rows are not listed because neither a declaration nor an inspection is on
            record.
    """

    law: LawUsed
    known_at: str | None
    first: int | None
    last: int | None
    rows: tuple[CoverageRow, ...]
    left_out: int


def coverage(
    law: Agreement,
    declarations: Sequence[Declaration],
    *,
    parties: Sequence[str] | None = None,
    categories: Sequence[str] | None = None,
    first: int | None = None,
    last: int | None = None,
    known_at: str | None = None,
) -> Coverage:
    """Return what was seen of what was declared.

    Args:
        law: the agreement.
        declarations: all that is on record, observations included.
        parties: ids; ``None`` for the Parties of each year.
        categories: ids; ``None`` for all.
        first: the first year; ``None`` for the first on record.
        last: the last year; ``None`` for the last on record.
        known_at: the moment the declarations were known at, to be said with the result.
    """
    asked = first is not None or last is not None
    limited = [c for c in law.categories if categories is None or c.id in categories]
    years = {
        d.as_of.last.year
        for d in declarations
        if d.basis in (*DECLARED, Basis.OBSERVED) and any(d.covers(c.id) for c in limited)
    }
    if first is None:
        first = min(years, default=last)
    if last is None:
        last = max({y for y in years if first is not None and y >= first}, default=first)
    found = _Years(law, declarations)
    rows: list[CoverageRow] = []
    left_out = 0
    span = () if first is None or last is None else range(first, last + 1)
    for party in law.parties:
        if parties is not None and party.id not in parties:
            continue
        within = [year for year in span if _member(party, year)]
        for category, year in product(limited, within):
            row = found.row(party, category, year)
            if asked or row.declared is not None or row.seen is not None:
                rows.append(row)
            else:
                left_out += 1
    return Coverage(LawUsed.of(law), known_at, first, last, tuple(rows), left_out)


class _Years:
    """Finds what was declared for a year and what was seen in it."""

    def __init__(self, law: Agreement, declarations: Iterable[Declaration]) -> None:
        self._law = law
        self._declared: dict[str, list[Declaration]] = {}
        self._observed: dict[tuple[str, int], list[Declaration]] = {}
        for item in declarations:
            if item.basis is Basis.OBSERVED:
                self._observed.setdefault((item.party, item.as_of.last.year), []).append(item)
            elif item.basis in DECLARED:
                self._declared.setdefault(item.party, []).append(item)

    def row(self, party: Party, category: Category, year: int) -> CoverageRow:
        """Return one row."""
        new_year = date(year, 1, 1)
        day = new_year if party.membership_on(new_year) else date(year, 12, 31)
        parts = [part.id for part in self._law.parts_on(party.id, day)]
        own = self._of(party.id, category.id, year)
        of_parts = [self._of(part, category.id, year) for part in parts]
        used = [own] if own or not all(of_parts) else of_parts
        standing = [d for d in used if d is not None]
        figures = [stated.declared(d, category.id) for d in standing]
        bases = {d.basis.value for d in standing}
        observed = [d for p in (party.id, *parts) for d in self._observed.get((p, year), ())]
        what = seen(observed, category.id)
        return CoverageRow(
            party=party.id,
            party_name=party.name_on(day),
            category=category.id,
            category_name=name(category.plural),
            year=year,
            declared=total(f or ZERO for f in figures) if standing else None,
            declared_as_of=_together([d.as_of for d in standing]),
            basis=bases.pop() if len(bases) == 1 else "mixed" if bases else None,
            seen=what,
            rows=(
                *(words.evidence(i) for d in standing for i in stated.of_category(d, category.id)),
                *(what.rows if what else ()),
            ),
        )

    def _of(self, party: str, category: str, year: int) -> Declaration | None:
        """Return the one in use on 1 January, if it still speaks then; else the year's first."""
        day = date(year, 1, 1)
        covering = [
            d
            for d in self._declared.get(party, ())
            if stated.declared(d, category) is not None and d.as_of.last <= date(year, 12, 31)
        ]
        current = [
            d
            for d in covering
            if d.as_of.last <= day <= add_months(d.as_of.last, self._law.current_months)
        ]
        if current:
            return max(current, key=lambda d: d.preference)
        within = [d for d in covering if d.as_of.last > day]
        first = min((d.as_of.last for d in within), default=None)
        return max(
            (d for d in within if d.as_of.last == first), key=lambda d: d.preference, default=None
        )


def _member(party: Party, year: int) -> bool:
    """True where it was a Party, or may have been, when the year began or when it ended."""
    return not party.memberships or any(
        party.membership_on(day) or party.gap_on(day)
        for day in (date(year, 1, 1), date(year, 12, 31))
    )


def _together(dates: Sequence[DateSpan]) -> DateSpan | None:
    if not dates:
        return None
    return DateSpan(min(d.first for d in dates), max(d.last for d in dates))


def _share(part: int | None, whole: int | None) -> float | None:
    if part is None or not whole:
        return None
    return round(part / whole, 4)
