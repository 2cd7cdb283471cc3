"""What recording some movements changes, as the reports show it."""

from __future__ import annotations

from datetime import date

from compliance.assess.result import AuditRow, EvidenceRow, LawUsed
from compliance.values.frozen import frozen
from compliance.values.vocabulary import Verdict


@frozen
class Point:
    """A day from which on a figure differs from the day before, on either side."""

    day: date
    before: AuditRow
    after: AuditRow

    @property
    def raised(self) -> bool:
        """True where more counts, or may count, after than before."""
        before, after = self.before.counted, self.after.counted
        if before is None or after is None:
            return after is not None
        if (after.low or 0) > (before.low or 0):
            return True
        return before.high is not None and (after.high is None or after.high > before.high)

    @property
    def could_exceed(self) -> bool:
        """True where the count and the ceiling are known, and its highest is over its lowest."""
        row = self.after
        if row.counted is None or row.ceiling is None or row.ceiling.low is None:
            return False
        return row.counted.high is not None and row.counted.high > row.ceiling.low

    @property
    def surely_within(self) -> bool:
        """True where the after side is at or under the ceiling, whatever is uncertain."""
        row = self.after
        if row.verdict is Verdict.NOT_BINDING:
            return bool(row.counted and row.counted.closed) and not self.could_exceed
        return row.verdict is Verdict.WITHIN


@frozen
class Weight:
    """How surely a recorded movement counts from a day on."""

    since: date
    text: str


@frozen
class Course:
    """A Party in a category, before and after.

    Attributes:
        points: in the order of days; each holds until the next.
        weights: how surely the movements count, in words.
        remedies: what would make them certain, in sentences without a full stop; empty where
            they are, or where time alone will tell.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    points: tuple[Point, ...]
    weights: tuple[Weight, ...]
    remedies: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """True where the count differs on any day."""
        return any(point.before.counted != point.after.counted for point in self.points)

    @property
    def telling(self) -> tuple[Point, ...]:
        """The first day on which a ceiling is exceeded, if one is, and the last point."""
        first = next((p for p in self.points if p.after.verdict is Verdict.EXCEEDS), None)
        last = self.points[-1]
        return (last,) if first in (None, last) else (first, last)


@frozen
class Effect:
    """What recording some movements changes.

    Attributes:
        judged_on: the day on which the age of declarations is judged for all later days.
        ahead: some day shown is later than that.
        rows: the movements recorded.
        courses: the Parties and categories they touch.
        outside: why a movement, or one side of it, is counted nowhere; in sentences.
    """

    law: LawUsed
    judged_on: date
    readings: dict[str, str]
    accept_stale: bool
    rows: tuple[EvidenceRow, ...]
    courses: tuple[Course, ...]
    outside: tuple[str, ...]

    @property
    def ahead(self) -> bool:
        """True where some day shown lies after the day the ages are judged on."""
        return any(p.day > self.judged_on for course in self.courses for p in course.points)

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The verdicts of the after side."""
        return frozenset(p.after.verdict for course in self.courses for p in course.points)

    @property
    def not_surely_within(self) -> tuple[Point, ...]:
        """The days on which the count rises and is not certainly within the ceiling."""
        return tuple(
            point
            for course in self.courses
            for point in course.points
            if point.raised and not point.surely_within
        )
