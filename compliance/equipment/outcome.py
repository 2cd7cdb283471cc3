"""What the test of attributes against definitions gives, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.agreement.provisions import Criterion, Definition


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


@dataclass(frozen=True, slots=True)
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

    def sentence(self) -> str:
        """Return the value, the test and the outcome in one line."""
        value = self.value or "not known"
        if self.excludes:
            result = {
                Outcome.HOLDS: "applies",
                Outcome.FAILS: "does not apply",
                Outcome.UNKNOWN: "may apply",
            }[self.outcome]
            return f"{self.label}: {value}; the exclusion '{self.criterion.text}' {result}"
        result = {
            Outcome.HOLDS: "met",
            Outcome.FAILS: "not met",
            Outcome.UNKNOWN: "open",
        }[self.outcome]
        return f"{self.label}: {value}; the test '{self.criterion.text}' is {result}"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the definitions give under one set of readings.

    Attributes:
        readings: ``(question, reading)`` pairs.
        categories: the categories that remain possible; one where the attributes suffice.
    """

    readings: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
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
            return "depends on " + ", ".join(self.questions)
        return self.verdict.value

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
            lines.append(f"Meets the definition '{self.deciding.definition.title}'.")
            lines.extend(f"{_capital(test.sentence())}." for test in self.deciding.tests)
        elif self.verdict is DefinitionVerdict.DECIDED:
            lines.append("Meets no definition.")
        lines.extend(self._misses())
        lines.extend(f"Read with {question} = {reading}." for question, reading in self.assumed)
        if self.missing:
            lines.append("To be known first: " + ", ".join(self.missing) + ".")
        lines.extend(
            "If " + " and ".join(f"{q} = {r}" for q, r in entry.readings) + ": "
            f"{' or '.join(entry.categories)}."
            for entry in self.alternatives
        )
        return tuple(lines)

    def _misses(self) -> list[str]:
        """Say what keeps the item out of the nearest other definitions, once for each cause."""
        if self.verdict is not DefinitionVerdict.DECIDED:
            return []
        titles: dict[tuple[str, str], list[str]] = {}
        for item in self.nearest:
            for test in item.decisive:
                titles.setdefault((test.label, test.value), []).append(item.definition.title)
        every = len(self.outcomes)
        return [
            f"{_capital(label)}: {value}; this keeps it out of "
            + ("every definition." if len(missed) == every else ", ".join(map(repr, missed)) + ".")
            for (label, value), missed in titles.items()
        ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
