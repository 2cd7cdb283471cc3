"""Headroom over the years, as it is shown: what is not known is said, and nothing drawn for it."""

from __future__ import annotations

from compliance.assess import words
from compliance.assess.dossier import Dossier
from compliance.assess.past import Past, Stretch
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

_HOW = (
    "Each line is a stretch of days in which nothing changed. 'Not known' is said where no figure "
    "on record speaks for those days: it is not zero, and nothing is drawn from the years around "
    "it. Ceilings change on the day on which the law does."
)


def history(dossier: Dossier) -> Section:
    """Return the section."""
    found = dossier.history
    if not found:
        text = "Nobody asked about was a Party by then."
        return Section("history", "Headroom over the years", (Text(text),))
    by_party: dict[str, list[Past]] = {}
    for one in found:
        by_party.setdefault(one.party, []).append(one)
    table = Table(
        id="history",
        caption="Counted, ceiling and headroom over the years",
        columns=(
            *(PARTY, CATEGORY),
            Column("From", "from", Kind.DAYS),
            Column("Until", "until", Kind.DAYS),
            *(COUNTED, CEILING, HEADROOM, VERDICT),
            Column("Basis", "basis"),
            Column("Figure of", "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (
                f"{one.party_name}, {one.category_name.lower()}",
                tuple(_row(one, s) for s in one.stretches),
            )
            for one in found
        ),
        heads=2,
    )
    charts = tuple(_chart(mine) for mine in by_party.values())
    return Section("history", "Headroom over the years", (Text(_HOW), Charts(charts), table))


def _row(one: Past, stretch: Stretch) -> Row:
    return Row(
        (
            one.party_name,
            one.category_name,
            day(stretch.first),
            day(stretch.until),
            Number(stretch.counted),
            Number(stretch.ceiling, derived=stretch.ceiling_derived),
            Number(stretch.headroom),
            Judged(stretch.verdict, stretch.conditional),
            stretch.basis or "none",
            Days(stretch.figure_of, stretch.stale, none="none"),
        ),
        one.party,
        one.category,
    )


def _chart(mine: list[Past]) -> Chart:
    told = []
    for one in mine:
        known = [s for s in one.stretches if s.counted is not None]
        pieces = [
            f"{words.span(s.counted)} of {words.span(s.ceiling or s.ceiling_derived)} from "
            f"{s.first.isoformat()} to {s.until.isoformat()}"
            for s in known
        ]
        told.append(
            f"{one.category_name.lower()}: "
            + (f"{'; '.join(pieces)}; not known otherwise" if pieces else "not known")
        )
    name = mine[-1].party_name
    return Chart(
        id=f"history-{mine[0].party}",
        kind="history",
        title=f"{name}: over the years",
        party=mine[0].party,
        category="",
        alt=f"Counted spans and the steps of the ceiling: {'. '.join(told)}.",
    )
