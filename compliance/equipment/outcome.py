"""What the test of attributes against definitions gives, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from compliance.agreement.provisions import Criterion, Definition
from compliance.values.frozen import frozen
from compliance.values.said import Said, english, joined, said


class Outcome(StrEnum):
    """What is known of a test."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


class DefinitionVerdict(StrEnum):
    """What the definitions give for a set of attributes."""

    DECIDED = "decided"
    DEPENDS = "depends"
    CANNOT_TELL = "cannot tell"


@frozen
class CriterionOutcome:
    """One test of one attribute, and how it came out.

    Attributes:
        value: the attribute's value in words; empty where it is not known.
        excludes: True for a test of ``unless``, which keeps an item out where it holds.
    """

    criterion: Criterion
    label: str
    value: str
    outcome: Outcome
    excludes: bool

    @property
    def against(self) -> bool:
        """True where this test alone keeps the definition from applying."""
        return self.outcome is (Outcome.HOLDS if self.excludes else Outcome.FAILS)

    def sentence(self) -> Said:
        """Return the value, the test and the outcome in one line, without a full stop."""
        return self._told(english(self.label))

    def whole_sentence(self) -> Said:
        """Return the same with a capital letter and a full stop."""
        return said("{clause}.", clause=self._told(_capital(self.label)))

    def _told(self, label: Said) -> Said:
        parts = {
            "attribute": label,
            "value": self.value or said("not known"),
            "test": english(self.criterion.text),
        }
        match self.excludes, self.outcome:
            case True, Outcome.HOLDS:
                return said("{attribute}: {value}; the exclusion '{test}' applies", **parts)
            case True, Outcome.FAILS:
                return said("{attribute}: {value}; the exclusion '{test}' does not apply", **parts)
            case True, _:
                return said("{attribute}: {value}; the exclusion '{test}' may apply", **parts)
            case _, Outcome.HOLDS:
                return said("{attribute}: {value}; the test '{test}' is met", **parts)
            case _, Outcome.FAILS:
                return said("{attribute}: {value}; the test '{test}' is not met", **parts)
            case _:
                return said("{attribute}: {value}; the test '{test}' is open", **parts)


@frozen
class DefinitionOutcome:
    """One definition with the outcome of each of its tests. ``only_if`` is not part of it."""

    definition: Definition
    outcome: Outcome
    tests: tuple[CriterionOutcome, ...]

    @property
    def failing(self) -> tuple[CriterionOutcome, ...]:
        """Return the tests that keep the definition from applying."""
        return tuple(test for test in self.tests if test.against)

    @property
    def of_the_sort(self) -> bool:
        """True where the first criterion, the most general, is met."""
        return bool(self.tests) and self.tests[0].outcome is Outcome.HOLDS

    @property
    def decisive(self) -> tuple[CriterionOutcome, ...]:
        """Return the failing tests; the first alone where even the most general one fails."""
        return self.failing if self.of_the_sort else self.failing[:1]

    @property
    def not_passed(self) -> int:
        """Return how many tests fail or are unknown."""
        return len(self.failing) + sum(t.outcome is Outcome.UNKNOWN for t in self.tests)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the attributes the outcome waits for."""
        names = (t.criterion.attribute for t in self.tests if t.outcome is Outcome.UNKNOWN)
        return tuple(dict.fromkeys(names))


@frozen
class Alternative:
    """What the definitions give under one set of readings.

    Attributes:
        readings: ``(question, reading)`` pairs.
        categories: the categories that remain possible; one where the attributes suffice.
    """

    readings: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]


@frozen
class DefinitionResult:
    """What the definitions give for a set of attributes.

    Attributes:
        category: the category or ``none`` where decided, else empty.
        subcategory: the deciding definition's, where decided.
        possible: every category that remains possible.
        deciding: the definition that decided, or ``None`` (``none``, or not decided).
        missing: the attributes that would settle it, where it cannot be told.
        questions: the questions it depends on.
        alternatives: the result under each set of readings of these questions.
        assumed: the answers to questions that were given and used, as ``(question, reading)``.
        outcomes: every definition of the agreement, in its order.
    """

    verdict: DefinitionVerdict
    possible: tuple[str, ...]
    outcomes: tuple[DefinitionOutcome, ...]
    category: str = ""
    subcategory: str = ""
    deciding: DefinitionOutcome | None = None
    missing: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()

    @property
    def says(self) -> str:
        """Return the category, ``none``, ``cannot tell``, or ``depends on`` with the questions."""
        if self.verdict is DefinitionVerdict.DECIDED:
            return self.category
        if self.verdict is DefinitionVerdict.DEPENDS:
            return said("depends on {questions}", questions=", ".join(self.questions))
        return said("cannot tell")

    @property
    def nearest(self) -> tuple[DefinitionOutcome, ...]:
        """Return the definitions of other categories that came nearest to being met.

        Where something was met, they are those missed by one test alone. Otherwise they are those
        whose first criterion, the most general, is met; and all, where there is no such one.
        """
        missed = tuple(
            item
            for item in self.outcomes
            if item.failing and item.definition.category != self.category
        )
        if self.deciding is not None:
            return tuple(item for item in missed if item.not_passed == 1)
        return tuple(item for item in missed if item.of_the_sort) or missed

    @property
    def deciding_tests(self) -> tuple[CriterionOutcome, ...]:
        """Return the tests that decided.

        They are those of the deciding definition, or, where it meets none, the ones on which the
        nearest definitions fail. Nothing decided where the answer is open.
        """
        if self.deciding is not None:
            return self.deciding.tests
        if self.verdict is not DefinitionVerdict.DECIDED:
            return ()
        return tuple(dict.fromkeys(t for item in self.nearest for t in item.decisive))

    def reasons(self) -> tuple[str, ...]:
        """Return why, in sentences."""
        lines: list[str] = []
        if self.deciding is not None:
            title = english(self.deciding.definition.title)
            lines.append(said("Meets the definition '{title}'.", title=title))
            lines.extend(test.whole_sentence() for test in self.deciding.tests)
        elif self.verdict is DefinitionVerdict.DECIDED:
            lines.append(said("Meets no definition."))
        lines.extend(self._misses())
        lines.extend(
            said("Read with {question} = {reading}.", question=question, reading=reading)
            for question, reading in self.assumed
        )
        if self.missing:
            lines.append(
                said("To be known first: {attributes}.", attributes=", ".join(self.missing))
            )
        lines.extend(
            said(
                "If {readings}: {categories}.",
                readings=_all_of([f"{q} = {r}" for q, r in entry.readings]),
                categories=_one_of(entry.categories),
            )
            for entry in self.alternatives
        )
        return tuple(lines)

    def _misses(self) -> list[Said]:
        """Say what keeps the item out of the nearest other definitions, once for each cause."""
        if self.verdict is not DefinitionVerdict.DECIDED:
            return []
        titles: dict[tuple[str, str], list[str]] = {}
        for item in self.nearest:
            for test in item.decisive:
                titles.setdefault((test.label, test.value), []).append(item.definition.title)
        every = len(self.outcomes)
        return [
            said(
                "{attribute}: {value}; this keeps it out of every definition.",
                attribute=_capital(label),
                value=value,
            )
            if len(missed) == every
            else said(
                "{attribute}: {value}; this keeps it out of {definitions}.",
                attribute=_capital(label),
                value=value,
                definitions=joined(", ", map(_quoted, missed)),
            )
            for (label, value), missed in titles.items()
        ]


def _quoted(title: str) -> Said:
    if repr(title) != f"'{title}'":
        return said('"{title}"', title=english(title))
    return said("'{title}'", title=english(title))


def _all_of(readings: Sequence[str]) -> Said:
    text = joined("", readings[:1])
    for reading in readings[1:]:
        text = said("{one} and {other}", one=text, other=reading)
    return text


def _one_of(categories: Sequence[str]) -> Said:
    text = joined("", categories[:1])
    for category in categories[1:]:
        text = said("{one} or {other}", one=text, other=category)
    return text


def _capital(text: str) -> Said:
    """Return a label as it begins a sentence in English."""
    return Said(text[:1].upper() + text[1:], text)
