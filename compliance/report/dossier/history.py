"""Headroom over the years, as it is shown: what is not known is said, and nothing drawn for it."""

from __future__ import annotations

from compliance.assess import words
from compliance.assess.dossier import Dossier
from compliance.assess.past import Past, Stretch
from compliance.report import cells, phrases
from compliance.report.dossier.parts import (
    Chart,
    Charts,
    Column,
    Days,
    Judged,
    Kind,
    Number,
    Row,
    Section,
    Table,
    Text,
    day,
)
from compliance.report.dossier.standing import (
    CATEGORY,
    CEILING,
    COUNTED,
    HEADROOM,
    PARTY,
    VERDICT,
)
from compliance.values.said import Brief, Said, joined, name, said

_HOW = said(
    "Each line is a stretch of days in which nothing changed. 'Not known' is said where no figure "
    "on record speaks for those days: it is not zero, and nothing is drawn from the years around "
    "it. Ceilings change on the day on which the law does."
)


def history(dossier: Dossier) -> Section:
    """Return the section."""
    found = dossier.history
    if not found:
        text = said("Nobody asked about was a Party by then.")
        return Section("history", said("Headroom over the years"), (Text(text),))
    by_party: dict[str, list[Past]] = {}
    for one in found:
        by_party.setdefault(one.party, []).append(one)
    table = Table(
        id="history",
        caption=said("Counted, ceiling and headroom over the years"),
        columns=(
            *(PARTY, CATEGORY),
            Column(said("From"), "from", Kind.DAYS),
            Column(said("Until"), "until", Kind.DAYS),
            *(COUNTED, CEILING, HEADROOM, VERDICT),
            Column(said("Basis"), "basis"),
            Column(said("Figure of"), "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (
                phrases.limit(one.party_name, one.category_name),
                tuple(_row(one, s) for s in one.stretches),
            )
            for one in found
        ),
        heads=2,
    )
    charts = tuple(_chart(mine) for mine in by_party.values())
    return Section("history", said("Headroom over the years"), (Text(_HOW), Charts(charts), table))


def _row(one: Past, stretch: Stretch) -> Row:
    return Row(
        (
            name(one.party_name),
            name(one.category_name),
            day(stretch.first),
            day(stretch.until),
            Number(stretch.counted),
            Number(stretch.ceiling, derived=stretch.ceiling_derived),
            Number(stretch.headroom),
            Judged(stretch.verdict, stretch.conditional),
            cells.basis_in_words(stretch.basis) if stretch.basis else said("none"),
            Days(stretch.figure_of, stretch.stale, none=said("none")),
        ),
        one.party,
        one.category,
    )


def _chart(mine: list[Past]) -> Chart:
    return Chart(
        id=f"history-{mine[0].party}",
        kind="history",
        title=said("{party}: over the years", party=name(mine[-1].party_name)),
        party=mine[0].party,
        category="",
        alt=said(
            "Counted spans and the steps of the ceiling: {categories}.",
            categories=joined(". ", [_told(one) for one in mine]),
        ),
    )


def _told(one: Past) -> Said:
    category = words.small(one.category_name)
    pieces = [
        said(
            "{counted} of {ceiling} from {first} to {until}",
            counted=words.span(s.counted),
            ceiling=words.span(s.ceiling or s.ceiling_derived),
            first=Brief.of(s.first),
            until=Brief.of(s.until),
        )
        for s in one.stretches
        if s.counted is not None
    ]
    if not pieces:
        return said("{category}: not known", category=category)
    return said(
        "{category}: {stretches}; not known otherwise",
        category=category,
        stretches=joined("; ", pieces),
    )
