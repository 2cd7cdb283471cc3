"""Losses that a Party reports itself, and whether proof of them is on record."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import ShownBy
from compliance.assess import words
from compliance.assess.duty_rows import DutyRow, Handed, Outcome, Record, row_of
from compliance.values.dates import span_in_words
from compliance.values.frozen import frozen
from compliance.values.said import english, said, said_many
from compliance.values.vocabulary import State

PROOF = "proof:"
"""How the note of a movement begins that says what proves it."""

_LOST = "@lost"


@frozen
class CalledFor:
    """Duties that events on record called for.

    Attributes:
        notes: what could not be looked at, in sentences.
    """

    rows: tuple[DutyRow, ...]
    notes: tuple[str, ...]


def losses(
    law: Agreement, record: Record, first: int, last: int, parties: Sequence[str] | None
) -> CalledFor:
    """Return the losses of some years that were to be proved.

    Args:
        law: the agreement.
        record: what is on record.
        first: the first year.
        last: the last year.
        parties: ids; ``None`` for all.
    """
    rows: list[DutyRow] = []
    others = 0
    for item in record.movements:
        moved = item.item.row
        party = law.party(moved.origin.party)
        day = moved.date.last
        if (
            party is None
            or (parties is not None and party.id not in parties)
            or moved.destination.place != _LOST
            or moved.state is not State.DONE
            or not first <= day.year <= last
            or day > record.as_of
        ):
            continue
        duty = next(
            (d for d in law.obligations if d.shown_by is ShownBy.LOSSES and d.period.holds(day)),
            None,
        )
        if duty is None or not (party.membership_on(day) or party.gap_on(day)):
            continue
        if not moved.basis.own_statement:
            others += 1
            continue
        shown = moved.more.note.strip().casefold().startswith(PROOF)

        row = row_of(
            duty,
            party,
            day,
            happened=moved.date,
            category=moved.category,
            handed=(Handed(item.submission, item.on, moved.basis.value, ()),),
            rows=(words.evidence(item.item),),
        )
        loss = said(
            "{quantity} {what} lost, {day}, as the Party says",
            quantity=words.span(moved.quantity),
            what=words.what(moved),
            day=span_in_words(moved.date),
        )
        if shown:
            proof = english(moved.more.note.strip().rstrip("."))
            rows.append(row.found(Outcome.GIVEN, said("{loss}; {proof}.", loss=loss, proof=proof)))
        else:
            text = said(
                "{loss}; no note that begins '{proof}' says what proves it.",
                loss=loss,
                proof=PROOF,
            )
            rows.append(row.found(Outcome.PROOF_OWED, text))
    if not others:
        return CalledFor(tuple(rows), ())
    note = said_many(
        "{count} loss on others' word only: what a Party does not report itself, it need not "
        "prove.",
        "{count} losses on others' word only: what a Party does not report itself, it need not "
        "prove.",
        others,
    )
    return CalledFor(tuple(rows), (note,))
