"""Why one row or movement counts, does not, or may: in terms of catalogue, rules and questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import CountingRule
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.bases import ITEMS
from compliance.assess.count import Counter
from compliance.assess.explained import MovementStep, Outcome, PassedMovement, RowStep
from compliance.assess.stance import Stance, Test
from compliance.assess.tally import Change, adds, moves
from compliance.assess.types import KnownType
from compliance.assess.weighed import Passed, Place, Weighed
from compliance.assess.words import sentence
from compliance.values.dates import in_words, span_in_words
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.records import Holding, Movement
from compliance.values.said import Said, english, joined, said
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
        self._plural = words.small(found.plural) if found else category

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
                said(
                    "It is of a unit or a site, and a row for the whole stands beside it: left "
                    "out, so that nothing is counted twice."
                )
            )
        elif weighed.place is Place.TOTAL:
            why.append(said("It states all items of the category: this is the declared total."))
        else:
            why += self._of_category(row, term.belongs)
            why += self._of_status(row.status, rule)
            why += self._inside(weighed, outcome)
        if row.withheld:
            why.append(said("The quantity was withheld: at least none."))
        elif term.quantity != row.quantity:
            why.append(said("It may be inside the types held overall, or beside them."))
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
            Passed.AHEAD: said("it begins after the day"),
            Passed.BEFORE: (
                said("over by the date of the figure in use, {day}", day=span_in_words(used.as_of))
                if used
                else said("over by the dates of the figures in use")
            ),
            Passed.ELSEWHERE: said("it is not of {category}", category=self._plural),
            Passed.UNMOVED: said("between two accounts of the same holder, both counted alike"),
        }[reason]
        return PassedMovement(item, reason, why)

    def _answers(self, stances: Iterable[Stance]) -> Iterable[dict[str, str]]:
        own = frozenset(test.question for stance in stances for test in stance.tests)
        for combination in self._counter.combinations(own):
            yield dict(combination)

    def _of_category(self, row: Holding | Movement, belongs: Stance) -> Iterable[Said]:
        """Say why a row is of the category, or may be."""
        stated = row.category == self._category
        known = self._counter.known(row.type)
        if not row.type:
            yield said("It names no type; the row itself says {category}.", category=self._plural)
        elif known is None and self._law.catalogue:
            yield said(
                "'{type}' is not in the catalogue; the row says {category}.",
                type=row.type,
                category=self._plural,
            )
        elif known is None:
            yield said(
                "'{type}': no catalogue is read; the row says {category}.",
                type=row.type,
                category=self._plural,
            )
        elif stated and not belongs.tests and known.category != self._category:
            yield said(
                "A figure that a Party gives against itself stands, whatever the catalogue says."
            )
        if not stated and row.category:
            yield said("The row itself says {category}.", category=self._says(row.category))
        for test in belongs.tests:
            yield self._of_question(test)

    def _says(self, category: str) -> Said:
        if category == NONE_CATEGORY:
            return said("no category")
        found = self._law.category(category)
        return words.small(found.plural) if found else said("another category")

    def _by_catalogue(self, known: KnownType) -> Said:
        if known.question:
            readings = (
                said("{category} if '{answer}'", category=self._name(category), answer=answer)
                for answer, category in known.readings.items()
            )
            return said(
                "Disputed in the catalogue, question '{question}': {readings}.",
                question=known.question,
                readings=joined("; ", readings),
            )
        return said("In the catalogue: {category}.", category=self._name(known.category))

    def _name(self, category: str) -> str:
        if category == NONE_CATEGORY:
            return said("no limited category")
        found = self._law.category(category)
        return words.small(found.plural) if found else category

    def _of_status(self, status: Status, rule: CountingRule | None) -> Iterable[Said]:
        if rule is None:
            if not status.within_overall:
                yield said(
                    "No rule keeps what is held as '{status}' out of the count.",
                    status=status.word,
                )
            return
        yield said(
            "Counting rule '{rule}': {text} Law: {citation}.",
            rule=rule.id,
            text=sentence(rule.text),
            citation=rule.citation.short(),
        )
        if rule.question:
            under = frozenset(
                reading.id
                for question in [self._law.question(rule.question)]
                if question is not None
                for reading in question.readings
            )
            yield self._of_question(Test(rule.question, under - {rule.accepting}))
        elif not rule.counted and rule.citation.status.value != "text":
            yield said("That rule was not read in the text: both with and without it stay open.")

    def _of_question(self, test: Test) -> Said:
        question = self._law.question(test.question)
        named = said("'{question}'", question=test.question)
        if question:
            title = english(question.title)
            named = said("'{question}' ({title})", question=test.question, title=title)
        answer = self._readings.answer(test.question)
        if answer is None:
            under = _one_of([f"'{answer}'" for answer in sorted(test.counts_under)])
            return said(
                "Open question {question}: counts if {answers}.", question=named, answers=under
            )
        parts = {
            "question": named,
            "answer": answer,
            "how": words.how_answered(test.question, self._readings),
        }
        if answer in test.counts_under:
            return said("Question {question}: answered '{answer}', {how}; so it counts.", **parts)
        return said(
            "Question {question}: answered '{answer}', {how}; so it does not count.", **parts
        )

    def _inside(self, weighed: Weighed, outcome: Outcome) -> Iterable[Said]:
        if outcome in (Outcome.INSIDE, Outcome.TAKEN_OFF) or weighed.term.already.tests:
            row = weighed.item.row
            if row.status is Status.OVERALL or weighed.term.already != weighed.term.belongs:
                whole = said("the declared total")
            elif row.type:
                whole = said("the overall figure of {type}", type=row.type)
            else:
                whole = said("the overall figure of the category")
            if outcome is Outcome.TAKEN_OFF:
                yield said(
                    "It is inside {whole}, does not count, and is taken off it.", whole=whole
                )
            else:
                yield said("It is inside {whole} and adds nothing to it.", whole=whole)


def opening_text(item: Weighed) -> Said:
    """Return what a row is called as a line of a sum."""
    row = item.item.row
    if item.place is Place.TOTAL:
        return said("declared total, {day}", day=span_in_words(row.as_of))
    pieces: list[str] = [row.type or ITEMS]
    if row.status is not Status.OVERALL:
        pieces.append(words.status(row.status))
    if row.more.unit or row.more.site:
        pieces.append(row.more.unit or row.more.site)
    return joined(", ", [*pieces, in_words(row.as_of.last)])


def _one_of(answers: Sequence[str]) -> Said:
    text = joined("", answers[:1])
    for answer in answers[1:]:
        text = said("{one} or {other}", one=text, other=answer)
    return text


def _questions(stances: Iterable[Stance]) -> tuple[str, ...]:
    return tuple(sorted({test.question for stance in stances for test in stance.tests}))
