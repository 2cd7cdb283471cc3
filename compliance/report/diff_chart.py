"""A limit on a day, drawn to scale beside its numbers: what counts, the room, the ceiling.

Only characters that every terminal has; no colour. Under one another the days show the course of
the count, and the ceiling as steps.
"""

from __future__ import annotations

from collections.abc import Iterable

from compliance.values.said import said
from compliance.values.span import Span

_WIDTH = 20
_SURE, _MAYBE, _ROOM, _CEILING, _MORE, _UNKNOWN = "#", "~", ".", "|", ">", "?"

LEGEND = (
    (
        f"{_SURE} {_MAYBE} {_ROOM}",
        said("drawn: counts for certain; may count; room up to the ceiling"),
    ),
    (_CEILING, said("drawn: the ceiling, twice where it is a span; none where it is not known")),
    (f"{_MORE}  {_UNKNOWN}", said("drawn: the count is open above; it is not known")),
)


def scale(spans: Iterable[Span | None]) -> int:
    """Return the number at the right end of the drawing: the highest bound there is."""
    bounds = [bound for span in spans if span is not None for bound in (span.low, span.high)]
    return max([1, *(bound for bound in bounds if bound is not None)])


def bar(counted: Span | None, ceiling: Span | None, most: int) -> str:
    """Return a count under a ceiling, drawn from zero to ``most``."""
    cells = [" "] * (_WIDTH + 1)
    if ceiling is not None and ceiling.low is not None:
        _fill(cells, _ROOM, 0, _place(ceiling.low, most))
    if counted is None:
        cells[0] = _UNKNOWN
    else:
        low = _place(counted.low or 0, most)
        high = _WIDTH if counted.high is None else _place(counted.high, most)
        _fill(cells, _MAYBE, low, high)
        _fill(cells, _SURE, 0, low)
        if counted.high is None:
            cells[_WIDTH - 1] = _MORE
    for bound in () if ceiling is None else (ceiling.low, ceiling.high):
        if bound is not None:
            cells[max(_place(bound, most), counted is None)] = _CEILING
    return "".join(cells).rstrip()


def _fill(cells: list[str], mark: str, start: int, end: int) -> None:
    cells[start:end] = [mark] * (end - start)


def _place(value: int, most: int) -> int:
    """Return where a number lies; whatever is not zero is seen."""
    place = round(value * _WIDTH / most)
    return min(_WIDTH, max(place, 1)) if value > 0 else 0
