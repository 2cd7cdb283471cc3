"""The closed vocabularies of the field: bases, statuses, verdicts. Spelled as in the files."""

from __future__ import annotations

from enum import StrEnum

from compliance.values.said import Said, said


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
    def word(self) -> Said:
        """Return the word for it, for people."""
        return _BASIS_WORD[self]

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
    def meaning(self) -> Said:
        """Return one phrase for the legend."""
        return _BASIS_MEANING[self]


_BASIS_WORD = {
    Basis.DECLARED: said("declared"),
    Basis.NOTIFIED: said("notified"),
    Basis.RELAYED: said("relayed"),
    Basis.OBSERVED: said("observed"),
    Basis.OFFICIAL: said("official"),
    Basis.ESTIMATE: said("estimate"),
    Basis.PRESS: said("press"),
}
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
    Basis.DECLARED: said("a Party's own figure, given to the other Parties"),
    Basis.NOTIFIED: said("a change a Party notified to the other Parties"),
    Basis.RELAYED: said("a declared figure, as somebody else reports it"),
    Basis.OBSERVED: said("what inspectors saw; one site is 'at least'"),
    Basis.OFFICIAL: said("a public statement by a government or an international body"),
    Basis.ESTIMATE: said("a yearbook's or researcher's estimate"),
    Basis.PRESS: said("a press report"),
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
    def word(self) -> Said:
        """Return the word for it, for people."""
        return _STATUS_WORD[self]

    @property
    def within_overall(self) -> bool:
        """True where the item is part of the overall holding; the rest are reported apart."""
        return self in _WITHIN_OVERALL


_STATUS_WORD = {
    Status.OVERALL: said("overall"),
    Status.IN_SERVICE: said("in_service"),
    Status.STORED: said("stored"),
    Status.ABROAD: said("abroad"),
    Status.ON_LOAN: said("on_loan"),
    Status.SPARES: said("spares"),
    Status.RESEARCH_DEVELOPMENT: said("research_development"),
    Status.HISTORICAL_COLLECTION: said("historical_collection"),
    Status.DECOMMISSIONED: said("decommissioned"),
    Status.AWAITING_EXPORT: said("awaiting_export"),
    Status.INTERNAL_SECURITY: said("internal_security"),
    Status.IN_TRANSIT: said("in_transit"),
    Status.IN_MANUFACTURE: said("in_manufacture"),
}
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

    @property
    def word(self) -> Said:
        """Return the word for it, for people."""
        return _STATE_WORD[self]


_STATE_WORD = {
    State.DONE: said("done"),
    State.PLANNED: said("planned"),
}


class Verdict(StrEnum):
    """What can be said of a count and a ceiling, whatever their uncertainty."""

    WITHIN = "within"
    EXCEEDS = "exceeds"
    INDETERMINATE = "indeterminate"
    NOT_BINDING = "not_binding"

    @property
    def word(self) -> Said:
        """Return the word for it, for people, as it stands in the files."""
        return _VERDICT_WORD[self]

    @property
    def meaning(self) -> Said:
        """Return one sentence for the legend."""
        return _VERDICT_MEANING[self]


_VERDICT_WORD = {
    Verdict.WITHIN: said("within"),
    Verdict.EXCEEDS: said("exceeds"),
    Verdict.INDETERMINATE: said("indeterminate"),
    Verdict.NOT_BINDING: said("not_binding"),
}
_VERDICT_MEANING = {
    Verdict.WITHIN: said("the highest possible count is at or under the lowest possible ceiling"),
    Verdict.EXCEEDS: said("the lowest possible count is over the highest possible ceiling"),
    Verdict.INDETERMINATE: said("cannot tell from what is known; never to be read as a pass"),
    Verdict.NOT_BINDING: said("the limit is agreed but does not bind yet"),
}


class LawStatus(StrEnum):
    """How well a value of the law is known; ``assumed`` only ever stands in a scenario."""

    TEXT = "text"
    REPORTED = "reported"
    DERIVED = "derived"
    ASSUMED = "assumed"

    @property
    def word(self) -> Said:
        """Return the word for it, for people."""
        return _LAW_STATUS_WORD[self]

    @property
    def meaning(self) -> Said:
        """Return one phrase for the legend."""
        return {
            LawStatus.TEXT: said("read in the instrument itself"),
            LawStatus.REPORTED: said("given by a reliable second source"),
            LawStatus.DERIVED: said("our arithmetic or inference; gives no verdict by itself"),
            LawStatus.ASSUMED: said("taken for the sake of argument by a scenario; no law"),
        }[self]


_LAW_STATUS_WORD = {
    LawStatus.TEXT: said("text"),
    LawStatus.REPORTED: said("reported"),
    LawStatus.DERIVED: said("derived"),
    LawStatus.ASSUMED: said("assumed"),
}


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

    @property
    def word(self) -> Said:
        """Return the word for it, for people."""
        return _SEVERITY_WORD[self]


_SEVERITY_WORD = {
    Severity.HIGH: said("high"),
    Severity.MEDIUM: said("medium"),
    Severity.LOW: said("low"),
    Severity.INFO: said("info"),
}


NONE_CATEGORY = "none"
"""The category of items that are reported but limited by nothing."""

WITHHELD = "withheld"
"""A quantity that exists but was not published: at least zero."""
