"""A balance in words."""

from __future__ import annotations

from compliance.assess import words
from compliance.assess.book import Balance
from compliance.values.span import Span


def in_words(balance: Balance, *, told: bool = False, said: str = "declared") -> str:
    """Return a balance in a clause: the difference, and how it comes about.

    Args:
        balance: the balance.
        told: say under which answers it holds.
        said: how the later figure was given.
    """
    came = [f"+{words.span(span)} {kind}" for kind, span in balance.increases.items()]
    left = [f"-{words.span(span)} {kind}" for kind, span in balance.decreases.items()]
    moved = ", ".join([*came, *left]) or "nothing moved on record"
    under = f"if {answers_in_words(balance)}, " if told and balance.answers else ""
    return (
        f"{under}{_difference(balance.unexplained, said)} (opening {words.span(balance.opening)}; "
        f"{moved}; book {signed(balance.book)}; {said} {words.span(balance.declared)}; "
        f"unexplained {signed(balance.unexplained)})"
    )


def answers_in_words(balance: Balance) -> str:
    """Return the answers that a balance holds under."""
    return " or ".join(
        " and ".join(f"{question}={answer}" for question, answer in case)
        for case in balance.answers
    )


def signed(value: Span) -> str:
    """Return a span in words; a number below zero with its sign, as in ``-4`` or ``-4 to 2``."""
    if value.exact or value.high is not None:
        return words.span(value)
    return "unknown" if value.low is None else f"at least {words.number(value.low)}"


def _difference(unexplained: Span, said: str) -> str:
    if unexplained.low is not None and unexplained.low > 0:
        return f"{words.span(unexplained)} more {said} than the record explains"
    return f"{words.span(-unexplained)} fewer {said} than the record explains"
