"""What a verification can find wrong, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Damage(StrEnum):
    """What kind of thing is wrong."""

    ROWS = "rows"
    """The rows of a submission are not those that were recorded."""
    SUBMISSION = "submission"
    """A submission's own entry is not as it was recorded: who, when, by what command, the note."""
    REMOVED = "removed"
    """A submission is missing between others."""
    INSERTED = "inserted"
    """A submission does not follow the one before it: one was exchanged, inserted or removed."""
    STRAY_ROWS = "stray_rows"
    """There are rows of a submission that is not there."""
    CORRECTION = "correction"
    """A correction corrects nothing, or something other than it could have."""
    TIME = "time"
    """A submission is dated before the one it follows."""
    CUT_OFF = "cut_off"
    """The ledger ends before the head kept elsewhere."""
    FORKED = "forked"
    """The head kept elsewhere was never reached: the ledger has another past."""
    KEPT = "kept"
    """The ledger is sound, and the balances kept beside it are not what its movements add up to."""
    UNREADABLE = "unreadable"
    """The database cannot be read."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that is wrong.

    Attributes:
        submission: its number, or ``None`` where it is not about one.
        message: what it means, for people.
    """

    damage: Damage
    submission: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found.

    Attributes:
        submissions: how many were found to be as recorded, from the first on.
        rows: how many rows those hold.
        head: the hash of the last of them, to be kept elsewhere; empty if there is none.
        broken: the first thing that is wrong, or ``None``.
        unguarded: triggers that are missing, so that what is recorded could be changed.
        after_head: how many submissions follow the head that was kept elsewhere, or ``None``.
        kept: what is wrong with the kept balances of a ledger that is not broken, or ``None``.
    """

    submissions: int
    rows: int
    head: str
    broken: Break | None
    unguarded: tuple[str, ...]
    after_head: int | None = None
    kept: Break | None = None

    @property
    def sound(self) -> bool:
        """True where nothing is wrong and nothing can go wrong unnoticed."""
        return self.broken is None and not self.unguarded and self.kept is None
