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
from compliance.values.said import Said, joined, said
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
            found.append(said("figure of {day} comes into use", day=span_in_words(now)))
        if here.judgement.ceiling != before.judgement.ceiling:
            found.append(
                said(
                    "ceiling {before} -> {after}",
                    before=words.span(before.judgement.ceiling),
                    after=words.span(here.judgement.ceiling),
                )
            )
        hidden = (
            here.counted is not None
            and here.counted.high is None
            and here.counted == before.counted
        )
    return (*found, *_movements(here, readings, hidden=hidden))


def _movements(here: Standing, readings: Readings, *, hidden: bool) -> Iterator[Said]:
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
        what = _what(change)
        if change.certain:
            yield what if row.date.exact else said("{what}: all by now", what=what)
            continue
        if here.day == row.date.first and not row.date.exact:
            text = said("{what}: possible from now", what=what)
        else:
            text = said("{what}: possible, not certain", what=what)
        if hidden and change.weight > 0:
            yield said("{event}; the count is open above already", event=text)
        else:
            yield text


def _what(change: Change) -> Said:
    """Return how many of what come, go or change their status."""
    row = change.recorded.row
    parts = {"quantity": str(row.quantity), "what": words.what(row)}
    if change.weight > 0:
        return said("+{quantity} {what}", **parts)
    if change.weight < 0:
        return said("-{quantity} {what}", **parts)
    return said("status of {quantity} {what}", **parts)


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
            texts.append(words.open_question(asked))
    return tuple(dict.fromkeys(texts))


def outside(found: Sequence[Standing], readings: Readings) -> tuple[str, ...]:
    """Return what an answer in force keeps out of the count on every day, answer by answer."""
    by_answer: dict[str, dict[str, Said]] = {}
    for standing in found:
        for tally in standing.position.tallies:
            for change in tally.changes:
                answer = change.ruled_out(readings)
                if answer:
                    row = change.recorded.row
                    what = said(
                        "{quantity} {what}, {day}",
                        quantity=words.span(row.quantity),
                        what=change.name,
                        day=span_in_words(row.date),
                    )
                    by_answer.setdefault(answer, {})[change.recorded.ref] = what
    return tuple(
        said(
            "Outside: {items}. {answer} ({how}).",
            items=joined("; ", items.values()),
            answer=answer,
            how=_given(answer, readings),
        )
        for answer, items in by_answer.items()
    )


def _given(answer: str, readings: Readings) -> Said:
    """Return who gave an answer in force."""
    question, _, _ = answer.partition("=")
    if question in readings.closed:
        return said("closed by the reader")
    return said("default applied")


def enough(change: Change) -> Basis:
    """Return the weakest basis on which a movement would be certain."""
    last = change.legs[-1]
    raises = change.weight > 0 or (change.weight == 0 and last.counts == last.belongs)
    return Basis.OFFICIAL if raises else Basis.OBSERVED


def _doubt(change: Change, until: date) -> Said:
    row = change.recorded.row
    what = {"movement": words.movement(change.recorded), "why": change.why}
    if row.state is State.PLANNED:
        return said(
            "{movement}: {why}, and its last day has passed. Report it as done, or correct its "
            "date.",
            **what,
        )
    if row.date.last > until:
        return said(
            "{movement}: its last possible day is after the look ahead.",
            movement=what["movement"],
        )
    if change.why.endswith("is not certain"):
        return said(
            "{movement}: {why}. It would be certain on the basis '{basis}' or a better one.",
            basis=enough(change).word,
            **what,
        )
    return said("{movement}: {why}.", **what)


def _changes(standing: Standing, readings: Readings) -> Iterator[Change]:
    """Yield what moved and may count under the answers in force."""
    for tally in standing.position.tallies:
        yield from (change for change in tally.changes if not change.ruled_out(readings))
