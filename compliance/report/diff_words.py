"""What the reports of a comparison say alike: changes, causes, what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.cause import Cause, CauseKind, Change, together
from compliance.assess.compared import Comparison, DiffRow
from compliance.assess.result import EvidenceRow
from compliance.report import cells
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.vocabulary import Verdict

ALIKE = "as the one before it"


def change(value: Change) -> str:
    """Return a change: once where both bounds do alike, else the lower and the upper one."""
    if value.low == value.high:
        return cells.UNKNOWN if value.low is None else _signed(value.low)
    return f"low {_signed(value.low)}, high {_signed(value.high)}"


def change_of(row: DiffRow) -> str:
    """Return the change of a row; ``same`` where nothing happened, whatever is open in it."""
    nothing = not row.causes and row.before.counted is not None
    return "same" if nothing else change(row.change)


def _signed(value: int | None) -> str:
    return cells.UNKNOWN if value is None else f"{value:+,}" if value else "0"


def room(row: DiffRow) -> str:
    """Return what a change is to the room, in words."""
    if change_of(row) == "same":
        return "the same room"
    low, high = row.change.low, row.change.high
    if low is None and high is None:
        if row.before.counted is None or row.after.counted is None:
            return "by how much the room changed cannot be said: a count is not known"
        return "by how much the room changed cannot be said: a ceiling or a bound is not known"
    if low == high or low is None or high is None:
        one = low if high is None else high
        assert one is not None
        text = f"{_more(one)} room" if one else "the same room"
        if low is None:
            return f"{text}, by the most there may be; the least is open"
        return f"{text}, by the least there may be; the most is open" if high is None else text
    return f"the least room there may be is {_by(low)}, the most {_by(high)}"


def _more(value: int) -> str:
    return f"{abs(value):,} {'more' if value > 0 else 'less'}"


def _by(value: int) -> str:
    return _more(value) if value else "the same"


def cause_lines(causes: tuple[Cause, ...], style: Style) -> Iterator[str]:
    """Yield one entry for each cause, with its sources; one that is repeated is not said again."""
    last = ""
    for cause in causes:
        text = f"{in_words(cause.day)}, {cause.kind.value}, {change(cause.change)}: {cause.detail}."
        if cause.citation is not None:
            text += f" Law: {cause.citation.short()}."
        about = " ".join(_rows(cause))
        text += f" Source and rows: {ALIKE}." if about and about == last else f" {about}"
        last = about
        yield style.item(text.rstrip())


def _rows(cause: Cause) -> Iterator[str]:
    """Yield the rows of a cause, those of one source and note together."""
    grouped: dict[tuple[str, ...], list[EvidenceRow]] = {}
    for row in cause.rows:
        grouped.setdefault((row.source, row.note, row.marking), []).append(row)
    for (source, note, marking), rows in grouped.items():
        what = "; ".join(row.text for row in rows)
        said = [] if what == cause.detail else [f"{what[0].upper()}{what[1:]}."]
        said += [note] if note else []
        said += [f"Marking: {marking}."] if marking else []
        yield " ".join([*said, f"Source: {source} [{', '.join(row.ref for row in rows)}]."])


def sums(row: DiffRow) -> str:
    """Return whether the causes add up to the change, and where a sum has no meaning."""
    total, whole = together(row.causes), row.change
    if whole.low is None and whole.high is None:
        return "A bound is open or unknown at one end, so the causes have no sum."
    if whole.low is not None and whole.high is not None:
        return f"Together {change(total)}: that is the change."
    name, number, other = (
        ("upper", total.high, "lower") if whole.low is None else ("lower", total.low, "upper")
    )
    return (
        f"On the {name} bound the causes add up to {_signed(number)}, its change; the {other} "
        "bound is open at one end, so there they have no sum."
    )


def heading_notes(found: Comparison) -> Iterator[str]:
    """Yield what was compared with what, beyond the days, in sentences."""
    before, after = found.before, found.after
    if before.known_at != after.known_at:
        first, last = (
            f"as known at {side.known_at}" if side.known_at else "on all that is recorded"
            for side in (before, after)
        )
        yield (
            f"The first day is judged {first}, every later one {last}: what was recorded in "
            "between is told first, as a correction."
        )
    elif after.known_at:
        yield f"As known at {after.known_at}."
    if found.request.basis is not None:
        yield f"Only figures on the basis '{found.request.basis.value}'."
    if before.readings.closed != after.readings.closed:
        yield (
            f"Readings: {_readings(dict(before.readings.closed))} on the first day, "
            f"{_readings(dict(after.readings.closed))} on every later one."
        )
    for item in found.successions:
        law = f" ({item.citation.short()})" if item.citation else ""
        start = (
            f"{item.party_name} took the place of {item.predecessor_name} on "
            f"{in_words(item.since)}{law}"
        )
        if item.compared:
            yield (
                f"{start}: as asked by --succession, it is compared with {item.predecessor_name} "
                "before that day. They are not the same Party."
            )
        else:
            yield f"{start}: they are not compared with each other. --succession does that."


def _readings(closed: dict[str, str]) -> str:
    return ", ".join(f"{q}={a}" for q, a in sorted(closed.items())) or "none closed"


def legend(rows: list[DiffRow]) -> list[tuple[str, str]]:
    """Return what the marks and words of a comparison mean: only what occurs."""
    verdicts = {v for row in rows for v in (row.before.verdict, row.after.verdict)}
    entries = [(cells.VERDICTS[v], v.meaning) for v in Verdict if v in verdicts]
    entries.append(
        (
            "Change",
            "of headroom, ceiling minus counted: + is more room than before, - is less; 'same' "
            "where nothing happened",
        )
    )
    changes = [row.change for row in rows if row.causes] + [
        c.change for row in rows for c in row.causes
    ]
    if any(c.low != c.high for c in changes):
        entries.append(
            (
                "low, high",
                "low is the change of the least room there may be, high that of the most; they "
                "differ where something is uncertain on either day",
            )
        )
    if any(c.low is None or c.high is None for c in changes):
        entries.append(
            (cells.UNKNOWN, "not known, or without a number: the bound is open on one of the days")
        )
    if any(row.of_counted and row.before.counted and row.after.counted for row in rows):
        entries.append(
            ("no ceiling", "where none is known, the change is that of the count, sign turned")
        )
    sides = [side for row in rows for side in (row.before, row.after)]
    spans = [s for side in sides for s in (side.counted, side.headroom) if s is not None]
    if any(span.high is None for span in spans):
        entries.append(("15..", "at least 15: the figures published are not the whole"))
    if any(span.closed and not span.exact for span in spans):
        entries.append(("62..89", "anywhere from 62 to 89"))
    if any(side.ceiling is None and side.ceiling_derived for side in sides):
        entries.append(("(143?)", "a ceiling only derived: shown, and not used"))
    if any(side.stale for side in sides):
        entries.append(("(old)", "that figure is too old to speak for the day"))
    kinds = {cause.kind for row in rows for cause in row.causes}
    entries += [(kind.value, kind.meaning) for kind in CauseKind if kind in kinds]
    return entries


def reproduce(found: Comparison) -> str:
    """Return what is needed to get the same again."""
    readings = "".join(
        f" --reading {q}={a}" for q, a in sorted(found.after.readings.closed.items())
    )
    return (
        f"Rule pack {found.law.id} {found.law.version}, SHA-256 {found.law.sha256[:12]}; from the "
        f"end of {found.start.isoformat()} to the end of {found.end.isoformat()}"
        + (f"; readings:{readings}" if readings else "")
        + ". Every row, reason and source: --format json."
    )
