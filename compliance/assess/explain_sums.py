"""The arithmetic of a count as lines, under each set of answers that changes any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compliance.assess.bases import ITEMS
from compliance.assess.count import Counter
from compliance.assess.explained import Sum, SumLine
from compliance.assess.tally import Change, Term, adds, moves
from compliance.values.dates import span_in_words
from compliance.values.said import joined, said
from compliance.values.span import ZERO, total

# More sums than that explain nothing to anybody.
_MOST_SUMS = 64

TOO_MANY = said(
    "so many questions are open that the sums are too many to show; the count is the smallest span "
    "that holds all of them"
)


def sums(
    counter: Counter,
    opening: Sequence[SumLine],
    terms: Sequence[Term],
    changes: Sequence[Change],
    names: Mapping[str, str],
) -> tuple[Sum, ...]:
    """Return the sums of what is declared, what stands beside it and what moved; none if too many.

    Args:
        counter: knows which answers there are.
        opening: the lines that no question touches.
        terms: what stands beside the declared totals.
        changes: what moved since.
        names: what the row of a reference is called.
    """
    stances = [s for t in terms for s in (t.counts, t.already)]
    stances += [leg.counts for change in changes for leg in change.legs]
    questions = frozenset(test.question for stance in stances for test in stance.tests)
    table = {
        combination: tuple(_lines(dict(combination), terms, changes, names))
        for combination in counter.combinations(questions)
    }
    relevant = [q for q in sorted(questions) if _matters(q, table)]
    found: dict[tuple[tuple[str, str], ...], Sum] = {}
    for combination, lines in table.items():
        answers = tuple(pair for pair in combination if pair[0] in relevant)
        if answers not in found:
            every = (*opening, *(line for line in lines if line.adds != ZERO))
            uncut = total(line.adds for line in every)
            found[answers] = Sum(answers, every, uncut, uncut.cut_at_zero())
    return tuple(found.values()) if len(found) <= _MOST_SUMS else ()


def _lines(
    answers: Mapping[str, str],
    terms: Iterable[Term],
    changes: Iterable[Change],
    names: Mapping[str, str],
) -> Iterable[SumLine]:
    for term in terms:
        added = adds(term, answers)
        yield SumLine(names.get(term.ref, term.name), added, (term.ref,))
    for change in changes:
        row = change.recorded.row
        pieces = [
            row.type or ITEMS,
            said(
                "{origin} to {destination}",
                origin=str(row.origin),
                destination=str(row.destination),
            ),
            span_in_words(row.date),
        ]
        if not change.certain:
            pieces.append(said("not certain"))
        yield SumLine(joined(", ", pieces), moves(change, answers), (change.recorded.ref,))


def _matters(question: str, table: dict[tuple[tuple[str, str], ...], tuple[SumLine, ...]]) -> bool:
    """True where two answers to a question, all else equal, change a line."""
    seen: dict[tuple[tuple[str, str], ...], tuple[SumLine, ...]] = {}
    for combination, lines in table.items():
        others = tuple(pair for pair in combination if pair[0] != question)
        if seen.setdefault(others, lines) != lines:
            return True
    return False
