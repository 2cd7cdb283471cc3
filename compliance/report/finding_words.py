"""What kind of finding something is, in words."""

from __future__ import annotations

from compliance.assess.result import FindingKind
from compliance.values.said import Said, said


def word(kind: FindingKind) -> Said:
    """Return what a kind of finding is called in a report for people."""
    return _WORDS[kind]


_WORDS = {
    FindingKind.EXCEEDS: said("exceeds"),
    FindingKind.EXCESS_TO_BE_REDUCED: said("excess to be reduced"),
    FindingKind.NO_DECLARATION: said("no declaration"),
    FindingKind.STALE_DECLARATION: said("stale declaration"),
    FindingKind.OPEN_SPAN: said("open span"),
    FindingKind.WITHHELD: said("withheld"),
    FindingKind.UNCLASSIFIED: said("unclassified"),
    FindingKind.DISPUTED: said("disputed"),
    FindingKind.CATEGORY_CONTRADICTED: said("category contradicted"),
    FindingKind.DISCREPANCY: said("discrepancy"),
    FindingKind.DERIVED_LAW: said("derived law"),
    FindingKind.LAW_NOT_KNOWN: said("law not known"),
    FindingKind.REPORTING_GAP: said("reporting gap"),
    FindingKind.CROSS_FOOTING: said("cross footing"),
    FindingKind.POSSIBLE_DOUBLE: said("possible double"),
    FindingKind.BELOW_ZERO: said("below zero"),
    FindingKind.ACCOUNT_BELOW_ZERO: said("account below zero"),
    FindingKind.UNEXPLAINED_JUMP: said("unexplained jump"),
    FindingKind.UNEXPLAINED: said("unexplained"),
    FindingKind.MIRROR_MISSING: said("mirror missing"),
    FindingKind.DATED_AHEAD: said("dated ahead"),
    FindingKind.LATER_DECLARATION: said("later declaration"),
    FindingKind.OVERDUE: said("overdue"),
    FindingKind.NOT_A_PARTY: said("not a party"),
    FindingKind.OUTSIDE: said("outside"),
}
