"""The closed vocabularies of the field: bases, statuses, verdicts. Spelled as in the files."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """On whose authority a figure stands, best first."""

    DECLARED = "declared"
    NOTIFIED = "notified"
    RELAYED = "relayed"
    OBSERVED = "observed"
    OFFICIAL = "official"
    ESTIMATE = "estimate"
    PRESS = "press"

    @property
    def rank(self) -> int:
        """0 is best; ``declared`` and ``notified`` are equal."""
        return _BASIS_RANK[self]

    @property
    def own_statement(self) -> bool:
        """True where a Party speaks for itself to the other Parties."""
        return self in (Basis.DECLARED, Basis.NOTIFIED)

    @property
    def counts_against(self) -> bool:
        """True where it is authority enough to count an arrival as certain."""
        return self.rank <= Basis.OFFICIAL.rank

    @property
    def removes(self) -> bool:
        """True where it is authority enough to count a departure as certain."""
        return self.rank <= Basis.OBSERVED.rank

    @property
    def meaning(self) -> str:
        """Return one phrase for the legend."""
        return _BASIS_MEANING[self]


_BASIS_RANK = {
    Basis.DECLARED: 0,
    Basis.NOTIFIED: 0,
    Basis.RELAYED: 1,
    Basis.OBSERVED: 2,
    Basis.OFFICIAL: 3,
    Basis.ESTIMATE: 4,
    Basis.PRESS: 5,
}
_BASIS_MEANING = {
    Basis.DECLARED: "a Party's own figure, given to the other Parties",
    Basis.NOTIFIED: "a change a Party notified to the other Parties",
    Basis.RELAYED: "a declared figure, as somebody else reports it",
    Basis.OBSERVED: "what inspectors saw; one site is 'at least'",
    Basis.OFFICIAL: "a public statement by a government or an international body",
    Basis.ESTIMATE: "a yearbook's or researcher's estimate",
    Basis.PRESS: "a press report",
}


class Status(StrEnum):
    """In what condition or custody an item is held."""

    OVERALL = "overall"
    IN_SERVICE = "in_service"
    STORED = "stored"
    ABROAD = "abroad"
    ON_LOAN = "on_loan"
    SPARES = "spares"
    RESEARCH_DEVELOPMENT = "research_development"
    HISTORICAL_COLLECTION = "historical_collection"
    DECOMMISSIONED = "decommissioned"
    AWAITING_EXPORT = "awaiting_export"
    INTERNAL_SECURITY = "internal_security"
    IN_TRANSIT = "in_transit"
    IN_MANUFACTURE = "in_manufacture"

    @property
    def within_overall(self) -> bool:
        """True where the item is part of the overall holding; the rest are reported apart."""
        return self in _WITHIN_OVERALL


_WITHIN_OVERALL = frozenset(
    {
        Status.OVERALL,
        Status.IN_SERVICE,
        Status.STORED,
        Status.ABROAD,
        Status.ON_LOAN,
        Status.SPARES,
    }
)


class State(StrEnum):
    """Whether a movement has been reported as carried out or only as intended."""

    DONE = "done"
    PLANNED = "planned"


class Verdict(StrEnum):
    """What can be said of a count and a ceiling, whatever their uncertainty."""

    WITHIN = "within"
    EXCEEDS = "exceeds"
    INDETERMINATE = "indeterminate"
    NOT_BINDING = "not_binding"

    @property
    def meaning(self) -> str:
        """Return one sentence for the legend."""
        return _VERDICT_MEANING[self]


_VERDICT_MEANING = {
    Verdict.WITHIN: "the highest possible count is at or under the lowest possible ceiling",
    Verdict.EXCEEDS: "the lowest possible count is over the highest possible ceiling",
    Verdict.INDETERMINATE: "cannot tell from what is known; never to be read as a pass",
    Verdict.NOT_BINDING: "the limit is agreed but does not bind yet",
}


class LawStatus(StrEnum):
    """How well a value of the law is known; ``assumed`` only ever stands in a scenario."""

    TEXT = "text"
    REPORTED = "reported"
    DERIVED = "derived"
    ASSUMED = "assumed"

    @property
    def meaning(self) -> str:
        """Return one phrase for the legend."""
        return {
            LawStatus.TEXT: "read in the instrument itself",
            LawStatus.REPORTED: "given by a reliable second source",
            LawStatus.DERIVED: "our arithmetic or inference; gives no verdict by itself",
            LawStatus.ASSUMED: "taken for the sake of argument by a scenario; no law",
        }[self]


class Grade(StrEnum):
    """How good a source is: A primary or official, B reliable secondary, C weaker or inferred."""

    A = "A"
    B = "B"
    C = "C"


class Severity(StrEnum):
    """How much a finding weighs."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


NONE_CATEGORY = "none"
"""The category of items that are reported but limited by nothing."""

WITHHELD = "withheld"
"""A quantity that exists but was not published: at least zero."""
