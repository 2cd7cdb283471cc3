"""The balance as of a day and as known at a moment, chosen in SQL.

A balance is a declaration and the movements after it. Which declaration is in use and how its tail
counts is decided by the assessment; here the few rows that can matter are found, however long the
ledger is: for each party and category the latest declaration of each basis, and the movements that
may have begun by the day and are not surely contained in all of those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from compliance.ledger.declared import cuts_of, declarations
from compliance.ledger.reading import Reading
from compliance.ledger.tails import movements
from compliance.values.evidence import Declaration, Evidence, Folding
from compliance.values.vocabulary import Basis


def evidence(
    reading: Reading,
    *,
    as_of: date,
    known_at: str | None = None,
    parties: Collection[str],
    categories: Collection[str],
    wholes: Collection[str] = (),
    basis: Basis | None = None,
    since: date | None = None,
    days: Collection[date] | None = None,
    folding: Folding | None = None,
) -> Evidence:
    """Return what the ledger holds that bears on a day, or on every day of a stretch.

    Args:
        reading: the ledger.
        as_of: the day; everything dated on it is included.
        known_at: only submissions recorded by that moment, as ``append.instant`` writes it.
        parties: only these holders.
        categories: those that will be counted; a holder that declared nothing in one of them needs
            its whole past.
        wholes: holders that may be counted as the sum of others: of these the whole past, too.
        basis: only declarations of that basis; movements are not restricted by it.
        since: the first day of the stretch that ends with ``as_of``: what bears on any day of it.
        days: those of the stretch that may be asked about, up to the latest of them, beside any
            day after that; ``None`` where any may be. Between them movements are told as one.
        folding: what more of very many movements may be told as one than is alike.
    """
    start = as_of if since is None else since
    # What inspectors saw stands beside every other figure.
    bases = None if basis is None else (basis, Basis.OBSERVED)
    found = declarations(
        reading, as_of=as_of, known_at=known_at, parties=parties, bases=bases, since=start
    )
    tails = _tail_starts(found, categories, basis, start)
    starts = {
        party: date.min if party in wholes else tails.get(party, date.min) for party in parties
    }
    cuts = {start, *(days or ()), *cuts_of(found)}
    moved = movements(
        reading,
        as_of,
        known_at,
        starts,
        cuts=cuts,
        single_after=max(days, default=start) if days is not None else start,
        folding=folding,
    )
    return Evidence(found, moved, starts=starts, folded=folding is not None)


def _tail_starts(
    declarations: Iterable[Declaration],
    categories: Collection[str],
    basis: Basis | None,
    since: date,
) -> dict[str, date]:
    """For each party the day from which its movements matter, where that is not its whole past."""
    in_use: dict[tuple[str, str], Declaration] = {}
    # One that comes into use later may reach back further than the one before it.
    later: dict[str, date] = {}
    usable = [item for item in declarations if basis is None or item.basis is basis]
    for item in usable:
        if item.as_of.last > since:
            later[item.party] = min(later.get(item.party, date.max), item.as_of.first)
            continue
        for category in categories:
            key = (item.party, category)
            if item.covers(category) and (
                key not in in_use or item.preference > in_use[key].preference
            ):
                in_use[key] = item
    return {
        party: min(
            *(in_use[party, category].as_of.first for category in categories),
            later.get(party, date.max),
            date.max,
        )
        for party in {item.party for item in usable}
        if all((party, category) in in_use for category in categories)
    }
