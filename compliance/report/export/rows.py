"""What is exported: submissions and rows, whoever hands them over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from compliance.values.records import Entry, Holding, Withdrawal


class ExportedSubmission(Protocol):
    """One accepted act of recording."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def recorded_at(self) -> str: ...  # noqa: D102
    @property
    def recorded_by(self) -> str: ...  # noqa: D102
    @property
    def command(self) -> str: ...  # noqa: D102
    @property
    def note(self) -> str: ...  # noqa: D102
    @property
    def rows(self) -> int: ...  # noqa: D102
    @property
    def content_sha256(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102


class ExportedRow(Protocol):
    """One row, its place, and what became of it."""

    @property
    def ref(self) -> str: ...  # noqa: D102
    @property
    def submission(self) -> int: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102
    @property
    def recorded_at(self) -> str: ...  # noqa: D102
    @property
    def declaration(self) -> int: ...  # noqa: D102
    @property
    def entry(self) -> Entry: ...  # noqa: D102
    @property
    def corrected_by(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def in_force(self) -> bool: ...  # noqa: D102


def concerning(rows: Iterable[ExportedRow], parties: Collection[str]) -> list[ExportedRow]:
    """Return the rows of some parties: their holdings, what they gave or got, what took it back.

    Args:
        rows: in the order of their recording.
        parties: their ids.
    """
    kept: list[ExportedRow] = []
    names: set[str] = set()
    for row in rows:
        entry = row.entry
        if isinstance(entry, Withdrawal):
            wanted = entry.corrects in names
        elif isinstance(entry, Holding):
            wanted = entry.party in parties
        else:
            wanted = entry.origin.party in parties or entry.destination.party in parties
        if wanted:
            kept.append(row)
            names.add(row.ref)
    return kept
