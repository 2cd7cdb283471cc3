"""The rows of an explanation: what each adds to the count, or why it adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from compliance.assess.explained import (
    Account,
    Explanation,
    MovementStep,
    Outcome,
    PassedMovement,
    RowStep,
)
from compliance.assess.words import movement as movement_words
from compliance.assess.words import small
from compliance.assess.words import span as in_numbers
from compliance.report import layout
from compliance.report.explain_types import of_type
from compliance.values.evidence import RecordedHolding
from compliance.values.records import Particulars
from compliance.values.said import Name, Said, english, joined, said, said_many
from compliance.values.span import Span

T = TypeVar("T")


_OUTCOMES = {
    Outcome.COUNTS: said("counts"),
    Outcome.DOES_NOT_COUNT: said("does not count"),
    Outcome.DEPENDS: said("depends on an open question"),
    Outcome.INSIDE: said("inside another figure"),
    Outcome.TAKEN_OFF: said("taken off another figure"),
    Outcome.LEFT_OUT: said("left out"),
}


def recorded_row(found: Explanation, step: RowStep, told: set[str], *, everything: bool) -> str:
    """Return a row of the declaration in use: what becomes of it, and why."""
    row = step.item.row
    head = said(
        "{row} [{ref}]: {outcome}",
        row=_recorded(step.item),
        ref=step.item.ref,
        outcome=_OUTCOMES[step.outcome],
    )
    if _adds(step.outcome):
        text = said("{row}, adds {span}.", row=head, span=_added(step.adds))
    else:
        text = said("{row}.", row=head)
    lines = [entry(text), *_particulars(row.more)]
    lines += _type(found, step.type_id, told, everything=everything)
    lines += [layout.item(why, indent="    ") for why in _whys(found, step)]
    return "\n".join(lines)


def _recorded(item: RecordedHolding) -> Said:
    row = item.row
    quantity = said("quantity withheld") if row.withheld else in_numbers(row.quantity)
    kind = row.type or said("of no type named")
    pieces: list[str] = [
        said("{quantity} {type}", quantity=quantity, type=kind),
        said("status {status}", status=row.status.word),
    ]
    if row.more.unit or row.more.site:
        pieces.append(row.more.unit or row.more.site)
    if row.type:
        # The category stands as the files write it.
        category = Name(row.category, row.category.replace("_", " "))
        pieces.append(said("recorded as {category}", category=category))
    return joined(", ", pieces)


def _added(span: Span) -> Said:
    """Return what is added; an open span as "0 or more", which is no lower bound of a holding."""
    if span.high is None and span.low is not None:
        return said("{number} or more", number=span.low)
    return in_numbers(span)


def _adds(outcome: Outcome) -> bool:
    return outcome in (Outcome.COUNTS, Outcome.DEPENDS, Outcome.TAKEN_OFF)


def _whys(found: Explanation, step: RowStep | MovementStep) -> Iterable[str]:
    if step.catalogue and step.type_id not in found.types:
        yield step.catalogue  # else it is told with the type itself, criterion by criterion
    yield from step.why


def _type(found: Explanation, type_id: str, told: set[str], *, everything: bool) -> Iterable[str]:
    step = found.types.get(type_id)
    if step is None:
        return
    if type_id in told:
        yield layout.item(said("{type}: explained above.", type=step.item.name), indent="    ")
        return
    told.add(type_id)
    yield from of_type(
        step,
        small(found.row.category_name),
        "    ",
        named=lambda category: small(found.names.get(category, category)),
        everything=everything,
    )


def movements(found: Explanation, account: Account, told: set[str], *, everything: bool) -> str:
    """Return what moved since the declaration, and what was left out of it."""
    lines = []
    if account.movements:
        lines.append(
            folded(
                account.movements,
                8,
                _more_movements,
                lambda step: _movement(found, step, told, everything=everything),
                everything=everything,
            )
        )
    if account.left_out:
        lines.append(entry(said("Considered and left out:")))
        lines.append(
            folded(account.left_out, 4, more, _left_out, everything=everything, indent="    ")
        )
    return "\n".join(lines)


def _movement(found: Explanation, step: MovementStep, told: set[str], *, everything: bool) -> str:
    row = step.item.row
    head = said(
        "{row} [{ref}]: {outcome}",
        row=movement_words(step.item),
        ref=step.item.ref,
        outcome=_OUTCOMES[step.outcome],
    )
    if not _adds(step.outcome):
        text = said("{row}.", row=head)
    elif step.certain:
        text = said("{row}, adds {span}; certain.", row=head, span=_added(step.adds))
    else:
        text = said(
            "{row}, adds {span}; not certain: {doubt}.",
            row=head,
            span=_added(step.adds),
            doubt=step.doubt,
        )
    lines = [
        entry(text),
        layout.item(said("Source: {source}", source=row.source), indent="    "),
        *_particulars(row.more),
        *_type(found, step.type_id, told, everything=everything),
        *(layout.item(why, indent="    ") for why in _whys(found, step)),
    ]
    return "\n".join(lines)


def _particulars(more: Particulars) -> Iterable[str]:
    for text, told in (
        (more.ref, said("Place in the source: {place}", place=more.ref)),
        (more.note, said("Note: {note}", note=english(more.note))),
        (more.marking, said("Marking: {marking}", marking=more.marking)),
        (more.corrects, said("Corrects: {row}", row=more.corrects)),
    ):
        if text:
            yield layout.item(told, indent="    ")


def _left_out(item: PassedMovement) -> str:
    return layout.item(
        said(
            "{row} [{ref}]: {why}.",
            row=movement_words(item.item),
            ref=item.item.ref,
            why=item.why,
        ),
        indent="    ",
    )


def more(count: int) -> Said:
    """Return how many more there are, of whatever it is."""
    return said_many("And {count} more: --all.", "And {count} more: --all.", count)


def _more_movements(count: int) -> Said:
    return said_many(
        "And {count} more movement: --all.", "And {count} more movements: --all.", count
    )


def folded(
    items: Sequence[T],
    most: int,
    left: Callable[[int], Said],
    write: Callable[[T], str],
    *,
    everything: bool,
    indent: str = "  ",
) -> str:
    """Return the first of a list, and how many are folded away.

    Args:
        items: the list.
        most: so many are shown.
        left: says how many more there are.
        write: sets one of them.
        everything: fold nothing.
        indent: before the line that says how many more there are.
    """
    shown = items if everything or len(items) <= most + 1 else items[:most]
    lines = [write(item) for item in shown]
    if len(shown) < len(items):
        lines.append(layout.item(left(len(items) - len(shown)), indent=indent))
    return "\n".join(lines)


def entry(text: str) -> str:
    """Return an entry of a section."""
    return layout.item(text, indent="  ")
