"""How a row stands in the tables: both ways, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from compliance.values.dates import DateSpan
from compliance.values.records import (
    Account,
    Entry,
    Holding,
    Movement,
    Particulars,
    Withdrawal,
)
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

REF_LENGTH = 12
"""How many digits of a submission's content hash name it in a row's reference."""

_PARTICULARS = ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking")
_CORRECTS = ("corrects_submission", "corrects_line")

COLUMNS = {
    "holding": (
        *("submission_id", "line", "declaration_id", "party", "as_of_first", "as_of_last"),
        *("basis", "category", "type", "status", "quantity_low", "quantity_high", "withheld"),
        *("source", *_PARTICULARS, *_CORRECTS),
    ),
    "movement": (
        *("submission_id", "line", "date_first", "date_last", "type", "category"),
        *("quantity_low", "quantity_high", "from_party", "from_status", "from_place"),
        *("to_party", "to_status", "to_place", "state", "basis", "source"),
        *(*_PARTICULARS, *_CORRECTS),
    ),
    "withdrawal": ("submission_id", "line", "declaration_id", "note", *_CORRECTS),
}
"""The columns of the tables that hold rows; a test holds them equal to those of ``tables``."""


SHAPE = (
    *("from_party", "from_status", "from_place", "to_party", "to_status", "to_place"),
    *("type", "category", "state"),
    *("stated_by", "subcategory", "unit", "site", "marking"),
)
"""Those of a movement that many share; they are stored once, and hashed in this order."""


Shape = tuple[str, ...]
"""What a movement shares, as its columns: in the order of ``SHAPE``."""


def shape_of(row: Movement) -> Shape:
    """Return what a movement shares."""
    origin, destination, more = row.origin, row.destination, row.more
    return (
        *(origin.party, origin.status.value if origin.party else "", origin.place),
        *(destination.party, destination.status.value if destination.party else ""),
        *(destination.place, row.type, row.category, row.state.value),
        *(more.stated_by, more.subcategory, more.unit, more.site, more.marking),
    )


def reference(content_sha256: str, line: int) -> str:
    """Return the name of a row, the same on any machine: ``3fa4c1d2e5b6:12``."""
    return f"{content_sha256[:REF_LENGTH]}:{line}"


def referred(row: Mapping[str, Any]) -> str:
    """Return the name of a row that was read with its submission's content hash."""
    return reference(row["content_sha256"], row["line"])


def corrected_by(row: Mapping[str, Any]) -> str:
    """Return the name of the row that one corrects, read with that one's hash; or empty."""
    if row["corrects_sha256"] is None:
        return ""
    return reference(row["corrects_sha256"], row["corrects_line"])


def corrects_of(entry: Entry) -> str:
    """Return the reference of the row that this one replaces or takes back, or empty."""
    return entry.corrects if isinstance(entry, Withdrawal) else entry.more.corrects


def date_of(stored: date | str) -> date:
    """Return a day as read in plain SQL: a file keeps it as text, a server as what it is.

    Raises:
        ValueError: the text is no day.
    """
    return stored if isinstance(stored, date) else date.fromisoformat(stored)


def encoded(entry: Entry) -> dict[str, Any]:
    """Return a row's columns, except its place and what it corrects."""
    if isinstance(entry, Holding):
        return _holding(entry)
    if isinstance(entry, Movement):
        return _movement(entry)
    return {"note": entry.note}


def decoded(table: str, row: Mapping[str, Any], corrects: str) -> Entry:
    """Return the row that stands in a table.

    Args:
        table: the name of the table it stands in.
        row: its columns by name.
        corrects: the reference of the row it corrects, or empty.

    Raises:
        ValueError: a column holds nothing that could have been recorded.
    """
    if table == "holding":
        return decoded_holding(row, corrects)
    if table == "movement":
        return decoded_movement(row, corrects)
    return Withdrawal(corrects=corrects, note=row["note"])


def decoded_holding(row: Mapping[str, Any], corrects: str) -> Holding:
    """Return a holding; see ``decoded``."""
    return Holding(
        party=row["party"],
        as_of=DateSpan(date_of(row["as_of_first"]), date_of(row["as_of_last"])),
        basis=Basis(row["basis"]),
        category=row["category"],
        type=row["type"],
        status=Status(row["status"]),
        quantity=Span(row["quantity_low"], row["quantity_high"]),
        source=row["source"],
        withheld=bool(row["withheld"]),
        more=_decoded_particulars(row, corrects),
    )


def decoded_movement(row: Mapping[str, Any], corrects: str) -> Movement:
    """Return a movement; see ``decoded``."""
    return Movement(
        date=DateSpan(date_of(row["date_first"]), date_of(row["date_last"])),
        type=row["type"],
        category=row["category"],
        quantity=Span(row["quantity_low"], row["quantity_high"]),
        origin=_decoded_account(row, "from"),
        destination=_decoded_account(row, "to"),
        state=State(row["state"]),
        basis=Basis(row["basis"]),
        source=row["source"],
        more=_decoded_particulars(row, corrects),
    )


def _holding(row: Holding) -> dict[str, Any]:
    return {
        "party": row.party,
        "as_of_first": row.as_of.first,
        "as_of_last": row.as_of.last,
        "basis": row.basis.value,
        "category": row.category,
        "type": row.type,
        "status": row.status.value,
        "quantity_low": row.quantity.low,
        "quantity_high": row.quantity.high,
        "withheld": row.withheld,
        "source": row.source,
        **_particulars(row.more),
    }


def _movement(row: Movement) -> dict[str, Any]:
    return {
        "date_first": row.date.first,
        "date_last": row.date.last,
        "type": row.type,
        "category": row.category,
        "quantity_low": row.quantity.low,
        "quantity_high": row.quantity.high,
        **_account("from", row.origin),
        **_account("to", row.destination),
        "state": row.state.value,
        "basis": row.basis.value,
        "source": row.source,
        **_particulars(row.more),
    }


def _particulars(more: Particulars) -> dict[str, Any]:
    return {name: getattr(more, name) for name in _PARTICULARS}


def _decoded_particulars(row: Mapping[str, Any], corrects: str) -> Particulars:
    return Particulars(**{name: row[name] for name in _PARTICULARS}, corrects=corrects)


def _account(side: str, account: Account) -> dict[str, Any]:
    return {
        f"{side}_party": account.party,
        f"{side}_status": account.status.value if account.party else "",
        f"{side}_place": account.place,
    }


def _decoded_account(row: Mapping[str, Any], side: str) -> Account:
    if row[f"{side}_party"]:
        return Account(row[f"{side}_party"], Status(row[f"{side}_status"]))
    return Account(place=row[f"{side}_place"])
