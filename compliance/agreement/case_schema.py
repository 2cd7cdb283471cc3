"""The raw shape of worked cases, and the values their tables become."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from compliance.agreement.schema_types import (
    Days,
    HoldingStatus,
    Model,
    PackId,
    Quantity,
    Text,
    read_span,
)
from compliance.values.frozen import frozen
from compliance.values.records import Account, Holding, Movement, Particulars
from compliance.values.span import Span
from compliance.values.vocabulary import WITHHELD, Basis, State, Status, Verdict

UNKNOWN = "unknown"


@frozen
class Expectation:
    """What a case says the audit of one party and category gives. ``None`` leaves it open.

    Attributes:
        unknown: those of ``counted``, ``ceiling`` and ``headroom`` that must be unknown.
        findings: kinds of findings that must be among those of the row.
        no_findings: kinds that must not be.
        reason_contains: phrases that must each be in one of the reasons.
    """

    party: str
    category: str
    counted: Span | None
    ceiling: Span | None
    headroom: Span | None
    unknown: frozenset[str]
    verdict: Verdict
    conditional: bool | None
    findings: tuple[str, ...]
    no_findings: tuple[str, ...]
    reason_contains: tuple[str, ...]


def _signed_span(value: Any) -> Span | str:
    """Read a span that may be negative: ``-7``, ``{low = -7, high = 0}``, or ``"unknown"``."""
    if value == UNKNOWN:
        return UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool):
        return Span.exactly(value)
    if isinstance(value, str):
        return Span.parse(value)
    if isinstance(value, dict) and value and set(value) <= {"low", "high"}:
        bounds = {key: value.get(key) for key in ("low", "high")}
        if all(
            b is None or (isinstance(b, int) and not isinstance(b, bool)) for b in bounds.values()
        ):
            return Span(bounds["low"], bounds["high"])
    raise ValueError(f"{value!r} is no span: write 7, '7..14', {{low = -7, high = 0}} or 'unknown'")


def _quantity_or_withheld(value: Any) -> Span | str:
    return WITHHELD if value == WITHHELD else read_span(value)


def _account(value: Any) -> Account:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no account: write a party, party:status or @place")
    return Account.parse(value)


SignedSpan = Annotated[Span | str, PlainValidator(_signed_span)]
HeldQuantity = Annotated[Span | str, PlainValidator(_quantity_or_withheld)]
AccountText = Annotated[Account, PlainValidator(_account)]
BasisWord = Annotated[Basis, Field(strict=False)]
VerdictWord = Annotated[Verdict, Field(strict=False)]
StateWord = Annotated[State, Field(strict=False)]


class _RowTable(Model):
    basis: BasisWord
    source: Text
    note: str = ""
    ref: str = ""
    stated_by: str = ""
    subcategory: str = ""
    unit: str = ""
    site: str = ""
    marking: str = ""

    def particulars(self) -> Particulars:
        """Return the optional fields as the rows keep them."""
        return Particulars(
            note=self.note,
            ref=self.ref,
            stated_by=self.stated_by,
            subcategory=self.subcategory,
            unit=self.unit,
            site=self.site,
            marking=self.marking,
        )


class HoldingTable(_RowTable):
    """``[[case.holding]]``."""

    party: PackId
    as_of: Days
    category: Text
    type: str = ""
    status: HoldingStatus = Status.OVERALL
    quantity: HeldQuantity

    def row(self) -> Holding:
        """Return the row that the ledger would keep."""
        withheld = self.quantity == WITHHELD
        return Holding(
            party=self.party,
            as_of=self.as_of,
            basis=self.basis,
            category=self.category,
            type=self.type,
            status=self.status,
            quantity=self.quantity if isinstance(self.quantity, Span) else Span.at_least(0),
            source=self.source,
            withheld=withheld,
            more=self.particulars(),
        )


class MovementTable(_RowTable):
    """``[[case.movement]]``."""

    date: Days
    type: str = ""
    category: str = ""
    quantity: Quantity
    origin: Annotated[AccountText, Field(alias="from")]
    to: AccountText
    state: StateWord = State.DONE

    def row(self) -> Movement:
        """Return the row that the ledger would keep."""
        return Movement(
            date=self.date,
            type=self.type,
            category=self.category,
            quantity=self.quantity,
            origin=self.origin,
            destination=self.to,
            state=self.state,
            basis=self.basis,
            source=self.source,
            more=self.particulars(),
        )


class ExpectTable(Model):
    """``[[case.expect]]``."""

    party: PackId
    category: Text
    counted: SignedSpan | None = None
    ceiling: SignedSpan | None = None
    headroom: SignedSpan | None = None
    verdict: VerdictWord
    conditional: bool | None = None
    findings: list[Text] = Field(default_factory=list)
    no_findings: list[Text] = Field(default_factory=list)
    reason_contains: list[Text] = Field(default_factory=list)

    def expectation(self) -> Expectation:
        """Return the expectation with the unknown ones set apart."""
        spans = {"counted": self.counted, "ceiling": self.ceiling, "headroom": self.headroom}
        known = {key: s if isinstance(s, Span) else None for key, s in spans.items()}
        return Expectation(
            party=self.party,
            category=self.category,
            counted=known["counted"],
            ceiling=known["ceiling"],
            headroom=known["headroom"],
            unknown=frozenset(key for key, span in spans.items() if span == UNKNOWN),
            verdict=self.verdict,
            conditional=self.conditional,
            findings=tuple(self.findings),
            no_findings=tuple(self.no_findings),
            reason_contains=tuple(self.reason_contains),
        )


class CaseTable(Model):
    """``[[case]]``."""

    name: Text
    why: Text
    sources: list[str] = Field(default_factory=list)
    as_of: date
    basis: BasisWord | None = None
    accept_stale: bool = False
    readings: list[Text] = Field(default_factory=list)
    holding: list[HoldingTable] = Field(default_factory=list)
    movement: list[MovementTable] = Field(default_factory=list)
    expect: Annotated[list[ExpectTable], Field(min_length=1)]
