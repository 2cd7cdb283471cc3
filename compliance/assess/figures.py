"""What is said of the figures on record for a holder: values that the report shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from compliance.assess.result import EvidenceRow, LawUsed
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Grade, Verdict


@frozen
class Outlook:
    """Where the holder stands with one figure in use, at the end of the day asked about.

    Attributes:
        ceiling: what may be compared with; ``None`` where nothing may be.
        stale: the figure is too old to speak for the day.
    """

    counted: Span | None
    ceiling: Span | None
    headroom: Span | None
    verdict: Verdict
    stale: bool


@frozen
class Figure:
    """What one declaration or observation states of the category, or of the type.

    Attributes:
        number: its place in the list, from 1.
        holder_name: whose figure it is; a part's stand under the whole.
        quantity: as stated, before any question of what counts; ``None`` where it was withheld.
        grades: of its sources, as far as they give one.
        used: the audit uses it.
        why: why it is used or passed over.
        moved: what moved since its date, as the count takes it.
        outlook: with this figure in use; ``None`` where it can be no figure of the category.
    """

    number: int
    holder: str
    holder_name: str
    as_of: DateSpan
    basis: Basis
    stated_by: str
    quantity: Span | None
    grades: tuple[Grade, ...]
    rows: tuple[EvidenceRow, ...]
    used: bool
    why: str
    moved: Span | None
    outlook: Outlook | None


@frozen
class MovedSince:
    """A movement, and how it stands to the figure in use.

    Attributes:
        how: empty where nobody's count is at stake.
    """

    row: EvidenceRow
    how: str


@frozen
class Section:
    """A category, or what is in none.

    Attributes:
        note: why it is in no category, where one type was asked for; else empty.
        outlook: as the audit has it; ``None`` for what is in no category, and for who is no Party.
        ahead: what is planned to begin after the day.
        conflicts: which figures cannot both be right, in sentences.
    """

    category: str
    category_name: str
    note: str
    outlook: Outlook | None
    figures: tuple[Figure, ...]
    movements: tuple[MovedSince, ...]
    ahead: tuple[EvidenceRow, ...]
    conflicts: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """True where nothing is on record, nor planned."""
        return not (self.figures or self.movements or self.ahead)


@frozen
class Sources:
    """All sections.

    Attributes:
        type: the type's name where one was asked for, else empty.
        wording: the neutral sentence on a holder that is no Party; empty for a Party.
    """

    law: LawUsed
    party: str
    party_name: str
    type: str
    wording: str
    as_of: date
    known_at: str | None
    accept_stale: bool
    readings: Mapping[str, str]
    sections: tuple[Section, ...]
