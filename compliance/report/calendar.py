"""The calendar of duties for people: what is due, and what is on record of what was due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from compliance.agreement.provisions import Obligation
from compliance.assess.duty_rows import Calendar, DutyRow, Event, Outcome, is_derived
from compliance.report import calendar_data
from compliance.report.style import Style
from compliance.values.dates import in_words

_RESULTS = {
    Outcome.GIVEN: "given",
    Outcome.IN_PART: "in part",
    Outcome.LATE: "LATE",
    Outcome.RECORDED_AFTER: "recorded after",
    Outcome.MISSING: "MISSING",
    Outcome.NOT_ON_RECORD: "none on record",
    Outcome.PROOF_OWED: "PROOF OWED",
    Outcome.CANNOT_TELL: "cannot tell",
    Outcome.NOT_YET_DUE: "not yet due",
}
_MEANINGS = {
    Outcome.GIVEN: "recorded in time; an exchange with every category, withheld figures included",
    Outcome.IN_PART: "recorded, without some categories; what is not mentioned is not none",
    Outcome.LATE: "recorded so many days after the day",
    Outcome.RECORDED_AFTER: "recorded so many days after a day that is derived or not certain",
    Outcome.MISSING: "nothing is on record; a missing report is not a report of none",
    Outcome.NOT_ON_RECORD: "nothing is on record; the day, or the duty, is derived or not certain",
    Outcome.PROOF_OWED: "a Party reports a loss, and no proof of it is on record",
    Outcome.CANNOT_TELL: "the record does not settle it; why stands with it",
    Outcome.NOT_YET_DUE: "the day is not over",
}
_RECORDED = (
    "'Given' and 'after' go by the day on which a thing was first recorded in this ledger (UTC). A "
    "ledger filled later says when it was filled, unless its archive was imported with "
    "--recorded-at."
)
_NO_DETERMINATION = (
    "Computed from what is on record; no determination of non-compliance: only the Parties "
    "determine that."
)
_UNSURE = "(?): it is not known whether it was a Party on that day."
_SILENT = (Outcome.MISSING, Outcome.NOT_ON_RECORD, Outcome.NOT_YET_DUE)


def render(found: Calendar, format_: str) -> str:
    """Return the calendar as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return calendar_data.as_json(found)
    if format_ == "csv":
        return calendar_data.as_csv(found)
    style = Style(markdown=format_ == "markdown")
    return "\n\n".join(_listed(found, style) if found.as_of is None else _kept(found, style))


def _listed(found: Calendar, style: Style) -> Iterable[str]:
    yield style.title(f"{found.law.short_title}: what is due in {_years(found)}", level=1)
    if found.rows:
        yield style.table(
            ("Due", "Valid on", "Duty", "By", "Law"),
            [_due_line(list(rows)) for _, rows in groupby(found.rows, key=_same_duty)],
            ("left",) * 5,
            (None, None, 26, 32, None),
        )
        if not all(row.certain for row in found.rows):
            yield style.wrap(_UNSURE)
    else:
        yield style.wrap("Nothing falls due on a day.")
    if found.events:
        yield style.title("When something happens")
        yield style.table(
            ("Duty", "When", "By", "Law"),
            [
                [
                    event.duty.title,
                    event.duty.due,
                    ", ".join(event.party_names),
                    _standing(event.duty),
                ]
                for event in found.events
            ],
            ("left",) * 4,
            (28, 26, 26, None),
        )
    yield from _gaps(found, style)
    shown = [row.duty for row in found.rows] + [event.duty for event in found.events]
    if shown:
        yield style.title("What the duties are, and their law")
        yield "\n".join(
            style.item(f"{duty.title}: {_provision(duty)}") for duty in dict.fromkeys(shown)
        )
        yield style.wrap(_DERIVED)
    yield _pack(found, style)


_DERIVED = (
    "Law: 'text' was read in the instrument, 'reported' is given by a reliable second source, "
    "'derived' is our inference and holds nobody. Grade of the best source: A, B or C."
)


def _same_duty(row: DutyRow) -> tuple[str, date | None]:
    return row.duty.id, row.due


def _due_line(rows: Sequence[DutyRow]) -> list[str]:
    first = rows[0]
    return [
        str(first.due),
        str(first.valid_on or ""),
        first.duty.title,
        ", ".join(map(_party, rows)),
        _standing(first.duty),
    ]


def _kept(found: Calendar, style: Style) -> Iterable[str]:
    assert found.as_of is not None
    yield style.title(
        f"{found.law.short_title}: what was due in {_years(found)}, and what is on record", level=1
    )
    known = f" As known at {found.known_at}." if found.known_at else ""
    yield style.wrap(f"Looked at from {in_words(found.as_of)}.{known} {_NO_DETERMINATION}")
    everything = [*found.rows, *found.called_for]
    firm = [row for row in everything if not row.derived]
    derived = [row for row in everything if row.derived]
    yield "\n".join(
        [
            style.item(f"By law that is read or reported: {_counts(firm)}."),
            style.item(f"By derived dates, which hold nobody: {_counts(derived)}."),
        ]
    )
    for _, rows in groupby(found.rows, key=lambda row: row.duty.id):
        yield from _duty(list(rows), style)
    called = sorted(found.called_for, key=lambda row: row.duty.id)
    for _, rows in groupby(called, key=lambda row: row.duty.id):
        some = list(rows)
        yield style.title(some[0].duty.title)
        yield style.wrap(_provision(some[0].duty))
        yield "\n".join(style.item(_event_row(row)) for row in some)
    waiting = [event for event in found.events if event.duty not in {r.duty for r in called}]
    if waiting:
        yield style.title("When something happens")
        yield "\n".join(style.item(_waiting(event)) for event in waiting)
    yield from _gaps(found, style)
    outcomes = {row.outcome for row in everything}
    if everything:
        yield style.title("How to read it")
        yield style.terms(
            [(_RESULTS[o], meaning) for o, meaning in _MEANINGS.items() if o in outcomes]
        )
        yield style.wrap(_RECORDED)
    if found.notes:
        yield "\n".join(style.item(note) for note in found.notes)
    yield _pack(found, style)


def _counts(rows: Sequence[DutyRow]) -> str:
    if not rows:
        return "nothing was due"
    counted = Counter(row.outcome for row in rows)
    named = [f"{counted[o]:,} {text.lower()}" for o, text in _RESULTS.items() if counted[o]]
    return f"{len(rows):,} due: {', '.join(named)}"


def _duty(rows: Sequence[DutyRow], style: Style) -> Iterable[str]:
    duty = rows[0].duty
    yield style.title(duty.title)
    yield style.wrap(_provision(duty))
    kinds = {_said(row) for row in rows}
    if len(rows) > 1 and len(kinds) == 1 and not rows[0].handed:
        outcome, reason, _ = kinds.pop()
        yield style.wrap(f"All {len(rows)}: {_RESULTS[outcome] if outcome else ''}. {reason}")
        return
    folded = [list(some) for _, some in groupby(rows, key=_fold)]
    remarks: dict[str, int] = {}
    yield style.table(
        ("Due", "Party", "Result", "Days\nafter", "Recorded", "Submission"),
        [_line(some, remarks) for some in folded],
        ("left", "left", "left", "right", "left", "left"),
        (None, 24, None, None, None, None),
    )
    if not all(row.certain for row in rows):
        yield style.wrap(_UNSURE)
    if remarks:
        yield "\n".join(style.item(f"[{number}] {text}") for text, number in remarks.items())


def _said(row: DutyRow) -> tuple[Outcome | None, str, bool]:
    """Return the outcome and what is to be said of it beside the table."""
    silent = row.outcome in _SILENT and not row.handed
    return row.outcome, "" if silent else row.reason, row.gap is not None


def _fold(row: DutyRow) -> tuple[object, ...]:
    """Return what neighbours must share to stand in one line."""
    return row.party, row.party_name, row.certain, _said(row), row.due if row.handed else None


def _line(rows: Sequence[DutyRow], remarks: dict[str, int]) -> list[str]:
    first = rows[0]
    _, reason, gap = _said(first)
    texts = [reason] * bool(reason) + ["In a reporting gap; see below."] * gap
    numbers = "".join(f" [{remarks.setdefault(t, len(remarks) + 1)}]" for t in texts)
    return [
        _dates(rows),
        _party(first),
        f"{_RESULTS[first.outcome] if first.outcome else ''}{numbers}",
        "" if first.days is None else f"{first.days:,}",
        "\n".join(str(handed.on) for handed in first.handed),
        "\n".join(handed.submission for handed in first.handed),
    ]


def _dates(rows: Sequence[DutyRow]) -> str:
    first, last = rows[0].due, rows[-1].due
    if len(rows) == 1:
        return str(first)
    assert first is not None
    assert last is not None
    return f"{first.year} to {last.year} ({len(rows)})"


def _event_row(row: DutyRow) -> str:
    result = _RESULTS[row.outcome] if row.outcome else ""
    after = f", {row.days:,} day{'' if row.days == 1 else 's'} after" if row.days else ""
    handed = "".join(
        f" Recorded on {in_words(h.on)} ({h.basis}), submission {h.submission}." for h in row.handed
    )
    refs = ", ".join(evidence.ref for evidence in row.rows)
    return f"{_party(row)}, {result}{after}: {row.reason}{handed} Rows: {refs}."


def _waiting(event: Event) -> str:
    duty = event.duty
    looked_for = duty.change_percent is not None or duty.shown_by is not None
    said = (
        "nothing on record is known to have called for it"
        if looked_for
        else "nothing that is recorded shows whether it was due, or done"
    )
    return f"{duty.title} ({duty.due}; law {_standing(duty)}): {said}."


def _gaps(found: Calendar, style: Style) -> Iterable[str]:
    if found.gaps:
        yield style.title("Reporting gaps")
        yield "\n".join(
            style.item(f"{name}: {gap.text} Law: {gap.citation.short()}. {gap.citation.note}")
            for name, gap in found.gaps
        )


def _provision(duty: Obligation) -> str:
    by = " Due by a derived date." if is_derived(duty) and duty.rhythm != "event" else ""
    note = f" {duty.citation.note}" if duty.citation.note else ""
    return f"{duty.text}{by} Law: {duty.citation.short()}.{note}"


def _standing(duty: Obligation) -> str:
    return f"{duty.citation.status.value}, {duty.citation.grade.value}"


def _party(row: DutyRow) -> str:
    return row.party_name if row.certain else f"{row.party_name} (?)"


def _years(found: Calendar) -> str:
    return str(found.first) if found.first == found.last else f"{found.first} to {found.last}"


def _pack(found: Calendar, style: Style) -> str:
    return style.wrap(
        f"Rule pack {found.law.id} {found.law.version}, SHA-256 {found.law.sha256[:12]}."
    )
