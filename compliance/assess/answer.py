"""The answer first: who is within, who exceeds, who is not known, and why. In a few sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.assess.result import Audit, AuditRow
from compliance.assess.standing import Standing, Standings
from compliance.values.dates import in_words, span_in_words
from compliance.values.vocabulary import Basis, Verdict

_DECLARED = (Basis.DECLARED.value, Basis.NOTIFIED.value, Basis.RELAYED.value)


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said of one Party.

    Attributes:
        headline: the verdicts in one sentence.
        why: for what is not known, what stands in the way, a sentence each.
        last: what was known last where that is too old now.
    """

    party: str
    party_name: str
    verdicts: tuple[Verdict, ...]
    headline: str
    why: tuple[str, ...]
    last: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What can be said of all.

    Attributes:
        total: how many limits were checked.
        headline: everybody in a sentence.
        why: what it rests on, and what stands in the way for most.
    """

    total: int
    within: int
    exceeds: int
    without: int
    headline: str
    why: str
    parties: tuple[Answer, ...]


def answers(law: Agreement, audit: Audit, standings: Standings) -> Answers:
    """Return the answer to whether ceilings are kept.

    Args:
        law: the agreement.
        audit: what was judged.
        standings: judges on the same evidence; for what was known on an earlier day.
    """
    by_party: dict[str, list[AuditRow]] = {}
    for row in audit.rows:
        by_party.setdefault(row.party, []).append(row)
    parties = tuple(_party(law, audit, standings, rows) for rows in by_party.values())
    within = sum(row.verdict is Verdict.WITHIN for row in audit.rows)
    exceeds = sum(row.verdict is Verdict.EXCEEDS for row in audit.rows)
    total = len(audit.rows)
    return Answers(
        total=total,
        within=within,
        exceeds=exceeds,
        without=total - within - exceeds,
        headline=_headline(audit, parties, within, exceeds),
        why=_why(law, audit),
        parties=parties,
    )


def _headline(audit: Audit, parties: Sequence[Answer], within: int, exceeds: int) -> str:
    total = len(audit.rows)
    if not total:
        return f"On {in_words(audit.as_of)} no limit is asked about."
    start = f"On {in_words(audit.as_of)}, of {total} limit{'' if total == 1 else 's'}:"
    pieces = [f"{within} within", f"{exceeds} exceeded", f"{total - within - exceeds} not known"]
    binding = sum(row.verdict is Verdict.NOT_BINDING for row in audit.rows)
    if binding:
        pieces[-1] = f"{total - within - exceeds - binding} not known"
        pieces.append(f"{binding} not binding yet")
    sure = [p.party_name for p in parties if set(p.verdicts) == {Verdict.WITHIN}]
    over = [p.party_name for p in parties if Verdict.EXCEEDS in p.verdicts]
    rest = [p.party_name for p in parties if p.party_name not in (*sure, *over)]
    told = [
        f"{label}: {words.listed(names)}."
        for label, names in (
            ("Over a ceiling", over),
            ("Within every ceiling", sure),
            ("Not known to be within every ceiling", rest),
        )
        if names
    ]
    return " ".join([f"{start} {', '.join(pieces)}.", *told])


def _why(law: Agreement, audit: Audit) -> str:
    declared = [
        row.declared_as_of.last
        for row in audit.rows
        if row.declared_as_of and row.basis in _DECLARED
    ]
    pieces = []
    if any(row.stale for row in audit.rows):
        newest = (
            f"; the newest that a Party declared to the others is of {in_words(max(declared))}"
            if declared
            else "; none that a Party declared to the others is on record"
        )
        judged = " They are judged on all the same." if audit.accept_stale else ""
        pieces.append(
            f"A figure speaks for {law.current_months} months{newest}. Older ones do not tell what "
            f"is held on the day.{judged}"
        )
    pieces.append("As declared or published, not verified; only the Parties determine compliance.")
    return " ".join(pieces)


def _party(law: Agreement, audit: Audit, standings: Standings, rows: Sequence[AuditRow]) -> Answer:
    first = rows[0]
    return Answer(
        party=first.party,
        party_name=first.party_name,
        verdicts=tuple(row.verdict for row in rows),
        headline=" ".join(_verdicts(rows)),
        why=tuple(_obstacles(law, audit, rows)),
        last=_last(law, audit, standings, rows),
    )


def _names(rows: Iterable[AuditRow]) -> str:
    return words.listed([row.category_name.lower() for row in rows])


def _verdicts(rows: Sequence[AuditRow]) -> Iterator[str]:
    """Yield a sentence for each verdict that occurs, what is certain first."""
    for verdict, say in _SAY.items():
        found = [row for row in rows if row.verdict is verdict]
        if not found:
            continue
        conditional = (
            " (only under the readings given)" if any(r.conditional for r in found) else ""
        )
        if len(found) == len(rows) > 1:
            yield f"{say} for all {len(rows)} limits{conditional}."
        elif verdict is Verdict.EXCEEDS:
            pieces = [
                f"{row.category_name.lower()}, {words.span(row.judged)} against a ceiling of "
                f"{words.span(row.ceiling)}"
                for row in found
            ]
            yield f"{say} for {'; '.join(pieces)}{conditional}."
        else:
            yield f"{say} for {_names(found)}{conditional}."


_SAY = {
    Verdict.EXCEEDS: "Exceeds",
    Verdict.WITHIN: "Within",
    Verdict.NOT_BINDING: "Not binding yet",
    Verdict.INDETERMINATE: "Not known",
}


def _obstacles(law: Agreement, audit: Audit, rows: Sequence[AuditRow]) -> Iterator[str]:
    """Yield what stands in the way of a verdict, each with the categories it stands for."""
    open_rows = [row for row in rows if row.verdict is Verdict.INDETERMINATE]
    party = law.party(rows[0].party)
    if open_rows and party is not None and party.membership_on(audit.as_of) is None:
        yield "Whether it was a Party on the day is not certain."
    tests: tuple[tuple[str, Callable[[AuditRow], bool]], ...] = (
        ("No figure is on record", lambda row: row.declared_as_of is None),
        (
            "The figure on record is too old",
            lambda row: row.stale and row.declared_as_of is not None and not audit.accept_stale,
        ),
        (
            "The figure published is not the whole",
            lambda row: (
                row.declared_as_of is not None
                and row.judged is not None
                and row.judged.high is None
            ),
        ),
        ("The count may lie on either side of the ceiling", _straddles),
        (
            "The ceiling is only derived, not read in a source",
            lambda row: row.ceiling is None and row.ceiling_derived is not None,
        ),
        (
            "The ceiling is not known",
            lambda row: row.ceiling is None and row.ceiling_derived is None,
        ),
    )
    for text, test in tests:
        found = [row for row in open_rows if test(row)]
        if found:
            yield f"{text}: {'all' if len(found) == len(rows) > 1 else _names(found)}."
    over = [row for row in open_rows if row.stale and _over(row)]
    if over:
        pieces = [
            f"{row.category_name.lower()}, {words.span(row.judged)} of {words.span(row.ceiling)}"
            for row in over
        ]
        yield f"Over the ceiling on the old figure: {'; '.join(pieces)}."


def _over(row: AuditRow) -> bool:
    """True where even the lowest possible count is above the highest possible ceiling."""
    judged, ceiling = row.judged, row.ceiling
    if judged is None or ceiling is None or judged.low is None or ceiling.high is None:
        return False
    return judged.low > ceiling.high


def _straddles(row: AuditRow) -> bool:
    """True where the count, known to both sides, may be over the ceiling and may be within."""
    judged, ceiling = row.judged, row.ceiling
    if judged is None or ceiling is None or judged.high is None or ceiling.low is None:
        return False
    return judged.high > ceiling.low and not _over(row)


def _last(law: Agreement, audit: Audit, standings: Standings, rows: Sequence[AuditRow]) -> str:
    """Return what was known on the days of the figures that are too old now."""
    pieces = []
    for row in rows:
        if not row.stale or row.declared_as_of is None or audit.accept_stale:
            continue
        found = _then(law, standings, row)
        if found is not None:
            pieces.append(
                f"{row.category_name.lower()} {found.verdict.value} on "
                f"{span_in_words(row.declared_as_of)} ({words.span(found.counted)} of "
                f"{words.span(found.judgement.ceiling)})"
            )
    return f"Known last: {'; '.join(pieces)}." if pieces else ""


def _then(law: Agreement, standings: Standings, row: AuditRow) -> Standing | None:
    party, category = law.party(row.party), law.category(row.category)
    if party is None or category is None or row.declared_as_of is None:
        return None
    found = standings.at(party, category, row.declared_as_of.last)
    if found.verdict in (Verdict.WITHIN, Verdict.EXCEEDS):
        return found
    return None
