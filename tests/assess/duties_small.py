"""A small agreement with duties, and what is on record under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from small_law import ACV, TANK, TYPES, cited, held
from small_law import law as small_law

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Obligation, Party, Period, ShownBy
from compliance.assess.duties import kept
from compliance.assess.duty_rows import Calendar, DutyRow, Record
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.received import Received
from compliance.values.records import Holding, Movement, Row
from compliance.values.span import Span
from compliance.values.vocabulary import LawStatus

START = date(1996, 1, 1)
LATER = date(2030, 1, 1)


def duty(
    id: str = "exchange",
    *,
    rhythm: str = "annual",
    due: str = "12-15",
    valid: str = "01-01",
    status: LawStatus = LawStatus.TEXT,
    period: Period | None = None,
    percent: int | None = None,
    within: Span | None = None,
    shown_by: ShownBy | None = ShownBy.DECLARATION,
) -> Obligation:
    return Obligation(
        id=id,
        title=id.title(),
        text="It is done.",
        rhythm=rhythm,
        due=due,
        valid=valid,
        period=period or Period(START),
        citation=cited(status),
        change_percent=percent,
        within_days=within,
        shown_by=shown_by,
    )


CHANGE = duty(
    "change",
    rhythm="event",
    due="within five days",
    valid="",
    percent=10,
    within=Span(5, 7),
    shown_by=None,
)
LOSS = duty("loss", rhythm="event", due="with the report", valid="", shown_by=ShownBy.LOSSES)


def agreement(*duties: Obligation, parties: Iterable[Party] = ()) -> Agreement:
    base = small_law()
    return replace(base, obligations=duties, parties=tuple(parties) or base.parties)


def received(*submissions: tuple[str, Sequence[Row]]) -> Record:
    """Return submissions as on record: each with its day, and its number as its name."""
    holdings: list[Received[RecordedHolding]] = []
    movements: list[Received[RecordedMovement]] = []
    for number, (day, rows) in enumerate(submissions, start=1):
        on = date.fromisoformat(day)
        for line, row in enumerate(rows, start=1):
            ref = f"{number}:{line}"
            if isinstance(row, Holding):
                holdings.append(Received(RecordedHolding(ref, row), str(number), on, number))
            else:
                assert isinstance(row, Movement)
                movements.append(Received(RecordedMovement(ref, row), str(number), on))
    movements.sort(key=lambda m: (m.item.row.date.last, m.item.row.date.first))
    return Record(tuple(holdings), tuple(movements), LATER, TYPES.get)


def exchange(as_of: str = "2020-01-01", *categories: str, **more: object) -> list[Holding]:
    return [
        held(100, category=category, as_of=as_of, **more)  # type: ignore[arg-type]
        for category in categories or (TANK, ACV)
    ]


def found(
    *submissions: tuple[str, Sequence[Row]],
    duties: Sequence[Obligation] = (duty(),),
    party: str = "serbia",
    years: tuple[int, int] = (2019, 2019),
    as_of: date = LATER,
    law: Agreement | None = None,
) -> Calendar:
    record = replace(received(*submissions), as_of=as_of)
    return kept(law or agreement(*duties), *years, record, parties=[party])


def one(*submissions: tuple[str, Sequence[Row]], **more: object) -> DutyRow:
    (row,) = found(*submissions, **more).rows  # type: ignore[arg-type]
    return row


def change(*submissions: tuple[str, Sequence[Row]], **more: object) -> list[DutyRow]:
    more.setdefault("duties", (CHANGE,))
    return list(found(*submissions, years=(2020, 2020), **more).called_for)  # type: ignore[arg-type]
