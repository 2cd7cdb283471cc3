"""What the ledger hands to the assessment: the declarations and movements that bear on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date

from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.records import Account, Holding, Movement
from compliance.values.span import Span, total
from compliance.values.vocabulary import NONE_CATEGORY, Basis

OBSERVATIONS = 100
"""Inspections see one site each, so older ones stay of interest; so many are kept in view."""

GROUPED_SOURCE = (
    "several movements, each with a source of its own: compliance export --format csv lists them"
)
"""What stands in place of the source where many movements are told as one."""

OTHERS = Account(place="@others")
"""Stands for different accounts on the other side of movements that are told as one."""


@frozen
class RecordedHolding:
    """A holding with its place in the ledger, ``content hash:line``, the same on any machine."""

    ref: str
    row: Holding

    def __hash__(self) -> int:
        """Return a hash of its place alone: hardly two rows share one, and a row has many parts."""
        return hash(self.ref)


@frozen
class RecordedMovement:
    """A movement with its place in the ledger, ``content hash:line``, the same on any machine.

    Attributes:
        assumed: it stands in no ledger: a scenario takes it for certain.
        many: how many movements are told as this one; 0 for one that stands for itself. Where a
            ledger holds very many, those that are alike in all that bears on a count are told as
            one: their quantities are added, the dates are the first and the last day they may be
            of, of an outside place only its kind is told, and ``ref`` names them together.
        bases: theirs, best first, where ``many`` rest on several that weigh alike; the row's is
            then the last of them.
        parts: what of the quantity came from, or went to, each kind of outside place, and to other
            holders (an empty place, last), where ``many`` had more than one kind of other side.
            They add up to it.
    """

    ref: str
    row: Movement
    assumed: bool = False
    many: int = 0
    bases: tuple[Basis, ...] = ()
    parts: tuple[tuple[str, Span], ...] = ()

    def __hash__(self) -> int:
        """Return a hash of its place alone: hardly two rows share one, and a row has many parts."""
        return hash(self.ref)


def parted(some: Iterable[tuple[str, Span]]) -> tuple[tuple[str, Span], ...]:
    """Add up what has been at each kind of other side; nothing where that is only one.

    Args:
        some: kinds and quantities, as ``RecordedMovement.parts`` has them, in any order.
    """
    found: dict[str, list[Span]] = {}
    for place, quantity in some:
        found.setdefault(place, []).append(quantity)
    if len(found) < 2:
        return ()
    places = sorted(found, key=lambda place: (not place, place))
    return tuple((place, total(found[place])) for place in places)


@frozen
class Folding:
    """What of very many movements may be told as one, beyond what is alike: it counts the same.

    Attributes:
        category: returns the category that what has a type, a stated category and a basis surely
            is of, in and out, and of no other; empty where there is none.
        weight: returns how a basis weighs for what goes ``in``, ``out``, or is within an account
            (``both``): movements that weigh alike may be told as one whatever their bases.
        kin: says whether two holders are one or parts of one: between these both sides matter.
        by_type: movements of different types stay apart.
    """

    category: Callable[[str, str, Basis], str]
    weight: Callable[[str, Basis], str]
    kin: Callable[[str, str], bool]
    by_type: bool


@frozen
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


@frozen
class Background:
    """What stands around the evidence for a day: it changes no count and shows what is implausible.

    Attributes:
        declarations: at least those before the ones in use, and those dated soon after the day.
        movements: those that may lie between an earlier declaration and the one in use.
        recorded: by the ``order`` of a declaration, the day (UTC) it was recorded on.
    """

    declarations: tuple[Declaration, ...] = ()
    movements: tuple[RecordedMovement, ...] = ()
    recorded: Mapping[int, date] = field(default_factory=dict)


@frozen
class Evidence:
    """All that is needed to count on a day.

    Attributes:
        declarations: for each party and category the latest of each basis, observations further
            back; none dated after the day.
        movements: those that may have begun by the day and are not surely contained in every
            declaration in use.
        background: where asked for; empty otherwise.
        starts: by holder the day after which its movements are here; of others all that is past.
        folded: what is told as one was folded by a ``Folding``, not only alike.
    """

    declarations: tuple[Declaration, ...]
    movements: tuple[RecordedMovement, ...]
    background: Background = field(default_factory=Background)
    starts: Mapping[str, date] = field(default_factory=dict, compare=False)
    folded: bool = False

    def up_to(self, day: date) -> Evidence:
        """Return what bears on one day, of what bears on a stretch of days that holds it."""
        movements = tuple(item for item in self.movements if item.row.date.first <= day)
        return Evidence(self.declared_by(day), movements, folded=self.folded)

    def standing_before(self, background: Background) -> Evidence:
        """Return the same, with what stands around it."""
        return Evidence(self.declarations, self.movements, background, self.starts, self.folded)

    def declared_by(self, day: date) -> tuple[Declaration, ...]:
        """Return the declarations that bear on one day, of those of a stretch that holds it."""
        ranked = sorted(
            (item for item in self.declarations if item.as_of.last <= day),
            key=lambda d: (-d.as_of.last.toordinal(), -d.order, d.source, d.as_of.first),
        )
        seen: Counter[tuple[str, str, Basis]] = Counter()
        kept: set[int] = set()
        for item in ranked:
            for category in sorted({i.row.category for i in item.rows} - {NONE_CATEGORY}):
                key = (item.party, category, item.basis)
                seen[key] += 1
                if seen[key] <= (OBSERVATIONS if item.basis is Basis.OBSERVED else 1):
                    kept.add(id(item))
        return tuple(item for item in self.declarations if id(item) in kept)
