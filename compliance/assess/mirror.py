"""The mirror check: what one holder says it sent to another, the other should say it received.

An export of one to another is matched with an import of the other from the first: the same type,
dates that overlap, quantities that overlap, one with one. A movement recorded in one row, from the
one straight to the other, is its own mirror.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Actor, Party
from compliance.assess import stated, words
from compliance.assess.findings import make
from compliance.assess.result import Finding, FindingKind
from compliance.values.dates import DateSpan, span_in_words
from compliance.values.evidence import RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import joined, name, said
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, State

# Told in one year's exchange by the one and in the next by the other: more is no coincidence.
_NEAR_DAYS = 366

REMEDY = said("the other side's row, or a correction of this one")


@frozen
class Mirror:
    """What the check found.

    Attributes:
        matched: how many exports have their import.
    """

    matched: int
    findings: tuple[Finding, ...]


@frozen
class _Side:
    """A movement between two holders, as one of them tells it.

    Attributes:
        type: one name for every spelling; empty where none is named.
        category: as stated, else the catalogue's; ``none`` where it is in none.
    """

    item: RecordedMovement
    sender: str
    receiver: str
    type: str
    category: str


def check(
    law: Agreement,
    known: stated.Known,
    movements: Sequence[RecordedMovement],
    *,
    parties: tuple[str, ...] | None = None,
    categories: tuple[str, ...] | None = None,
    start: date | None = None,
) -> Mirror:
    """Match exports with imports and return what has no match.

    Args:
        law: the agreement; its names of Parties and actors.
        known: what the catalogue knows of a designation.
        movements: everybody's.
        parties: only findings that concern one of these, on either side.
        categories: only findings in one of these.
        start: leave out what was over earlier.
    """
    exports, imports, direct = _sides(law, known, movements)
    pairs = _matched(exports, imports, lambda e, i: _alike(law, e, i))
    left_exports = [side for side in exports if side not in pairs]
    left_imports = [side for side in imports if side not in pairs.values()]
    findings: list[tuple[_Side, Finding]] = []
    # Recorded in one row as well: then one of the two accounts has it twice.
    for left in (left_exports, left_imports):
        twice = _matched(left, direct, lambda e, d: _alike(law, e, d))
        for side, row in twice.items():
            findings.append((side, _twice(law, side, row)))
            left.remove(side)
    near = _matched(left_exports, left_imports, lambda e, i: _near(law, e, i))
    findings += [(export, _differ(law, export, found)) for export, found in near.items()]
    for side in left_exports:
        if side not in near:
            findings.append((side, _missing(law, side)))
    for side in left_imports:
        if side not in near.values():
            findings.append((side, _missing(law, side)))
    return Mirror(
        matched=sum(_asked(side, parties, categories, start) for side in pairs),
        findings=tuple(f for side, f in findings if _asked(side, parties, categories, start)),
    )


def _asked(
    side: _Side,
    parties: tuple[str, ...] | None,
    categories: tuple[str, ...] | None,
    start: date | None,
) -> bool:
    return (
        (parties is None or side.sender in parties or side.receiver in parties)
        and (categories is None or side.category in categories)
        and (start is None or side.item.row.date.last >= start)
    )


def _sides(
    law: Agreement, known: stated.Known, movements: Iterable[RecordedMovement]
) -> tuple[list[_Side], list[_Side], list[_Side]]:
    """Return the exports to holders, the imports from holders, and what is told in one row."""
    exports: list[_Side] = []
    imports: list[_Side] = []
    direct: list[_Side] = []
    for item in movements:
        origin, destination = item.row.origin, item.row.destination
        sender = origin.party or _named(law, origin.place, "@import")
        receiver = destination.party or _named(law, destination.place, "@export")
        if not sender or not receiver or sender == receiver:
            continue
        type_ = item.row.type
        found = known(type_) if type_ else None
        side = _Side(
            item,
            sender,
            receiver,
            stated.account_name(type_, known),
            item.row.category or (found.category if found else "") or NONE_CATEGORY,
        )
        if origin.party and destination.party:
            direct.append(side)
        elif origin.party:
            exports.append(side)
        elif destination.party:
            imports.append(side)
    return exports, imports, direct


def _named(law: Agreement, place: str, kind: str) -> str:
    """Return the holder that an outside place names; empty where it names none."""
    where, _, named = place.partition(":")
    return (law.resolve_party(named) or "") if where == kind and named else ""


def _matched(
    left: Sequence[_Side], right: Sequence[_Side], fits: Callable[[_Side, _Side], bool]
) -> dict[_Side, _Side]:
    """Return as many pairs that fit as there can be, one with one, close ones preferred."""
    candidates = [
        sorted(
            (place for place, other in enumerate(right) if fits(side, other)),
            key=lambda place, side=side: _distance(side, right[place]),  # type: ignore[misc]
        )
        for side in left
    ]
    taken: dict[int, int] = {}

    def place(one: int, seen: set[int]) -> bool:
        """Find a partner; where all are taken, move somebody else's (an augmenting path)."""
        free = next((other for other in candidates[one] if other not in taken), None)
        if free is not None:
            taken[free] = one
            return True
        for other in candidates[one]:
            if other not in seen:
                seen.add(other)
                if place(taken[other], seen):
                    taken[other] = one
                    return True
        return False

    for one in range(len(left)):
        place(one, set())
    return {left[one]: right[other] for other, one in sorted(taken.items(), key=lambda p: p[1])}


def _alike(law: Agreement, one: _Side, other: _Side) -> bool:
    """True where two rows may tell of one and the same movement."""
    return (
        _same_ends(law, one, other)
        and _same_type(one, other)
        and _days_apart(one.item.row.date, other.item.row.date) == 0
        and _overlap(one.item.row.quantity, other.item.row.quantity)
    )


def _near(law: Agreement, one: _Side, other: _Side) -> bool:
    """True where two rows may be meant for one movement, though they do not agree."""
    unnamed = not (one.type and other.type) and one.category == other.category
    return (
        _same_ends(law, one, other)
        and (_same_type(one, other) or unnamed)
        and _days_apart(one.item.row.date, other.item.row.date) <= _NEAR_DAYS
    )


def _same_ends(law: Agreement, one: _Side, other: _Side) -> bool:
    return _same(law, one.sender, other.sender) and _same(law, one.receiver, other.receiver)


def _same(law: Agreement, one: str, other: str) -> bool:
    """True for the same holder, and for a part of a whole that the other side only knows whole."""
    if one == other:
        return True
    first, second = law.party(one), law.party(other)
    return bool((first and first.part_of == other) or (second and second.part_of == one))


def _same_type(one: _Side, other: _Side) -> bool:
    return one.type == other.type and (bool(one.type) or one.category == other.category)


def _days_apart(one: DateSpan, other: DateSpan) -> int:
    return max(0, (other.first - one.last).days, (one.first - other.last).days)


def _overlap(one: Span, other: Span) -> bool:
    return (one.high is None or other.low is None or other.low <= one.high) and (
        other.high is None or one.low is None or one.low <= other.high
    )


def _distance(one: _Side, other: _Side) -> tuple[object, ...]:
    """Less is closer: the same state, quantity and date before what only overlaps."""
    first, second = one.item.row, other.item.row
    return (
        first.state is not second.state,
        one.type != other.type,
        first.quantity != second.quantity,
        _days_apart(first.date, second.date),
        first.date != second.date,
        other.item.ref,
    )


def _missing(law: Agreement, side: _Side) -> Finding:
    row = side.item.row
    movement = words.movement(side.item)
    if row.origin.party:
        text = said(
            "{movement}: no import that matches is on record of {party}.",
            movement=movement,
            party=_name(law, side.receiver),
        )
    else:
        text = said(
            "{movement}: no export that matches is on record of {party}.",
            movement=movement,
            party=_name(law, side.sender),
        )
    if row.state is State.PLANNED:
        text = joined(" ", [text, said("A plan need not be on record on both sides.")])
    return _make(FindingKind.MIRROR_MISSING, law, side, text, [side], REMEDY)


def _differ(law: Agreement, export: _Side, found: _Side) -> Finding:
    one, other = export.item.row, found.item.row
    apart: list[str] = []
    if export.type != found.type:
        apart.append(said("only one names a type"))
    if not _overlap(one.quantity, other.quantity):
        apart.append(
            said(
                "the quantity ({one} against {other})",
                one=words.span(one.quantity),
                other=words.span(other.quantity),
            )
        )
    if _days_apart(one.date, other.date):
        apart.append(
            said(
                "the date ({one} against {other})",
                one=span_in_words(one.date),
                other=span_in_words(other.date),
            )
        )
    if not apart:
        # Each has a closer partner in others' rows, or is one too many of the same.
        apart.append(said("one of them matches another row better"))
    return _make(
        FindingKind.MIRROR_MISSING,
        law,
        export,
        said(
            "{one}; and {other}: these may be meant for one movement and do not agree: {what}.",
            one=words.movement(export.item),
            other=words.movement(found.item),
            what=words.listed(apart),
        ),
        [export, found],
        said("a correction of one of them; else the missing row of each"),
    )


def _twice(law: Agreement, side: _Side, row: _Side) -> Finding:
    return _make(
        FindingKind.POSSIBLE_DOUBLE,
        law,
        side,
        said(
            "{one}; and in one row for both sides {other}. If it is one movement, it is counted "
            "twice.",
            one=words.movement(side.item),
            other=words.movement(row.item),
        ),
        [side, row],
        said("withdraw one of them, if they are one"),
    )


def _make(
    kind: FindingKind, law: Agreement, side: _Side, message: str, sides: Sequence[_Side], todo: str
) -> Finding:
    own = side.item.row.origin.party or side.item.row.destination.party
    return make(
        kind,
        own,
        side.category,
        said(
            "{sender} to {receiver}: {message}",
            sender=_name(law, side.sender),
            receiver=_name(law, side.receiver),
            message=message,
        ),
        rows=[words.evidence(one.item) for one in sides],
        todo=todo,
    )


def _name(law: Agreement, holder: str) -> str:
    found: Party | Actor | None = law.party(holder) or law.actor(holder)
    return name(found.name) if found else holder
