"""What the ledger hands to the assessment: the declarations and movements that bear on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from compliance.values.dates import DateSpan
from compliance.values.records import Holding, Movement
from compliance.values.vocabulary import Basis


@dataclass(frozen=True, slots=True)
class RecordedHolding:
    """A holding with its place in the ledger, ``content hash:line``, the same on any machine."""

    ref: str
    row: Holding


@dataclass(frozen=True, slots=True)
class RecordedMovement:
    """A movement with its place in the ledger, ``content hash:line``, the same on any machine."""

    ref: str
    row: Movement


@dataclass(frozen=True, slots=True)
class Declaration:
    """A statement of holdings: the rows of one submission of one party, date, basis and source.

    Attributes:
        order: rises with the time of recording; decides between two of the same date.
    """

    party: str
    as_of: DateSpan
    basis: Basis
    source: str
    order: int
    rows: tuple[RecordedHolding, ...]

    @property
    def preference(self) -> tuple[int, date, int]:
        """Greater is preferred: the better basis, then the later date, then the later recording."""
        return (-self.basis.rank, self.as_of.last, self.order)

    def covers(self, category: str) -> bool:
        """True where the declaration says anything of the category. Silence is not zero."""
        return any(item.row.category == category for item in self.rows)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is needed to count on a day.

    Attributes:
        declarations: for each party and category the latest of each basis, observations further
            back; none dated after the day.
        movements: those that may have begun by the day and are not surely contained in every
            declaration in use.
    """

    declarations: tuple[Declaration, ...]
    movements: tuple[RecordedMovement, ...]
