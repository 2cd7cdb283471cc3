"""A balance in words."""

from __future__ import annotations

from compliance.assess import words
from compliance.assess.book import Balance
from compliance.values.said import Said, joined, said
from compliance.values.span import Span


def in_words(balance: Balance, *, told: bool = False, declared: bool = True) -> Said:
    """Return a balance in a clause: the difference, and how it comes about.

    Args:
        balance: the balance.
        told: say under which answers it holds.
        declared: the later figure was declared; otherwise it is only stated.
    """
    came = (
        said("+{quantity} {kind}", quantity=words.span(span), kind=kind)
        for kind, span in balance.increases.items()
    )
    left = (
        said("-{quantity} {kind}", quantity=words.span(span), kind=kind)
        for kind, span in balance.decreases.items()
    )
    moved = [*came, *left]
    parts = {
        "difference": _difference(balance.unexplained, declared=declared),
        "opening": words.span(balance.opening),
        "moved": joined(", ", moved) if moved else said("nothing moved on record"),
        "book": signed(balance.book),
        "figure": words.span(balance.declared),
        "unexplained": signed(balance.unexplained),
    }
    if declared:
        clause = said(
            "{difference} (opening {opening}; {moved}; book {book}; declared {figure}; "
            "unexplained {unexplained})",
            **parts,
        )
    else:
        clause = said(
            "{difference} (opening {opening}; {moved}; book {book}; stated {figure}; "
            "unexplained {unexplained})",
            **parts,
        )
    if told and balance.answers:
        return said("if {answers}, {clause}", answers=answers_in_words(balance), clause=clause)
    return clause


def answers_in_words(balance: Balance) -> Said:
    """Return the answers that a balance holds under."""
    text = joined("", ())
    for number, case in enumerate(balance.answers):
        answers = _all_of([f"{question}={answer}" for question, answer in case])
        text = said("{one} or {other}", one=text, other=answers) if number else answers
    return text


def _all_of(answers: list[str]) -> Said:
    text = joined("", answers[:1])
    for answer in answers[1:]:
        text = said("{one} and {other}", one=text, other=answer)
    return text


def signed(value: Span) -> Said:
    """Return a span in words; a number below zero with its sign, as in ``-4`` or ``-4 to 2``."""
    if value.exact or value.high is not None:
        return words.span(value)
    if value.low is None:
        return said("unknown")
    return said("at least {number}", number=value.low)


def _difference(unexplained: Span, *, declared: bool) -> Said:
    more = unexplained.low is not None and unexplained.low > 0
    quantity = words.span(unexplained if more else -unexplained)
    if declared and more:
        return said("{quantity} more declared than the record explains", quantity=quantity)
    if declared:
        return said("{quantity} fewer declared than the record explains", quantity=quantity)
    if more:
        return said("{quantity} more stated than the record explains", quantity=quantity)
    return said("{quantity} fewer stated than the record explains", quantity=quantity)
