"""A small agreement built by hand, with the types and rows that the tests of counting need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import (
    Category,
    CountingRule,
    Limit,
    Membership,
    Party,
    Period,
    Question,
    Reading,
)
from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.result import Audit, AuditRow
from compliance.assess.standing import Request
from compliance.assess.types import KnownType
from compliance.values.citation import Citation
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.records import Account, Holding, Movement, Particulars, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Grade, LawStatus, State, Status

START = date(1996, 1, 1)
DAY = date(2020, 12, 31)
TANK, ACV = "battle_tank", "armoured_combat_vehicle"
PARTIES = ("serbia", "croatia")
WHOLE, PARTS = "bosnia", ("federation", "srpska")


def cited(status: LawStatus = LawStatus.TEXT) -> Citation:
    return Citation("A small agreement", "Art. 1", status, Grade.A, ())


def question(
    id: str, *answers: str, engine: str = "", applied: bool = False, default: str = ""
) -> Question:
    return Question(
        id=id,
        title=f"What of {id}?",
        why_open="the text is silent",
        readings=tuple(Reading(answer, f"{answer}.", None) for answer in answers),
        default=default or answers[0],
        applied=applied,
        applied_because="practice" if applied else "",
        engine=engine,
        citation=cited(),
    )


def rule(
    status: Status,
    *,
    grade: LawStatus = LawStatus.TEXT,
    categories: tuple[str, ...] = (),
    question: str = "",
    accepting: str = "",
) -> CountingRule:
    return CountingRule(
        f"rule-{status.value}",
        status,
        False,
        categories,
        question,
        accepting,
        "not counted",
        cited(grade),
    )


def party(
    id: str, *, part_of: str = "", part_period: Period | None = None, member: bool = True
) -> Party:
    return Party(
        id=id,
        name=id.title(),
        kind="entity" if part_of else "state",
        aliases=(),
        names=(),
        memberships=(Membership(Period(START), cited()),) if member else (),
        gaps=(),
        part_of=part_of,
        part_period=part_period,
        succeeds=(),
        succession=None,
        note="",
    )


def limit(
    party: str,
    category: str,
    value: int | str,
    *,
    status: LawStatus = LawStatus.TEXT,
    question: str = "",
    accepting: str = "",
    binding_from: date = START,
) -> Limit:
    return Limit(
        party=party,
        category=category,
        value=Span.parse(str(value)),
        period=Period(START),
        binding_from=binding_from,
        schedule="first",
        question=question,
        accepting=accepting,
        notes=(),
        citation=cited(status),
    )


COUNTING = (
    rule(Status.HISTORICAL_COLLECTION),
    rule(Status.DECOMMISSIONED, categories=(TANK,)),
    rule(
        Status.RESEARCH_DEVELOPMENT,
        grade=LawStatus.REPORTED,
        question="rd",
        accepting="excluded",
    ),
    rule(Status.AWAITING_EXPORT, grade=LawStatus.REPORTED),
)
QUESTIONS = (
    question("party-claims", "accepted", "rejected", engine="party-claims"),
    question("row-or-catalogue", "row", "catalogue", engine="row-or-catalogue"),
    question("light-tanks", "tank", "other"),
    question("rd", "excluded", "counted"),
    question("derived", "wait", "use"),
)


def known(id: str, category: str, question: str = "", **readings: str) -> KnownType:
    return KnownType(id, id, category, question, readings, "by its attributes", "vehicle")


TYPES = {
    item.id: item
    for item in (
        known("T-55", TANK),
        known("M-84", TANK),
        known("M-80", ACV),
        known("Truck", "none"),
        known("Light", "", "light-tanks", tank=TANK, other="none"),
        known("M2A2 Bradley", ACV),
    )
}


def law(
    *limits: Limit, questions: Sequence[Question] = QUESTIONS, catalogue: str = "c"
) -> Agreement:
    """Return the agreement with these ceilings; without any, with none."""
    return Agreement(
        id="small",
        version="1",
        title="A small agreement",
        short_title="Small",
        signed=START,
        in_force=START,
        current_months=13,
        current_citation=cited(),
        catalogue=catalogue,
        note="",
        extends="",
        sha256="0" * 64,
        parties=(
            party("serbia"),
            party("croatia"),
            party(WHOLE),
            *(
                party(part, part_of=WHOLE, part_period=Period(START), member=False)
                for part in PARTS
            ),
        ),
        actors=(),
        attributes=(),
        categories=(
            Category(TANK, "Battle tank", "Battle tanks", (), (), cited()),
            Category(ACV, "Armoured combat vehicle", "Armoured combat vehicles", (), (), cited()),
        ),
        limits=limits,
        ceiling_gaps=(),
        counting=COUNTING,
        questions=tuple(questions),
        obligations=(),
        reporting_gaps=(),
        replaced=(),
    )


def days(text: str) -> DateSpan:
    return DateSpan.parse(text)


def held(
    quantity: int | str,
    type: str = "",
    *,
    party: str = "serbia",
    as_of: str = "2020-01-01",
    basis: Basis = Basis.DECLARED,
    category: str = TANK,
    status: Status = Status.OVERALL,
    source: str = "a source",
    withheld: bool = False,
    **more: str,
) -> Holding:
    return Holding(
        party,
        days(as_of),
        basis,
        category,
        type,
        status,
        Span.parse(str(quantity)),
        source,
        withheld,
        Particulars(**more),
    )


def moved(
    quantity: int | str,
    type: str = "",
    *,
    date: str = "2020-06-01",
    origin: str = "@production",
    destination: str = "serbia",
    category: str = TANK,
    basis: Basis = Basis.DECLARED,
    state: State = State.DONE,
) -> Movement:
    return Movement(
        days(date),
        type,
        category,
        Span.parse(str(quantity)),
        Account.parse(origin),
        Account.parse(destination),
        state,
        basis,
        "a source",
    )


def gathered(submissions: Iterable[Sequence[Row]]) -> Evidence:
    """Return every row there is as evidence, nothing selected, in the order of recording."""
    declarations: list[Declaration] = []
    movements: list[RecordedMovement] = []
    for number, rows in enumerate(submissions, start=1):
        grouped: dict[tuple[object, ...], list[RecordedHolding]] = {}
        for line, row in enumerate(rows, start=1):
            ref = f"submission-{number}:{line}"
            if isinstance(row, Holding):
                key = (row.party, row.as_of, row.basis, row.source)
                grouped.setdefault(key, []).append(RecordedHolding(ref, row))
            else:
                movements.append(RecordedMovement(ref, row))
        for found in grouped.values():
            first = found[0].row
            declarations.append(
                Declaration(
                    first.party, first.as_of, first.basis, first.source, number, tuple(found)
                )
            )
    declarations.sort(
        key=lambda d: (d.party, d.as_of.last, d.order, d.basis, d.source, d.as_of.first)
    )
    return Evidence(tuple(declarations), tuple(movements))


def audited(
    agreement: Agreement,
    submissions: Iterable[Sequence[Row]] | Evidence,
    *,
    day: date = DAY,
    readings: Iterable[str] = (),
    basis: Basis | None = None,
    accept_stale: bool = False,
) -> Audit:
    found = submissions if isinstance(submissions, Evidence) else gathered(submissions)
    request = Request(
        as_of=day,
        readings=Readings.from_options(agreement, readings),
        basis=basis,
        accept_stale=accept_stale,
    )
    return audit(agreement, TYPES.get, found, request)


def row_of(result: Audit, party: str = "serbia", category: str = TANK) -> AuditRow:
    return next(r for r in result.rows if (r.party, r.category) == (party, category))


def row(
    agreement: Agreement,
    rows: Sequence[Row],
    *,
    party: str = "serbia",
    category: str = TANK,
    day: date = DAY,
    readings: Iterable[str] = (),
    basis: Basis | None = None,
    accept_stale: bool = False,
) -> AuditRow:
    """Audit one submission and return one row."""
    result = audited(
        agreement, [rows], day=day, readings=readings, basis=basis, accept_stale=accept_stale
    )
    return row_of(result, party, category)


def counted(rows: Sequence[Row], **asked: object) -> str:
    """Return the counted span as it is written; ``unknown`` where there is none."""
    span = row(law(), rows, **asked).counted  # type: ignore[arg-type]
    return "unknown" if span is None else str(span)
