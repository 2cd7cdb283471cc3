"""What the reports of a comparison say alike: changes, causes, what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.cause import Cause, CauseKind, Change, together
from compliance.assess.compared import Comparison, DiffRow
from compliance.assess.result import EvidenceRow
from compliance.report import cells, phrases
from compliance.report.style import Style
from compliance.values.said import Brief, Said, english, name, said
from compliance.values.vocabulary import Verdict

_KINDS = {
    CauseKind.CEILING: said("ceiling"),
    CauseKind.MOVEMENT: said("movement"),
    CauseKind.DECLARATION: said("declaration"),
    CauseKind.CORRECTION: said("correction"),
    CauseKind.READING: said("reading"),
    CauseKind.RULE: said("rule"),
    CauseKind.MEMBERSHIP: said("membership"),
    CauseKind.CUT: said("cut"),
}


def change(value: Change) -> Said:
    """Return a change: once where both bounds do alike, else the lower and the upper one."""
    if value.low == value.high:
        return _signed(value.low)
    return said("low {low}, high {high}", low=_signed(value.low), high=_signed(value.high))


def change_of(row: DiffRow) -> Said:
    """Return the change of a row; ``same`` where nothing happened, whatever is open in it."""
    return said("same") if _nothing(row) else change(row.change)


def _nothing(row: DiffRow) -> bool:
    return not row.causes and row.before.counted is not None


def _signed(value: int | None) -> Said:
    return cells.UNKNOWN if value is None else phrases.signed(value)


def room(row: DiffRow) -> Said:
    """Return what a change is to the room, in a sentence."""
    low, high = row.change.low, row.change.high
    if _nothing(row):
        return said("The same room.")
    if low is None and high is None:
        if row.before.counted is None or row.after.counted is None:
            return said("By how much the room changed cannot be said: a count is not known.")
        return said(
            "By how much the room changed cannot be said: a ceiling or a bound is not known."
        )
    if low is None or high is None:
        one = low if high is None else high
        assert one is not None
        if low is None:
            return said("{room}, by the most there may be; the least is open.", room=_room(one))
        return said("{room}, by the least there may be; the most is open.", room=_room(one))
    if low == high:
        return said("{room}.", room=_room(low))
    return said(
        "The least room there may be is {least}, the most {most}.", least=_by(low), most=_by(high)
    )


def _room(value: int) -> Said:
    if value > 0:
        return said("{number} more room", number=value)
    return said("{number} less room", number=-value) if value else said("The same room")


def _by(value: int) -> Said:
    if value > 0:
        return said("{number} more", number=value)
    return said("{number} less", number=-value) if value else said("the same")


def cause_lines(causes: tuple[Cause, ...], style: Style) -> Iterator[str]:
    """Yield one entry for each cause, with its sources; one that is repeated is not said again."""
    last = ""
    for cause in causes:
        text = [
            said(
                "{day}, {kind}, {change}: {detail}.",
                day=cause.day,
                kind=_KINDS[cause.kind],
                change=change(cause.change),
                detail=cause.detail,
            )
        ]
        if cause.citation is not None:
            text.append(said("Law: {law}.", law=cause.citation.short()))
        about = phrases.sentences(_rows(cause))
        if about and about == last:
            text.append(said("Source and rows: as the one before it."))
        else:
            text.append(about)
        last = about
        yield style.item(phrases.sentences(text))


def _rows(cause: Cause) -> Iterator[str]:
    """Yield the rows of a cause, those of one source and note together."""
    grouped: dict[tuple[str, ...], list[EvidenceRow]] = {}
    for row in cause.rows:
        grouped.setdefault((row.source, row.note, row.marking), []).append(row)
    for (source, note, marking), rows in grouped.items():
        what = phrases.clauses([row.text for row in rows])
        if what != cause.detail:
            yield said("{rows}.", rows=phrases.capital(what))
        if note:
            yield english(note)
        if marking:
            yield said("Marking: {marking}.", marking=marking)
        refs = ", ".join(row.ref for row in rows)
        yield said("Source: {source} [{refs}].", source=source, refs=refs)


def sums(row: DiffRow) -> Said:
    """Return whether the causes add up to the change, and where a sum has no meaning."""
    total, whole = together(row.causes), row.change
    if whole.low is None and whole.high is None:
        return said("A bound is open or unknown at one end, so the causes have no sum.")
    if whole.low is not None and whole.high is not None:
        return said("Together {change}: that is the change.", change=change(total))
    if whole.low is None:
        return said(
            "On the upper bound the causes add up to {number}, its change; the lower bound is open "
            "at one end, so there they have no sum.",
            number=_signed(total.high),
        )
    return said(
        "On the lower bound the causes add up to {number}, its change; the upper bound is open at "
        "one end, so there they have no sum.",
        number=_signed(total.low),
    )


def heading_notes(found: Comparison) -> Iterator[Said]:
    """Yield what was compared with what, beyond the days, in sentences."""
    before, after = found.before, found.after
    if before.known_at != after.known_at:
        yield said(
            "The first day is judged {first}, every later one {last}: what was recorded in "
            "between is told first, as a correction.",
            first=_knowledge(before.known_at),
            last=_knowledge(after.known_at),
        )
    elif after.known_at:
        yield said("As known at {moment}.", moment=after.known_at)
    if found.request.basis is not None:
        yield said("Only figures on the basis '{basis}'.", basis=found.request.basis.word)
    if before.readings.closed != after.readings.closed:
        yield said(
            "Readings: {first} on the first day, {last} on every later one.",
            first=_readings(dict(before.readings.closed)),
            last=_readings(dict(after.readings.closed)),
        )
    for item in found.successions:
        parts = {"party": name(item.party_name), "predecessor": name(item.predecessor_name)}
        start = said("{party} took the place of {predecessor} on {day}", **parts, day=item.since)
        if item.citation:
            start = said("{what} ({law})", what=start, law=item.citation.short())
        if item.compared:
            yield said(
                "{what}: as asked by --succession, it is compared with {predecessor} before that "
                "day. They are not the same Party.",
                what=start,
                predecessor=parts["predecessor"],
            )
        else:
            yield said(
                "{what}: they are not compared with each other. --succession does that.", what=start
            )


def _knowledge(known_at: str | None) -> Said:
    if known_at:
        return said("as known at {moment}", moment=known_at)
    return said("on all that is recorded")


def _readings(closed: dict[str, str]) -> str:
    return ", ".join(f"{q}={a}" for q, a in sorted(closed.items())) or said("none closed")


def legend(rows: list[DiffRow]) -> list[tuple[str, str]]:
    """Return what the marks and words of a comparison mean: only what occurs."""
    verdicts = {v for row in rows for v in (row.before.verdict, row.after.verdict)}
    entries: list[tuple[str, str]] = [
        (cells.VERDICTS[v], v.meaning) for v in Verdict if v in verdicts
    ]
    entries.append(
        (
            said("Change"),
            said(
                "of headroom, ceiling minus counted: + is more room than before, - is less; "
                "'same' where nothing happened"
            ),
        )
    )
    changes = [row.change for row in rows if row.causes] + [
        c.change for row in rows for c in row.causes
    ]
    if any(c.low != c.high for c in changes):
        entries.append(
            (
                said("low, high"),
                said(
                    "low is the change of the least room there may be, high that of the most; they "
                    "differ where something is uncertain on either day"
                ),
            )
        )
    if any(c.low is None or c.high is None for c in changes):
        entries.append(
            (
                cells.UNKNOWN,
                said("not known, or without a number: the bound is open on one of the days"),
            )
        )
    if any(row.of_counted and row.before.counted and row.after.counted for row in rows):
        entries.append(
            (
                said("no ceiling"),
                said("where none is known, the change is that of the count, sign turned"),
            )
        )
    sides = [side for row in rows for side in (row.before, row.after)]
    spans = [s for side in sides for s in (side.counted, side.headroom) if s is not None]
    if any(span.high is None for span in spans):
        entries.append(("15..", said("at least 15: the figures published are not the whole")))
    if any(span.closed and not span.exact for span in spans):
        entries.append(("62..89", said("anywhere from 62 to 89")))
    if any(side.ceiling is None and side.ceiling_derived for side in sides):
        entries.append(("(143?)", said("a ceiling only derived: shown, and not used")))
    if any(side.stale for side in sides):
        entries.append((said("(old)"), said("that figure is too old to speak for the day")))
    kinds = {cause.kind for row in rows for cause in row.causes}
    entries += [(_KINDS[kind], kind.meaning) for kind in CauseKind if kind in kinds]
    return entries


def reproduce(found: Comparison) -> Said:
    """Return what is needed to get the same again."""
    parts = [
        phrases.rule_pack(found.law),
        said(
            "from the end of {start} to the end of {end}",
            start=Brief.of(found.start),
            end=Brief.of(found.end),
        ),
        *phrases.readings(dict(sorted(found.after.readings.closed.items()))),
    ]
    return said(
        "{conditions}. Every row, reason and source: --format json.",
        conditions=phrases.clauses(parts),
    )
