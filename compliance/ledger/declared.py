"""What is declared: of each party and category the latest declarations, and all after a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from compliance.ledger.ancestry import as_first_said
from compliance.ledger.conditions import in_force, named, rows_of
from compliance.ledger.reading import Reading, Row
from compliance.ledger.stored import (
    corrected_by,
    date_of,
    decoded_holding,
    referred,
)
from compliance.values.dates import DateSpan
from compliance.values.evidence import OBSERVATIONS, Declaration, RecordedHolding
from compliance.values.vocabulary import NONE_CATEGORY, Basis

# So many declarations are asked for in one statement.
_CHUNK = 500


class _Head(NamedTuple):
    """What makes rows one declaration."""

    declaration_id: int
    party: str
    as_of_first: date
    as_of_last: date
    basis: str
    source: str

    @classmethod
    def of(cls, row: Row) -> _Head:
        """Return it of a statement's columns."""
        number, party, first, last, basis, source = row
        return cls(number, party, date_of(first), date_of(last), basis, source)


_IDENTITY = ", ".join(_Head._fields)

# Of each party, category and basis the newest, or newest few, and all after a day.
_HEADS = """
SELECT DISTINCT {identity}
FROM (
    SELECT said.*, ROW_NUMBER() OVER (
        PARTITION BY party, category, basis, CASE WHEN as_of_last > :since THEN 1 ELSE 0 END
        ORDER BY as_of_last DESC, declaration_id DESC, source, as_of_first
    ) AS place
    FROM (
        SELECT DISTINCT {identity}, category
        FROM holding JOIN submission ON submission.id = holding.submission_id
        WHERE {conditions}
    ) AS said
) AS ranked
WHERE place <= CASE WHEN basis = :observed THEN :observations ELSE 1 END OR as_of_last > :since
"""


def cuts_of(declarations: Iterable[Declaration]) -> set[date]:
    """Return the days at whose end a movement may turn from contained in a figure to after it."""
    return {day for item in declarations for day in (item.as_of.first, item.as_of.last)}


def declarations(
    reading: Reading,
    *,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    bases: Collection[Basis] | None = None,
    since: date,
    latest: bool = True,
    limited: bool = True,
) -> tuple[Declaration, ...]:
    """Return each party's latest declarations of each category and basis, and all after a day.

    Args:
        reading: the ledger.
        as_of: the last day; nothing dated later is returned.
        known_at: only submissions recorded by that moment.
        parties: only these holders.
        bases: only declarations of these; ``None`` for all.
        since: what is dated later than that is returned whole; of what is not, only the latest.
        latest: False leaves out what is not dated later than ``since``.
        limited: False adds those that only speak of items in no category.
    """
    heads = _heads(reading, as_of, known_at, parties, bases, since, latest=latest, limited=limited)
    return _declarations(reading, heads, known_at)


def _heads(
    reading: Reading,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    bases: Collection[Basis] | None,
    since: date,
    *,
    latest: bool,
    limited: bool,
) -> set[_Head]:
    """Find each party's latest declaration of each category and basis, and all after ``since``."""
    conditions = ["as_of_last <= :as_of", "party IN (:parties)", in_force("holding", known_at)]
    if not latest:
        conditions.append("as_of_last > :since")
    if limited:
        conditions.append("category <> :unlimited")
    if bases is not None:
        conditions.append("basis IN (:bases)")
    found = reading.rows(
        _HEADS.format(identity=_IDENTITY, conditions=" AND ".join(conditions)),
        as_of=as_of,
        parties=sorted(parties),
        known_at=known_at or "",
        unlimited=NONE_CATEGORY,
        bases=sorted(basis.value for basis in bases or ()),
        since=since,
        observed=Basis.OBSERVED.value,
        observations=OBSERVATIONS,
    )
    return set(map(_Head.of, found))


def _declarations(
    reading: Reading, heads: set[_Head], known_at: str | None
) -> tuple[Declaration, ...]:
    """Read all rows of the declarations found, those of other categories included."""
    rows: dict[_Head, list[RecordedHolding]] = defaultdict(list)
    roots = sorted({head.declaration_id for head in heads})
    dates = [head.as_of_last for head in heads]
    # An archive may hold all years in one submission.
    query = (
        f"{rows_of('holding')} WHERE holding.declaration_id IN (:declarations) "
        f"AND holding.as_of_last BETWEEN :first AND :last AND {in_force('holding', known_at)}"
    )
    for some in _chunks(roots, _CHUNK):
        found = reading.rows(
            query, declarations=some, first=min(dates), last=max(dates), known_at=known_at or ""
        )
        for row in as_first_said(reading, "holding", list(named("holding", found))):
            head = _Head.of([row[column] for column in _Head._fields])
            if head in heads:
                rows[head].append(
                    RecordedHolding(referred(row), decoded_holding(row, corrected_by(row)))
                )
    return tuple(
        Declaration(
            party=head.party,
            as_of=DateSpan(head.as_of_first, head.as_of_last),
            basis=Basis(head.basis),
            source=head.source,
            order=head.declaration_id,
            rows=tuple(rows[head]),
        )
        for head in sorted(
            heads,
            key=lambda item: (
                item.party,
                item.as_of_last,
                item.declaration_id,
                item.basis,
                item.source,
                item.as_of_first,
            ),
        )
    )


def _chunks(items: list[int], size: int) -> Iterable[list[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))
