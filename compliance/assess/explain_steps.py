"""Why one row or movement counts, does not, or may: in terms of catalogue, rules and questions."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import CountingRule
from compliance.agreement.select import Readings
from compliance.assess.count import Counter
from compliance.assess.explained import MovementStep, Outcome, PassedMovement, RowStep
from compliance.assess.stance import Stance, Test
from compliance.assess.tally import Change, adds, moves
from compliance.assess.types import KnownType
from compliance.assess.weighed import Passed, Place, Weighed
from compliance.values.dates import in_words, span_in_words
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.records import Holding, Movement
from compliance.values.span import hull
from compliance.values.vocabulary import NONE_CATEGORY, Status


class Steps:
    """Explains rows and movements in one category."""

    def __init__(self, law: Agreement, readings: Readings, counter: Counter, category: str) -> None:
        self._law = law
        self._readings = readings
        self._counter = counter
        self._category = category
        found = law.category(category)
        self._plural = found.plural.lower() if found else category

    def row(self, weighed: Weighed) -> RowStep:
        """Return what becomes of a row of the declaration in use."""
        term, row = weighed.term, weighed.item.row
        known = self._counter.known(row.type)
        stances = (term.counts, term.already)
        rule = self._law.counting_rule(row.status, self._category)
        sides = {
            (term.counts.holds(answers), term.already.holds(answers))
            for answers in self._answers(stances)
        }
        outcome = {
            (True, False): Outcome.COUNTS,
            (True, True): Outcome.INSIDE,
            (False, False): Outcome.DOES_NOT_COUNT,
            (False, True): Outcome.TAKEN_OFF,
        }[next(iter(sides))]
        if len(sides) > 1:
            outcome = Outcome.DEPENDS
        why: list[str] = []
        if weighed.place is Place.WITHIN:
            outcome = Outcome.LEFT_OUT
            why.append(
                "It is of a unit or a site, and a row for the whole stands beside it: left out, so "
                "that nothing is counted twice."
            )
        elif weighed.place is Place.TOTAL:
            why.append("It states all items of the category: this is the declared total.")
        else:
            why += self._of_category(row, term.belongs)
            why += self._of_status(row.status, rule)
            why += self._inside(weighed, outcome)
        if row.withheld:
            why.append("The quantity was withheld: at least none.")
        elif term.quantity != row.quantity:
            why.append("It may be inside the types held overall, or beside them.")
        adds_up = (
            hull(adds(term, answers) for answers in self._answers(stances))
            if weighed.place is not Place.WITHIN
            else hull([term.quantity - term.quantity])
        )
        return RowStep(
            item=weighed.item,
            place=weighed.place,
            outcome=outcome,
            quantity=term.quantity,
            adds=adds_up,
            type_id=known.id if known else "",
            catalogue=self._by_catalogue(known) if known else "",
            rule=rule if row.status is not Status.OVERALL else None,
            questions=_questions(stances),
            why=tuple(why),
        )

    def movement(self, change: Change) -> MovementStep:
        """Return what becomes of a movement since the declaration."""
        row = change.recorded.row
        known = self._counter.known(row.type)
        stances = tuple(leg.counts for leg in change.legs)
        weights = {
            sum(leg.sign for leg in change.legs if leg.counts.holds(answers))
            for answers in self._answers(stances)
        }
        if len(weights) > 1:
            outcome = Outcome.DEPENDS
        else:
            outcome = Outcome.COUNTS if weights != {0} else Outcome.DOES_NOT_COUNT
        statuses = [
            account.status
            for account in (row.origin, row.destination)
            if account.party and account.status is not Status.OVERALL
        ]
        rules = [
            rule
            for status in dict.fromkeys(statuses)
            if (rule := self._law.counting_rule(status, self._category)) is not None
        ]
        why = list(self._of_category(row, change.legs[-1].belongs))
        for rule in rules:
            why += self._of_status(rule.status, rule)
        return MovementStep(
            item=change.recorded,
            outcome=outcome,
            certain=change.certain,
            doubt=change.why,
            adds=hull(moves(change, answers) for answers in self._answers(stances)),
            type_id=known.id if known else "",
            catalogue=self._by_catalogue(known) if known else "",
            rules=tuple(rules),
            questions=_questions(stances),
            why=tuple(why),
        )

    def passed(
        self, item: RecordedMovement, reason: Passed, used: Declaration | None
    ) -> PassedMovement:
        """Return why a movement of the category changes nothing."""
        why = {
            Passed.AHEAD: "it begins after the day",
            Passed.BEFORE: (
                f"over by the date of the figure in use, {span_in_words(used.as_of)}"
                if used
                else "over by the dates of the figures in use"
            ),
            Passed.ELSEWHERE: f"it is not of {self._plural}",
            Passed.UNMOVED: "between two accounts of the same holder, both counted alike",
        }[reason]
        return PassedMovement(item, reason, why)

    def _answers(self, stances: Iterable[Stance]) -> Iterable[dict[str, str]]:
        own = frozenset(test.question for stance in stances for test in stance.tests)
        for combination in self._counter.combinations(own):
            yield dict(combination)

    def _of_category(self, row: Holding | Movement, belongs: Stance) -> Iterable[str]:
        """Say why a row is of the category, or may be."""
        stated = row.category == self._category
        known = self._counter.known(row.type)
        if not row.type:
            yield f"It names no type; the row itself says {self._plural}."
        elif known is None:
            where = " is not in the catalogue" if self._law.catalogue else ": no catalogue is read"
            yield f"'{row.type}'{where}; the row says {self._plural}."
        elif stated and not belongs.tests and known.category != self._category:
            yield "A figure that a Party gives against itself stands, whatever the catalogue says."
        if not stated and row.category:
            named = self._law.category(row.category)
            says = "no category" if row.category == NONE_CATEGORY else "another category"
            yield f"The row itself says {named.plural.lower() if named else says}."
        for test in belongs.tests:
            yield self._of_question(test)

    def _by_catalogue(self, known: KnownType) -> str:
        if known.question:
            readings = "; ".join(
                f"{self._name(category)} if '{answer}'"
                for answer, category in known.readings.items()
            )
            return f"Disputed in the catalogue, question '{known.question}': {readings}."
        return f"In the catalogue: {self._name(known.category)}."

    def _name(self, category: str) -> str:
        if category == NONE_CATEGORY:
            return "no limited category"
        found = self._law.category(category)
        return found.plural.lower() if found else category

    def _of_status(self, status: Status, rule: CountingRule | None) -> Iterable[str]:
        if rule is None:
            if not status.within_overall:
                yield f"No rule keeps what is held as '{status.value}' out of the count."
            return
        yield f"Counting rule '{rule.id}': {_sentence(rule.text)} Law: {rule.citation.short()}."
        if rule.question:
            under = frozenset(
                reading.id
                for question in [self._law.question(rule.question)]
                if question is not None
                for reading in question.readings
            )
            yield self._of_question(Test(rule.question, under - {rule.accepting}))
        elif not rule.counted and rule.citation.status.value != "text":
            yield "That rule was not read in the text: both with and without it stay open."

    def _of_question(self, test: Test) -> str:
        question = self._law.question(test.question)
        title = f" ({question.title})" if question else ""
        under = " or ".join(f"'{answer}'" for answer in sorted(test.counts_under))
        answer = self._readings.answer(test.question)
        if answer is None:
            return f"Open question '{test.question}'{title}: counts if {under}."
        how = (
            "closed by the reader"
            if test.question in self._readings.closed
            else "default applied by the rule pack"
        )
        result = "counts" if answer in test.counts_under else "does not count"
        return f"Question '{test.question}'{title}: answered '{answer}', {how}; so it {result}."

    def _inside(self, weighed: Weighed, outcome: Outcome) -> Iterable[str]:
        if outcome in (Outcome.INSIDE, Outcome.TAKEN_OFF) or weighed.term.already.tests:
            row = weighed.item.row
            whole = (
                f"the overall figure of {row.type or 'the category'}"
                if row.status is not Status.OVERALL and weighed.term.already == weighed.term.belongs
                else "the declared total"
            )
            yield (
                f"It is inside {whole} and adds nothing to it."
                if outcome is not Outcome.TAKEN_OFF
                else f"It is inside {whole}, does not count, and is taken off it."
            )


def opening_text(item: Weighed) -> str:
    """Return what a row is called as a line of a sum."""
    row = item.item.row
    status = "" if row.status is Status.OVERALL else f", {row.status.value.replace('_', ' ')}"
    if item.place is Place.TOTAL:
        return f"declared total, {span_in_words(row.as_of)}"
    unit = f", {row.more.unit or row.more.site}" if row.more.unit or row.more.site else ""
    return f"{row.type or 'items'}{status}{unit}, {in_words(row.as_of.last)}"


def _questions(stances: Iterable[Stance]) -> tuple[str, ...]:
    return tuple(sorted({test.question for stance in stances for test in stance.tests}))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
