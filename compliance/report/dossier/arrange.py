"""Arranges a report: what stands where, and under which heading. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.dossier import Dossier, Profile
from compliance.report.dossier import ahead, background, standing
from compliance.report.dossier.history import history
from compliance.report.dossier.parts import Chart, Charts, Document, Section
from compliance.values.dates import in_words


def arranged(dossier: Dossier) -> Document:
    """Return the report as sections of parts that every format renders alike."""
    audit = dossier.audit
    known = f", as known at {audit.known_at}" if audit.known_at else ""
    law = f"{audit.law.title}. " if dossier.title != audit.law.title else ""
    marks = dict.fromkeys(row.marking for row in dossier.marked)
    public = dossier.profile is Profile.PUBLIC
    return Document(
        title=dossier.title,
        subtitle=f"{law}As of the end of {in_words(audit.as_of)}{known}.",
        marking="; ".join(marks),
        public=public,
        sections=tuple(_public(dossier) if public else _full(dossier)),
    )


def _public(dossier: Dossier) -> Iterator[Section]:
    yield standing.answer(dossier)
    yield standing.totals(dossier)
    yield background.short(dossier)


def _full(dossier: Dossier) -> Iterator[Section]:
    yield standing.answer(dossier)
    yield standing.headroom(dossier)
    yield standing.regional(dossier)
    yield standing.fleet(dossier)
    yield history(dossier)
    yield ahead.ahead(dossier)
    yield background.findings(dossier)
    yield background.outside(dossier)
    yield background.questions(dossier)
    yield background.sources(dossier)
    yield background.reproduce(dossier)


def charts_of(dossier: Dossier, kind: str) -> list[Chart]:
    """Return the charts of a kind, in the order of the full report."""
    return [
        chart
        for section in _full(dossier)
        for block in section.blocks
        if isinstance(block, Charts)
        for chart in block.charts
        if chart.kind == kind
    ]
