"""Rows with the day they were first recorded: for what is to be handed over by a day."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen

_Row_co = TypeVar("_Row_co", RecordedHolding, RecordedMovement, covariant=True)


@frozen
class Received(Generic[_Row_co]):
    """A row in force, with when it, or what it corrects, was first said.

    Attributes:
        item: the row as it is in force.
        submission: the one that first said it, by the first digits of its content's hash.
        on: the day (UTC) that submission was recorded on.
        order: of a holding, the ``order`` of the declaration it belongs to.
    """

    item: _Row_co
    submission: str
    on: date
    order: int = 0


ReceivedHolding = Received[RecordedHolding]
ReceivedMovement = Received[RecordedMovement]
