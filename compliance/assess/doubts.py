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


def events(before: Standing | None, here: Standing, readings: Readings) -> tuple[str, ...]:
    """Return what changes on the day: movements that begin or are complete, figures, ceilings.

    Args:
        before: the standing on the day shown before; ``None`` on the first.
        here: the standing on the day.
        readings: the answers in force; what they rule out changes nothing.
    """
    found: list[str] = []
    hidden = False
    if before is not None:
        now, was = here.position.declared_as_of, before.position.declared_as_of
        if now != was and now is not None:
            found.append(f"figure of {span_in_words(now)} comes into use")
        if here.judgement.ceiling != before.judgement.ceiling:
            found.append(
                f"ceiling {words.span(before.judgement.ceiling)} -> "
                f"{words.span(here.judgement.ceiling)}"
            )
        hidden = (
            here.counted is not None
            and here.counted.high is None
            and here.counted == before.counted
        )
    return (*found, *_movements(here, readings, hidden=hidden))


def _movements(here: Standing, readings: Readings, *, hidden: bool) -> Iterator[str]:
    """Yield the movements of the day.

    Args:
        here: the standing.
        readings: the answers in force.
        hidden: the count is open above and the same as before: what is possible does not show.
    """
    for change in _changes(here, readings):
        row = change.recorded.row
        if here.day not in (row.date.first, row.date.last):
            continue
        sign = "+" if change.weight > 0 else "-" if change.weight < 0 else "status of "
        what = f"{sign}{row.quantity} {row.type or row.category.replace('_', ' ')}"
        why = "; the count is open above already" if hidden and change.weight > 0 else ""
        if change.certain:
            yield what if row.date.exact else f"{what}: all by now"
        elif here.day == row.date.first and not row.date.exact:
            yield f"{what}: possible from now{why}"
        else:
            yield f"{what}: possible, not certain{why}"


def arrives(here: Standing, readings: Readings) -> bool:
    """True where something may begin to arrive on the day."""
    return any(
        change.recorded.row.date.first == here.day and change.weight > 0
        for change in _changes(here, readings)
    )


def doubts(
    law: Agreement, found: Sequence[Standing], readings: Readings, until: date
) -> tuple[str, ...]:
    """Return what is uncertain to the end, with what would settle it."""
    last: dict[str, Change] = {}
    open_questions: set[str] = set()
    for standing in found:
        last.update({change.recorded.ref: change for change in _changes(standing, readings)})
        open_questions |= {q for t in standing.position.tallies for q in t.by_answer}
    texts = [_doubt(change, until) for change in last.values() if not change.certain]
    for question in sorted(open_questions):
        asked = law.question(question)
        if asked is not None and readings.is_open(question):
            answers = "|".join(reading.id for reading in asked.readings)
            texts.append(f"Open question: {asked.title} Close it: --reading {question}={answers}.")
    return tuple(dict.fromkeys(texts))


def outside(found: Sequence[Standing], readings: Readings) -> tuple[str, ...]:
    """Return what an answer in force keeps out of the count on every day, answer by answer."""
    by_answer: dict[str, dict[str, str]] = {}
    for standing in found:
        for tally in standing.position.tallies:
            for change in tally.changes:
                answer = change.ruled_out(readings)
                if answer:
                    row = change.recorded.row
                    what = f"{words.span(row.quantity)} {change.name}, {span_in_words(row.date)}"
                    by_answer.setdefault(answer, {})[change.recorded.ref] = what
    return tuple(
        f"Outside: {'; '.join(items.values())}. {answer} ({_given(answer, readings)})."
        for answer, items in by_answer.items()
    )


def _given(answer: str, readings: Readings) -> str:
    """Return who gave an answer in force."""
    question, _, _ = answer.partition("=")
    return "closed by the reader" if question in readings.closed else "default applied"


def enough(change: Change) -> Basis:
    """Return the weakest basis on which a movement would be certain."""
    last = change.legs[-1]
    raises = change.weight > 0 or (change.weight == 0 and last.counts == last.belongs)
    return Basis.OFFICIAL if raises else Basis.OBSERVED


def _doubt(change: Change, until: date) -> str:
    row = change.recorded.row
    text = f"{words.movement(change.recorded)}: {change.why}"
    if row.state is State.PLANNED:
        return f"{text}, and its last day has passed. Report it as done, or correct its date."
    if row.date.last > until:
        return f"{words.movement(change.recorded)}: its last possible day is after the look ahead."
    if change.why.endswith("is not certain"):
        return f"{text}. It would be certain on the basis '{enough(change).value}' or a better one."
    return f"{text}."


def _changes(standing: Standing, readings: Readings) -> Iterator[Change]:
    """Yield what moved and may count under the answers in force."""
    for tally in standing.position.tallies:
        yield from (change for change in tally.changes if not change.ruled_out(readings))
