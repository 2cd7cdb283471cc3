"""A scenario: what is assumed for the sake of argument, laid over the ledger and never in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any

from compliance.values.canonical import canonical_json, sha256
from compliance.values.frozen import frozen
from compliance.values.records import Movement
from compliance.values.span import Span


@frozen
class AssumedCeiling:
    """A ceiling that is assumed from a day on, in place of the law's.

    Attributes:
        since: the first day it holds; ``None`` for as long as anyone looks.
    """

    party: str
    category: str
    value: Span
    since: date | None = None

    def content(self) -> dict[str, Any]:
        """Return the assumption as plain values, for hashing and output."""
        return {
            "kind": "ceiling",
            "party": self.party,
            "category": self.category,
            "value": str(self.value),
            "since": self.since.isoformat() if self.since else "",
        }


@frozen
class WrittenFor:
    """What a scenario was written for; empty where it does not say.

    Attributes:
        agreement: the rule pack's id.
        version: the rule pack's version.
        ledger_head: the hash of the ledger's newest submission.
    """

    agreement: str = ""
    version: str = ""
    ledger_head: str = ""


@frozen
class Scenario:
    """Movements, ceilings and readings that are assumed.

    Attributes:
        movements: taken as certain on their last day, and possible from their first.
        readings: questions answered, by id.
    """

    name: str
    movements: tuple[Movement, ...] = ()
    ceilings: tuple[AssumedCeiling, ...] = ()
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    written_for: WrittenFor = WrittenFor()
    note: str = ""

    @property
    def empty(self) -> bool:
        """True where it assumes nothing."""
        return not (self.movements or self.ceilings or self.readings)

    @property
    def ordered(self) -> tuple[Movement, ...]:
        """Return the movements in an order that does not depend on how they were written down."""
        return tuple(sorted(self.movements, key=lambda row: canonical_json(row.content())))

    @property
    def sha256(self) -> str:
        """Return the hash of what is assumed: the same however its lines are ordered."""
        ceilings = sorted((c.content() for c in self.ceilings), key=canonical_json)
        return sha256(
            {
                "movements": [row.content() for row in self.ordered],
                "ceilings": ceilings,
                "readings": dict(self.readings),
            }
        )
