"""One holder's part of an explanation: the figure in use, its rows, what moved, what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from compliance.assess.explained import (
    Account,
    Explanation,
    Observation,
    PassedDeclaration,
)
from compliance.assess.words import span as in_numbers
from compliance.report import layout, phrases
from compliance.report.explain_rows import entry, folded, more, movements, recorded_row
from compliance.values.dates import span_in_words
from compliance.values.evidence import Declaration
from compliance.values.said import Said, joined, name, said, said_many


class Heading(NamedTuple):
    """The title of a section.

    Attributes:
        alone: as it stands by itself.
        after: as it stands after a holder's name.
    """

    alone: Said
    after: Said


_FIGURE = Heading(said("The figure in use"), said("the figure in use"))


_ROWS = Heading(said("Its rows"), said("its rows"))


_MOVED = Heading(said("What moved since"), said("what moved since"))


_SEEN = Heading(said("What inspectors saw"), said("what inspectors saw"))


def account_lines(
    found: Explanation, account: Account, told: set[str], *, everything: bool
) -> Iterable[tuple[Heading, str]]:
    """Yield the sections of one account, title and text; empty ones left out.

    Args:
        found: the whole explanation, for its types.
        account: the account.
        told: the types already explained above; grows.
        everything: print long lists whole.
    """
    yield _FIGURE, _figure(found, account, everything=everything)
    if account.rows:
        yield (
            _ROWS,
            folded(
                account.rows,
                8,
                _more_rows,
                lambda step: recorded_row(found, step, told, everything=everything),
                everything=everything,
            ),
        )
    moved = movements(found, account, told, everything=everything)
    if moved:
        yield _MOVED, moved
    if account.observations:
        yield (
            _SEEN,
            folded(
                account.observations, 5, _more_observations, _observation, everything=everything
            ),
        )


def _figure(found: Explanation, account: Account, *, everything: bool) -> str:
    lines: list[str] = []
    if account.parts:
        pieces = phrases.clauses(
            [
                said("{part}: {counted}", part=name(p.name), counted=in_numbers(p.position.counted))
                for p in account.parts
            ]
        )
        lines.append(
            entry(
                said(
                    "The sum of its parts, each told below: {parts}. No figure of its own is used.",
                    parts=pieces,
                )
            )
        )
    elif account.used is None:
        lines.append(entry(said("No declaration is on record by the day.")))
    else:
        lines += _used(found, account, account.used)
    if account.passed:
        lines.append(entry(said("Passed over:")))
        lines.append(
            folded(
                account.passed,
                6,
                more,
                lambda item: _passed(item, found.category.id),
                everything=everything,
                indent="    ",
            )
        )
    if account.silent:
        lines.append(
            entry(
                said_many(
                    "And {count} declaration says nothing of this category; silence is not zero.",
                    "And {count} declarations say nothing of this category; silence is not zero.",
                    len(account.silent),
                )
            )
        )
        if everything:
            lines += [_passed(item, found.category.id) for item in account.silent]
    return "\n".join(lines)


def _used(found: Explanation, account: Account, used: Declaration) -> Iterable[str]:
    position = account.position
    submissions = dict.fromkeys(item.ref.partition(":")[0] for item in used.rows)
    entries: list[tuple[str, str]] = [
        (said("As of"), span_in_words(used.as_of)),
        (
            said("Basis"),
            said("{basis}: {meaning}", basis=used.basis.word, meaning=used.basis.meaning),
        ),
        (said("Stated by"), position.stated_by),
        (said("Source"), used.source),
        (said("Submission"), ", ".join(submissions)),
    ]
    if position.current_until is not None:
        entries.append((said("Speaks"), _speaks(found, position.current_until, account)))
    if account.open_why:
        why = said("{why}: more may be held", why=account.open_why)
        entries.append((said("At least"), why))
    yield layout.terms(entries)


def _speaks(found: Explanation, until: date, account: Account) -> Said:
    if not account.position.stale:
        return said("until {day}", day=until)
    if not found.audit.accept_stale:
        return said("until {day}, so it is too old for {asked}", day=until, asked=found.audit.as_of)
    return said(
        "until {day}, so it is too old for {asked} (used all the same: --accept-stale)",
        day=until,
        asked=found.audit.as_of,
    )


def _passed(item: PassedDeclaration, category: str) -> str:
    refs = [i.ref for i in item.declaration.rows if i.row.category == category]
    pieces = [span_in_words(item.declaration.as_of), item.declaration.basis.word]
    if item.stated is not None:
        pieces.insert(0, in_numbers(item.stated))
    declared = joined(", ", pieces)
    if refs:
        declared = said("{declaration} [{rows}]", declaration=declared, rows=_refs(refs))
    return layout.item(
        said("{declaration}: {why}.", declaration=declared, why=item.why), indent="    "
    )


def _refs(refs: Sequence[str]) -> str:
    if len(refs) <= 3:
        return ", ".join(refs)
    return said_many(
        "{first} and {count} more", "{first} and {count} more", len(refs) - 1, first=refs[0]
    )


def _observation(item: Observation) -> str:
    refs = [i.ref for i in item.declaration.rows]
    return entry(
        said(
            "{seen}, {days} [{rows}]: {why}. Source: {source}",
            seen=in_numbers(item.stated),
            days=span_in_words(item.declaration.as_of),
            rows=_refs(refs),
            why=item.why,
            source=item.declaration.source,
        )
    )


def _more_rows(count: int) -> Said:
    return said_many("And {count} more row: --all.", "And {count} more rows: --all.", count)


def _more_observations(count: int) -> Said:
    return said_many(
        "And {count} more observation: --all.", "And {count} more observations: --all.", count
    )
