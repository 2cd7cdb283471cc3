"""What a movement does: where each Party it touches stands without it and with it, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.assess import words
from compliance.assess.audit import row_of
from compliance.assess.bases import ITEMS
from compliance.assess.certainty import IN_THE_DECLARATION, unfounded
from compliance.assess.effect import Course, Effect, Point, Weight
from compliance.assess.outside import Outside
from compliance.assess.reasons import Reasons
from compliance.assess.result import LawUsed
from compliance.assess.standing import Request, Standing, Standings
from compliance.assess.summary import Case
from compliance.assess.tally import Change
from compliance.assess.timeline import turning_days
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Evidence, RecordedMovement
from compliance.values.records import Account
from compliance.values.said import Said, english, name, said
from compliance.values.vocabulary import State


def touched_parties(law: Agreement, accounts: Iterable[Account]) -> tuple[Party, ...]:
    """Return the Parties that accounts belong to, and the wholes that they are parts of."""
    found: dict[str, Party] = {}
    for account in accounts:
        party = law.party(account.party)
        while party is not None:
            found.setdefault(party.id, party)
            party = law.party(party.part_of) if party.part_of else None
    return tuple(p for p in law.parties if p.id in found)


def touched_categories(
    law: Agreement, lookup: TypeLookup, request: Request, item: RecordedMovement
) -> tuple[Category, ...]:
    """Return the limited categories in which a movement may count, under the readings in force."""
    names = {item.row.category}
    known = lookup(item.row.type) if item.row.type and law.catalogue else None
    if known is not None and not known.question:
        names.add(known.category)
    elif known is not None:
        answer = request.readings.answer(known.question)
        readings = known.readings
        names.update(readings.values() if answer is None else [readings.get(answer, "")])
    return tuple(category for category in law.categories if category.id in names)


class BeforeAfter:
    """Compares two bodies of evidence: a ledger without some movements and with them."""

    def __init__(
        self,
        law: Agreement,
        lookup: TypeLookup,
        request: Request,
        *,
        before: Evidence,
        after: Evidence,
    ) -> None:
        """Take both sides.

        Args:
            law: the agreement.
            lookup: finds a designation's type in the catalogue.
            request: its ``age_on`` is the day the comparison is made on.
            before: of every day from the first one that may be asked about.
            after: the same with the movements recorded.
        """
        assert request.age_on is not None
        self._law = law
        self._lookup = lookup
        self._request = request
        self._today = request.age_on
        self.before = Standings(law, lookup, before, request)
        self._after = Standings(law, lookup, after, request)

    def effect(
        self, recorded: Sequence[RecordedMovement], replaced: Sequence[RecordedMovement] = ()
    ) -> Effect:
        """Return what the movements do.

        Args:
            recorded: those of the after side.
            replaced: those of the before side that they take the place of.
        """
        rows = [*replaced, *recorded]
        start = min(item.row.date.first for item in rows)
        categories = {
            category.id: category
            for item in rows
            for category in touched_categories(self._law, self._lookup, self._request, item)
        }
        accounts = [side for item in rows for side in (item.row.origin, item.row.destination)]
        courses = [
            self._course(party, category, start, recorded)
            for party in touched_parties(self._law, accounts)
            for category in self._law.categories
            if category.id in categories
        ]
        return Effect(
            law=LawUsed.of(self._law),
            judged_on=self._today,
            readings=dict(sorted(self._request.readings.closed.items())),
            accept_stale=self._request.accept_stale,
            rows=tuple(map(words.evidence, recorded)),
            courses=tuple(course for course in courses if course is not None),
            outside=tuple(dict.fromkeys(self._outside(recorded))),
        )

    def _course(
        self,
        party: Party,
        category: Category,
        start: date,
        recorded: Sequence[RecordedMovement],
    ) -> Course | None:
        pairs = list(self._pairs(party, category, start))
        if not pairs:
            return None
        points = tuple(
            Point(
                one.day,
                row_of(self._law, self._request, one),
                row_of(self._law, self._request, other),
            )
            for one, other in pairs
        )
        shown = [point.day for point in points]
        weights, remedies = self._weights(party, category, shown, recorded)
        return Course(
            party=party.id,
            party_name=party.name_on(max(start, self._today)),
            category=category.id,
            category_name=name(category.plural),
            points=points,
            weights=weights,
            remedies=remedies,
        )

    def _pairs(
        self, party: Party, category: Category, start: date
    ) -> Iterator[tuple[Standing, Standing]]:
        """Yield both sides on the first day and each later one on which a figure changes."""
        days = {*turning_days(self.before, party, start, date.max)}
        days |= {*turning_days(self._after, party, start, date.max)}
        if self._today >= start:
            days.add(self._today)
        last: tuple[object, ...] | None = None
        for day in sorted(days):
            if party.membership_on(day) is None and party.gap_on(day) is None:
                continue
            pair = (self.before.at(party, category, day), self._after.at(party, category, day))
            shown = tuple(map(_shown, pair))
            if shown != last:
                yield pair
                last = shown

    def _weights(
        self,
        party: Party,
        category: Category,
        shown: Sequence[date],
        recorded: Sequence[RecordedMovement],
    ) -> tuple[tuple[Weight, ...], tuple[str, ...]]:
        """Say how surely each movement counts from which day on, and what would make it certain."""
        weights: list[Weight] = []
        remedies: list[str] = []
        for item in recorded:
            what = said(
                "{quantity} {what}",
                quantity=words.span(item.row.quantity),
                what=item.row.type or ITEMS,
            )
            last = ""
            change: Change | None = None
            # Its last possible day may change how sure it is and no figure.
            for day in sorted({*shown, item.row.date.last}):
                standing = self._after.at(party, category, day)
                change = _change(standing, item)
                text = self._weight(standing, item, change)
                if text and text != last:
                    weights.append(Weight(day, said("{what} {weight}", what=what, weight=text)))
                    last = text
            if change is not None:
                remedies += _remedies(change, party.id)
        return tuple(weights), tuple(dict.fromkeys(remedies))

    def _weight(self, standing: Standing, item: RecordedMovement, change: Change | None) -> str:
        """Return how surely a movement counts by a day; empty where it cannot have happened yet."""
        if item.row.date.first > standing.day:
            return ""
        if change is not None:
            return self._hanging_on(self._reasons(standing).certainty(change), change)
        declared = standing.position.declared_as_of
        if declared is not None and item.row.date.last <= declared.first:
            return said("in the figure as of {day} already", day=str(declared))
        if item.row.origin.party == item.row.destination.party:
            return said("count alike under both statuses")
        return ""

    def _hanging_on(self, certainty: Said, change: Change) -> Said:
        """Add the open questions on which it depends whether a movement counts."""
        tests = {test.question for leg in change.legs for test in leg.counts.tests}
        still_open = [f"'{test}'" for test in sorted(tests) if self._request.readings.is_open(test)]
        if not still_open:
            return certainty
        questions = words.listed(still_open)
        if len(still_open) > 1:
            return said(
                "{certainty}, as the open questions {questions} may be answered",
                certainty=certainty,
                questions=questions,
            )
        return said(
            "{certainty}, as the open question {question} may be answered",
            certainty=certainty,
            question=questions,
        )

    def _reasons(self, standing: Standing) -> Reasons:
        case = Case(
            self._law,
            self._request.readings,
            standing.party,
            standing.category.id,
            standing.day,
            self._request.accept_stale,
        )
        return Reasons(case)

    def _outside(self, recorded: Sequence[RecordedMovement]) -> Iterator[str]:
        for item in recorded:
            row = item.row
            for account in (row.origin, row.destination):
                actor = self._law.actor(account.party)
                if actor is not None:
                    yield said(
                        "{actor}: counted against nobody. {wording}",
                        actor=name(actor.name),
                        wording=english(actor.wording),
                    )
            if touched_categories(self._law, self._lookup, self._request, item):
                continue
            known = self._lookup(row.type) if row.type and self._law.catalogue else None
            if known is None:
                yield said(
                    "{type}: recorded as in no limited category ('none').",
                    type=row.type or said("Items"),
                )
                continue
            # Only the readings and the type are asked for; any evidence would do.
            outside = Outside(
                self._law,
                self._after.counter,
                self._after.positions,
                self._request.readings,
                self._today,
            )
            why, _ = outside.why(known)
            yield said("{type}: outside the limits. {why}", type=known.name, why=why)
            for answer, id_ in known.readings.items():
                category = self._law.category(id_)
                if category is not None:
                    yield said(
                        "Read otherwise it would count as {category}: --reading "
                        "{question}={answer}.",
                        category=words.small(category.name),
                        question=known.question,
                        answer=answer,
                    )


def _shown(standing: Standing) -> tuple[object, ...]:
    position, judgement = standing.position, standing.judgement
    return (
        position.counted,
        position.judged,
        position.stale,
        judgement.ceiling,
        judgement.derived,
        judgement.verdict,
        judgement.conditional,
    )


def _change(standing: Standing, item: RecordedMovement) -> Change | None:
    changes = (c for tally in standing.position.tallies for c in tally.changes)
    return next((c for c in changes if c.recorded.ref == item.ref), None)


def _remedies(change: Change, party: str) -> Iterator[str]:
    """Yield what would make a movement certain that is not, when its time has come."""
    item = change.recorded
    if item.row.state is State.PLANNED:
        yield said("once it is done: compliance deliver {ref} --on DATE", ref=item.ref)
    elif change.why == IN_THE_DECLARATION:
        yield said("the day it happened, or a declaration of a later day, would make it certain")
    holder = item.row.origin.party or item.row.destination.party
    why = unfounded(item, holder if party not in _parties(item) else party, change.legs)
    if why.startswith("an arrival"):
        yield said(
            "{why} and only widens the span. An official statement or better would make it "
            "certain: record it with --basis official, or correct this row",
            why=why,
        )
    elif why:
        yield said(
            "{why} and only widens the span. A notification by the Party would make it certain: "
            "record it with --basis notified, or correct this row",
            why=why,
        )


def _parties(item: RecordedMovement) -> set[str]:
    return {item.row.origin.party, item.row.destination.party}
