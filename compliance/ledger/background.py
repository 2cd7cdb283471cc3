"""What stands around the evidence for a day: what was declared before, and what is dated later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from compliance.ledger.declared import cuts_of, declarations
from compliance.ledger.reading import Reading
from compliance.ledger.tails import movements
from compliance.values.dates import add_months
from compliance.values.evidence import Background, Declaration, Evidence, RecordedMovement
from compliance.values.vocabulary import Basis

_CHUNK = 500

_RECORDED_AT = "SELECT id, recorded_at FROM submission WHERE id IN (:submissions)"


def background(
    reading: Reading,
    found: Evidence,
    *,
    as_of: date,
    months: int,
    known_at: str | None = None,
    parties: Collection[str],
    compared: Collection[Basis],
    changed: Callable[[Declaration, Declaration], bool],
    basis: Basis | None = None,
) -> Background:
    """Return what a day's evidence is to be held against.

    Args:
        reading: the ledger.
        found: the evidence for the day.
        as_of: the day.
        months: how far apart two declarations may be to be compared, and how far ahead of the day
            later ones are looked for.
        known_at: only submissions recorded by that moment.
        parties: only these holders.
        compared: the bases of which the declaration before the latest is wanted.
        changed: whether a change from one declaration to the next asks for what moved in between.
        basis: only declarations of that basis, as the evidence was asked for.
    """
    wanted = [b for b in Basis if b is not Basis.OBSERVED and basis in (None, b)]
    later = declarations(
        reading,
        as_of=add_months(as_of, months),
        known_at=known_at,
        parties=parties,
        bases=wanted,
        since=as_of,
        latest=False,
    )
    latest = [d for d in found.declarations if d.basis in compared and d.basis in wanted]
    earlier = list(_before(reading, latest, months, known_at))
    asked = [
        before
        for before in earlier
        if any(
            before.party == now.party and before.basis is now.basis and changed(before, now)
            for now in latest
        )
    ]
    between = _between(reading, found, known_at, earlier=asked, latest=latest)
    orders = {item.order for item in (*found.declarations, *later)}
    return Background((*earlier, *later), between, _recorded(reading, sorted(orders)))


def _between(
    reading: Reading,
    found: Evidence,
    known_at: str | None,
    *,
    earlier: Iterable[Declaration],
    latest: Iterable[Declaration],
) -> tuple[RecordedMovement, ...]:
    """Return what moved after the earlier figures and up to where the evidence begins."""
    starts: dict[str, date] = {}
    for item in earlier:
        starts[item.party] = min(starts.get(item.party, date.max), item.as_of.first)
    # The evidence has what comes later: it is read once, and told apart in the same places.
    ends = {party: found.starts.get(party, date.max) for party in starts}
    starts = {party: start for party, start in starts.items() if start < ends[party]}
    if not starts:
        return ()
    cuts = {*cuts_of([*earlier, *latest]), *found.starts.values()}
    until = max(ends[party] for party in starts)
    moved = movements(reading, until, known_at, starts, cuts=cuts)
    return tuple(item for item in moved if not _is_in(found, item))


def _is_in(found: Evidence, item: RecordedMovement) -> bool:
    """True where a movement is in the evidence: it was not over on the day of one of its sides."""
    sides = (item.row.origin.party, item.row.destination.party)
    return any(side in found.starts and item.row.date.last > found.starts[side] for side in sides)


def _before(
    reading: Reading, latest: Iterable[Declaration], months: int, known_at: str | None
) -> Iterable[Declaration]:
    """Yield the declarations that stand before others of their basis, near enough to compare."""
    by_day: dict[tuple[date, Basis], list[Declaration]] = defaultdict(list)
    for item in latest:
        if item.as_of.first > date.min:
            by_day[item.as_of.first, item.basis].append(item)
    seen: set[tuple[int, str, str, str, str]] = set()
    for (first, basis), items in by_day.items():
        day = first - timedelta(days=1)
        last = {item.party: item.as_of.last for item in items}
        for item in declarations(
            reading, as_of=day, known_at=known_at, parties=list(last), bases=[basis], since=day
        ):
            key = (item.order, item.party, str(item.as_of), item.basis.value, item.source)
            if key not in seen and add_months(item.as_of.first, months) >= last[item.party]:
                seen.add(key)
                yield item


def _recorded(reading: Reading, orders: list[int]) -> dict[int, date]:
    """Return the day each submission was recorded on, UTC."""
    found: dict[int, date] = {}
    for start in range(0, len(orders), _CHUNK):
        some = orders[start : start + _CHUNK]
        found.update(
            (number, date.fromisoformat(moment[:10]))
            for number, moment in reading.rows(_RECORDED_AT, submissions=some)
        )
    return found
