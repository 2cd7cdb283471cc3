"""Arranges a report: what stands where, and under which heading. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.dossier import Dossier, Profile
from compliance.report.dossier import ahead, background, standing
from compliance.report.dossier.history import history
from compliance.report.dossier.parts import Chart, Charts, Document, Section
from compliance.report.language import ENGLISH, notice
from compliance.values.said import Said, joined, name, said


def arranged(dossier: Dossier, lang: str = ENGLISH) -> Document:
    """Return the report as sections of parts that every format renders alike.

    Args:
        dossier: the report.
        lang: the language it will be read in; machine formats are English.
    """
    audit = dossier.audit
    marks = dict.fromkeys(row.marking for row in dossier.marked)
    public = dossier.profile is Profile.PUBLIC
    return Document(
        title=name(dossier.title) if dossier.title == audit.law.title else dossier.title,
        subtitle=joined(" ", _subtitle(dossier)),
        notice=joined(" ", notice(lang)),
        marking="; ".join(marks),
        public=public,
        sections=tuple(_public(dossier, lang) if public else _full(dossier, lang)),
    )


def _subtitle(dossier: Dossier) -> Iterator[Said]:
    audit = dossier.audit
    if dossier.title != audit.law.title:
        yield said("{law}.", law=name(audit.law.title))
    if audit.known_at:
        yield said(
            "As of the end of {day}, as known at {moment}.",
            day=audit.as_of,
            moment=audit.known_at,
        )
    else:
        yield said("As of the end of {day}.", day=audit.as_of)


def _public(dossier: Dossier, lang: str) -> Iterator[Section]:
    yield standing.answer(dossier)
    yield standing.totals(dossier)
    yield background.short(dossier, _command(dossier, lang))


def _full(dossier: Dossier, lang: str) -> Iterator[Section]:
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
    yield background.reproduce(dossier, _command(dossier, lang))


def _command(dossier: Dossier, lang: str) -> str:
    return dossier.made.command if lang == ENGLISH else f"{dossier.made.command} --lang {lang}"


def charts_of(dossier: Dossier, kind: str) -> list[Chart]:
    """Return the charts of a kind, in the order of the full report."""
    return [
        chart
        for section in _full(dossier, ENGLISH)
        for block in section.blocks
        if isinstance(block, Charts)
        for chart in block.charts
        if chart.kind == kind
    ]
