"""Counting by brute force: every possible world is made and counted, one by one.

A world says of each uncertain movement whether it happened, of each quantity what it was, of each
open question its answer. The count is the lowest and the highest over all worlds. Slow and plain on
purpose: it shares nothing with the program but the rows it reads.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from small_law import ACV, TANK, TYPES

from compliance.values.records import Account, Holding, Movement, Row

# Stands for "as many as you like" in a world.
MANY = 10**9

RANK = {
    "declared": 0,
    "notified": 0,
    "relayed": 1,
    "observed": 2,
    "official": 3,
    "estimate": 4,
    "press": 5,
}
OWN = {"declared", "notified"}
COMES_FOR_CERTAIN = {"declared", "notified", "relayed", "observed", "official"}
GOES_FOR_CERTAIN = {"declared", "notified", "relayed", "observed"}
PART_OF_OVERALL = {"overall", "in_service", "stored", "abroad", "on_loan", "spares"}
ANSWERS = {
    "party-claims": ("accepted", "rejected"),
    "row-or-catalogue": ("row", "catalogue"),
    "light-tanks": ("tank", "other"),
    "rd": ("excluded", "counted"),
    # No question of the pack, but a rule that is not read in the text: it applies or it does not.
    "awaiting-export": ("applies", "does not apply"),
}
World = Mapping[str, str]


def count(
    submissions: Sequence[Sequence[Row]],
    party: str,
    category: str,
    day: date,
    closed: Mapping[str, str],
) -> tuple[int, int | None]:
    """Return the lowest and the highest number there can be; ``None`` for without limit."""
    declared = _declaration_in_use(submissions, party, category, day)
    movements = [
        row
        for rows in submissions
        for row in rows
        if isinstance(row, Movement) and party in (row.origin.party, row.destination.party)
    ]
    numbers: list[int] = []
    for world in _answers(closed):
        for base in _bases(declared, category, world):
            tails = [_effects(m, declared, party, category, day, world) for m in movements]
            numbers += [base + sum(tail) for tail in itertools.product(*tails)]
    lowest, highest = max(0, min(numbers)), max(0, max(numbers))
    return lowest, None if highest > MANY // 2 else highest


def in_use(
    submissions: Sequence[Sequence[Row]], party: str, category: str, day: date
) -> list[Holding]:
    """Return the rows of the declaration in use on a day; none where there is none."""
    return _declaration_in_use(submissions, party, category, day)


def effects_in_every_world(
    submissions: Sequence[Sequence[Row]],
    row: Movement,
    party: str,
    category: str,
    day: date,
    closed: Mapping[str, str],
) -> set[int]:
    """Return all that a movement may do to the number, over every world."""
    declared = _declaration_in_use(submissions, party, category, day)
    return {
        number
        for world in _answers(closed)
        for number in _effects(row, declared, party, category, day, world)
    }


def size(submissions: Sequence[Sequence[Row]]) -> int:
    """Return about how many worlds there are, to leave out what would take too long."""
    result = 1
    for row in itertools.chain(*submissions):
        result *= len(_values(row)) + isinstance(row, Movement)
    return result


def _answers(closed: Mapping[str, str]) -> Iterator[World]:
    choices = [(closed[q],) if q in closed else ANSWERS[q] for q in ANSWERS]
    for combination in itertools.product(*choices):
        yield dict(zip(ANSWERS, combination, strict=True))


def _values(row: Row) -> list[int]:
    if isinstance(row, Holding) and row.withheld:
        return [0, 1, MANY]
    low, high = row.quantity.low, row.quantity.high
    assert low is not None
    return [low, low + 1, MANY] if high is None else list(range(low, high + 1))


def _declaration_in_use(
    submissions: Sequence[Sequence[Row]], party: str, category: str, day: date
) -> list[Holding]:
    best: list[Holding] = []
    best_key: tuple[int, date, int] | None = None
    for number, rows in enumerate(submissions):
        statements: dict[tuple[object, ...], list[Holding]] = {}
        for row in rows:
            if isinstance(row, Holding) and row.party == party and row.as_of.last <= day:
                statements.setdefault((row.as_of, row.basis, row.source), []).append(row)
        for statement in statements.values():
            if not any(row.category == category for row in statement):
                continue
            key = (-RANK[statement[0].basis], statement[0].as_of.last, number)
            if best_key is None or key > best_key:
                best, best_key = statement, key
    return best


def _catalogue_says(type: str, world: World) -> str | None:
    kind = TYPES.get(type)
    if kind is None:
        return None
    return kind.readings[world[kind.question]] if kind.question else kind.category


def _belongs(row: Row, category: str, world: World) -> bool:
    """Whether a row is of the category in this world."""
    if not row.type:
        return row.category == category
    found = _catalogue_says(row.type, world)
    if row.basis.value in OWN:
        if row.category == category:
            return True  # given against itself: stands
        if found != category:
            return False  # claimed and agreed
        return row.category == "" or world["party-claims"] == "rejected"
    if row.category == "":
        return found == category
    if (kind := TYPES.get(row.type)) and category in kind.readings.values():
        return found == category  # disputed: the question decides, not the row
    if row.category == category and found == category:
        return True
    if row.category == category:
        return world["row-or-catalogue"] == "row"
    return found == category and world["row-or-catalogue"] == "catalogue"


def _own_word_only(row: Movement, category: str) -> bool:
    """Whether only the Party itself says that the item is of the category: the catalogue denies."""
    kind = TYPES.get(row.type)
    if kind is None or row.basis.value not in OWN:
        return False
    return category not in {kind.category, *kind.readings.values()}


def _status_counts(status: str, category: str, world: World) -> bool:
    if status == "historical_collection":
        return False
    if status == "decommissioned":
        return category != TANK
    if status == "research_development":
        return world["rd"] == "counted"
    if status == "awaiting_export":
        return world["awaiting-export"] == "does not apply"
    return True


def _bases(declared: list[Holding], category: str, world: World) -> Iterator[int]:
    """Yield every number that the declaration may mean in this world."""
    if not declared:
        yield from (0, 1, MANY)
        return
    own = [row for row in declared if row.category == category]
    inside = {row.status.value for row in own if row.status.value in PART_OF_OVERALL}
    at_least = not inside or inside == {"in_service"}
    for values in itertools.product(*(_values(row) for row in declared)):
        pairs = list(zip(declared, values, strict=True))
        for number in _declared_number(pairs, category, world):
            yield number
            if at_least:
                yield number + MANY


def _declared_number(
    pairs: list[tuple[Holding, int]], category: str, world: World
) -> Iterator[int]:
    own = [p for p in pairs if p[0].category == category]
    totals = [p for p in own if not p[0].type and p[0].status.value in PART_OF_OVERALL]
    whole = [p for p in totals if p[0].status.value == "overall"]
    partial = [] if whole else [p for p in totals if p not in whole]
    known_statuses = {row.status.value for row, _ in partial}
    number = sum(value for _, value in whole)
    for row, value in pairs:
        status = row.status.value
        if (not row.type and row.category != category) or (row, value) in totals:
            continue
        belongs = _belongs(row, category, world)
        counts = belongs and _status_counts(status, category, world)
        if status not in PART_OF_OVERALL:
            number += value if counts else 0
            continue
        if status != "overall" and any(
            (other.type, other.category, other.status.value) == (row.type, row.category, "overall")
            for other, _ in pairs
        ):
            continue  # stored or in service: inside the overall figure of the same type
        explained = row.category == category and (whole or status in known_statuses)
        if explained:
            number -= 0 if counts else value
        else:
            number += value if counts else 0
    # Totals of one status beside types held overall may be inside those types, or beside them.
    beside = any(r.type and r.status.value == "overall" for r, _ in own)
    if not beside:
        yield number + sum(value for _, value in partial)
        return
    for share in itertools.product(*({0, value} for _, value in partial)):
        yield number + sum(share)


def _effects(
    row: Movement,
    declared: list[Holding],
    party: str,
    category: str,
    day: date,
    world: World,
) -> list[int]:
    """Return what a movement may do to the number in this world."""
    if row.date.first > day or not _belongs(row, category, world):
        return [0]
    departs = row.origin.party == party and row.destination.party != party
    if departs and _own_word_only(row, category) and world["party-claims"] == "rejected":
        return [0]
    weight = _enters(row.destination, party, category, world) - _enters(
        row.origin, party, category, world
    )
    if weight == 0:
        return [0]
    certain = row.state.value == "done" and row.date.last <= day
    certain &= row.basis.value in (COMES_FOR_CERTAIN if weight > 0 else GOES_FOR_CERTAIN)
    if declared:
        first, last = declared[0].as_of.first, declared[0].as_of.last
        if row.date.last <= first:
            return [0]  # the declaration has it already
        certain &= row.date.first > last
    effects = [weight * value for value in _values(row)]
    return effects if certain else [0, *effects]


def _enters(account: Account, party: str, category: str, world: World) -> int:
    return int(account.party == party and _status_counts(account.status.value, category, world))


CATEGORIES = (TANK, ACV)
