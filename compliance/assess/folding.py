"""What of very many movements may be told as one, since it counts the same.

In a category in which they surely count nothing tells their types apart, and of bases that weigh
alike nothing the one from the other. And how much left a holder and came to it, not who all the
others are, is what a reader of so many looks for.
"""

from __future__ import annotations

from compliance.agreement.law import Agreement
from compliance.assess.count import Counter
from compliance.values.evidence import Folding
from compliance.values.records import Account
from compliance.values.vocabulary import Basis


def folding(law: Agreement, counter: Counter, *, by_type: bool = False) -> Folding:
    """Return what may be told as one.

    Args:
        law: the agreement.
        counter: says what surely counts.
        by_type: movements of different types stay apart.
    """
    families = {party.id: party.part_of or party.id for party in law.parties}

    def kin(one: str, other: str) -> bool:
        return bool(one and other) and families.get(one, one) == families.get(other, other)

    return Folding(counter.surely, weight, kin, by_type)


def way(origin: Account, destination: Account) -> str:
    """Return which way something goes for the holders that are named."""
    if not origin.party:
        return "in"
    return "both" if destination.party else "out"


def weight(goes: str, basis: Basis) -> str:
    """Return how a basis weighs for what goes ``in``, ``out``, or stays within (``both``)."""
    comes = "" if goes == "out" else "in" if basis.counts_against else "maybe in"
    leaves = "" if goes == "in" else "out" if basis.removes else "maybe out"
    return f"{comes} {leaves}".strip()
