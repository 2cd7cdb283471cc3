"""A holding that changed from one declaration to the next by more than anything on record explains.

Only what is certain is said: of two declarations of one basis, the second the next after the first
and near enough to be compared, the smallest possible change must still be too large after every
movement that could lie between them. Estimates, press reports and public statements are not
compared: one differs from the next by who made it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from compliance.agreement.law import Agreement
from compliance.assess import stated, words
from compliance.assess.result import EvidenceRow
from compliance.assess.types import KnownType, TypeLookup
from compliance.values.dates import add_months, span_in_words
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import Said, joined, said
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis

COMPARED = (Basis.DECLARED, Basis.RELAYED)
"""The bases on which one declaration is compared with the next. A notification of a new figure is
itself what a jump would have called for."""


@frozen
class Jump:
    """A change that nothing on record explains.

    Attributes:
        type: the type it is a change of; empty for the whole category.
        message: what changed, in a sentence.
    """

    type: str
    message: str
    rows: tuple[EvidenceRow, ...]


@frozen
class Jumps:
    """Finds jumps.

    Attributes:
        percent: a change of more than so many percent of the earlier figure is a jump.
        months: two declarations further apart than this are not compared.
        known: what the catalogue knows of a designation.
    """

    percent: int
    months: int
    known: stated.Known

    def find(
        self,
        now: Declaration,
        declarations: Sequence[Declaration],
        movements: Sequence[RecordedMovement],
        category: str,
    ) -> Iterable[Jump]:
        """Yield the jumps to a declaration from the one before it.

        Where the category as a whole did not jump, or cannot be compared, each type that both
        declarations name is looked at.

        Args:
            now: the later declaration.
            declarations: of the same party, that one may be in them.
            movements: all that may lie between.
            category: the category.
        """
        before = self._before(now, declarations, category)
        if before is None:
            return
        between = [
            m
            for m in movements
            if m.row.date.last > before.as_of.first and m.row.date.first <= now.as_of.last
        ]
        old, new = stated.of_category(before, category), stated.of_category(now, category)
        jump = self._jump(
            "",
            _whole(before, old),
            _whole(now, new),
            _moved([m for m in between if self._may_be(m, category)], now.party),
        )
        if jump is not None:
            yield jump
            return
        old_types, new_types = self._by_type(old), self._by_type(new)
        for name in sorted(old_types.keys() & new_types.keys()):
            moving = [m for m in between if self._may_be_of(m, name, category)]
            jump = self._jump(
                new_types[name][0].row.type,
                old_types[name],
                new_types[name],
                _moved(moving, now.party),
            )
            if jump is not None:
                yield jump

    def _before(
        self, now: Declaration, declarations: Sequence[Declaration], category: str
    ) -> Declaration | None:
        """Return the declaration to compare with, if there is one."""
        if now.basis not in COMPARED:
            return None
        own = [d for d in declarations if d.party == now.party and d.covers(category)]
        before = max(
            (d for d in own if d.basis is now.basis and d.as_of.last < now.as_of.first),
            key=lambda d: d.preference,
            default=None,
        )
        if before is None or add_months(before.as_of.first, self.months) < now.as_of.last:
            return None
        notified = any(
            d.basis is Basis.NOTIFIED
            and d.as_of.last > before.as_of.first
            and d.as_of.first <= now.as_of.last
            for d in own
        )
        return None if notified else before

    def _jump(
        self,
        type_: str,
        old: Sequence[RecordedHolding],
        new: Sequence[RecordedHolding],
        moved: Span,
    ) -> Jump | None:
        if not old or not new:
            return None
        was, is_ = stated.quantity(old), stated.quantity(new)
        if not exceeds(was, is_, moved, self.percent):
            return None
        rose = (is_.low or 0) > (was.low or 0)
        explained = (moved.high if rose else -(moved.low or 0)) or 0
        change = _in_words(
            type_,
            rose=rose,
            old=words.span(was),
            before=span_in_words(old[0].row.as_of),
            new=words.span(is_),
            after=span_in_words(new[0].row.as_of),
        )
        share = _percent(was, is_)
        if share is not None:
            change = said("{change}, by {percent} %", change=change, percent=share)
        message = (
            said(
                "{change}, and movements on record explain at most {number} of it.",
                change=change,
                number=explained,
            )
            if explained
            else said("{change}, and no movement on record explains it.", change=change)
        )
        if new[0].row.basis is Basis.RELAYED:
            relayed = said(
                "Both are published figures, as relayed, not the declarations themselves."
            )
            message = joined(" ", [message, relayed])
        return Jump(type_, message, tuple(map(words.evidence, [*old, *new])))

    def _by_type(self, rows: Sequence[RecordedHolding]) -> dict[str, list[RecordedHolding]]:
        found: dict[str, list[RecordedHolding]] = {}
        for item in stated.typed(rows):
            found.setdefault(stated.account_name(item.row.type, self.known), []).append(item)
        return found

    def _may_be(self, item: RecordedMovement, category: str) -> bool:
        """True where what moved may be of the category, by the row or by the catalogue."""
        if item.row.category == category:
            return True
        known = self.known(item.row.type) if item.row.type else None
        return known.may_be(category) if known else not item.row.category

    def _may_be_of(self, item: RecordedMovement, name: str, category: str) -> bool:
        if item.row.type:
            return stated.account_name(item.row.type, self.known) == name
        return self._may_be(item, category)


def unexplained(law: Agreement, lookup: TypeLookup) -> Callable[[Declaration, Declaration], bool]:
    """Return what tells whether one declaration differs so much from another that it is a jump.

    That is so unless movements explain it; of others it need not be known what moved.

    Args:
        law: its duty to tell of a change says how much.
        lookup: what the catalogue knows of a designation.
    """

    def known(designation: str) -> KnownType | None:
        return lookup(designation) if designation and law.catalogue else None

    def differs(before: Declaration, now: Declaration) -> bool:
        duty = law.duty_of_change(now.as_of.last)
        if duty is None or duty.change_percent is None:
            return False
        jumps = Jumps(duty.change_percent, law.current_months, known)
        categories = {item.row.category for item in now.rows}
        return any(True for category in categories for _ in jumps.find(now, [before], (), category))

    return differs


def exceeds(was: Span, is_: Span, moved: Span, percent: int) -> bool:
    """True where a change is more than so many percent for every figure the spans allow.

    Args:
        was: the earlier figure.
        is_: the later one.
        moved: what movements may have added (below zero: taken away) in between.
        percent: of the earlier figure.
    """
    up = is_.low is not None and moved.high is not None and was.high is not None
    if up and 100 * (is_.low - moved.high) > (100 + percent) * was.high:  # type: ignore[operator]
        return True
    down = is_.high is not None and moved.low is not None and was.low is not None
    return down and 100 * (is_.high - moved.low) < (100 - percent) * was.low  # type: ignore[operator]


def _whole(declaration: Declaration, rows: Sequence[RecordedHolding]) -> list[RecordedHolding]:
    """Return the rows that state a whole category; a relayed list of types may not be complete."""
    found = stated.totals(rows)
    return found or (stated.typed(rows) if declaration.basis is Basis.DECLARED else [])


def _moved(movements: Iterable[RecordedMovement], party: str) -> Span:
    """Return what movements may have changed: each may lie in between, wholly, partly or not."""
    changes: list[Span] = []
    for item in movements:
        legs = [
            sign
            for sign, account in ((-1, item.row.origin), (1, item.row.destination))
            if account.party == party and account.status.within_overall
        ]
        if sum(legs):
            moved = item.row.quantity if sum(legs) > 0 else -item.row.quantity
            changes.append(ZERO.hull(moved))
    return total(changes)


def _in_words(type_: str, *, rose: bool, **parts: Said) -> Said:
    """Return what changed: of a type, or of the whole category."""
    if not type_:
        if rose:
            return said("rose from {old} ({before}) to {new} ({after})", **parts)
        return said("fell from {old} ({before}) to {new} ({after})", **parts)
    if rose:
        return said("{type} rose from {old} ({before}) to {new} ({after})", type=type_, **parts)
    return said("{type} fell from {old} ({before}) to {new} ({after})", type=type_, **parts)


def _percent(was: Span, is_: Span) -> Decimal | None:
    """Return the change in percent, rounded to whole ones, where it is one number."""
    if not (was.exact and is_.exact and was.low and is_.low is not None):
        return None
    from fractions import Fraction

    return Decimal(round(Fraction(100 * abs(is_.low - was.low), was.low)))
