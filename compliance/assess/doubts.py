"""What changes on a day of a look ahead, and what stays uncertain to its end. In words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.standing import Standing
from compliance.assess.tally import Change
from compliance.values.dates import span_in_words
from compliance.values.vocabulary import Basis, State


def events(before: Standing | None, here: Standing) -> tuple[str, ...]:
    """Return what changes on the day: movements that begin or are complete, figures, ceilings.

    Args:
        before: the standing on the day shown before; ``None`` on the first.
        here: the standing on the day.
    """
    found: list[str] = []
    if before is not None:
        now, was = here.position.declared_as_of, before.position.declared_as_of
        if now != was and now is not None:
            found.append(f"figure of {span_in_words(now)} comes into use")
        if here.judgement.ceiling != before.judgement.ceiling:
            found.append(
                f"ceiling {words.span(before.judgement.ceiling)} -> "
                f"{words.span(here.judgement.ceiling)}"
            )
    return (*found, *_movements(here))


def _movements(here: Standing) -> Iterator[str]:
    for change in _changes(here):
        row = change.recorded.row
        if here.day not in (row.date.first, row.date.last):
            continue
        weight = sum(leg.sign for leg in change.legs)
        sign = "+" if weight > 0 else "-" if weight < 0 else "status of "
        what = f"{sign}{row.quantity} {row.type or row.category.replace('_', ' ')}"
        if change.certain:
            yield what if row.date.exact else f"{what}: all by now"
        elif here.day == row.date.first and not row.date.exact:
            yield f"{what}: possible from now"
        else:
            yield f"{what}: possible, not certain"


def arrives(here: Standing) -> bool:
    """True where something may begin to arrive on the day."""
    return any(
        change.recorded.row.date.first == here.day and sum(leg.sign for leg in change.legs) > 0
        for change in _changes(here)
    )


def doubts(
    law: Agreement, found: Sequence[Standing], readings: Readings, until: date
) -> tuple[str, ...]:
    """Return what is uncertain to the end, with what would settle it."""
    last: dict[str, Change] = {}
    open_questions: set[str] = set()
    for standing in found:
        last.update({change.recorded.ref: change for change in _changes(standing)})
        open_questions |= {q for t in standing.position.tallies for q in t.by_answer}
    texts = [_doubt(change, until) for change in last.values() if not change.certain]
    for question in sorted(open_questions):
        asked = law.question(question)
        if asked is not None and readings.is_open(question):
            answers = "|".join(reading.id for reading in asked.readings)
            texts.append(f"Open question: {asked.title} Close it: --reading {question}={answers}.")
    return tuple(dict.fromkeys(texts))


def _doubt(change: Change, until: date) -> str:
    row = change.recorded.row
    text = f"{words.movement(change.recorded)}: {change.why}"
    if row.state is State.PLANNED:
        return f"{text}, and its last day has passed. Report it as done, or correct its date."
    if row.date.last > until:
        return f"{words.movement(change.recorded)}: its last possible day is after the look ahead."
    if change.why.endswith("is not certain"):
        leaves = sum(leg.sign for leg in change.legs) < 0
        enough = Basis.OBSERVED if leaves else Basis.OFFICIAL
        return f"{text}. It would be certain on the basis '{enough.value}' or a better one."
    return f"{text}."


def _changes(standing: Standing) -> Iterator[Change]:
    for tally in standing.position.tallies:
        yield from tally.changes
