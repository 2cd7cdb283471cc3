"""Is what is on record plausible? Figures that disagree, jump, are overdrawn or oddly dated.

Each is a remark that becomes a finding, never a refusal: the figures stand as they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess import accounts, consistency, dating
from compliance.assess.count import Counter
from compliance.assess.gathered import by_party
from compliance.assess.jumps import Jumps
from compliance.assess.position import Position, Positions
from compliance.assess.result import EvidenceRow, FindingKind
from compliance.values.citation import Citation
from compliance.values.evidence import Background, Declaration, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import said
from compliance.values.vocabulary import Basis


@frozen
class Remark:
    """Something implausible in a row; see ``Finding``."""

    kind: FindingKind
    message: str
    rows: tuple[EvidenceRow, ...]
    todo: str
    citation: Citation | None = None


class Plausibility:
    """Looks at rows under one agreement, against what stands around the evidence for a day."""

    def __init__(
        self,
        law: Agreement,
        counter: Counter,
        positions: Positions,
        background: Background,
        day: date,
    ) -> None:
        self._law = law
        self._known = counter.known
        self._positions = positions
        self._background = background
        self._around = by_party(background.movements)
        self._by_account: dict[str, dict[str, list[RecordedMovement]]] = {}
        self._day = day

    def of(self, position: Position, parts: Sequence[Position]) -> Iterable[Remark]:
        """Yield what is implausible in a position; ``parts`` are those of one that stands alone."""
        yield from self._disagreeing(position, parts)
        in_use = [t.declaration for t in position.tallies if t.declaration is not None]
        for declaration in in_use:
            yield from self._jumps(declaration, position.category)
            yield from self._overdrawn(declaration, position.category)
        yield from self._dates(position, in_use)

    def _disagreeing(self, position: Position, parts: Sequence[Position]) -> Iterable[Remark]:
        names = [self._name(part.party) for part in parts]
        for message, rows in (
            *consistency.cross_footing(position, position.category),
            *consistency.whole_and_parts(position, parts, names),
        ):
            yield Remark(
                FindingKind.CROSS_FOOTING, message, rows, todo=said("a correction of one of them")
            )
        for tally in position.tallies:
            for message, rows in consistency.doubles([c.recorded for c in tally.changes]):
                yield Remark(
                    FindingKind.POSSIBLE_DOUBLE,
                    message,
                    rows,
                    todo=said("correct one, if they are"),
                )

    def _jumps(self, declaration: Declaration, category: str) -> Iterable[Remark]:
        duty = self._law.duty_of_change(declaration.as_of.last)
        if duty is None or duty.change_percent is None:
            return
        party = declaration.party
        known = [*self._background.declarations, *self._positions.declarations_of(party)]
        jumps = Jumps(duty.change_percent, self._law.current_months, self._known)
        for jump in jumps.find(declaration, known, self._movements(party), category):
            yield Remark(
                FindingKind.UNEXPLAINED_JUMP,
                jump.message,
                jump.rows,
                todo=said(
                    "the movements behind it, or a correction of one of the figures (a conversion "
                    "from type to type is no movement)"
                )
                if jump.type
                else said("the movements behind it, or a correction of one of the figures"),
                # The duty is on categories; of a type its percentage is only a measure.
                citation=None if jump.type else duty.citation,
            )

    def _movements(self, party: str) -> list[RecordedMovement]:
        found = (*self._around.get(party, ()), *self._positions.movements_of(party))
        return list({m.ref: m for m in found}.values())

    def _overdrawn(self, declaration: Declaration, category: str) -> Iterable[Remark]:
        for message, rows in accounts.overdrawn(
            declaration,
            self._accounts(declaration.party),
            category,
            self._day,
            self._known,
        ):
            yield Remark(
                FindingKind.ACCOUNT_BELOW_ZERO,
                message,
                rows,
                todo=said("a movement, a type or a status is missing or wrong"),
            )

    def _accounts(self, party: str) -> Mapping[str, Sequence[RecordedMovement]]:
        found = self._by_account.get(party)
        if found is None:
            found = accounts.by_account(self._positions.movements_of(party), self._known)
            self._by_account[party] = found
        return found

    def _dates(self, position: Position, in_use: Sequence[Declaration]) -> Iterable[Remark]:
        holders = {position.party, *(part.party for part in position.parts)}
        # What is weaker than the figure in use would not be used on its own day either.
        worst = max((d.basis.rank for d in in_use), default=Basis.PRESS.rank)
        months = self._law.current_months
        later = [
            d
            for d in self._background.declarations
            if d.party in holders
            and d.basis.rank <= worst
            and dating.is_later(d, position.category, self._day, months)
        ]
        for message, rows in dating.later(later, position.category, self._day):
            yield Remark(
                FindingKind.LATER_DECLARATION, message, rows, todo=said("a later --as-of uses it")
            )
        for message, rows in dating.ahead(
            [*in_use, *later], self._background.recorded, position.category, self._law
        ):
            yield Remark(
                FindingKind.DATED_AHEAD, message, rows, todo=said("confirm the date, or correct it")
            )

    def _name(self, party_id: str) -> str:
        party = self._law.party(party_id)
        return party.name_on(self._day) if party else party_id
