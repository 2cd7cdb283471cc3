"""Span: an interval of whole numbers. Every uncertain quantity, count and ceiling is one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.values.frozen import frozen

_PATTERN = r"(?P<low>\d{1,9})(?:(?P<dots>\.\.)(?P<high>\d{1,9})?)?"


@frozen
class Span:
    """All whole numbers from ``low`` to ``high``; ``None`` means open on that side.

    Written ``62..89``, ``15..`` ("at least 15") and ``464`` in files, flags and messages.
    Quantities are never negative; results of arithmetic (headroom, a balance) may be.
    """

    low: int | None
    high: int | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"a span cannot run from {self.low} down to {self.high}")

    @classmethod
    def exactly(cls, value: int) -> Span:
        """Return the span that holds one number."""
        return cls(value, value)

    @classmethod
    def at_least(cls, low: int) -> Span:
        """Return the span that is open above."""
        return cls(low, None)

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read a quantity: ``464``, ``62..89`` or ``15..``.

        Raises:
            ValueError: the text is none of these; the message says what was expected.
        """
        match = re.fullmatch(_PATTERN, text.strip())
        if match is None:
            raise ValueError(f"'{text}' is no quantity: write 464, 62..89 or 15.. (at least 15)")
        low = int(match["low"])
        if not match["dots"]:
            return cls(low, low)
        high = int(match["high"]) if match["high"] else None
        if high is not None and low > high:
            raise ValueError(f"'{text}' runs backwards: write the smaller number first")
        return cls(low, high)

    @property
    def exact(self) -> bool:
        """True where the span holds exactly one number."""
        return self.low is not None and self.low == self.high

    @property
    def closed(self) -> bool:
        """True where both bounds are known."""
        return self.low is not None and self.high is not None

    def __add__(self, other: Span) -> Span:
        return Span(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    def __neg__(self) -> Span:
        return Span(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
        )

    def __sub__(self, other: Span) -> Span:
        return self + (-other)

    def hull(self, other: Span) -> Span:
        """Return the smallest span that holds both."""
        return Span(
            None if self.low is None or other.low is None else min(self.low, other.low),
            None if self.high is None or other.high is None else max(self.high, other.high),
        )

    def cut_at_zero(self) -> Span:
        """Return the span with both bounds raised to at least zero: nobody holds less than none."""
        low = 0 if self.low is None else max(0, self.low)
        return Span(low, None if self.high is None else max(0, self.high))

    def __str__(self) -> str:
        if self.exact:
            return str(self.low)
        low = "" if self.low is None else str(self.low)
        high = "" if self.high is None else str(self.high)
        return f"{low}..{high}"

    def as_json(self) -> dict[str, int | None]:
        """Return ``{"low": ..., "high": ...}`` with ``null`` on an open side."""
        return {"low": self.low, "high": self.high}


ZERO = Span(0, 0)


def total(spans: Iterable[Span]) -> Span:
    """Add spans up; the sum of none is zero."""
    found = list(spans)
    lows, highs = [span.low for span in found], [span.high for span in found]
    return Span(_total(lows), _total(highs))


def _total(bounds: list[int | None]) -> int | None:
    # Without the zeros, which add nothing.
    return None if None in bounds else sum(filter(None, bounds))


def hull(spans: Iterable[Span]) -> Span:
    """Return the smallest span that holds all of them.

    Raises:
        ValueError: there are none.
    """
    result: Span | None = None
    for span in spans:
        result = span if result is None else result.hull(span)
    if result is None:
        raise ValueError("the hull of no spans does not exist")
    return result
