"""Worked cases: small ledgers with the answer the law should give. Read here, run elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from compliance.agreement.case_schema import UNKNOWN, CaseTable, Expectation
from compliance.agreement.law import Agreement
from compliance.agreement.packfiles import Location, key_path, read_toml
from compliance.agreement.parse import schema_messages
from compliance.agreement.select import Readings
from compliance.values.citation import Source
from compliance.values.errors import ComplianceError, Problem
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean
from compliance.values.records import Row
from compliance.values.vocabulary import NONE_CATEGORY, Basis

__all__ = ["UNKNOWN", "Case", "Expectation", "read_cases"]

_SYNTHETIC = "synthetic"


@frozen
class Case:
    """One worked case.

    Attributes:
        file: the file it stands in, and ``where`` its place there.
        readings: answers given, ``question=answer``, as on the command line.
        rows: the holdings, then the movements, in the order written.
    """

    file: str
    where: str
    name: str
    why: str
    sources: tuple[Source, ...]
    as_of: date
    basis: Basis | None
    accept_stale: bool
    readings: tuple[str, ...]
    rows: tuple[Row, ...]
    expected: tuple[Expectation, ...]


def read_cases(
    folder: Path,
    agreement: Agreement | None,
    sources: Mapping[str, Source],
    problems: list[Problem],
) -> list[Case]:
    """Read the worked cases of a pack.

    Args:
        folder: the pack's ``cases`` folder; a pack may have none.
        agreement: the law the cases speak of; without it only their shape is checked.
        sources: the bibliography of the pack.
        problems: every mistake is added here.
    """
    found: list[Case] = []
    names: set[str] = set()
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        content = read_toml(path, problems)
        if content is None:
            continue
        for key in content:
            if key != "case":
                problems.append(Problem(str(path), key, f"unknown key '{key}'", "[[case]] tables"))
        tables = content.get("case", [])
        if not isinstance(tables, list):
            problems.append(Problem(str(path), "case", "is no array", "[[case]] tables"))
            continue
        for index, raw in enumerate(tables):
            case = _case(path, index, raw, (agreement, sources), problems)
            if case is None:
                continue
            if case.name in names:
                problems.append(
                    Problem(str(path), f"case[{index}].name", f"'{case.name}' is used twice")
                )
            names.add(case.name)
            found.append(case)
    return found


def _case(
    path: Path,
    index: int,
    raw: Any,
    law: tuple[Agreement | None, Mapping[str, Source]],
    problems: list[Problem],
) -> Case | None:
    agreement, sources = law
    place: Location = ("case", index)
    before = len(problems)
    try:
        table = CaseTable.model_validate(raw)
    except ValidationError as error:
        for inner, message, expected, suggestion in schema_messages(error, CaseTable):
            problems.append(
                Problem(str(path), key_path((*place, *inner)), message, expected, suggestion)
            )
        return None

    def report(inner: Location, message: str, suggestion: str = "") -> None:
        problems.append(
            Problem(str(path), key_path((*place, *inner)), message, suggestion=suggestion)
        )

    if not table.sources and _SYNTHETIC not in table.name.lower():
        report(("sources",), "a case without sources must be called synthetic in its name")
    for number, source in enumerate(table.sources):
        if source not in sources:
            report(
                ("sources", number),
                f"there is no source '{source}' in sources.toml",
                did_you_mean(source, sources),
            )
    if agreement is not None:
        _references(table, agreement, report)
    if len(problems) > before:
        return None  # it cannot be run, and what is wrong with it is told
    return Case(
        file=str(path),
        where=key_path(place),
        name=table.name,
        why=table.why,
        sources=tuple(sources[key] for key in table.sources if key in sources),
        as_of=table.as_of,
        basis=table.basis,
        accept_stale=table.accept_stale,
        readings=tuple(table.readings),
        rows=(*(h.row() for h in table.holding), *(m.row() for m in table.movement)),
        expected=tuple(e.expectation() for e in table.expect),
    )


def _references(table: CaseTable, agreement: Agreement, report: Callable[..., None]) -> None:
    """Report the parties, categories, sources, questions and answers the law does not know."""
    holders = [holder.id for holder in agreement.holders]
    categories = [category.id for category in agreement.categories]

    def known(value: str, among: list[str], what: str, path: Location) -> None:
        if value not in among:
            report(path, f"there is no {what} '{value}'", did_you_mean(value, among))

    for index, holding in enumerate(table.holding):
        known(holding.party, holders, "party or actor", ("holding", index, "party"))
        limited = [*categories, NONE_CATEGORY]
        known(holding.category, limited, "category", ("holding", index, "category"))
    for index, movement in enumerate(table.movement):
        for key, account in (("from", movement.origin), ("to", movement.to)):
            if account.party:
                known(account.party, holders, "party or actor", ("movement", index, key))
        if movement.category:
            limited = [*categories, NONE_CATEGORY]
            known(movement.category, limited, "category", ("movement", index, "category"))
    for index, expected in enumerate(table.expect):
        known(expected.party, holders, "party or actor", ("expect", index, "party"))
        known(expected.category, categories, "category", ("expect", index, "category"))
    try:
        Readings.from_options(agreement, table.readings)
    except ComplianceError as error:
        report(("readings",), error.message)
