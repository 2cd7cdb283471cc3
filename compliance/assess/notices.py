"""Changes of so many percent, which had to be notified within some days, or may have had to be.

The duty is about what a unit holds. Where the unit of a movement is known and a declaration states
what that unit held, the change is of that. Else it is compared with all that the Party declared in
the category: where that changed by so much, the holdings of some unit must have, but of which, and
when it was told, is not on record. So nothing there is more than "may have had to be notified".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Obligation, Party
from compliance.assess import stated, words
from compliance.assess.change_size import (
    Change,
    Figure,
    effect_on,
    reaches,
    share,
    surely_reaches,
    told,
    total_of,
)
from compliance.assess.duty_rows import DutyRow, Handed, Outcome, Record, row_of
from compliance.assess.losses import CalledFor
from compliance.values.dates import DateSpan, add_months
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.names import fold
from compliance.values.received import ReceivedHolding, ReceivedMovement
from compliance.values.said import Said, joined, said, said_many
from compliance.values.span import ZERO, Span
from compliance.values.vocabulary import Basis, State

COMPARED = (Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED)
"""The bases of figures that a change is compared with."""

_NOTICE_MONTHS = 12
"""A notified figure dated later than that after a change is not the notice of it."""


def notices(
    law: Agreement, record: Record, first: int, last: int, parties: Sequence[str] | None
) -> CalledFor:
    """Return the changes of some years that were to be notified, or may have been.

    Args:
        law: the agreement.
        record: what is on record, from before the first year on.
        first: the first year.
        last: the last year.
        parties: ids; ``None`` for all.
    """
    finder = _Finder(law, record, first, last)
    rows: list[DutyRow] = []
    for party in law.parties:
        if parties is None or party.id in parties:
            for category in law.categories:
                rows += finder.find(party, category.id)
    rows.sort(key=lambda row: (row.happened.last if row.happened else date.min, row.party))
    notes: list[str] = []
    if finder.of_wholes:
        notes.append(
            said(
                "Changes to be notified: the duty is about what a unit holds. Where the unit is "
                "not known, a change is compared with all that the Party declared in the category; "
                "of smaller ones it cannot be told what part of a unit they were."
            )
        )
    if finder.not_compared:
        notes.append(
            said_many(
                "Changes to be notified: {count} movement could not be compared: no declared "
                "figure of the {months} months before states the whole category.",
                "Changes to be notified: {count} movements could not be compared: no declared "
                "figure of the {months} months before states the whole category.",
                finder.not_compared,
                months=law.current_months,
            )
        )
    return CalledFor(tuple(rows), tuple(notes))


class _Finder:
    """Goes through the movements of a party in a category, from declaration to declaration."""

    def __init__(self, law: Agreement, record: Record, first: int, last: int) -> None:
        self._law = law
        self._record = record
        self._first, self._last = first, last
        self._declarations = _declarations(record.holdings)
        self.not_compared = 0
        self.of_wholes = 0

    def find(self, party: Party, category: str) -> Iterable[DutyRow]:
        """Yield the changes, unit by unit where both sides name it, then of all the rest."""
        changes = [
            Change(item, effect)
            for item in self._record.movements
            if item.item.row.state is State.DONE
            and item.item.row.date.last <= self._record.as_of
            and self._category(item) == category
            and (effect := effect_on(item, party.id)) != ZERO
        ]
        rest: list[Change] = []
        by_unit: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_unit[fold(change.item.item.row.more.unit)].append(change)
        for unit, some in by_unit.items():
            figures = self._figures(party.id, category, unit) if unit else []
            if figures:
                yield from self._walk(party, category, some, figures, unit_known=True)
            else:
                rest += some
        figures = self._figures(party.id, category, "")
        rest.sort(key=lambda c: (c.item.item.row.date.last, c.item.item.row.date.first))
        yield from self._walk(party, category, rest, figures, unit_known=False)

    def _walk(
        self,
        party: Party,
        category: str,
        changes: Iterable[Change],
        figures: Sequence[Figure],
        *,
        unit_known: bool,
    ) -> Iterable[DutyRow]:
        """Add changes up until they reach the percentage; each update is the base of the next."""
        base: Figure | None = None
        running: list[Change] = []
        for change in changes:
            moved = change.item.item.row
            day = moved.date.last
            duty = self._law.duty_of_change(day)
            if duty is None or not (party.membership_on(day) or party.gap_on(day)):
                continue
            stated_base = max(
                (f for f in figures if f.as_of.last < moved.date.first),
                key=lambda f: f.preference,
                default=None,
            )
            if stated_base is not None and (
                base is None or stated_base.preference > base.preference
            ):
                base, running = stated_base, []
            within = self._first <= day.year <= self._last
            if base is None or add_months(base.as_of.last, self._law.current_months) < day:
                self.not_compared += within
                continue
            running.append(change)
            total = total_of(running)
            if not reaches(total, base.quantity, duty.change_percent or 0):
                continue
            if within:
                self.of_wholes += not unit_known
                yield self._row(duty, party, category, running, base, unit_known=unit_known)
            base = replace(base, quantity=(base.quantity + total).cut_at_zero(), updated=True)
            running = []

    def _row(
        self,
        duty: Obligation,
        party: Party,
        category: str,
        changes: Sequence[Change],
        base: Figure,
        *,
        unit_known: bool,
    ) -> DutyRow:
        last = changes[-1].item.item.row
        sure = unit_known and surely_reaches(
            total_of(changes), base.quantity, duty.change_percent or 0
        )
        within = duty.within_days
        latest = (
            None
            if within is None or within.high is None
            else last.date.last + timedelta(within.high)
        )
        behind: list[RecordedHolding | RecordedMovement] = [
            *base.rows,
            *(change.item.item for change in changes),
        ]
        row = row_of(
            duty,
            party,
            last.date.last,
            due=latest,
            happened=last.date,
            category=category,
            rows=tuple(map(words.evidence, behind)),
        )
        change = said("{change}; {share}", change=told(changes), share=share(changes, base))
        text = _to_be_notified(change, _allowed(last.date, within), sure=sure)
        notice = self._notice(party.id, category, changes[-1])
        if notice is None:
            if latest is not None and latest >= self._record.as_of:
                return row.found(Outcome.NOT_YET_DUE, text)
            done = joined(" ", [text, said("No notice is on record.")])
            return row.found(Outcome.MISSING if sure else Outcome.NOT_ON_RECORD, done)
        row = replace(row, handed=(notice,))
        if within is None or latest is None:
            return row.found(Outcome.GIVEN, text)
        if notice.on > latest:
            days = (notice.on - latest).days
            return row.found(Outcome.LATE if sure else Outcome.RECORDED_AFTER, text, days)
        if notice.on <= last.date.first + timedelta(within.low or 0):
            return row.found(Outcome.GIVEN, text)
        doubt = said("It was recorded within what the days may mean.")
        return row.found(Outcome.CANNOT_TELL, joined(" ", [text, doubt]))

    def _notice(self, party: str, category: str, change: Change) -> Handed | None:
        """Return the first that the Party itself is on record to have told of it."""
        moved = change.item.item.row
        latest = add_months(moved.date.last, _NOTICE_MONTHS)
        told: list[ReceivedHolding | ReceivedMovement] = [
            item
            for item in self._record.holdings
            if item.item.row.basis is Basis.NOTIFIED
            and (item.item.row.party, item.item.row.category) == (party, category)
            and item.item.row.as_of.last >= moved.date.first
            and item.item.row.as_of.first <= latest
        ]
        if moved.basis.own_statement:
            told.append(change.item)
        first = min(told, key=lambda item: item.on, default=None)
        if first is None:
            return None
        return Handed(first.submission, first.on, first.item.row.basis.value, (category,))

    def _category(self, item: ReceivedMovement) -> str:
        """Return the category that moved; empty where it is open or not known."""
        row = item.item.row
        known = self._record.known(row.type) if row.type else None
        return row.category or (known.category if known else "")

    def _figures(self, party: str, category: str, unit: str) -> list[Figure]:
        """Return what a party declared of a category, or of a unit's holdings in it."""
        found: list[Figure] = []
        for declaration in self._declarations:
            if declaration.party != party:
                continue
            rows = (
                [
                    i
                    for i in declaration.rows
                    if i.row.category == category and fold(i.row.more.unit) == unit
                ]
                if unit
                else stated.of_category(declaration, category)
            )
            whole = stated.totals(rows)
            if not whole and declaration.basis is not Basis.RELAYED:
                whole = stated.typed(rows)
            if whole and not any(item.row.withheld for item in whole):
                found.append(
                    Figure(
                        declaration.as_of,
                        stated.quantity(whole),
                        declaration.basis,
                        (declaration.as_of.last, -declaration.basis.rank, declaration.order),
                        tuple(whole),
                    )
                )
        return found


def _declarations(holdings: Iterable[ReceivedHolding]) -> list[Declaration]:
    grouped: dict[tuple[str, DateSpan, Basis, str, int], list[RecordedHolding]] = defaultdict(list)
    for item in holdings:
        row = item.item.row
        if row.basis in COMPARED:
            grouped[row.party, row.as_of, row.basis, row.source, item.order].append(item.item)
    return [
        Declaration(party, as_of, basis, source, order, tuple(rows))
        for (party, as_of, basis, source, order), rows in grouped.items()
    ]


def _to_be_notified(change: Said, allowed: Said | None, *, sure: bool) -> Said:
    if allowed is None:
        if sure:
            return said("{change}: had to be notified.", change=change)
        return said("{change}: may have had to be notified.", change=change)
    if sure:
        return said("{change}: had to be notified {by}.", change=change, by=allowed)
    return said("{change}: may have had to be notified {by}.", change=change, by=allowed)


def _allowed(happened: DateSpan, within: Span | None) -> Said | None:
    """Return by which day; ``None`` where there is none."""
    if within is None or within.high is None:
        return None
    first = happened.first + timedelta(within.low or 0)
    last = happened.last + timedelta(within.high)
    if first == last:
        return said("by {day}", day=last)
    return said("by {day} at the latest ({days} days after)", day=last, days=words.span(within))
