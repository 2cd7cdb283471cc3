"""The explanation of one number, as a frozen tree: what each step took in and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compliance.agreement.provisions import (
    Category,
    Ceiling,
    CountingRule,
    Gap,
    Limit,
    Membership,
    Party,
)
from compliance.assess.judge import Judgement
from compliance.assess.position import Position, Sighting
from compliance.assess.result import Audit, AuditRow
from compliance.assess.tipping import Driver
from compliance.assess.weighed import Passed, Place
from compliance.equipment.classify import Classification
from compliance.equipment.outcome import DefinitionOutcome, DefinitionResult
from compliance.equipment.types import EquipmentType
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.span import Span


class Outcome(StrEnum):
    """What becomes of a row or a movement in the count."""

    COUNTS = "counts"
    DOES_NOT_COUNT = "does_not_count"
    DEPENDS = "depends"
    """On how an open question is answered."""
    INSIDE = "inside_another_figure"
    TAKEN_OFF = "taken_off_another_figure"
    LEFT_OUT = "left_out"
    """A unit's or site's, where the holder's own row stands beside it."""


class WhyNot(StrEnum):
    """Why a declaration is not the one in use."""

    OLDER = "older"
    RECORDED_EARLIER = "recorded_earlier"
    WEAKER_BASIS = "weaker_basis"
    BASIS_NOT_ASKED = "basis_not_asked"
    WEAKER_THAN_PARTS = "weaker_than_parts"
    OTHER_CATEGORY = "other_category"
    DATED_AFTER = "dated_after"


@frozen
class TypeStep:
    """From a designation to a category.

    Attributes:
        designations: as the rows write it, with how each was found (name, alias, part).
        result: what the definitions alone give for its attributes.
        tests: the definition that decides where it is of the category asked about; else every
            definition of that category, with what keeps the type out of it.
        difference: why the catalogue stands where the definitions say otherwise; or empty.
    """

    item: EquipmentType
    designations: Mapping[str, str]
    classification: Classification
    result: DefinitionResult
    tests: tuple[DefinitionOutcome, ...]
    difference: str


@frozen
class RowStep:
    """One row of the declaration in use.

    Attributes:
        quantity: what is taken of it, where that is another span than the row's own.
        adds: what it adds to the sum, under every answer to the open questions.
        type_id: the type of the catalogue that its designation means; empty for none.
        catalogue: what the catalogue says of that type, in a sentence; empty where it has none.
        rule: the counting rule on its holding status.
        why: what else makes it count or not, in sentences.
    """

    item: RecordedHolding
    place: Place
    outcome: Outcome
    quantity: Span
    adds: Span
    type_id: str
    catalogue: str
    rule: CountingRule | None
    questions: tuple[str, ...]
    why: tuple[str, ...]


@frozen
class MovementStep:
    """One movement since the declaration; attributes as those of a row.

    Attributes:
        certain: it surely happened in the time counted, on sufficient authority.
        doubt: why it is not certain; empty where it is.
        rules: the counting rules on the statuses that it leaves or enters.
    """

    item: RecordedMovement
    outcome: Outcome
    certain: bool
    doubt: str
    adds: Span
    type_id: str
    catalogue: str
    rules: tuple[CountingRule, ...]
    questions: tuple[str, ...]
    why: tuple[str, ...]


@frozen
class PassedMovement:
    """A movement of this category, or perhaps of it, that changes nothing, and why."""

    item: RecordedMovement
    reason: Passed
    why: str


@frozen
class PassedDeclaration:
    """A declaration that is not the one in use, and why."""

    declaration: Declaration
    stated: Span | None
    reason: WhyNot
    why: str


@frozen
class Observation:
    """What inspectors saw, and what it does.

    Attributes:
        sighting: where it is above the figure in use; else ``None``.
    """

    declaration: Declaration
    stated: Span | None
    sighting: Sighting | None
    why: str


@frozen
class SumLine:
    """One line of a sum."""

    text: str
    adds: Span
    refs: tuple[str, ...]


@frozen
class Sum:
    """An addition that a reader can repeat.

    Attributes:
        answers: to the open questions, under which it is taken; empty where none is open.
        uncut: the lines added up.
        counted: that, cut at zero.
    """

    answers: tuple[tuple[str, str], ...]
    lines: tuple[SumLine, ...]
    uncut: Span
    counted: Span


@frozen
class Account:
    """How one holder's count comes about; a whole made of parts holds theirs.

    Attributes:
        used: the declaration in use; ``None`` without one, or for a sum of parts.
        silent: declarations by the day that say nothing of the category.
        open_why: why the declared figure is only part of the whole; or empty.
        sums: one where it adds up line by line; one for each set of answers where a question is
            open; none where nothing is known or ``unsummed`` says why.
    """

    party: str
    name: str
    position: Position
    used: Declaration | None
    passed: tuple[PassedDeclaration, ...]
    silent: tuple[PassedDeclaration, ...]
    open_why: str
    rows: tuple[RowStep, ...]
    movements: tuple[MovementStep, ...]
    left_out: tuple[PassedMovement, ...]
    observations: tuple[Observation, ...]
    sums: tuple[Sum, ...]
    unsummed: str
    parts: tuple[Account, ...]


@frozen
class OutsideType:
    """A type on record that is in no limited category.

    Attributes:
        name: of the type; as recorded, where the catalogue does not know it.
        type_id: of the catalogue; empty where it does not know it.
        why: why it is limited nowhere, in a sentence.
        quantities: what is on record of it, in words.
        refs: the rows behind it.
    """

    name: str
    type_id: str
    why: str
    quantities: tuple[str, ...]
    refs: tuple[str, ...]


@frozen
class Elsewhere:
    """Types on record that stand in another category."""

    category: str
    category_name: str
    types: tuple[str, ...]


@frozen
class Explanation:
    """Every step behind one row of the audit.

    Attributes:
        audit: the audit of that row alone: the law used, the readings, the questions.
        former: the last ceilings of the parties whose place this one took, where they matter.
        drivers: what is uncertain in the count, the widest first.
        comparison: the verdict's comparison, written out.
        types: by id, every type that a row, a movement or an outside item names.
        names: by id, what parties were called on the day, and categories in the plural.
    """

    audit: Audit
    party: Party
    category: Category
    ceiling: Ceiling
    judgement: Judgement
    membership: Membership | None
    membership_gap: Gap | None
    former: tuple[Limit, ...]
    account: Account
    drivers: tuple[Driver, ...]
    comparison: tuple[str, ...]
    outside: tuple[OutsideType, ...]
    elsewhere: tuple[Elsewhere, ...]
    types: Mapping[str, TypeStep]
    names: Mapping[str, str]

    @property
    def row(self) -> AuditRow:
        """Return the row of the audit that is explained."""
        return self.audit.rows[0]
