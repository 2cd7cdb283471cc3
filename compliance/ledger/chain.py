"""The chain of submissions: its newest link, and what ties each to the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from compliance.ledger.reading import Reading
from compliance.values.canonical import sha256


@dataclass(frozen=True, slots=True)
class Head:
    """The newest submission of a ledger, or the empty start."""

    id: int
    sha256: str
    recorded_at: str


_NEWEST = "SELECT id, sha256, recorded_at FROM submission ORDER BY id DESC LIMIT 1"


def head(reading: Reading) -> Head:
    """Return the newest submission, or ``Head(0, "", "")`` of an empty ledger."""
    found = reading.rows(_NEWEST)
    return Head(*found[0]) if found else Head(0, "", "")


def instant(moment: datetime) -> str:
    """Return a moment as the ledger writes it: UTC, ISO 8601, microseconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def link_sha256(
    *,
    previous: str,
    number: int,
    recorded_at: str,
    recorded_by: str,
    command: str,
    note: str,
    content: str,
) -> str:
    """Return the hash that ties a submission to the one before it."""
    return sha256(
        {
            "previous": previous,
            "id": number,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
            "command": command,
            "note": note,
            "content": content,
        }
    )
