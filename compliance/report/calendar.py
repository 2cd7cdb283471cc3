"""The calendar of duties for people: what is due, and what is on record of what was due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from compliance.assess.duty_rows import Calendar, DutyRow, Outcome
from compliance.report import calendar_data, phrases
from compliance.report.calendar_words import (
    MEANINGS,
    RESULTS,
    counts,
    dates_of,
    day_of,
    event_row,
    party_of,
    provision_of,
    standing_of,
    waiting_event,
    years_of,
)
from compliance.report.style import Style
from compliance.values.said import english, joined, name, said

_RECORDED = said(
    "'Given' and 'after' go by the day on which a thing was first recorded in this ledger (UTC). A "
    "ledger filled later says when it was filled, unless its archive was imported with "
    "--recorded-at."
)


_NO_DETERMINATION = said(
    "Computed from what is on record; no determination of non-compliance: only the Parties "
    "determine that."
)


_UNSURE = said("(?): it is not known whether it was a Party on that day.")


_COLUMNS = (
    said("Due"),
    said("Party"),
    said("Result"),
    said("Days\nafter"),
    said("Recorded"),
    said("Submission"),
)


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
    yield style.title(
        said(
            "{agreement}: what is due in {years}",
            agreement=name(found.law.short_title),
            years=years_of(found),
        ),
        level=1,
    )
    if found.rows:
        yield style.table(
            (said("Due"), said("Valid on"), said("Duty"), said("By"), said("Law")),
            [_due_line(list(rows)) for _, rows in groupby(found.rows, key=_same_duty)],
            ("left",) * 5,
            (None, None, 26, 32, None),
        )
        if not all(row.certain for row in found.rows):
            yield style.wrap(_UNSURE)
    else:
        yield style.wrap(said("Nothing falls due on a day."))
    if found.events:
        yield style.title(said("When something happens"))
        yield style.table(
            (said("Duty"), said("When"), said("By"), said("Law")),
            [
                [
                    english(event.duty.title),
                    english(event.duty.due),
                    joined(", ", map(name, event.party_names)),
                    standing_of(event.duty),
                ]
                for event in found.events
            ],
            ("left",) * 4,
            (28, 26, 26, None),
        )
    yield from _gaps(found, style)
    shown = [row.duty for row in found.rows] + [event.duty for event in found.events]
    if shown:
        yield style.title(said("What the duties are, and their law"))
        yield "\n".join(
            style.item(said("{duty}: {text}", duty=english(duty.title), text=provision_of(duty)))
            for duty in dict.fromkeys(shown)
        )
        yield style.wrap(_DERIVED)
    yield _pack(found, style)


_DERIVED = said(
    "Law: 'text' was read in the instrument, 'reported' is given by a reliable second source, "
    "'derived' is our inference and holds nobody. Grade of the best source: A, B or C."
)


def _same_duty(row: DutyRow) -> tuple[str, date | None]:
    return row.duty.id, row.due


def _due_line(rows: Sequence[DutyRow]) -> list[str]:
    first = rows[0]
    return [
        day_of(first.due),
        day_of(first.valid_on),
        english(first.duty.title),
        joined(", ", map(party_of, rows)),
        standing_of(first.duty),
    ]


def _kept(found: Calendar, style: Style) -> Iterable[str]:
    assert found.as_of is not None
    yield style.title(
        said(
            "{agreement}: what was due in {years}, and what is on record",
            agreement=name(found.law.short_title),
            years=years_of(found),
        ),
        level=1,
    )
    known = said("As known at {moment}.", moment=found.known_at) if found.known_at else ""
    looked = said("Looked at from {day}.", day=found.as_of)
    yield style.wrap(phrases.sentences([looked, known, _NO_DETERMINATION]))
    everything = [*found.rows, *found.called_for]
    firm = [row for row in everything if not row.derived]
    derived = [row for row in everything if row.derived]
    yield "\n".join(
        [
            style.item(said("By law that is read or reported: {counts}.", counts=counts(firm))),
            style.item(
                said("By derived dates, which hold nobody: {counts}.", counts=counts(derived))
            ),
        ]
    )
    for _, rows in groupby(found.rows, key=lambda row: row.duty.id):
        yield from _duty(list(rows), style)
    called = sorted(found.called_for, key=lambda row: row.duty.id)
    for _, rows in groupby(called, key=lambda row: row.duty.id):
        some = list(rows)
        yield style.title(english(some[0].duty.title))
        yield style.wrap(provision_of(some[0].duty))
        yield "\n".join(style.item(event_row(row)) for row in some)
    waiting = [event for event in found.events if event.duty not in {r.duty for r in called}]
    if waiting:
        yield style.title(said("When something happens"))
        yield "\n".join(style.item(waiting_event(event)) for event in waiting)
    yield from _gaps(found, style)
    outcomes = {row.outcome for row in everything}
    if everything:
        yield style.title(said("How to read it"))
        yield style.terms(
            [(RESULTS[o], meaning) for o, meaning in MEANINGS.items() if o in outcomes]
        )
        yield style.wrap(_RECORDED)
    if found.notes:
        yield "\n".join(style.item(note) for note in found.notes)
    yield _pack(found, style)


def _duty(rows: Sequence[DutyRow], style: Style) -> Iterable[str]:
    duty = rows[0].duty
    yield style.title(english(duty.title))
    yield style.wrap(provision_of(duty))
    kinds = {_told(row) for row in rows}
    if len(rows) > 1 and len(kinds) == 1 and not rows[0].handed:
        outcome, reason, _ = kinds.pop()
        every = said(
            "All {number}: {result}.",
            number=len(rows),
            result=RESULTS[outcome] if outcome else "",
        )
        yield style.wrap(phrases.sentences([every, reason]))
        return
    folded = [list(some) for _, some in groupby(rows, key=_fold)]
    remarks: dict[str, int] = {}
    yield style.table(
        _COLUMNS,
        [_line(some, remarks) for some in folded],
        ("left", "left", "left", "right", "left", "left"),
        (None, 24, None, None, None, None),
    )
    if not all(row.certain for row in rows):
        yield style.wrap(_UNSURE)
    if remarks:
        yield "\n".join(
            style.item(said("[{number}] {text}", number=str(number), text=text))
            for text, number in remarks.items()
        )


def _told(row: DutyRow) -> tuple[Outcome | None, str, bool]:
    """Return the outcome and what is to be said of it beside the table."""
    silent = row.outcome in _SILENT and not row.handed
    return row.outcome, "" if silent else row.reason, row.gap is not None


def _fold(row: DutyRow) -> tuple[object, ...]:
    """Return what neighbours must share to stand in one line."""
    return row.party, row.party_name, row.certain, _told(row), row.due if row.handed else None


def _line(rows: Sequence[DutyRow], remarks: dict[str, int]) -> list[str]:
    first = rows[0]
    _, reason, gap = _told(first)
    texts = [reason] * bool(reason) + [said("In a reporting gap; see below.")] * gap
    numbers = "".join(f" [{remarks.setdefault(t, len(remarks) + 1)}]" for t in texts)
    return [
        dates_of(rows),
        party_of(first),
        said(
            "{result}{marks}",
            result=RESULTS[first.outcome] if first.outcome else "",
            marks=numbers,
        ),
        "" if first.days is None else phrases.number(first.days),
        joined("\n", [phrases.day(handed.on) for handed in first.handed]),
        "\n".join(handed.submission for handed in first.handed),
    ]


def _gaps(found: Calendar, style: Style) -> Iterable[str]:
    if found.gaps:
        yield style.title(said("Reporting gaps"))
        yield "\n".join(
            style.item(
                phrases.sentences(
                    [
                        said("{party}: {text}", party=name(party), text=english(gap.text)),
                        said("Law: {law}.", law=gap.citation.short()),
                        english(gap.citation.note),
                    ]
                )
            )
            for party, gap in found.gaps
        )


def _pack(found: Calendar, style: Style) -> str:
    return style.wrap(said("{rule_pack}.", rule_pack=phrases.rule_pack(found.law)))
