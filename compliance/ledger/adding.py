"""Adding up: sums of kinds put together on the parts of lines on which they are told."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.ledger.kinds import MANY
from compliance.ledger.lines import Lines
from compliance.ledger.reading import Row
from compliance.ledger.told import Sums


def add_up(
    found: dict[int, Sums], lines: Lines, rows: Sequence[Row], years: tuple[int, int] | None
) -> None:
    """Add rows of a kind and four sums to what was found.

    Args:
        found: by the number of a part of a line.
        lines: knows the shapes of the rows.
        rows: the rows; there may be very many.
        years: the first and the last that any is of; ``None`` where each tells its own, after its
            sums.
    """
    legs, parts = lines.legs.of, lines.parts
    # In plain lists by part, of which there are no more than legs.
    many, low, high, unbounded, sides, told = ([0] * len(lines.legs) for _ in range(6))
    for kind, count, least, most, opened, *_ in rows:
        if count:
            shape, basis = divmod(kind, MANY)
            for leg, bits in legs.get(shape, ()):
                part, more = parts[leg + basis]
                many[part] += count
                low[part] += least
                high[part] += most
                unbounded[part] += opened
                sides[part] |= bits
                told[part] |= more
    ends = {} if years else _ends(lines, rows)
    for part, count in enumerate(many):
        if count:
            first, last = years or ends[part]
            some = Sums(
                *(count, low[part], high[part], unbounded[part]),
                *(sides[part] | told[part], first, last),
            )
            found.setdefault(part, some).join(some)


def _ends(lines: Lines, rows: Sequence[Row]) -> dict[int, tuple[int, int]]:
    """Return by part the first and the last year of rows that tell theirs."""
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        shape, basis = divmod(row[0], MANY)
        first, last = row[5], row[6]
        for leg, _ in lines.legs.of.get(shape, ()):
            part, _ = lines.parts[leg + basis]
            known = found.get(part)
            if known is None or first < known[0] or last > known[1]:
                found[part] = (
                    (min(first, known[0]), max(last, known[1])) if known else (first, last)
                )
    return found
