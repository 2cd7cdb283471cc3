"""The provisions of an agreement as frozen values: what a rule pack is made of."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from compliance.values.citation import Citation
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.said import Name, name
from compliance.values.span import Span
from compliance.values.vocabulary import LawStatus, Status


@frozen
class Period:
    """Days from ``start`` up to but not including ``end``; ``None`` means still running."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """True where the day lies in the period."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """True where the two share a day."""
        return (self.end is None or other.start < self.end) and (
            other.end is None or self.start < other.end
        )


@frozen
class Gap:
    """A stretch of time for which the pack says outright that it does not know the law."""

    period: Period
    reason: str
    citation: Citation


@frozen
class CeilingGap(Gap):
    """A gap in the ceilings of some parties, in some categories."""

    parties: tuple[str, ...]
    categories: tuple[str, ...]


@frozen
class PartyName:
    """The name a party bore in a period."""

    period: Period
    name: str


@frozen
class Membership:
    """A period in which a party is bound by the agreement."""

    period: Period
    citation: Citation


@frozen
class Party:
    """A Party to the agreement, now or once; a state or an entity within one.

    Attributes:
        part_of: the party of which this one is a part, or empty.
        part_period: while it is a part: then the whole is the sum of its parts.
        succeeds: parties whose place this one took, with the citation.
        gaps: times for which membership itself is not certain.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    names: tuple[PartyName, ...]
    memberships: tuple[Membership, ...]
    gaps: tuple[Gap, ...]
    part_of: str
    part_period: Period | None
    succeeds: tuple[str, ...]
    succession: Citation | None
    note: str

    def name_on(self, day: date) -> Name:
        """Return the name the party bore on that day."""
        for dated in self.names:
            if dated.period.holds(day):
                return name(dated.name)
        return name(self.name)

    def membership_on(self, day: date) -> Membership | None:
        """Return the membership that holds on the day, if one does."""
        return next((m for m in self.memberships if m.period.holds(day)), None)

    def gap_on(self, day: date) -> Gap | None:
        """Return the declared gap in membership that covers the day, if one does."""
        return next((g for g in self.gaps if g.period.holds(day)), None)


@frozen
class Actor:
    """Somebody who holds or moves armaments in the region and is no Party.

    Attributes:
        wording: the neutral sentence printed wherever the actor appears.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    wording: str
    citation: Citation


class Op(StrEnum):
    """How a criterion compares an attribute with its value."""

    IS = "is"
    IN = "in"
    AT_LEAST = "at_least"
    ABOVE = "above"
    BELOW = "below"


@frozen
class Attribute:
    """A measurable property that definitions speak of.

    Attributes:
        kind: ``number``, ``yes_no`` or ``word``.
        unit: for numbers, ``mm`` or ``t``.
        words: for words, the ones allowed.
    """

    id: str
    label: str
    kind: str
    unit: str
    words: tuple[str, ...]
    note: str


@frozen
class Criterion:
    """One test of one attribute.

    Attributes:
        values: one value, or several for ``in``; numbers, booleans or words.
        text: the test in words.
    """

    attribute: str
    op: Op
    values: tuple[float | bool | str, ...]
    text: str


@frozen
class Definition:
    """One way of falling into a category: all criteria hold and none of ``unless`` does.

    Attributes:
        only_if: ``(question, reading)``: the definition applies only under that reading.
    """

    id: str
    category: str
    subcategory: str
    title: str
    criteria: tuple[Criterion, ...]
    unless: tuple[Criterion, ...]
    only_if: tuple[str, str] | None
    citation: Citation


@frozen
class Category:
    """A category of armaments that the agreement limits.

    Attributes:
        name: singular, as a heading: ``Battle tanks`` is ``plural``.
        definitions: in order; the first that matches decides.
    """

    id: str
    name: str
    plural: str
    aliases: tuple[str, ...]
    definitions: tuple[Definition, ...]
    citation: Citation


@frozen
class Limit:
    """The ceiling of one party in one category under one instrument.

    Attributes:
        question: for derived values, the question whose reading ``accepting`` lets it be used.
        notes: how a derived value was derived, and what else must be known.
    """

    party: str
    category: str
    value: Span
    period: Period
    binding_from: date
    schedule: str
    question: str
    accepting: str
    notes: tuple[str, ...]
    citation: Citation

    @property
    def note(self) -> str:
        """The notes in one paragraph."""
        return " ".join(self.notes)


@frozen
class Ceiling:
    """What the law says of one party's ceiling in one category on one day.

    Attributes:
        limit: the limit that holds, or ``None`` where there is none or it is not known.
        gap: the declared gap that covers the day, if that is why.
    """

    party: str
    category: str
    limit: Limit | None
    gap: Gap | None

    @property
    def derived(self) -> bool:
        """True where the value is our arithmetic and gives no verdict by itself."""
        return self.limit is not None and self.limit.citation.status is LawStatus.DERIVED


@frozen
class CountingRule:
    """What a holding status does to the count.

    Attributes:
        counted: False where items of that status are not counted.
        categories: where the rule applies; empty means everywhere.
        question: the question that closes it where the rule is not read in the text; the rule
            applies under its reading ``accepting``, and the item counts under every other.
    """

    id: str
    status: Status
    counted: bool
    categories: tuple[str, ...]
    question: str
    accepting: str
    text: str
    citation: Citation


@frozen
class Reading:
    """One possible answer to a question."""

    id: str
    text: str
    citation: Citation | None


@frozen
class Question:
    """Something the law leaves open, as far as it is known.

    Attributes:
        default: the reading to assume where one must be assumed.
        applied: True where the pack applies the default without being asked.
        applied_because: why, in a sentence; empty where not applied.
        engine: the engine's own use of the question, or empty: ``party-claims`` (a Party says an
            item does not count), ``row-or-catalogue`` (a row and the catalogue disagree).
    """

    id: str
    title: str
    why_open: str
    readings: tuple[Reading, ...]
    default: str
    applied: bool
    applied_because: str
    engine: str
    citation: Citation

    def reading(self, answer: str) -> Reading | None:
        """Return the reading of that id, if there is one."""
        return next((r for r in self.readings if r.id == answer), None)


class ShownBy(StrEnum):
    """What on record shows that a duty was kept."""

    DECLARATION = "declaration"
    EXCLUSIONS = "exclusions"
    MOVEMENTS = "movements"
    LOSSES = "losses"
    CEILINGS = "ceilings"


@frozen
class Obligation:
    """A duty other than a ceiling.

    Attributes:
        rhythm: ``annual``, ``event`` or ``once``.
        due: for annual duties ``MM-DD``; for those due once a day; for events a phrase.
        valid: for what is handed over with the annual exchange, ``MM-DD``: the day of the
            following year on which its figures are valid.
        change_percent: for a duty to notify changes, the change it speaks of in percent of what was
            held in a category before.
        within_days: for events, how many days after the event it is to be done.
        shown_by: where to look whether it was kept; ``None`` where no record shows it.
    """

    id: str
    title: str
    text: str
    rhythm: str
    due: str
    valid: str
    period: Period
    citation: Citation
    change_percent: int | None = None
    within_days: Span | None = None
    shown_by: ShownBy | None = None


@frozen
class ReportingGap:
    """A time in which a Party stopped reporting. Its obligations did not end by that.

    Attributes:
        began: the first day of the silence, as well as it is known.
        ended: the last, or ``None`` where not known.
    """

    party: str
    began: DateSpan
    ended: DateSpan | None
    text: str
    citation: Citation

    def covers(self, day: date) -> bool:
        """True where the day may lie in the gap."""
        return self.began.first <= day and (self.ended is None or day <= self.ended.last)


@frozen
class Replacement:
    """A value of a base pack that an extending pack replaced."""

    path: str
    old: str
    new: str
