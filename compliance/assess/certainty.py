"""Whether a movement surely happened in the time counted, and on sufficient authority."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compliance.assess import words
from compliance.assess.tally import Leg
from compliance.values.dates import DateSpan
from compliance.values.evidence import RecordedMovement
from compliance.values.records import Account
from compliance.values.said import said
from compliance.values.vocabulary import State

IN_THE_DECLARATION = said("may be in the declaration already")
_PLANNED = said("planned, not reported as done")
_NOT_YET = said("may not have happened by then")


def untimely(item: RecordedMovement, since: DateSpan | None, day: date) -> str:
    """Return why a movement may not have happened in the time counted; empty where it did."""
    row = item.row
    if row.state is State.PLANNED:
        return _PLANNED
    if row.date.last > day:
        return _NOT_YET
    if since and row.date.first <= since.last:
        return IN_THE_DECLARATION
    return ""


def unfounded(item: RecordedMovement, party: str, legs: Sequence[Leg]) -> str:
    """Return why a movement's authority is not enough to be certain; empty where it is."""
    if item.assumed:
        return ""
    row = item.row
    leaves = row.origin.party == party and not _stays(row.destination, party)
    enters = row.destination.party == party and not _stays(row.origin, party)
    if leaves and not row.basis.removes:
        return said(
            "a departure on the basis '{basis}' is not certain", basis=words.authorities(item)
        )
    if enters and not row.basis.counts_against:
        return said(
            "an arrival on the basis '{basis}' is not certain", basis=words.authorities(item)
        )
    if not leaves and not enters:
        # Into a status that always counts, a change can only raise the count.
        raises = legs[-1].counts == legs[-1].belongs
        enough = row.basis.counts_against if raises else row.basis.removes
        if not enough:
            return said(
                "a change of status on the basis '{basis}' is not certain", basis=row.basis.word
            )
    return ""


def _stays(account: Account, party: str) -> bool:
    return account.party == party
