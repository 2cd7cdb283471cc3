"""A single account, a party's items of one type and status, of which more left than was in it.

The category's count may still be above zero. Only what is certain is said: at its highest, with all
that may have arrived, the account is below zero on a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from compliance.assess import stated, words
from compliance.assess.consistency import Disagreement
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.records import Account
from compliance.values.said import joined, said
from compliance.values.vocabulary import State, Status


def overdrawn(
    declaration: Declaration,
    movements: Mapping[str, Sequence[RecordedMovement]],
    category: str,
    day: date,
    known: stated.Known,
) -> Iterable[Disagreement]:
    """Yield the accounts a declaration states that are below zero by a day.

    What the declaration does not state of a type and status is not known, so nothing is said of it.

    Args:
        declaration: the one in use.
        movements: of its party, as ``by_account`` gives them.
        category: the category whose types are looked at.
        day: the day asked about, at its end.
        known: what the catalogue knows of a designation.
    """
    accounts: dict[tuple[str, Status], list[RecordedHolding]] = {}
    for item in stated.of_category(declaration, category):
        if item.row.type:
            name = stated.account_name(item.row.type, known)
            accounts.setdefault((name, item.row.status), []).append(item)
    for (name, status), rows in accounts.items():
        tail = [m for m in movements.get(name, ()) if m.row.date.last > declaration.as_of.first]
        found = _first_below(declaration, rows, status, tail, day)
        if found is not None:
            yield found


def by_account(
    movements: Iterable[RecordedMovement], known: stated.Known
) -> dict[str, list[RecordedMovement]]:
    """Return the movements that name a type, by the account of that type."""
    found: dict[str, list[RecordedMovement]] = {}
    for item in movements:
        if item.row.type:
            found.setdefault(stated.account_name(item.row.type, known), []).append(item)
    return found


def _first_below(
    declaration: Declaration,
    rows: Sequence[RecordedHolding],
    status: Status,
    movements: Sequence[RecordedMovement],
    day: date,
) -> Disagreement | None:
    opening = stated.quantity(rows).high
    if opening is None:
        return None
    party = declaration.party
    left = sorted(
        (
            m
            for m in movements
            if m.row.state is State.DONE
            and m.row.date.first > declaration.as_of.last
            and m.row.date.last <= day
            and _of(m.row.origin, party, status)
            and not _may_enter(m.row.destination, party, status)
        ),
        key=lambda m: m.row.date.last,
    )
    came = [
        m
        for m in movements
        if _may_enter(m.row.destination, party, status) and not _of(m.row.origin, party, status)
    ]
    for then in dict.fromkeys(m.row.date.last for m in left):
        gone = [m for m in left if m.row.date.last <= then]
        arrived = [m for m in came if m.row.date.first <= then]
        if any(m.row.quantity.high is None for m in arrived):
            return None
        most = opening + sum(m.row.quantity.high or 0 for m in arrived)
        least = sum(m.row.quantity.low or 0 for m in gone)
        if least > most:
            parts = {
                "account": str(Account(party, status)),
                "type": rows[0].row.type,
                "day": then,
                "declared": words.span(stated.quantity(rows)),
                "left": least,
                "movements": joined("; ", map(words.movement, gone)),
            }
            return (
                said(
                    "the account {account} of {type} is below zero from {day}: {declared} "
                    "declared, at most {came} came since, {left} left since ({movements}).",
                    came=most - opening,
                    **parts,
                )
                if arrived
                else said(
                    "the account {account} of {type} is below zero from {day}: {declared} "
                    "declared, {left} left since ({movements}).",
                    **parts,
                ),
                (*map(words.evidence, rows), *map(words.evidence, [*arrived, *gone])),
            )
    return None


def _of(account: Account, party: str, status: Status) -> bool:
    """True where what leaves an account surely leaves the one of that status."""
    if account.party != party:
        return False
    return account.status is status or (status is Status.OVERALL and account.status.within_overall)


def _may_enter(account: Account, party: str, status: Status) -> bool:
    """True where what arrives may be in the account of that status: it may not be said in which."""
    if _of(account, party, status):
        return True
    return account.party == party and account.status is Status.OVERALL and status.within_overall
