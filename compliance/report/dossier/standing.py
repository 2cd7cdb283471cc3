"""Where everybody stands on the day: the answer, the headroom, side by side, the active fleet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.assess import words
from compliance.assess.answer import Answer
from compliance.assess.dossier import Dossier
from compliance.assess.fleet import ActiveFleet, FleetBeside
from compliance.assess.result import AuditRow
from compliance.report import cells, phrases
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
from compliance.values.said import Said, joined, name, said
from compliance.values.vocabulary import Verdict

COUNTED = Column(said("Counted"), "counted", Kind.NUMBER)
CEILING = Column(said("Ceiling"), "ceiling", Kind.NUMBER)
HEADROOM = Column(said("Headroom"), "headroom", Kind.NUMBER)
VERDICT = Column(said("Verdict"), "verdict", Kind.VERDICT)
PARTY = Column(said("Party"), "party_name")
CATEGORY = Column(said("Category"), "category_name")


def answer(dossier: Dossier) -> Section:
    """Return the answer: what somebody reads who reads nothing else."""
    found = dossier.answers
    blocks = [Text(found.headline, "lead"), Text(found.why)]
    return Section(
        "answer", said("The answer"), (*blocks, Cards(tuple(_card(item) for item in found.parties)))
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
        caption=said("Headroom under each ceiling on {day}", day=dossier.audit.as_of),
        columns=(
            *(PARTY, CATEGORY),
            Column(said("Held"), "held", Kind.NUMBER),
            Column(said("Not counted"), "not_counted", Kind.NUMBER),
            *(COUNTED, CEILING, HEADROOM),
            Column(said("% used"), "utilisation", Kind.SHARE),
            VERDICT,
            Column(said("Basis"), "basis"),
            Column(said("Stated by"), "stated_by", Kind.LONG),
            Column(said("Valid on"), "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (mine[0].party_name, tuple(_line(row) for row in mine)) for mine in _by_party(rows)
        ),
        heads=2,
    )
    in_words = Items(
        "in-words",
        said("Each limit in words"),
        tuple((phrases.limit(row.party_name, row.category_name), row.summary) for row in rows),
    )
    law = Table(
        id="ceilings",
        caption=said("The law behind each ceiling"),
        columns=(
            *(PARTY, CATEGORY, CEILING),
            Column(said("Instrument"), "instrument", Kind.LONG),
            Column(said("Known from"), "law_status"),
            Column(said("Grade"), "law_grade"),
        ),
        groups=tuple(
            (mine[0].party_name, tuple(_law(row) for row in mine)) for mine in _by_party(rows)
        ),
        heads=2,
    )
    charts = tuple(_bars(list(mine)) for mine in _by_party(rows))
    return Section(
        "headroom", said("Headroom"), (table, Text(_LEGEND, "note"), Charts(charts), in_words, law)
    )


_LEGEND = said(
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
        caption=said("Headroom under each ceiling on {day}", day=dossier.audit.as_of),
        columns=(
            *(PARTY, CATEGORY, COUNTED, CEILING, HEADROOM, VERDICT),
            Column(said("Valid on"), "declared_as_of", Kind.DAYS),
        ),
        groups=tuple(
            (
                mine[0].party_name,
                tuple(
                    Row(
                        (name(row.party_name), name(row.category_name), *_measures(row)),
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
    return Section("totals", said("Headroom"), (table, Text(_LEGEND, "note")))


def _by_party(rows: Iterable[AuditRow]) -> Iterator[list[AuditRow]]:
    grouped: dict[str, list[AuditRow]] = {}
    for row in rows:
        grouped.setdefault(row.party, []).append(row)
    yield from grouped.values()


def _line(row: AuditRow) -> Row:
    used = row.utilisation or (None, None)
    return Row(
        (
            name(row.party_name),
            name(row.category_name),
            Number(row.held),
            Number(row.not_counted),
            Number(row.counted),
            ceiling(row),
            Number(row.headroom),
            Share(*used, cells.percent(row)),
            Judged(row.verdict, row.conditional),
            cells.basis(row),
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
    return Days(row.declared_as_of, row.stale, none=said("none"))


def _law(row: AuditRow) -> Row:
    law = row.citation
    cited: tuple[str, str, str] = (said("not known"), "", "")
    if law is not None:
        cited = (law.place(), law.status.word, law.grade.value)
    names = (name(row.party_name), name(row.category_name))
    return Row((*names, ceiling(row), *cited), row.party, row.category)


def _bars(rows: list[AuditRow]) -> Chart:
    pieces = [
        said(
            "{category} {counted} of {ceiling}, {verdict}",
            category=words.small(row.category_name),
            counted=words.span(row.counted),
            ceiling=_told(row),
            verdict=cells.verdict(row),
        )
        for row in rows
    ]
    return Chart(
        id=f"headroom-{rows[0].party}",
        kind="headroom",
        title=said("{party}: counted against ceiling", party=name(rows[0].party_name)),
        party=rows[0].party,
        category="",
        alt=said(
            "Bars of the counted span against the ceiling: {rows}.", rows=joined("; ", pieces)
        ),
    )


def _told(row: AuditRow) -> Said:
    if row.ceiling is None and row.ceiling_derived is not None:
        return said("{ceiling} (only derived)", ceiling=words.span(row.ceiling_derived))
    return words.span(row.ceiling)


def regional(dossier: Dossier) -> Section:
    """Return the Parties side by side."""
    rows = dossier.audit.rows
    parties = list(dict.fromkeys((row.party, name(row.party_name)) for row in rows))
    categories = list(dict.fromkeys((row.category, name(row.category_name)) for row in rows))
    by_place = {(row.category, row.party): row for row in rows}
    groups = []
    for category, category_name in categories:
        lines: dict[str, list[Number | Judged | Days | str]] = {
            measure: [] for measure in _MEASURES
        }
        for party, _ in parties:
            row = by_place.get((category, party))
            for measure, made in zip(lines, _measures(row), strict=True):
                lines[measure].append(made)
        groups.append(
            (
                category_name,
                tuple(
                    Row((category_name, measure, *found), category=category)
                    for measure, found in lines.items()
                ),
            )
        )
    table = Table(
        id="side-by-side",
        caption=said("The Parties side by side on {day}", day=dossier.audit.as_of),
        columns=(
            CATEGORY,
            Column(said("Measure"), "measure"),
            *(Column(party_name, party, Kind.NUMBER) for party, party_name in parties),
        ),
        groups=tuple(groups),
        heads=2,
    )
    return Section("side-by-side", said("The Parties side by side"), (table,))


_MEASURES = (
    *(said("Counted"), said("Ceiling"), said("Headroom"), said("Verdict"), said("Valid on")),
)


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
    why = said(
        "The agreement counts what a Party holds, stored and unserviceable items included. "
        "Yearbooks and the press mostly tell the active fleet. A small active fleet is no excess "
        "room, and a large treaty count is no larger army."
    )
    if not dossier.fleets:
        none = said("Of no limit asked about are both on record.")
        return Section("fleet", said("Treaty count and active fleet"), (Text(why), Text(none)))
    table = Table(
        id="fleet",
        caption=said("The treaty's count beside the active fleet, where both are on record"),
        columns=(
            *(PARTY, CATEGORY),
            Column(said("Treaty count"), "counted", Kind.NUMBER),
            Column(said("Figure of"), "declared_as_of", Kind.DAYS),
            Column(said("In service"), "in_service", Kind.NUMBER),
            Column(said("Of"), "of", Kind.LONG),
            Column(said("Published for"), "in_service_as_of", Kind.DAYS),
            Column(said("Basis"), "in_service_basis"),
            Column(said("Source"), "in_service_source", Kind.LONG),
        ),
        groups=tuple(
            (item.party_name, tuple(_beside(item, one) for one in item.fleets))
            for item in dossier.fleets
        ),
        heads=2,
    )
    return Section("fleet", said("Treaty count and active fleet"), (Text(why), table))


def _beside(item: FleetBeside, one: ActiveFleet) -> Row:
    return Row(
        (
            name(item.party_name),
            name(item.category_name),
            Number(item.counted),
            Days(item.figure_of, item.stale),
            Number(one.quantity),
            one.type or said("the category"),
            Days(one.as_of),
            one.basis.word,
            one.row.source,
        ),
        item.party,
        item.category,
    )
