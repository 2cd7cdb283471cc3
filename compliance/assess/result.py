"""What an assessment hands to the reports: rows, findings, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from compliance.agreement.law import Agreement
from compliance.values.canonical import sha256
from compliance.values.citation import Citation
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.said import name
from compliance.values.span import Span
from compliance.values.vocabulary import Severity, Verdict


class FindingKind(StrEnum):
    """What a finding is about."""

    EXCEEDS = "exceeds"
    EXCESS_TO_BE_REDUCED = "excess_to_be_reduced"
    NO_DECLARATION = "no_declaration"
    STALE_DECLARATION = "stale_declaration"
    OPEN_SPAN = "open_span"
    WITHHELD = "withheld"
    UNCLASSIFIED = "unclassified"
    DISPUTED = "disputed"
    CATEGORY_CONTRADICTED = "category_contradicted"
    DISCREPANCY = "discrepancy"
    DERIVED_LAW = "derived_law"
    LAW_NOT_KNOWN = "law_not_known"
    REPORTING_GAP = "reporting_gap"
    CROSS_FOOTING = "cross_footing"
    POSSIBLE_DOUBLE = "possible_double"
    BELOW_ZERO = "below_zero"
    ACCOUNT_BELOW_ZERO = "account_below_zero"
    UNEXPLAINED_JUMP = "unexplained_jump"
    UNEXPLAINED = "unexplained"
    MIRROR_MISSING = "mirror_missing"
    DATED_AHEAD = "dated_ahead"
    LATER_DECLARATION = "later_declaration"
    OVERDUE = "overdue"
    NOT_A_PARTY = "not_a_party"
    OUTSIDE = "outside"

    @property
    def severity(self) -> Severity:
        """Return how much a finding of this kind weighs."""
        return _SEVERITY[self]


_SEVERITY = {
    FindingKind.EXCEEDS: Severity.HIGH,
    FindingKind.EXCESS_TO_BE_REDUCED: Severity.HIGH,
    FindingKind.NO_DECLARATION: Severity.MEDIUM,
    FindingKind.STALE_DECLARATION: Severity.MEDIUM,
    FindingKind.OPEN_SPAN: Severity.LOW,
    FindingKind.WITHHELD: Severity.MEDIUM,
    FindingKind.UNCLASSIFIED: Severity.MEDIUM,
    FindingKind.DISPUTED: Severity.LOW,
    FindingKind.CATEGORY_CONTRADICTED: Severity.MEDIUM,
    FindingKind.DISCREPANCY: Severity.HIGH,
    FindingKind.DERIVED_LAW: Severity.MEDIUM,
    FindingKind.LAW_NOT_KNOWN: Severity.MEDIUM,
    FindingKind.REPORTING_GAP: Severity.MEDIUM,
    FindingKind.CROSS_FOOTING: Severity.MEDIUM,
    FindingKind.POSSIBLE_DOUBLE: Severity.MEDIUM,
    FindingKind.BELOW_ZERO: Severity.MEDIUM,
    FindingKind.ACCOUNT_BELOW_ZERO: Severity.MEDIUM,
    FindingKind.UNEXPLAINED_JUMP: Severity.MEDIUM,
    FindingKind.UNEXPLAINED: Severity.MEDIUM,
    FindingKind.MIRROR_MISSING: Severity.MEDIUM,
    FindingKind.DATED_AHEAD: Severity.LOW,
    FindingKind.LATER_DECLARATION: Severity.INFO,
    FindingKind.OVERDUE: Severity.LOW,
    FindingKind.NOT_A_PARTY: Severity.INFO,
    FindingKind.OUTSIDE: Severity.INFO,
}


@frozen
class EvidenceRow:
    """A row of the ledger that a number or a finding rests on.

    Attributes:
        ref: its place in the ledger by content, ``content hash:line``.
        text: the row in words.
        note: what whoever recorded it says of it; may be empty.
    """

    ref: str
    text: str
    source: str
    marking: str = ""
    note: str = ""


@frozen
class Finding:
    """Something a reader must know, with its law and the rows behind it.

    Attributes:
        party: the party's id, or empty where it concerns no one in particular.
        todo: what would settle it; may be empty.
    """

    kind: FindingKind
    party: str
    category: str
    message: str
    citation: Citation | None
    rows: tuple[EvidenceRow, ...]
    todo: str = ""

    @property
    def matter(self) -> tuple[str | tuple[str, ...], ...]:
        """Return what makes it another finding than others: kind, place, and rows or message."""
        refs = tuple(row.ref for row in self.rows)
        return self.kind.value, self.party, self.category, refs or self.message

    @property
    def id(self) -> str:
        """Return its identity: the same for the same matter on any machine."""
        return sha256(self.matter)[:12]


@frozen
class AuditRow:
    """One party in one category on one day.

    Attributes:
        party_name: the name it bore on the day.
        held: everything of the category, whatever its status; ``None`` where nothing is known.
        ceiling: what may be compared with; ``None`` where it is not known or not consented to.
        ceiling_derived: the span that derivation allows, where that is all there is.
        headroom: ceiling minus counted.
        judged: the span the verdict was given on: counted, widened by what inspectors saw.
        conditional: the verdict holds only under readings that the reader closed.
        basis: the basis of the declaration in use, ``mixed``, or ``None``.
        stated_by: who states the figure, where the rows say so.
        reasons: in sentences, the most important first.
        tipping: what would turn the verdict.
        summary: the row in a sentence or two.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    held: Span | None
    not_counted: Span | None
    counted: Span | None
    judged: Span | None
    ceiling: Span | None
    ceiling_derived: Span | None
    headroom: Span | None
    verdict: Verdict
    conditional: bool
    stale: bool
    basis: str | None
    stated_by: str
    declared_as_of: DateSpan | None
    citation: Citation | None
    reasons: Sequence[str]
    tipping: tuple[str, ...]
    summary: str
    questions: tuple[str, ...]
    rows: tuple[EvidenceRow, ...]

    @property
    def utilisation(self) -> tuple[float | None, float | None] | None:
        """Return counted divided by ceiling, low and high, to four places; ``None`` if unknown."""
        if self.counted is None or self.ceiling is None:
            return None
        return (
            _share(self.counted.low, self.ceiling.high),
            _share(self.counted.high, self.ceiling.low),
        )

    @property
    def percent(self) -> tuple[Decimal | None, Decimal | None] | None:
        """Return utilisation in percent, low and high, to one place; ``None`` if unknown."""
        if self.counted is None or self.ceiling is None:
            return None
        return (
            _percent(self.counted.low, self.ceiling.high),
            _percent(self.counted.high, self.ceiling.low),
        )


def _percent(part: int | None, whole: int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _share(part: int | None, whole: int | None) -> float | None:
    if part is None or not whole:
        return None
    return round(part / whole, 4)


@frozen
class QuestionNote:
    """A question that matters to the audit, as it was left, closed or applied.

    Attributes:
        answer: the answer in force; empty where the question is open.
        how: ``open``, ``closed`` (by the reader) or ``applied`` (the pack's default).
        effects: for each row it moves, what each answer would give.
    """

    id: str
    title: str
    how: str
    answer: str
    because: str
    choices: tuple[str, ...]
    effects: tuple[str, ...]
    citation: Citation | None


@frozen
class LawUsed:
    """Which law an assessment was made under."""

    id: str
    version: str
    sha256: str
    title: str
    short_title: str
    extends: str
    replaced: tuple[str, ...]

    @classmethod
    def of(cls, law: Agreement) -> LawUsed:
        """Return what an output says of the law it rests on."""
        return cls(
            id=law.id,
            version=law.version,
            sha256=law.sha256,
            title=name(law.title),
            short_title=name(law.short_title),
            extends=law.extends,
            replaced=tuple(f"{item.path}: {item.old} -> {item.new}" for item in law.replaced),
        )


@frozen
class Audit:
    """A whole audit.

    Attributes:
        no_parties: the names of those asked for who are no Party: no limit applies to them.
    """

    law: LawUsed
    as_of: date
    known_at: str | None
    basis: str | None
    accept_stale: bool
    readings: Mapping[str, str]
    rows: tuple[AuditRow, ...]
    findings: tuple[Finding, ...]
    questions: tuple[QuestionNote, ...]
    notes: tuple[str, ...] = field(default=())
    no_parties: tuple[str, ...] = ()

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """Return the verdicts that occur."""
        return frozenset(row.verdict for row in self.rows)
