"""What is on record of duties with a due date: the annual exchange and what goes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import ShownBy
from compliance.assess import words
from compliance.assess.duty_rows import DutyRow, Handed, Outcome, Record
from compliance.values.dates import DateSpan, add_months, span_in_words
from compliance.values.received import ReceivedHolding, ReceivedMovement
from compliance.values.said import Said, joined, said
from compliance.values.vocabulary import NONE_CATEGORY, Basis, State

_NO_REPORT = said("A missing report is not a report of none.")
_NOT_SHOWN = said("Nothing that is recorded shows whether it was done.")

HINTS = (Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED)
"""The bases of figures that show, or hint, that a declaration was made."""


class Exchange:
    """Finds for a due date what was recorded of it."""

    def __init__(self, law: Agreement, record: Record) -> None:
        self._law = law
        self._record = record
        self._own: dict[tuple[str, date], list[ReceivedHolding]] = defaultdict(list)
        self._other: dict[str, list[ReceivedHolding]] = defaultdict(list)
        for item in record.holdings:
            row = item.item.row
            if row.basis is Basis.DECLARED and row.as_of.exact:
                self._own[row.party, row.as_of.first].append(item)
            if row.basis in HINTS and row.category != NONE_CATEGORY:
                self._other[row.party].append(item)

    def found(self, row: DutyRow) -> DutyRow:
        """Return a row of a due date with its outcome."""
        match row.duty.shown_by:
            case ShownBy.DECLARATION:
                found = self._declaration(row)
            case ShownBy.EXCLUSIONS:
                found = self._exclusions(row)
            case ShownBy.MOVEMENTS:
                found = self._movements(row)
            case ShownBy.CEILINGS:
                found = row.found(
                    Outcome.CANNOT_TELL,
                    said(
                        "Not a report but a state: the audit of that day compares holdings with "
                        "the ceilings."
                    ),
                )
            case _:
                found = row.found(Outcome.CANNOT_TELL, _NOT_SHOWN)
        if not self._past(row) and found.outcome is not Outcome.GIVEN:
            return found.found(Outcome.NOT_YET_DUE, found.reason if found.handed else "")
        return found

    def _past(self, row: DutyRow) -> bool:
        """True once the day is over: something can be handed over until its end."""
        return row.due is not None and row.due < self._record.as_of

    def _declaration(self, row: DutyRow) -> DutyRow:
        assert row.due is not None
        assert row.valid_on is not None
        own = _counted(self._own.get((row.party, row.valid_on), ()))
        if own:
            return self._categories(row, own, _first_by_category(own))
        parts = self._law.parts_on(row.party, row.due)
        of_parts = [_counted(self._own.get((part.id, row.valid_on), ())) for part in parts]
        if any(of_parts):
            return self._of_parts(row, [part.name_on(row.due) for part in parts], of_parts)
        party = self._law.party(row.party)
        whole = self._law.party(party.part_of) if party and party.part_of else None
        if whole is not None and _counted(self._own.get((whole.id, row.valid_on), ())):
            return row.found(
                Outcome.CANNOT_TELL,
                said(
                    "{party} declared as a whole; a declaration of its part is not on record.",
                    party=whole.name_on(row.due),
                ),
            )
        return self._hinted(row, [row.party, *(part.id for part in parts)])

    def _categories(
        self, row: DutyRow, rows: Sequence[ReceivedHolding], first: dict[str, date]
    ) -> DutyRow:
        """Return the row for a declaration of which each category has its first day, or none."""
        assert row.due is not None
        wanted = [category.id for category in self._law.categories]
        missing = tuple(c for c in wanted if c not in first)
        days = max(((first[c] - row.due).days for c in wanted if c in first), default=0)
        late = [c for c in wanted if c in first and first[c] > row.due]
        row = replace(
            row,
            handed=_handed(rows, wanted),
            missing=missing,
            rows=tuple(words.evidence(item.item) for item in rows),
        )
        after = days if late else None
        if missing and not first:
            nothing = said("Nothing on any category as a whole.")
            return row.found(Outcome.IN_PART, joined(" ", [nothing, _NO_REPORT]), after)
        if missing:
            nothing = said(
                "Nothing on {categories}; a missing report is not a report of none.",
                categories=self._named(missing),
            )
            recorded = self._recorded([c for c in wanted if c in first], late)
            return row.found(Outcome.IN_PART, joined(" ", [nothing, recorded]), after)
        if late:
            reason = (
                ""
                if len(late) == len(wanted)
                else said("After the date: {categories}.", categories=self._named(late))
            )
            return row.found(Outcome.LATE, reason, after)
        return row.found(Outcome.GIVEN)

    def _of_parts(
        self, row: DutyRow, names: Sequence[str], of_parts: Sequence[list[ReceivedHolding]]
    ) -> DutyRow:
        """Return the row of a whole that declared nothing itself: the sum of its parts."""
        firsts = [_first_by_category(rows) for rows in of_parts]
        common = set.intersection(*(set(first) for first in firsts))
        first = {category: max(f[category] for f in firsts) for category in common}
        row = self._categories(row, [item for rows in of_parts for item in rows], first)
        silent = [name for name, rows in zip(names, of_parts, strict=True) if not rows]
        if silent:
            nothing = said("Nothing of {parties}.", parties=words.listed(silent))
            return replace(row, reason=nothing)
        by_parts = said("Declared by its parts.")
        return replace(row, reason=joined(" ", [by_parts, row.reason]) if row.reason else by_parts)

    def _hinted(self, row: DutyRow, parties: Sequence[str]) -> DutyRow:
        """Return the row where no declaration is on record: what hints at one, if anything."""
        assert row.valid_on is not None
        hints = [item for party in parties for item in self._other[party] if _may_tell(item, row)]
        if not hints:
            return row.found(
                Outcome.MISSING,
                joined(
                    " ",
                    [
                        said("No declaration valid on {day} is on record.", day=row.valid_on),
                        _NO_REPORT,
                    ],
                ),
            )
        row = replace(row, rows=tuple(words.evidence(item.item) for item in hints))
        told = dict.fromkeys(
            said(
                "{basis} figures of {day}",
                basis=item.item.row.basis.word,
                day=span_in_words(item.item.row.as_of),
            )
            for item in hints
        )
        figures = words.listed(list(told))
        relayed = all(item.item.row.basis is Basis.RELAYED for item in hints)
        return row.found(
            Outcome.CANNOT_TELL,
            said(
                "On record are {figures}: somebody reports what a declaration said; when it was "
                "handed over is not known.",
                figures=figures,
            )
            if relayed
            else said(
                "On record are {figures}: whether they are the exchange valid on {day} is not "
                "known.",
                figures=figures,
                day=row.valid_on,
            ),
        )

    def _exclusions(self, row: DutyRow) -> DutyRow:
        assert row.due is not None
        assert row.valid_on is not None
        declared = self._own.get((row.party, row.valid_on), ())
        apart = [item for item in declared if not item.item.row.status.within_overall]
        if not apart:
            return row.found(
                Outcome.CANNOT_TELL,
                said("The declaration names no such items; there may be none.")
                if declared
                else said("No declaration is on record; there may have been nothing to report."),
            )
        row = replace(
            row,
            handed=_handed(apart, [category.id for category in self._law.categories]),
            rows=tuple(words.evidence(item.item) for item in apart),
        )
        return self._timely(row, max(item.on for item in apart))

    def _movements(self, row: DutyRow) -> DutyRow:
        assert row.due is not None
        year = DateSpan(add_months(row.due, -12), row.due)
        moved = [
            item
            for item in self._record.movements
            if item.item.row.state is State.DONE
            and _entry_or_removal(item, row.party)
            and item.item.row.date.last <= year.last
            and item.item.row.date.last > year.first
        ]
        own = [item for item in moved if item.item.row.basis.own_statement]
        row = replace(row, rows=tuple(words.evidence(item.item) for item in own or moved))
        if own:
            row = replace(row, handed=_handed(own, ()))
            found = self._timely(row, max(item.on for item in own))
            return replace(found, reason=said("Whether that is all that moved is not known."))
        if moved:
            return row.found(
                Outcome.CANNOT_TELL,
                said(
                    "Others report what moved in the twelve months before; the Party's own word is "
                    "not on record."
                ),
            )
        return row.found(
            Outcome.CANNOT_TELL,
            said("Nothing is on record; there may have been nothing to report."),
        )

    def _timely(self, row: DutyRow, last: date) -> DutyRow:
        assert row.due is not None
        days = (last - row.due).days
        return row.found(Outcome.LATE, days=days) if days > 0 else row.found(Outcome.GIVEN)

    def _recorded(self, categories: Iterable[str], late: Sequence[str]) -> Said:
        if not late:
            return said("Recorded: {categories}.", categories=self._named(categories))
        return said(
            "Recorded: {categories}, of which {late} after the date.",
            categories=self._named(categories),
            late=self._named(late),
        )

    def _named(self, categories: Iterable[str]) -> Said:
        wanted = set(categories)
        return words.listed([words.small(c.plural) for c in self._law.categories if c.id in wanted])


def _counted(rows: Iterable[ReceivedHolding]) -> list[ReceivedHolding]:
    """Return the rows that state holdings of a category; withheld is stated."""
    return [
        item
        for item in rows
        if item.item.row.status.within_overall and item.item.row.category != NONE_CATEGORY
    ]


def _first_by_category(rows: Iterable[ReceivedHolding]) -> dict[str, date]:
    first: dict[str, date] = {}
    for item in rows:
        category = item.item.row.category
        first[category] = min(first.get(category, date.max), item.on)
    return first


def _handed(
    rows: Iterable[ReceivedHolding] | Iterable[ReceivedMovement], order: Sequence[str]
) -> tuple[Handed, ...]:
    """Return the submissions that first said rows, the earliest first."""
    found: dict[tuple[date, str, str], set[str]] = defaultdict(set)
    for item in rows:
        row = item.item.row
        found[item.on, item.submission, row.basis.value].add(row.category)
    return tuple(
        Handed(submission, on, basis, tuple(c for c in order if c in categories))
        for (on, submission, basis), categories in sorted(found.items())
    )


def _may_tell(item: ReceivedHolding, row: DutyRow) -> bool:
    """True where a figure may come from the exchange that was due.

    It does where it is dated between the due date and the day the exchange is valid on; else the
    last exchange before it is what it may come from.
    """
    assert row.due is not None
    assert row.valid_on is not None
    as_of = item.item.row.as_of
    if as_of.first <= row.valid_on and as_of.last >= row.due:
        return True
    return row.valid_on < as_of.first and as_of.last < add_months(row.due, 12)


def _entry_or_removal(item: ReceivedMovement, party: str) -> bool:
    """True where something came to a party's holdings or left them."""
    row = item.item.row
    sides = [
        account.party == party and account.status.within_overall
        for account in (row.origin, row.destination)
    ]
    return sides[0] is not sides[1]
