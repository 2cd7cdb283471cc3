"""The arithmetic of an explanation, set so that a person can add it up."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from compliance.assess.explained import Account, Explanation, Sum, SumLine
from compliance.report import layout, phrases
from compliance.report.language import speak
from compliance.values.names import printable
from compliance.values.said import Said, name, said, said_many
from compliance.values.span import Span, total

_LABEL, _NUMBER = 54, 9
_MOST_CASES = 6
"""A reader follows so many sets of answers; the rest is folded."""


def arithmetic(found: Explanation, *, everything: bool) -> str:
    """Return the sums of an account, of its parts, and what is left under the ceiling."""
    parts = [_account(account, everything=everything) for account in _inner_first(found.account)]
    parts.append(_headroom(found))
    return "\n\n".join(part for part in parts if part)


def _inner_first(account: Account) -> Iterable[Account]:
    for part in account.parts:
        yield from _inner_first(part)
    yield account


def _account(account: Account, *, everything: bool) -> str:
    counted = account.position.counted
    if counted is None:
        return layout.wrap(
            said(
                "{holder}: nothing is on record, so nothing is added up.",
                holder=name(account.name),
            ),
            indent="  ",
        )
    head = [_line(name(account.name), said("lowest"), said("highest"), said("row"))]
    if not account.sums:
        return "\n".join(
            [
                *head,
                *_set(said("counted"), counted),
                layout.wrap(said("({why})", why=account.unsummed), indent="  "),
            ]
        )
    if len(account.sums) == 1:
        only = account.sums[0]
        return "\n".join([*head, *_lines(only.lines), *_result(only)])
    shared = [line for line in account.sums[0].lines if all(line in s.lines for s in account.sums)]
    lines = [*head, *_lines(shared), *_set(said("= in every case"), total(s.adds for s in shared))]
    shown = account.sums if everything else account.sums[:_MOST_CASES]
    lines.append(
        layout.wrap(
            said(
                "A question is open, so this is no single sum: for each set of answers, the line "
                "above and these."
            ),
            indent="  ",
        )
    )
    for case in shown:
        answers = ", ".join(f"{question}={answer}" for question, answer in case.answers)
        lines.append(layout.wrap(said("If {answers}:", answers=answers), indent="  "))
        lines += _lines([line for line in case.lines if line not in shared])
        lines += _result(case)
    if len(shown) < len(account.sums):
        left = len(account.sums) - len(shown)
        folded = said_many(
            "And {count} more set of answers: --all.",
            "And {count} more sets of answers: --all.",
            left,
        )
        lines.append(layout.wrap(folded, indent="  "))
    lines += _set(said("= counted: the smallest span that holds all of them"), counted)
    return "\n".join(lines)


def _result(case: Sum) -> Iterable[str]:
    if case.uncut == case.counted:
        yield from _set(said("= counted"), case.counted)
        return
    yield from _set(said("= sum"), case.uncut)
    yield from _set(said("= counted, cut at zero: nobody holds less than none"), case.counted)


def _headroom(found: Explanation) -> str:
    row = found.row
    if row.counted is None or row.ceiling is None or row.headroom is None:
        return ""
    crossed = Span(
        None if row.counted.high is None else -row.counted.high,
        None if row.counted.low is None else -row.counted.low,
    )
    lines = [
        _line(said("Headroom"), said("lowest"), said("highest"), ""),
        *_set(said("ceiling"), row.ceiling),
        *_set(said("less counted (for the lowest, the highest count)"), crossed),
        *_set(said("= headroom"), row.headroom),
    ]
    return "\n".join(lines)


def _lines(lines: Sequence[SumLine]) -> Iterable[str]:
    for line in lines:
        if line.adds.low is None or line.adds.low < 0:
            text = said("- {text}", text=line.text)
        else:
            text = said("+ {text}", text=line.text)
        yield from _set(text, line.adds, " ".join(line.refs))


def _set(text: str, span: Span, refs: str = "") -> Iterable[str]:
    spoken = printable(speak(text))
    first, *rest = textwrap.wrap(spoken, _LABEL, subsequent_indent="  ") or [""]
    yield _line(first, _bound(span.low), _bound(span.high), refs)
    yield from (f"  {more}" for more in rest)


def _bound(value: int | None) -> Said:
    return said("open") if value is None else phrases.number(value)


def _line(text: str, low: str, high: str, refs: str) -> str:
    text, low, high, refs = map(speak, (text, low, high, refs))
    return f"  {text:<{_LABEL}} {low:>{_NUMBER}} {high:>{_NUMBER}}  {refs}".rstrip()
