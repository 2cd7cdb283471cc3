"""What a comparison of days hands to the reports: rows before and after, and their causes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from compliance.assess.cause import Cause, Change
from compliance.assess.result import AuditRow, LawUsed
from compliance.assess.standing import Request
from compliance.assess.walk import View
from compliance.values.citation import Citation
from compliance.values.dates import add_months
from compliance.values.frozen import frozen
from compliance.values.vocabulary import Verdict


class Every(StrEnum):
    """How far apart the days of a series are."""

    YEAR = "year"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """Return the distance in months."""
        return 12 if self is Every.YEAR else 3


@frozen
class DiffRow:
    """One party in one category, before and after.

    Attributes:
        before: the row of ``predecessor`` where one is named.
        predecessor: the party whose place this one took in between; empty where none is compared.
        change: of headroom; where no day has a ceiling, of the count with its sign turned.
        causes: in order of time.
        left_open: what nobody may take for settled on the later day, in sentences.
        judged: the party is one on the later day, or was asked for by name.
    """

    before: AuditRow
    after: AuditRow
    predecessor: str
    change: Change
    causes: tuple[Cause, ...]
    left_open: tuple[str, ...]
    judged: bool

    @property
    def same(self) -> bool:
        """True where nothing changed the headroom and the verdict stayed."""
        return not self.causes and self.before.verdict is self.after.verdict

    @property
    def of_counted(self) -> bool:
        """True where no ceiling is known on either day: the change is that of the count, turned."""
        return self.before.ceiling is None and self.after.ceiling is None


@frozen
class Diff:
    """A comparison of two days, row by row."""

    start: date
    end: date
    rows: tuple[DiffRow, ...]


@frozen
class Succession:
    """A party took another's place between the first day and the last.

    Attributes:
        compared: the two are compared with each other.
    """

    party: str
    party_name: str
    predecessor: str
    predecessor_name: str
    since: date
    citation: Citation | None
    compared: bool


@frozen
class Comparison:
    """One comparison, or a series of them, and what it was made on.

    Attributes:
        before: what the first day was judged on.
        after: what every later day was judged on.
        every: how far apart the days of a series are; ``None`` for one comparison.
        periods: in order of time; each begins on the day on which the one before it ends.
    """

    law: LawUsed
    before: View
    after: View
    request: Request
    every: Every | None
    periods: tuple[Diff, ...]
    successions: tuple[Succession, ...]

    @property
    def start(self) -> date:
        """The first day."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """The last day."""
        return self.periods[-1].end

    @property
    def last_shorter(self) -> bool:
        """True where the last period of a series is shorter than the others are."""
        return self.every is not None and self.end < add_months(
            self.start, self.every.months * len(self.periods)
        )

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The verdicts of the last day."""
        return frozenset(row.after.verdict for row in self.periods[-1].rows if row.judged)
