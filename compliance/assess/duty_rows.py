"""Duties as results: what is due when, by whom, and what is on record of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from compliance.agreement.provisions import Obligation, Party, ReportingGap
from compliance.assess import stated
from compliance.assess.result import EvidenceRow, LawUsed
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.received import ReceivedHolding, ReceivedMovement
from compliance.values.said import joined, said
from compliance.values.vocabulary import LawStatus


class Outcome(StrEnum):
    """What is on record of a duty. A determination of non-compliance is none of them.

    ``late`` and ``missing`` are said only where the law is ``text`` or ``reported``; where it is
    only derived, it is ``recorded_after`` the derived date, or ``not_on_record``.
    """

    GIVEN = "given"
    IN_PART = "in_part"
    LATE = "late"
    RECORDED_AFTER = "recorded_after"
    MISSING = "missing"
    NOT_ON_RECORD = "not_on_record"
    PROOF_OWED = "proof_owed"
    CANNOT_TELL = "cannot_tell"
    NOT_YET_DUE = "not_yet_due"


@frozen
class Handed:
    """What one submission first recorded of it.

    Attributes:
        submission: the first digits of its content's hash.
        on: the day it was recorded on, UTC.
        categories: ids; empty where it is not about categories.
    """

    submission: str
    on: date
    basis: str
    categories: tuple[str, ...]


@frozen
class DutyRow:
    """One duty of one party: due on a day, or called for by an event.

    Attributes:
        party_name: the name it bore on the day.
        certain: False where it is not known whether it was a Party on the day.
        due: the last day allowed, as it is known; ``None`` where an event has no such day.
        valid_on: for an exchange, the day its figures are valid on.
        happened: for events, when.
        category: the category's id, where it concerns one.
        outcome: ``None`` where only what is due is listed.
        days: how many days after the last day allowed, where it was recorded after it.
        handed: what was recorded of it, the earliest first.
        missing: ids of the categories of which nothing was recorded.
        reason: in a sentence or two; empty where the outcome says it all.
        rows: the ledger rows behind it.
        gap: a reporting gap of the party that may hold the day.
    """

    duty: Obligation
    party: str
    party_name: str
    certain: bool
    due: date | None
    valid_on: date | None = None
    happened: DateSpan | None = None
    category: str = ""
    outcome: Outcome | None = None
    days: int | None = None
    handed: tuple[Handed, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    rows: tuple[EvidenceRow, ...] = ()
    gap: ReportingGap | None = None

    @property
    def derived(self) -> bool:
        """True where the law is our inference: it is shown, and nobody is held to it."""
        return is_derived(self.duty)

    def found(self, outcome: Outcome, reason: str = "", days: int | None = None) -> DutyRow:
        """Return the row with an outcome; what cannot be held against the party is not."""
        if outcome is Outcome.LATE and (self.derived or not self.certain):
            outcome = Outcome.RECORDED_AFTER
        if outcome is Outcome.MISSING and not self.certain:
            outcome = Outcome.CANNOT_TELL
            doubt = said("Whether it was a Party on the day is not known.")
            reason = joined(" ", [reason, doubt]) if reason else doubt
        if outcome is Outcome.MISSING and self.derived:
            outcome = Outcome.NOT_ON_RECORD
        return replace(self, outcome=outcome, reason=reason, days=days)


@frozen
class Event:
    """A duty that an event calls for, in the years asked about."""

    duty: Obligation
    parties: tuple[str, ...]
    party_names: tuple[str, ...]


@frozen
class Calendar:
    """What is due in some years, and what is on record of it.

    Attributes:
        as_of: the day it is looked at from, at its end; ``None`` where only what is due is listed.
        rows: those with a due date, by duty, party and date.
        called_for: those that an event on record called for, or may have.
        events: every duty that waits for an event.
        gaps: reporting gaps that may lie in these years, with the party's name.
        notes: what is not in the rows, and why, in sentences.
    """

    law: LawUsed
    first: int
    last: int
    as_of: date | None
    known_at: str | None
    rows: tuple[DutyRow, ...]
    called_for: tuple[DutyRow, ...]
    events: tuple[Event, ...]
    gaps: tuple[tuple[str, ReportingGap], ...]
    notes: tuple[str, ...]


@frozen
class Record:
    """What is on record, and from when on.

    Attributes:
        holdings: rows of declarations in force, of the parties and what they are a part of.
        movements: in force.
        as_of: the day it is looked at from, at its end.
        known: what the catalogue knows of a designation.
    """

    holdings: Sequence[ReceivedHolding]
    movements: Sequence[ReceivedMovement]
    as_of: date
    known: stated.Known


def is_derived(duty: Obligation) -> bool:
    """True where the law of a duty is neither read nor reported."""
    return duty.citation.status not in (LawStatus.TEXT, LawStatus.REPORTED)


def row_of(duty: Obligation, party: Party, day: date, **more: object) -> DutyRow:
    """Return a party's row with nothing found yet.

    Args:
        duty: the duty.
        party: who owes it.
        day: the day by which the party's name and membership are said.
        more: other fields of the row.
    """
    row = DutyRow(duty, party.id, party.name_on(day), party.membership_on(day) is not None, None)
    return replace(row, **more)  # type: ignore[arg-type]
