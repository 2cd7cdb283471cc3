"""What stays open in a count: what no figure states, no movement makes sure, no law says."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess import stated, words
from compliance.assess.standing import Standing
from compliance.assess.tally import Tally
from compliance.values.said import Said, english, said


def left_open(
    law: Agreement, readings: Readings, standing: Standing, told: Collection[str]
) -> tuple[str, ...]:
    """Return in sentences what a reader must not take for settled.

    Args:
        law: the agreement.
        readings: the answers in force.
        standing: where the party stands; its tallies name the rows.
        told: the rows whose notes are shown elsewhere.
    """
    found: list[str] = []
    for tally in standing.position.tallies:
        found += _figure(tally, standing, told)
        for change in tally.changes:
            item = change.recorded
            if not change.certain:
                text = said("{movement}: {why}", movement=words.movement(item), why=change.why)
                found.append(_noted(text, "" if item.ref in told else item.row.more.note))
    found += _ceiling(standing)
    found += _questions(law, readings, standing)
    return tuple(dict.fromkeys(found))


def _figure(tally: Tally, standing: Standing, told: Collection[str]) -> Iterator[str]:
    """Yield what the figure in use leaves out or says only as a span."""
    declaration = tally.declaration
    if declaration is None:
        yield said("No figure is on record, so how many there are in all is not known.")
        return
    for item in stated.of_category(declaration, standing.category.id):
        if not item.row.quantity.exact or item.row.withheld:
            text = said("Only this is stated: {holding}", holding=words.holding(item))
            yield _noted(text, "" if item.ref in told else item.row.more.note)


def _ceiling(standing: Standing) -> Iterator[str]:
    judgement, ceiling = standing.judgement, standing.ceiling
    if judgement.ceiling is not None:
        return
    if judgement.derived is not None and ceiling.limit is not None:
        yield said(
            "The ceiling is only derived, {limit}, and not used: --reading {question}={answer} "
            "uses it.",
            limit=words.span(judgement.derived),
            question=ceiling.limit.question,
            answer=ceiling.limit.accepting,
        )
    elif ceiling.gap is not None:
        yield said("The ceiling is not known: {why}", why=english(ceiling.gap.reason))


def _questions(law: Agreement, readings: Readings, standing: Standing) -> Iterator[str]:
    for name in sorted(standing.position.questions):
        question = law.question(name)
        if question is not None and readings.is_open(name):
            yield words.open_question(question)


def _noted(text: Said, note: str) -> Said:
    if note:
        return said("{text}. {note}", text=text, note=english(note))
    return said("{text}.", text=text)
