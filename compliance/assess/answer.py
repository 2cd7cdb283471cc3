"""The answer first: who is within, who exceeds, who is not known, and why. In a few sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.assess.result import Audit, AuditRow
from compliance.assess.standing import Standing, Standings
from compliance.values.dates import span_in_words
from compliance.values.frozen import frozen
from compliance.values.said import Said, joined, said, said_many
from compliance.values.vocabulary import Basis, Verdict

_DECLARED = (Basis.DECLARED.value, Basis.NOTIFIED.value, Basis.RELAYED.value)


@frozen
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


@frozen
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
        return said("On {day} no limit is asked about.", day=audit.as_of)
    binding = sum(row.verdict is Verdict.NOT_BINDING for row in audit.rows)
    pieces = [
        said_many("{count} within", "{count} within", within),
        said_many("{count} exceeded", "{count} exceeded", exceeds),
        said_many("{count} not known", "{count} not known", total - within - exceeds - binding),
    ]
    if binding:
        pieces.append(said_many("{count} not binding yet", "{count} not binding yet", binding))
    start = said_many(
        "On {day}, of {count} limit: {verdicts}.",
        "On {day}, of {count} limits: {verdicts}.",
        total,
        day=audit.as_of,
        verdicts=joined(", ", pieces),
    )
    sure = [p.party_name for p in parties if set(p.verdicts) == {Verdict.WITHIN}]
    over = [p.party_name for p in parties if Verdict.EXCEEDS in p.verdicts]
    rest = [p.party_name for p in parties if p.party_name not in (*sure, *over)]
    told = [start]
    if over:
        told.append(said("Over a ceiling: {parties}.", parties=words.listed(over)))
    if sure:
        told.append(said("Within every ceiling: {parties}.", parties=words.listed(sure)))
    if rest:
        told.append(
            said("Not known to be within every ceiling: {parties}.", parties=words.listed(rest))
        )
    return joined(" ", told)


def _why(law: Agreement, audit: Audit) -> str:
    declared = [
        row.declared_as_of.last
        for row in audit.rows
        if row.declared_as_of and row.basis in _DECLARED
    ]
    pieces: list[Said] = []
    if any(row.stale for row in audit.rows):
        if declared:
            pieces.append(
                said(
                    "A figure speaks for {months} months; the newest that a Party declared to the "
                    "others is of {day}.",
                    months=law.current_months,
                    day=max(declared),
                )
            )
        else:
            pieces.append(
                said(
                    "A figure speaks for {months} months; none that a Party declared to the "
                    "others is on record.",
                    months=law.current_months,
                )
            )
        pieces.append(said("Older ones do not tell what is held on the day."))
        if audit.accept_stale:
            pieces.append(said("They are judged on all the same."))
    pieces.append(
        said("As declared or published, not verified; only the Parties determine compliance.")
    )
    return joined(" ", pieces)


def _party(law: Agreement, audit: Audit, standings: Standings, rows: Sequence[AuditRow]) -> Answer:
    first = rows[0]
    return Answer(
        party=first.party,
        party_name=first.party_name,
        verdicts=tuple(row.verdict for row in rows),
        headline=joined(" ", _verdicts(rows)),
        why=tuple(_obstacles(law, audit, rows)),
        last=_last(law, audit, standings, rows),
    )


def _names(rows: Iterable[AuditRow]) -> Said:
    return words.listed([words.small(row.category_name) for row in rows])


def _verdicts(rows: Sequence[AuditRow]) -> Iterator[Said]:
    """Yield a sentence for each verdict that occurs, what is certain first."""
    for verdict in _IN_ORDER:
        found = [row for row in rows if row.verdict is verdict]
        if not found:
            continue
        what = _what(verdict, found, of=len(rows))
        if any(row.conditional for row in found):
            what = said("{what} (only under the readings given)", what=what)
        yield _verdict(verdict, what)


_IN_ORDER = (Verdict.EXCEEDS, Verdict.WITHIN, Verdict.NOT_BINDING, Verdict.INDETERMINATE)


def _what(verdict: Verdict, found: Sequence[AuditRow], of: int) -> Said:
    """Return what a verdict holds for: all limits, or those of some categories."""
    if len(found) == of > 1:
        return said_many("all {count} limit", "all {count} limits", of)
    if verdict is not Verdict.EXCEEDS:
        return _names(found)
    pieces = (
        said(
            "{category}, {counted} against a ceiling of {limit}",
            category=words.small(row.category_name),
            counted=words.span(row.judged),
            limit=words.span(row.ceiling),
        )
        for row in found
    )
    return joined("; ", pieces)


def _verdict(verdict: Verdict, what: Said) -> Said:
    if verdict is Verdict.EXCEEDS:
        return said("Exceeds for {what}.", what=what)
    if verdict is Verdict.WITHIN:
        return said("Within for {what}.", what=what)
    if verdict is Verdict.NOT_BINDING:
        return said("Not binding yet for {what}.", what=what)
    return said("Not known for {what}.", what=what)


def _obstacles(law: Agreement, audit: Audit, rows: Sequence[AuditRow]) -> Iterator[Said]:
    """Yield what stands in the way of a verdict, each with the categories it stands for."""
    open_rows = [row for row in rows if row.verdict is Verdict.INDETERMINATE]
    party = law.party(rows[0].party)
    if open_rows and party is not None and party.membership_on(audit.as_of) is None:
        yield said("Whether it was a Party on the day is not certain.")
    tests: tuple[tuple[Said, Callable[[AuditRow], bool]], ...] = (
        (said("No figure is on record"), lambda row: row.declared_as_of is None),
        (
            said("The figure on record is too old"),
            lambda row: row.stale and row.declared_as_of is not None and not audit.accept_stale,
        ),
        (
            said("The figure published is not the whole"),
            lambda row: (
                row.declared_as_of is not None
                and row.judged is not None
                and row.judged.high is None
            ),
        ),
        (said("The count may lie on either side of the ceiling"), _straddles),
        (
            said("The ceiling is only derived, not read in a source"),
            lambda row: row.ceiling is None and row.ceiling_derived is not None,
        ),
        (
            said("The ceiling is not known"),
            lambda row: row.ceiling is None and row.ceiling_derived is None,
        ),
    )
    for text, test in tests:
        found = [row for row in open_rows if test(row)]
        if found:
            every = len(found) == len(rows) > 1
            yield said(
                "{obstacle}: {what}.",
                obstacle=text,
                what=said("all") if every else _names(found),
            )
    over = [row for row in open_rows if row.stale and _over(row)]
    if over:
        pieces = [
            said(
                "{category}, {counted} of {limit}",
                category=words.small(row.category_name),
                counted=words.span(row.judged),
                limit=words.span(row.ceiling),
            )
            for row in over
        ]
        yield said("Over the ceiling on the old figure: {items}.", items=joined("; ", pieces))


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
                said(
                    "{category} {verdict} on {day} ({counted} of {limit})",
                    category=words.small(row.category_name),
                    verdict=found.verdict.word,
                    day=span_in_words(row.declared_as_of),
                    counted=words.span(found.counted),
                    limit=words.span(found.judgement.ceiling),
                )
            )
    return said("Known last: {items}.", items=joined("; ", pieces)) if pieces else said("")


def _then(law: Agreement, standings: Standings, row: AuditRow) -> Standing | None:
    party, category = law.party(row.party), law.category(row.category)
    if party is None or category is None or row.declared_as_of is None:
        return None
    found = standings.at(party, category, row.declared_as_of.last)
    if found.verdict in (Verdict.WITHIN, Verdict.EXCEEDS):
        return found
    return None
