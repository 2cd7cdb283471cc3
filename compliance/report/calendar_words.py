"""Duties in words: what is due, by whom and when, and how it came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from compliance.agreement.provisions import Obligation
from compliance.assess.duty_rows import Calendar, DutyRow, Event, Outcome, is_derived
from compliance.report import cells, phrases
from compliance.values.said import Said, english, joined, name, said, said_many

RESULTS = {
    Outcome.GIVEN: said("given"),
    Outcome.IN_PART: said("in part"),
    Outcome.LATE: said("LATE"),
    Outcome.RECORDED_AFTER: said("recorded after"),
    Outcome.MISSING: said("MISSING"),
    Outcome.NOT_ON_RECORD: said("none on record"),
    Outcome.PROOF_OWED: said("PROOF OWED"),
    Outcome.CANNOT_TELL: said("cannot tell"),
    Outcome.NOT_YET_DUE: said("not yet due"),
}


_IN_A_SENTENCE = {
    **RESULTS,
    Outcome.LATE: said("late"),
    Outcome.MISSING: said("missing"),
    Outcome.PROOF_OWED: said("proof owed"),
}


MEANINGS = {
    Outcome.GIVEN: said(
        "recorded in time; an exchange with every category, withheld figures included"
    ),
    Outcome.IN_PART: said("recorded, without some categories; what is not mentioned is not none"),
    Outcome.LATE: said("recorded so many days after the day"),
    Outcome.RECORDED_AFTER: said(
        "recorded so many days after a day that is derived or not certain"
    ),
    Outcome.MISSING: said("nothing is on record; a missing report is not a report of none"),
    Outcome.NOT_ON_RECORD: said(
        "nothing is on record; the day, or the duty, is derived or not certain"
    ),
    Outcome.PROOF_OWED: said("a Party reports a loss, and no proof of it is on record"),
    Outcome.CANNOT_TELL: said("the record does not settle it; why stands with it"),
    Outcome.NOT_YET_DUE: said("the day is not over"),
}


def counts(rows: Sequence[DutyRow]) -> Said:
    """Return how many were due, and how they came out."""
    if not rows:
        return said("nothing was due")
    counted = Counter(row.outcome for row in rows)
    named = [
        said("{number} {result}", number=counted[outcome], result=text)
        for outcome, text in _IN_A_SENTENCE.items()
        if counted[outcome]
    ]
    return said("{number} due: {results}", number=len(rows), results=joined(", ", named))


def dates_of(rows: Sequence[DutyRow]) -> Said:
    """Return the day a duty was due, or the years of one that came round alike."""
    first, last = rows[0].due, rows[-1].due
    if len(rows) == 1:
        return day_of(first)
    assert first is not None
    assert last is not None
    return said(
        "{first} to {last} ({number})",
        first=str(first.year),
        last=str(last.year),
        number=len(rows),
    )


def event_row(row: DutyRow) -> Said:
    """Return what an event called for, and what is on record of it."""
    result = [RESULTS[row.outcome] if row.outcome else said("")]
    if row.days:
        result.append(said_many("{count} day after", "{count} days after", row.days))
    told = said(
        "{party}, {result}: {reason}",
        party=party_of(row),
        result=joined(", ", result),
        reason=row.reason,
    )
    handed = [
        said(
            "Recorded on {day} ({basis}), submission {submission}.",
            day=h.on,
            basis=cells.basis_in_words(h.basis),
            submission=h.submission,
        )
        for h in row.handed
    ]
    refs = ", ".join(evidence.ref for evidence in row.rows)
    return phrases.sentences([told, *handed, said("Rows: {rows}.", rows=refs)])


def waiting_event(event: Event) -> Said:
    """Return why nothing can be said of a duty that waits for an event."""
    duty = event.duty
    told = said(
        "{duty} ({when}; law {standing})",
        duty=english(duty.title),
        when=english(duty.due),
        standing=standing_of(duty),
    )
    if duty.change_percent is not None or duty.shown_by is not None:
        return said("{duty}: nothing on record is known to have called for it.", duty=told)
    return said("{duty}: nothing that is recorded shows whether it was due, or done.", duty=told)


def provision_of(duty: Obligation) -> Said:
    """Return what a duty is, with its law."""
    derived = is_derived(duty) and duty.rhythm != "event"
    return phrases.sentences(
        [
            english(duty.text),
            said("Due by a derived date.") if derived else "",
            said("Law: {law}.", law=duty.citation.short()),
            english(duty.citation.note),
        ]
    )


def standing_of(duty: Obligation) -> Said:
    """Return how well a duty's law is known: status and grade."""
    return joined(", ", [duty.citation.status.word, duty.citation.grade.value])


def party_of(row: DutyRow) -> Said:
    """Return whose duty it is; marked where it is not certain that it was a Party."""
    party = name(row.party_name)
    return party if row.certain else said("{party} (?)", party=party)


def day_of(day: date | None) -> Said:
    """Return a day in figures; empty for none."""
    return said("") if day is None else phrases.day(day)


def years_of(found: Calendar) -> Said:
    """Return the years the calendar is of."""
    first, last = str(found.first), str(found.last)
    if first == last:
        return said("{year}", year=first)
    return said("{first} to {last}", first=first, last=last)
