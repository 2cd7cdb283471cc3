"""When a row counts in a category: always, never, or under which answers to which questions."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Question
from compliance.agreement.select import Readings
from compliance.assess.types import KnownType
from compliance.values.frozen import frozen
from compliance.values.vocabulary import Basis, LawStatus, Status

PARTY_CLAIMS = "party-claims"
ROW_OR_CATALOGUE = "row-or-catalogue"
# The answers the engine gives meaning to; a pack's questions of these uses must offer them.
ACCEPTED, REJECTED = "accepted", "rejected"
ROW, CATALOGUE = "row", "catalogue"
UNNAMED = ("counts", "does-not-count")


@frozen
class Test:
    """One question, and the answers under which a row counts."""

    __test__ = False  # not a test case for pytest

    question: str
    counts_under: frozenset[str]

    def holds(self, answers: Mapping[str, str]) -> bool:
        """True where the answer given lets the row count."""
        return answers[self.question] in self.counts_under


@frozen
class Stance:
    """A conjunction of tests; none means always. ``never`` overrides."""

    tests: tuple[Test, ...] = ()
    never: bool = False

    def holds(self, answers: Mapping[str, str]) -> bool:
        """True where the row counts under these answers."""
        return not self.never and all(test.holds(answers) for test in self.tests)

    def ruled_out(self, readings: Readings) -> str:
        """Return the answer in force, ``question=answer``, that rules it out; empty if none."""
        for test in self.tests:
            answer = readings.answer(test.question)
            if answer is not None and answer not in test.counts_under:
                return f"{test.question}={answer}"
        return ""

    def __and__(self, other: Stance) -> Stance:
        if not other.tests and not other.never:
            return self
        return Stance((*self.tests, *other.tests), self.never or other.never)


ALWAYS = Stance()
NEVER = Stance(never=True)


def answers_to(law: Agreement, question: str) -> tuple[str, ...]:
    """Return the possible answers to a question, in the pack's order."""
    found = law.question(question)
    return tuple(reading.id for reading in found.readings) if found else UNNAMED


def by_category(
    law: Agreement,
    *,
    category: str,
    stated: str,
    basis: Basis,
    named: bool,
    known: KnownType | None,
) -> Stance:
    """Return when a row counts in a category, by its statement and the catalogue's.

    A figure that a Party gives against itself stands. Its claim that an item does not count, or
    counts elsewhere, stands only where the catalogue agrees. On any other basis row and catalogue
    must agree, or both readings stay open.

    Args:
        law: the agreement.
        category: the category counted.
        stated: the category the row states; empty where it leaves that to the catalogue.
        basis: the row's basis.
        named: whether the row names a type at all; a bare total needs no catalogue.
        known: what the catalogue knows of the type.
    """
    if stated == category and (not named or basis.own_statement or not law.catalogue):
        return ALWAYS
    if known is None:
        # Not in the catalogue: nothing confirms the row, and nothing else places it.
        return _row_or_catalogue(law, ROW) if stated == category else NEVER
    if known.question:
        return _disputed(law, category, stated, basis, known)
    if known.category == category:
        if stated in (category, ""):
            return ALWAYS
        return _claim(law) if basis.own_statement else _row_or_catalogue(law, CATALOGUE)
    return _row_or_catalogue(law, ROW) if stated == category else NEVER


def _disputed(law: Agreement, category: str, stated: str, basis: Basis, known: KnownType) -> Stance:
    under = frozenset(answer for answer, value in known.readings.items() if value == category)
    if not under:
        return _row_or_catalogue(law, ROW) if stated == category else NEVER
    stance = Stance((Test(known.question, under),))
    if basis.own_statement and stated not in (category, ""):
        stance = stance & _claim(law)
    return stance


def claim_accepted(law: Agreement) -> Stance:
    """Return when something holds only on a Party's own word, to its own advantage."""
    return _engine(law, PARTY_CLAIMS, ACCEPTED)


def _claim(law: Agreement) -> Stance:
    return _engine(law, PARTY_CLAIMS, REJECTED)


def _row_or_catalogue(law: Agreement, side: str) -> Stance:
    return _engine(law, ROW_OR_CATALOGUE, side)


def _engine(law: Agreement, use: str, answer: str) -> Stance:
    question: Question | None = law.engine_question(use)
    if question is None:
        return Stance((Test(use, frozenset(UNNAMED[:1])),))
    return Stance((Test(question.id, frozenset({answer})),))


def by_status(law: Agreement, status: Status, category: str) -> Stance:
    """Return when an item held under a status counts in a category."""
    rule = law.counting_rule(status, category)
    if rule is None:
        return ALWAYS
    if rule.question:
        under = frozenset(answers_to(law, rule.question)) - {rule.accepting}
        return Stance((Test(rule.question, under),))
    if rule.counted:
        return ALWAYS
    if rule.citation.status is LawStatus.TEXT:
        return NEVER
    # Not read in the text and no question to close it: both stay open.
    return Stance((Test(rule.id, frozenset(UNNAMED[:1])),))
