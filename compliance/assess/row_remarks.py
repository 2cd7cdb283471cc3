"""What is remarkable in single rows: a plan that is overdue, a type that is filed otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.assess.count import Counter
from compliance.assess.plausibility import Remark
from compliance.assess.position import Position
from compliance.assess.result import FindingKind
from compliance.values.dates import span_in_words
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.said import Said, english, said
from compliance.values.vocabulary import NONE_CATEGORY, State


def of_rows(
    law: Agreement, counter: Counter, position: Position, category: str, day: date
) -> Iterable[Remark]:
    """Yield what is remarkable in each row of a count.

    Args:
        law: the agreement.
        counter: knows what the catalogue knows.
        position: where the rows stand.
        category: what is counted: looked at are rows that state it or belong there.
        day: the day at whose end is counted.
    """
    items: list[RecordedHolding | RecordedMovement] = []
    for tally in position.tallies:
        if tally.declaration:
            items += tally.declaration.rows
        items += [change.recorded for change in tally.changes]
    for item in items:
        if law.catalogue:
            yield from _classification(counter, item, category)
        if (
            isinstance(item, RecordedMovement)
            and item.row.state is State.PLANNED
            and item.row.date.last < day
        ):
            yield Remark(
                FindingKind.OVERDUE,
                said(
                    "planned for {day} and not reported as done: {movement}.",
                    day=span_in_words(item.row.date),
                    movement=words.movement(item),
                ),
                (words.evidence(item),),
                todo=said("record it as done, or correct its date"),
            )


def _classification(
    counter: Counter, item: RecordedHolding | RecordedMovement, category: str
) -> Iterable[Remark]:
    row = item.row
    if not row.type:
        return
    known = counter.known(row.type)
    if known is None:
        if row.category in (category, ""):
            yield Remark(
                FindingKind.UNCLASSIFIED,
                said(
                    "'{type}' is not in the catalogue; the category stated is all there is.",
                    type=row.type,
                ),
                (words.evidence(item),),
                todo=said(
                    'test its attributes: compliance classify "{type}" --help', type=row.type
                ),
            )
        return
    contradicts = not known.question and row.category not in ("", known.category)
    if contradicts and category in (row.category, known.category):
        yield Remark(
            FindingKind.CATEGORY_CONTRADICTED,
            said(
                "stated as {stated}, the catalogue has {type} as {found}: {reason}",
                stated=_limited_as(row.category),
                type=known.name,
                found=_limited_as(known.category),
                reason=english(known.reason),
            ),
            (words.evidence(item),),
            todo="",
        )


def _limited_as(category: str) -> Said:
    return said("not limited") if category == NONE_CATEGORY else words.code(category)
