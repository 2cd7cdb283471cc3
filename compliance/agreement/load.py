"""Loads a rule pack: strict, all problems at once, never a half-read law.

What reads and checks the files is imported only where files are read: it takes longer to import
than most commands take to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from compliance.agreement import provisions
from compliance.agreement.cache import Cache, Find, StrPath
from compliance.agreement.law import Agreement
from compliance.values.citation import Citation, Source
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput, Problem
from compliance.values.frozen import frozen
from compliance.values.plain import Plain
from compliance.values.span import Span
from compliance.values.vocabulary import Grade, LawStatus, Status

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.agreement.cases import Case

_FORM = Plain(
    Agreement,
    provisions.Actor,
    provisions.Attribute,
    provisions.Category,
    provisions.CeilingGap,
    provisions.CountingRule,
    provisions.Criterion,
    provisions.Definition,
    provisions.Gap,
    provisions.Limit,
    provisions.Membership,
    provisions.Obligation,
    provisions.Op,
    provisions.Party,
    provisions.PartyName,
    provisions.Period,
    provisions.Question,
    provisions.Reading,
    provisions.Replacement,
    provisions.ReportingGap,
    provisions.ShownBy,
    Citation,
    DateSpan,
    Grade,
    LawStatus,
    Source,
    Span,
    Status,
)
"""How a law is kept: everything it is made of."""


@frozen
class CheckResult:
    """What a check of a pack found.

    Attributes:
        problems: errors and warnings, in the order of the files.
        agreement: the law, or ``None`` where an error keeps it from being read.
        cases: the worked cases that could be read.
        sources: the bibliography, by id.
    """

    problems: tuple[Problem, ...]
    agreement: Agreement | None
    cases: tuple[Case, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep the pack from being used."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the problems that do not."""
        return tuple(p for p in self.problems if p.severity != "error")


def load(folder: StrPath, *, find: Find | None = None, cache: Cache | None = None) -> Agreement:
    """Return the law that a pack holds. Its worked cases are not read.

    Args:
        folder: the pack's folder.
        find: turns the id of a base pack into its folder; needed only where a pack extends one.
        cache: keeps the law, so that unchanged files need not be read and checked again.

    Raises:
        InvalidInput: the pack has errors; all of them are in ``problems``.
    """

    def read(find: Find | None) -> Agreement:
        from pathlib import Path

        result = _law(Path(folder), find)
        if result.agreement is None:
            count = len(result.errors)
            raise InvalidInput(
                f"the rule pack '{Path(folder).name}' has {count} error{'s' if count != 1 else ''}",
                list(result.errors),
                todo="correct the files named; 'compliance rules check' shows them again",
            )
        return result.agreement

    return cache.through(folder, _FORM, read, find) if cache else read(find)


def check(folder: Path, *, find: Find | None = None) -> CheckResult:
    """Return every problem of a pack, its worked cases included. Raises nothing for a bad pack.

    The files are always read, whatever is kept of them.
    """
    from compliance.agreement.cases import read_cases
    from compliance.agreement.packfiles import CASES

    result = _law(folder, find)
    problems = list(result.problems)
    cases = read_cases(folder / CASES, result.agreement, result.sources, problems)
    return CheckResult(tuple(problems), result.agreement, tuple(cases), result.sources)


def _law(folder: Path, find: Find | None) -> CheckResult:
    from compliance.agreement import checks, checks_in_time, references
    from compliance.agreement.build import bibliography, build
    from compliance.agreement.packfiles import read_pack
    from compliance.agreement.parse import parse

    problems: list[Problem] = []
    raw = read_pack(folder, find, problems)
    if raw is None:
        return CheckResult(tuple(problems), None)
    tables = parse(raw, problems)
    references.check(tables)
    checks.check(tables)
    checks_in_time.check(tables)
    unique = tuple(dict.fromkeys(problems))
    usable = not any(p.severity == "error" for p in unique)
    return CheckResult(unique, build(tables) if usable else None, sources=bibliography(tables))
