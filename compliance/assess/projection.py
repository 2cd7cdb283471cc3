"""What a look ahead hands to the reports: each limit day by day, and what its days come to."""

from __future__ import annotations

from datetime import date

from compliance.assess.result import Finding, LawUsed
from compliance.assess.standing import Request
from compliance.values.frozen import frozen
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Verdict


@frozen
class Line:
    """A party in a category at the end of a day of the look ahead.

    Attributes:
        judged: the span the verdict is given on: counted, widened by what inspectors saw.
        room: how many may still arrive on the day, and stay, with every later day surely within;
            ``None`` where that cannot be said.
        peak: the highest possible count is higher here than before and after.
        events: what changes on the day, in words.
    """

    day: date
    counted: Span | None
    judged: Span | None
    ceiling: Span | None
    ceiling_derived: Span | None
    headroom: Span | None
    verdict: Verdict
    conditional: bool
    room: int | None
    peak: bool
    events: tuple[str, ...]


@frozen
class Offset:
    """What would have to be gone from one day to another.

    Attributes:
        first: the day by which it must be gone.
        last: the last day on which it is needed.
        least: so many fewer, and no day surely exceeds.
        certain: so many fewer, and every day is surely within; ``None`` where no number is enough.
    """

    first: date
    last: date
    least: int
    certain: int | None


@frozen
class Plan:
    """A planned movement that is taken as done by its last day.

    Attributes:
        text: the movement, in words.
        basis: on whose authority it is planned.
        needs: the weakest basis on which it would be certain; ``None`` where its own is enough.
    """

    text: str
    basis: Basis
    needs: Basis | None


@frozen
class Course:
    """One party in one category over the stretch.

    Attributes:
        lines: the first day, every day on which anything changes, every 31 December, the last day.
        changes: false where it stands the same on every day.
        peak: the day and the count that is highest; ``None`` where nothing is known or it is open.
        may_exceed: the first day on which the ceiling may be exceeded, by the numbers.
        exceeds: the first on which it surely is, by the numbers.
        least_room: the day of the least headroom, and that headroom.
        offsets: the reductions needed, stretch by stretch.
        break_even: every day is within for any ceiling of at least this.
        doubts: what stays uncertain to the end, and what would settle it.
        outside: what an answer in force keeps out of the count, in sentences.
        stale: the figure it starts from is too old, and was not accepted.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    lines: tuple[Line, ...]
    changes: bool
    peak: tuple[date, Span] | None
    may_exceed: date | None
    exceeds: date | None
    least_room: tuple[date, Span] | None
    offsets: tuple[Offset, ...]
    break_even: int | None
    doubts: tuple[str, ...]
    outside: tuple[str, ...]
    stale: bool

    @property
    def offset(self) -> Offset | None:
        """The one reduction, kept up as long as any is needed, that keeps the Party within."""
        if not self.offsets:
            return None
        certain = [offset.certain for offset in self.offsets]
        return Offset(
            first=self.offsets[0].first,
            last=self.offsets[-1].last,
            least=max(offset.least for offset in self.offsets),
            certain=None if None in certain else max(c for c in certain if c is not None),
        )


@frozen
class Projection:
    """A whole look ahead.

    Attributes:
        plans: the planned movements that bear on the categories asked for.
        plans_outside: those that count in no category, in words.
        overdue: the planned movements that are not: their last day has passed.
        assumed: what a scenario assumes, in words.
        warnings: what a reader must know of the scenario.
    """

    law: LawUsed
    start: date
    until: date
    request: Request
    courses: tuple[Course, ...]
    plans: tuple[Plan, ...]
    plans_outside: tuple[str, ...]
    overdue: tuple[Finding, ...]
    assumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def carried_out(self) -> tuple[str, ...]:
        """Return the plans that are taken as done by their last day, in words."""
        return tuple(plan.text for plan in self.plans)

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """Return the verdicts of all days shown."""
        return frozenset(line.verdict for item in self.courses for line in item.lines)
