"""One holder's part of an explanation: the figure in use, its rows, what moved, what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from compliance.assess.explained import (
    Account,
    Explanation,
    MovementStep,
    Observation,
    Outcome,
    PassedDeclaration,
    PassedMovement,
    RowStep,
)
from compliance.assess.words import movement as movement_words
from compliance.assess.words import span as in_numbers
from compliance.report import layout
from compliance.report.explain_types import of_type
from compliance.values.dates import in_words, span_in_words
from compliance.values.evidence import Declaration, RecordedHolding
from compliance.values.records import Particulars
from compliance.values.span import Span

T = TypeVar("T")

_OUTCOMES = {
    Outcome.COUNTS: "counts",
    Outcome.DOES_NOT_COUNT: "does not count",
    Outcome.DEPENDS: "depends on an open question",
    Outcome.INSIDE: "inside another figure",
    Outcome.TAKEN_OFF: "taken off another figure",
    Outcome.LEFT_OUT: "left out",
}


def account_lines(
    found: Explanation, account: Account, told: set[str], *, everything: bool
) -> Iterable[tuple[str, str]]:
    """Yield the sections of one account, title and text; empty ones left out.

    Args:
        found: the whole explanation, for its types.
        account: the account.
        told: the types already explained above; grows.
        everything: print long lists whole.
    """
    yield "The figure in use", _figure(found, account, everything=everything)
    if account.rows:
        yield (
            "Its rows",
            folded(
                account.rows,
                8,
                "more rows",
                lambda step: _row(found, step, told, everything=everything),
                everything=everything,
            ),
        )
    moved = _movements(found, account, told, everything=everything)
    if moved:
        yield "What moved since", moved
    if account.observations:
        yield (
            "What inspectors saw",
            folded(
                account.observations, 5, "more observations", _observation, everything=everything
            ),
        )


def _figure(found: Explanation, account: Account, *, everything: bool) -> str:
    lines: list[str] = []
    if account.parts:
        pieces = "; ".join(
            f"{part.name}: {in_numbers(part.position.counted)}" for part in account.parts
        )
        lines.append(
            _item(f"The sum of its parts, each told below: {pieces}. No figure of its own is used.")
        )
    elif account.used is None:
        lines.append(_item("No declaration is on record by the day."))
    else:
        lines += _used(found, account, account.used)
    if account.passed:
        lines.append(_item("Passed over:"))
        lines.append(
            folded(
                account.passed,
                6,
                "more",
                lambda item: _passed(item, found.category.id),
                everything=everything,
                indent="    ",
            )
        )
    if account.silent:
        count = len(account.silent)
        lines.append(
            _item(
                f"And {count} {'declaration says' if count == 1 else 'declarations say'} nothing "
                "of this category; silence is not zero."
            )
        )
        if everything:
            lines += [_passed(item, found.category.id) for item in account.silent]
    return "\n".join(lines)


def _used(found: Explanation, account: Account, used: Declaration) -> Iterable[str]:
    position = account.position
    submissions = dict.fromkeys(item.ref.partition(":")[0] for item in used.rows)
    entries = [
        ("As of", span_in_words(used.as_of)),
        ("Basis", f"{used.basis.value}: {used.basis.meaning}"),
        ("Stated by", position.stated_by),
        ("Source", used.source),
        ("Submission", ", ".join(submissions)),
    ]
    if position.current_until is not None:
        old = f", so it is too old for {in_words(found.audit.as_of)}" if position.stale else ""
        accepted = (
            " (used all the same: --accept-stale)" if old and found.audit.accept_stale else ""
        )
        entries.append(("Speaks", f"until {in_words(position.current_until)}{old}{accepted}"))
    if account.open_why:
        entries.append(("At least", f"{account.open_why}: more may be held"))
    yield layout.terms(entries)


def _passed(item: PassedDeclaration, category: str) -> str:
    refs = [i.ref for i in item.declaration.rows if i.row.category == category]
    figure = f"{in_numbers(item.stated)}, " if item.stated is not None else ""
    rows = f" [{_refs(refs)}]" if refs else ""
    return layout.item(
        f"{figure}{span_in_words(item.declaration.as_of)}, {item.declaration.basis.value}{rows}: "
        f"{item.why}.",
        indent="    ",
    )


def _refs(refs: Sequence[str]) -> str:
    return ", ".join(refs) if len(refs) <= 3 else f"{refs[0]} and {len(refs) - 1} more"


def _row(found: Explanation, step: RowStep, told: set[str], *, everything: bool) -> str:
    row = step.item.row
    head = f"{_recorded(step.item)} [{step.item.ref}]: {_OUTCOMES[step.outcome]}"
    head += f", adds {_added(step.adds)}." if _adds(step.outcome) else "."
    lines = [_item(head), *_particulars(row.more)]
    lines += _type(found, step.type_id, told, everything=everything)
    lines += [layout.item(text, indent="    ") for text in _whys(found, step)]
    return "\n".join(lines)


def _recorded(item: RecordedHolding) -> str:
    row = item.row
    quantity = "quantity withheld" if row.withheld else in_numbers(row.quantity)
    place = row.more.unit or row.more.site
    return (
        f"{quantity} {row.type or 'of no type named'}, status {row.status.value}"
        + (f", {place}" if place else "")
        + (f", recorded as {row.category}" if row.type else "")
    )


def _added(span: Span) -> str:
    """Return what is added; an open span as "0 or more", which is no lower bound of a holding."""
    if span.high is None and span.low is not None:
        return f"{span.low:,} or more"
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
        yield layout.item(f"{step.item.name}: explained above.", indent="    ")
        return
    told.add(type_id)
    yield from of_type(
        step,
        found.row.category_name.lower(),
        "    ",
        name=lambda category: found.names.get(category, category).lower(),
        everything=everything,
    )


def _movements(found: Explanation, account: Account, told: set[str], *, everything: bool) -> str:
    lines = []
    if account.movements:
        lines.append(
            folded(
                account.movements,
                8,
                "more movements",
                lambda step: _movement(found, step, told, everything=everything),
                everything=everything,
            )
        )
    if account.left_out:
        lines.append(_item("Considered and left out:"))
        lines.append(
            folded(account.left_out, 4, "more", _left_out, everything=everything, indent="    ")
        )
    return "\n".join(lines)


def _movement(found: Explanation, step: MovementStep, told: set[str], *, everything: bool) -> str:
    row = step.item.row
    head = f"{movement_words(step.item)} [{step.item.ref}]: {_OUTCOMES[step.outcome]}"
    if _adds(step.outcome):
        sure = "certain" if step.certain else f"not certain: {step.doubt}"
        head += f", adds {_added(step.adds)}; {sure}"
    lines = [
        _item(f"{head}."),
        layout.item(f"Source: {row.source}", indent="    "),
        *_particulars(row.more),
        *_type(found, step.type_id, told, everything=everything),
        *(layout.item(text, indent="    ") for text in _whys(found, step)),
    ]
    return "\n".join(lines)


def _particulars(more: Particulars) -> Iterable[str]:
    for name, text in (
        ("Place in the source", more.ref),
        ("Note", more.note),
        ("Marking", more.marking),
        ("Corrects", more.corrects),
    ):
        if text:
            yield layout.item(f"{name}: {text}", indent="    ")


def _left_out(item: PassedMovement) -> str:
    return layout.item(f"{movement_words(item.item)} [{item.item.ref}]: {item.why}.", indent="    ")


def _observation(item: Observation) -> str:
    refs = [i.ref for i in item.declaration.rows]
    return _item(
        f"{in_numbers(item.stated)}, {span_in_words(item.declaration.as_of)} [{_refs(refs)}]: "
        f"{item.why}. Source: {item.declaration.source}"
    )


def _item(text: str) -> str:
    return layout.item(text, indent="  ")


def folded(
    items: Sequence[T],
    most: int,
    what: str,
    write: Callable[[T], str],
    *,
    everything: bool,
    indent: str = "  ",
) -> str:
    """Return the first of a list, and how many are folded away."""
    shown = items if everything or len(items) <= most + 1 else items[:most]
    lines = [write(item) for item in shown]
    if len(shown) < len(items):
        lines.append(layout.item(f"And {len(items) - len(shown)} {what}: --all.", indent=indent))
    return "\n".join(lines)
