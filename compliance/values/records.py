"""What is declared and what moves: the rows that intake reads, the ledger keeps, assess counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from compliance.values.canonical import ListHash
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

# Compiled when first needed: who only asks a ledger reads no accounts.
_OUTSIDE = r"@(?:production|lost|(?:import|export)(?::[^\s@][^@]*)?|reduced:[a-z_]+)"
_PARTY = r"[a-z0-9]+(?:-[a-z0-9]+)*"


@frozen
class Account:
    """One side of a movement: a party, a status of a party, or a place outside the agreement.

    Attributes:
        party: the party's id, or empty for an outside place.
        status: the status held under; ``overall`` unless the account names one.
        place: ``@import:France``, ``@production``, ``@export:Ukraine``, ``@reduced:destroyed``,
            ``@lost``, or empty for a party.
    """

    party: str = ""
    status: Status = Status.OVERALL
    place: str = ""

    @classmethod
    def parse(cls, text: str) -> Account:
        """Read ``serbia``, ``serbia:stored`` or an outside place.

        Raises:
            ValueError: the text is none of these; the message says what was expected.
        """
        text = text.strip()
        if text.startswith("@"):
            if re.fullmatch(_OUTSIDE, text):
                return cls(place=text)
            raise ValueError(
                f"'{text}' is no outside place: write @import:COUNTRY, @production, "
                "@export:COUNTRY, @reduced:METHOD or @lost"
            )
        party, _, status = text.partition(":")
        if not re.fullmatch(_PARTY, party):
            raise ValueError(f"'{text}' is no account: write a party, party:status or @place")
        if not status:
            return cls(party)
        if status not in {item.value for item in Status}:
            raise ValueError(f"'{status}' is no status of a holding")
        return cls(party, Status(status))

    def __str__(self) -> str:
        if self.place:
            return self.place
        if self.status is Status.OVERALL:
            return self.party
        return f"{self.party}:{self.status.value}"


@frozen
class Particulars:
    """What every row may say of itself beyond its figures. All optional, all kept and shown."""

    note: str = ""
    ref: str = ""
    stated_by: str = ""
    subcategory: str = ""
    unit: str = ""
    site: str = ""
    marking: str = ""
    corrects: str = ""


_NO_MORE = Particulars()


@frozen
class Holding:
    """One row of a declaration: so many of this were held on that date.

    Attributes:
        category: as declared; ``none`` for items reported but not limited.
        type: the designation as written; empty where only a category total is known.
        quantity: whole items. ``withheld`` rows carry "at least zero".
        corrects: inside ``more``: ``submission:line`` of the row this one replaces.
    """

    party: str
    as_of: DateSpan
    basis: Basis
    category: str
    type: str
    status: Status
    quantity: Span
    source: str
    withheld: bool = False
    more: Particulars = _NO_MORE

    def content(self) -> dict[str, Any]:
        """Return the row as plain values, for hashing and export."""
        return {
            "kind": "holding",
            "party": self.party,
            "as_of": str(self.as_of),
            "basis": self.basis.value,
            "category": self.category,
            "type": self.type,
            "status": self.status.value,
            "quantity": "withheld" if self.withheld else str(self.quantity),
            "source": self.source,
            **_filled(self.more),
        }


@frozen
class Movement:
    """A quantity of a type that goes from one account to another: double entry.

    Attributes:
        date: when it happened or is planned; possible from the first day, certain by the last.
        category: as stated, or empty where the catalogue knows the type.
    """

    date: DateSpan
    type: str
    category: str
    quantity: Span
    origin: Account
    destination: Account
    state: State
    basis: Basis
    source: str
    more: Particulars = _NO_MORE

    def content(self) -> dict[str, Any]:
        """Return the row as plain values, for hashing and export."""
        return {
            "kind": "movement",
            "date": str(self.date),
            "type": self.type,
            "category": self.category,
            "quantity": str(self.quantity),
            "from": str(self.origin),
            "to": str(self.destination),
            "state": self.state.value,
            "basis": self.basis.value,
            "source": self.source,
            **_filled(self.more),
        }


Row = Holding | Movement


@frozen
class Withdrawal:
    """A row is taken back and nothing takes its place: it should not have been recorded.

    That is another thing than a declared zero: what is withdrawn was never said. To say it again,
    or otherwise, record a holding or movement that corrects the withdrawal.

    Attributes:
        corrects: ``submission:line`` of the row taken back.
        note: why.
    """

    corrects: str
    note: str = ""

    def content(self) -> dict[str, Any]:
        """Return the row as plain values, for hashing and export."""
        content = {"kind": "withdrawal", "corrects": self.corrects}
        return {**content, "note": self.note} if self.note else content


Entry = Row | Withdrawal
"""Whatever a submission can hold."""


def content_sha256(entries: Iterable[Entry]) -> str:
    """Return the SHA-256 of a submission's rows, in their order."""
    digest = ListHash()
    for entry in entries:
        digest.add(entry.content())
    return digest.hexdigest()


def _filled(more: Particulars) -> dict[str, str]:
    return {name: value for name in Particulars.__match_args__ if (value := getattr(more, name))}
