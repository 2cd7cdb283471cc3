"""Where everybody stands on the day: the answer, the headroom, side by side, the active fleet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.assess import words
from compliance.assess.answer import Answer
from compliance.assess.dossier import Dossier
from compliance.assess.fleet import ActiveFleet, FleetBeside
from compliance.assess.result import AuditRow
from compliance.report import cells
from compliance.report.dossier.parts import (
    Card,
    Cards,
    Chart,
    Charts,
    Column,
    Days,
    Items,
    Judged,
    Kind,
    Number,
    Row,
    Section,
    Share,
    Table,
    Text,
)
from compliance.values.dates import in_words
from compliance.values.vocabulary import Verdict

COUNTED = Column("Counted", "counted", Kind.NUMBER)
CEILING = Column("Ceiling", "ceiling", Kind.NUMBER)
HEADROOM = Column("Headroom", "headroom", Kind.NUMBER)
VERDICT = Column("Verdict", "verdict", Kind.VERDICT)
PARTY = Column("Party", "party_name")
CATEGORY = Column("Category", "category_name")


def answer(dossier: Dossier) -> Section:
    """Return the answer: what somebody reads who reads nothing else."""
    found = dossier.answers
    blocks = [Text(found.headline, "lead"), Text(found.why)]
    return Section(
        "answer", "The answer", (*blocks, Cards(tuple(_card(item) for item in found.parties)))
    )


def _card(found: Answer) -> Card:
    lines = (*found.why, *([found.last] if found.last else []))
    return Card(found.party, found.party_name, _worst(found.verdicts).value, found.headline, lines)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    order = (Verdict.EXCEEDS, Verdict.INDETERMINATE, Verdict.NOT_BINDING, Verdict.WITHIN)
    return min(verdicts, key=order.index)


def headroom(dossier: Dossier) -> Section:
    """Return the table of every limit, the bars of it, and each row in words."""
    rows = dossier.audit.rows
    table = Table(
        id="headroom",
        caption=f"Headroom under each ceiling on {in_words(dossier.audit.as_of)}",
        columns=(
            *(PARTY, CATEGORY),
            Column("Held", "held", Kind.NUMBER),
            Column("Not counted", "not_counted", Kind.NUMBER),
            *(COUNTED, CEILING, HEADROOM),
            Column("% used", "utilisation", Kind.SHARE),
            VERDICT,
            Column("Basis", "basis"),
            Column("Stated by", "stated_by", Kind.LONG),
            Column("Valid on", "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (mine[0].party_name, tuple(_line(row) for row in mine)) for mine in _by_party(rows)
        ),
        heads=2,
    )
    said = Items(
        "in-words",
        "Each limit in words",
        tuple((f"{row.party_name}, {row.category_name.lower()}", row.summary) for row in rows),
    )
    law = Table(
        id="ceilings",
        caption="The law behind each ceiling",
        columns=(
            *(PARTY, CATEGORY, CEILING),
            Column("Instrument", "instrument", Kind.LONG),
            Column("Known from", "law_status"),
            Column("Grade", "law_grade"),
        ),
        groups=tuple(
            (mine[0].party_name, tuple(_law(row) for row in mine)) for mine in _by_party(rows)
        ),
        heads=2,
    )
    charts = tuple(_bars(list(mine)) for mine in _by_party(rows))
    return Section(
        "headroom", "Headroom", (table, Text(_LEGEND, "note"), Charts(charts), said, law)
    )


_LEGEND = (
    "Counted is what the agreement counts of what is held; headroom is the ceiling minus that, and "
    "negative where there is an excess. '62..89' is anywhere from 62 to 89, '15..' at least 15: "
    "the figures published are not the whole, '..131' at most 131. A ceiling in brackets, "
    "'(143?)', is only derived: shown, and not used for a verdict. '(old)' is a figure too old to "
    "speak for the day. 'Cannot tell' is never to be read as a pass."
)


def totals(dossier: Dossier) -> Section:
    """Return the totals alone, for a fact sheet."""
    table = Table(
        id="totals",
        caption=f"Headroom under each ceiling on {in_words(dossier.audit.as_of)}",
        columns=(
            *(PARTY, CATEGORY, COUNTED, CEILING, HEADROOM, VERDICT),
            Column("Valid on", "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (
                mine[0].party_name,
                tuple(
                    Row(
                        (row.party_name, row.category_name, *_measures(row)),
                        row.party,
                        row.category,
                    )
                    for row in mine
                ),
            )
            for mine in _by_party(dossier.audit.rows)
        ),
        heads=2,
    )
    return Section("totals", "Headroom", (table, Text(_LEGEND, "note")))


def _by_party(rows: Iterable[AuditRow]) -> Iterator[list[AuditRow]]:
    grouped: dict[str, list[AuditRow]] = {}
    for row in rows:
        grouped.setdefault(row.party, []).append(row)
    yield from grouped.values()


def _line(row: AuditRow) -> Row:
    used = row.utilisation or (None, None)
    return Row(
        (
            row.party_name,
            row.category_name,
            Number(row.held),
            Number(row.not_counted),
            Number(row.counted),
            ceiling(row),
            Number(row.headroom),
            Share(*used, cells.percent(row)),
            Judged(row.verdict, row.conditional),
            row.basis or "none",
            row.stated_by,
            valid_on(row),
        ),
        row.party,
        row.category,
    )


def ceiling(row: AuditRow) -> Number:
    """Return the ceiling's cell; what is only derived stands in brackets."""
    return Number(row.ceiling, derived=row.ceiling_derived)


def valid_on(row: AuditRow) -> Days:
    """Return the cell of the date of the figure in use."""
    return Days(row.declared_as_of, row.stale, none="none")


def _law(row: AuditRow) -> Row:
    law = row.citation
    cited = ["not known", "", ""]
    if law is not None:
        where = f", {law.provision}" if law.provision else ""
        cited = [f"{law.instrument}{where}", law.status.value, law.grade.value]
    name = (row.party_name, row.category_name)
    return Row((*name, ceiling(row), *cited), row.party, row.category)


def _bars(rows: list[AuditRow]) -> Chart:
    pieces = [
        f"{row.category_name.lower()} {words.span(row.counted)} of {_told(row)}, "
        f"{cells.verdict(row)}"
        for row in rows
    ]
    return Chart(
        id=f"headroom-{rows[0].party}",
        kind="headroom",
        title=f"{rows[0].party_name}: counted against ceiling",
        party=rows[0].party,
        category="",
        alt=f"Bars of the counted span against the ceiling: {'; '.join(pieces)}.",
    )


def _told(row: AuditRow) -> str:
    if row.ceiling is None and row.ceiling_derived is not None:
        return f"{words.span(row.ceiling_derived)} (only derived)"
    return words.span(row.ceiling)


def regional(dossier: Dossier) -> Section:
    """Return the Parties side by side."""
    rows = dossier.audit.rows
    parties = list(dict.fromkeys((row.party, row.party_name) for row in rows))
    categories = list(dict.fromkeys((row.category, row.category_name) for row in rows))
    by_place = {(row.category, row.party): row for row in rows}
    groups = []
    for category, name in categories:
        lines: dict[str, list[Number | Judged | Days | str]] = {
            measure: [] for measure in ("Counted", "Ceiling", "Headroom", "Verdict", "Valid on")
        }
        for party, _ in parties:
            row = by_place.get((category, party))
            for measure, made in zip(lines, _measures(row), strict=True):
                lines[measure].append(made)
        groups.append(
            (
                name,
                tuple(
                    Row((name, measure, *found), category=category)
                    for measure, found in lines.items()
                ),
            )
        )
    table = Table(
        id="side-by-side",
        caption=f"The Parties side by side on {in_words(dossier.audit.as_of)}",
        columns=(
            CATEGORY,
            Column("Measure", "measure"),
            *(Column(party_name, party, Kind.NUMBER) for party, party_name in parties),
        ),
        groups=tuple(groups),
        heads=2,
    )
    return Section("side-by-side", "The Parties side by side", (table,))


def _measures(row: AuditRow | None) -> tuple[Number | Judged | Days | str, ...]:
    if row is None:
        return ("",) * 5
    return (
        Number(row.counted),
        ceiling(row),
        Number(row.headroom),
        Judged(row.verdict, row.conditional),
        valid_on(row),
    )


def fleet(dossier: Dossier) -> Section:
    """Return the treaty's count beside the active fleet."""
    why = (
        "The agreement counts what a Party holds, stored and unserviceable items included. "
        "Yearbooks and the press mostly tell the active fleet. A small active fleet is no excess "
        "room, and a large treaty count is no larger army."
    )
    if not dossier.fleets:
        none = "Of no limit asked about are both on record."
        return Section("fleet", "Treaty count and active fleet", (Text(why), Text(none)))
    table = Table(
        id="fleet",
        caption="The treaty's count beside the active fleet, where both are on record",
        columns=(
            *(PARTY, CATEGORY),
            Column("Treaty count", "counted", Kind.NUMBER),
            Column("Figure of", "declared_as_of", Kind.DAYS),
            Column("In service", "in_service", Kind.NUMBER),
            Column("Of", "of", Kind.LONG),
            Column("Published for", "in_service_as_of", Kind.DAYS),
            Column("Basis", "in_service_basis"),
            Column("Source", "in_service_source", Kind.LONG),
        ),
        groups=tuple(
            (item.party_name, tuple(_beside(item, one) for one in item.fleets))
            for item in dossier.fleets
        ),
        heads=2,
    )
    return Section("fleet", "Treaty count and active fleet", (Text(why), table))


def _beside(item: FleetBeside, one: ActiveFleet) -> Row:
    return Row(
        (
            item.party_name,
            item.category_name,
            Number(item.counted),
            Days(item.figure_of, item.stale),
            Number(one.quantity),
            one.type or "the category",
            Days(one.as_of),
            one.basis.value,
            one.row.source,
        ),
        item.party,
        item.category,
    )
