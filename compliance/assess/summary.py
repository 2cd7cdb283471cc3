"""A row of an audit in a sentence or two, for somebody who reads nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Ceiling, Party
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.judge import Judgement, compare
from compliance.assess.position import Position
from compliance.values.dates import span_in_words
from compliance.values.evidence import Declaration
from compliance.values.frozen import frozen
from compliance.values.records import Holding
from compliance.values.said import Said, joined, said, said_many
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis, Status, Verdict

# So many arrivals that are only possible are named in a row's summary.
_MOST_POSSIBLE = 4


@frozen
class Case:
    """Whose row it is, and on what it was judged.

    Attributes:
        category: its id.
        accept_stale: a figure that is too old was accepted.
    """

    law: Agreement
    readings: Readings
    party: Party
    category: str
    day: date
    accept_stale: bool


def summary(
    case: Case, position: Position, ceiling: Ceiling, judgement: Judgement, tipping: Iterable[str]
) -> Said:
    """Return the row in a sentence or two, for somebody who reads nothing else."""
    told = list(_told(case, position, ceiling, judgement))
    if judgement.conditional:
        told.append(said("Only under the readings given."))
    return joined(" ", [*told, *tipping])


def _told(case: Case, position: Position, ceiling: Ceiling, judgement: Judgement) -> Iterable[Said]:
    """Yield the verdict and what it was given on, or why there is none."""
    counted = words.span(position.counted)
    limit = words.span(judgement.ceiling)
    figure = position.declared_as_of
    if judgement.verdict is Verdict.WITHIN and figure is not None:
        yield said(
            "Within: {counted} of {limit}, by the figure of {day}.",
            counted=counted,
            limit=limit,
            day=span_in_words(figure),
        )
    elif judgement.verdict is Verdict.EXCEEDS and figure is not None:
        yield said(
            "Exceeds: {counted} against a ceiling of {limit}, by the figure of {day}.",
            counted=counted,
            limit=limit,
            day=span_in_words(figure),
        )
    elif judgement.verdict is Verdict.EXCEEDS:
        yield said(
            "Exceeds: {counted} against a ceiling of {limit}, by what moved alone.",
            counted=counted,
            limit=limit,
        )
    elif judgement.verdict is Verdict.NOT_BINDING and ceiling.limit is not None:
        yield said(
            "Not binding before {day}: {counted} counted, agreed ceiling {limit}.",
            day=ceiling.limit.binding_from,
            counted=counted,
            limit=limit,
        )
    else:
        causes = list(_obstacles(case, position, ceiling, judgement))
        yield said("Cannot tell: {causes}.", causes=joined("; ", causes))
        if position.stale and figure is not None and not case.accept_stale:
            yield from last_verdict(case, position, figure.last)
            yield from _later(case, position)


def _obstacles(
    case: Case, position: Position, ceiling: Ceiling, judgement: Judgement
) -> Iterable[Said]:
    """Yield what stands in the way of a verdict."""
    if case.party.membership_on(case.day) is None:
        yield said("whether it was a Party on the day is not certain")
    if ceiling.limit is None:
        yield said("the ceiling is not known")
    elif judgement.ceiling is None:
        yield said("the ceiling is only derived ({limit})", limit=words.span(ceiling.limit.value))
    if position.declared_as_of is None and position.counted:
        yield said(
            "no figure is on record, only {counted} by movements",
            counted=words.span(position.counted),
        )
    elif position.declared_as_of is None:
        yield said("no figure is on record")
    elif not position.complete:
        yield said("a part has declared nothing")
    if position.stale and position.declared_as_of and not case.accept_stale:
        yield said(
            "the best figure on record, of {day}, is too old",
            day=span_in_words(position.declared_as_of),
        )
    if position.declared_as_of and position.counted and position.counted.high is None:
        yield said("{counted} is all that is published", counted=words.span(position.counted))
        yield from _possible(case, position)
    elif position.counted and position.declared_as_of and not position.counted.exact:
        yield said("the count lies anywhere from {counted}", counted=words.span(position.counted))
    if position.sightings:
        yield said("inspectors saw more than was declared")


def _possible(case: Case, position: Position) -> Iterable[Said]:
    """Name what may have come besides: where the count is open above, no number shows it."""
    found = [
        said(
            "{quantity} {what}",
            quantity=words.span(change.recorded.row.quantity),
            what=change.name,
        )
        for tally in position.tallies
        for change in tally.changes
        if not (change.certain or change.rises or change.ruled_out(case.readings))
        and change.weight > 0
    ]
    named = list(dict.fromkeys(found))
    if named:
        more = len(named) - _MOST_POSSIBLE
        kept = named[:_MOST_POSSIBLE]
        if more > 0:
            kept.append(said_many("{count} more", "{count} more", more))
        yield said("possible besides, and not certain: {items}", items=words.listed(kept))


def last_verdict(case: Case, position: Position, then: date) -> Iterable[Said]:
    """Yield the verdict on the day of the figure in use, where there was one."""
    declared = position.tallies[0].declaration if not position.parts else None
    limit = case.law.ceiling(case.party.id, case.category, then).limit
    if declared is None or limit is None or limit.citation.status.value == "derived":
        return
    figure = declared_span(declared, case.category)
    if figure is None or then < limit.binding_from:
        return
    verdict = compare(figure, limit.value)
    if verdict is not Verdict.INDETERMINATE:
        yield said(
            "What it last was: {verdict} on {day} ({figure} of {limit}, headroom {room}).",
            verdict=verdict.word,
            day=then,
            figure=words.span(figure),
            limit=words.span(limit.value),
            room=str(limit.value - figure),
        )


def _later(case: Case, position: Position) -> Iterable[Said]:
    """Say what a weaker but newer figure has, where the one in use is old."""
    newest = next((d for d in position.others if d.basis is not Basis.OBSERVED), None)
    if newest is None or position.declared_as_of is None:
        return
    if newest.as_of.last > position.declared_as_of.last:
        yield said(
            "Newer, on the weaker basis '{basis}': {figures} ({day}).",
            basis=newest.basis.word,
            figures=figures(newest, case.category),
            day=span_in_words(newest.as_of),
        )


def figures(declaration: Declaration, category: str) -> Said:
    """Return what a declaration states of a category, in words."""
    rows = [i.row for i in declaration.rows if i.row.category == category]
    return words.listed([_figure_of(row) for row in rows])


def declared_span(declaration: Declaration, category: str) -> Span | None:
    """Return the total a declaration states for a category, if it states one."""
    totals = [
        i.row.quantity
        for i in declaration.rows
        if i.row.category == category and not i.row.type and i.row.status is Status.OVERALL
    ]
    return total(totals) if totals else None


def _figure_of(row: Holding) -> Said:
    quantity = words.span(row.quantity)
    return said("{quantity} {what}", quantity=quantity, what=row.type) if row.type else quantity
