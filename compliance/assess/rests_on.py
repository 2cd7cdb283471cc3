"""What a report rests on: every source of law and of figures with its grade, every marked row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.assess.fleet import FleetBeside
from compliance.assess.past import Past
from compliance.assess.result import Audit, EvidenceRow
from compliance.assess.sources import grade_of
from compliance.values.citation import Citation
from compliance.values.evidence import Evidence, RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import Said, english, joined, name, said
from compliance.values.vocabulary import State


@frozen
class LawSource:
    """An authority for values of the law.

    Attributes:
        provisions: what is cited from it, with how well it is known.
        sources: where it was read: title, publisher, address.
    """

    instrument: str
    provisions: tuple[str, ...]
    grade: str
    sources: tuple[str, ...]
    note: str


@frozen
class FigureSource:
    """A source of figures.

    Attributes:
        grade: as the source cell gives it; empty where it gives none.
        used_for: what it is used for: holder and category, or what is planned.
        refs: the ledger's rows, by content.
    """

    text: str
    grade: str
    used_for: tuple[str, ...]
    refs: tuple[str, ...]


@dataclass(slots=True)
class _Use:
    what: dict[str, None] = field(default_factory=dict)
    refs: dict[str, None] = field(default_factory=dict)


def law_sources(audit: Audit) -> tuple[LawSource, ...]:
    """Return the authorities that rows, findings and questions cite, in order of appearance."""
    cited = [
        *(row.citation for row in audit.rows),
        *(finding.citation for finding in audit.findings),
        *(note.citation for note in audit.questions),
    ]
    grouped: dict[tuple[str, str, tuple[str, ...]], list[Citation]] = {}
    for citation in cited:
        if citation is not None:
            key = (citation.instrument, citation.grade.value, _read_in(citation))
            grouped.setdefault(key, []).append(citation)
    return tuple(
        LawSource(
            instrument=english(instrument),
            provisions=tuple(
                dict.fromkeys(
                    said(
                        "{provision} ({status})",
                        provision=_provision(item),
                        status=item.status.word,
                    )
                    for item in found
                )
            ),
            grade=grade,
            sources=sources,
            note=joined(" ", dict.fromkeys(english(item.note) for item in found if item.note)),
        )
        for (instrument, grade, sources), found in grouped.items()
    )


def _provision(citation: Citation) -> Said:
    return english(citation.provision) if citation.provision else said("as a whole")


def _read_in(citation: Citation) -> tuple[str, ...]:
    return tuple(
        ", ".join(part for part in (source.title, source.publisher, source.date) if part)
        + (f" <{source.url}>" if source.url else "")
        for source in citation.sources
    )


def figure_sources(
    law: Agreement,
    audit: Audit,
    history: Iterable[Past],
    fleets: Iterable[FleetBeside],
    evidence: Evidence,
) -> tuple[FigureSource, ...]:
    """Return the sources of all rows that the report shows or counts, in order of appearance."""
    found: dict[str, _Use] = {}
    for what, row in _uses(law, audit, history, fleets, evidence):
        use = found.setdefault(row.source, _Use())
        use.what[what] = None
        use.refs[row.ref] = None
    return tuple(
        FigureSource(
            text=text,
            grade=grade.value if (grade := grade_of(text)) else "",
            used_for=tuple(use.what),
            refs=tuple(use.refs),
        )
        for text, use in found.items()
    )


def _uses(
    law: Agreement,
    audit: Audit,
    history: Iterable[Past],
    fleets: Iterable[FleetBeside],
    evidence: Evidence,
) -> Iterator[tuple[str, EvidenceRow]]:
    for row in audit.rows:
        for item in row.rows:
            category = words.small(row.category_name)
            yield said("{party}, {category}", party=row.party_name, category=category), item
    for beside in fleets:
        for fleet in beside.fleets:
            text = said(
                "{party}, {category} in service",
                party=beside.party_name,
                category=words.small(beside.category_name),
            )
            yield text, fleet.row
    for movement in evidence.movements:
        if movement.row.state is State.PLANNED:
            yield said("what is planned"), words.evidence(movement)
    for one in history:
        for stretch in one.stretches:
            for item in stretch.rows:
                yield said("{party}, over the years", party=one.party_name), item
    names = {holder.id: name(holder.name) for holder in law.holders}
    for finding in audit.findings:
        for item in finding.rows:
            party = names.get(finding.party, finding.party)
            yield said("{party}, a finding", party=party), item


def marked(evidence: Evidence) -> tuple[EvidenceRow, ...]:
    """Return every row with a handling mark, each once."""
    items: list[RecordedHolding | RecordedMovement] = [
        item for declaration in evidence.declarations for item in declaration.rows
    ]
    items += evidence.movements
    rows = (words.evidence(item) for item in items)
    return tuple(dict.fromkeys(row for row in rows if row.marking))
