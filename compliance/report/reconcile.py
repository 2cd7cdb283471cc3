"""The reconciliation for people: what each declaration makes of the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from compliance.assess.book import Moved, Outcome
from compliance.assess.book_words import answers_in_words
from compliance.assess.reconcile import Reconciled, Reconciliation
from compliance.assess.result import Finding
from compliance.report import cells, phrases, reconcile_data
from compliance.report.style import Style
from compliance.values.said import Said, joined, name, said, said_many
from compliance.values.span import ZERO, total

_COLUMNS = (
    said("From, to; type"),
    said("Opening"),
    said("In"),
    said("Out"),
    said("Book"),
    said("Declared"),
    said("Unexplained"),
    said("Result"),
)
_ALIGN = ("left", *("right",) * 6, "left")
_RESULTS = {
    Outcome.EXPLAINED: said("explained"),
    Outcome.UNEXPLAINED: said("UNEXPLAINED"),
    Outcome.CANNOT_TELL: said("cannot tell"),
}
_LEGEND = (
    (
        said("Book"),
        said("opening + in - out: what the count makes of the earlier figure on the later day"),
    ),
    (
        said("Unexplained"),
        said("declared - book: above zero, more is declared than the record explains"),
    ),
    (said("explained"), said("the difference is zero")),
    (said("UNEXPLAINED"), said("the difference is surely not zero; a finding")),
    (said("cannot tell"), said("it may be zero and may be not: a span, or one open at an end")),
    (said("if"), said("an open question moves the figures; one line for each answer")),
)


def render(found: Reconciliation, format_: str) -> str:
    """Return the reconciliation as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return reconcile_data.as_json(found)
    if format_ == "csv":
        return reconcile_data.as_csv(found)
    return _text(found, Style(markdown=format_ == "markdown"))


def _text(found: Reconciliation, style: Style) -> str:
    parts = [
        style.title(
            said("{agreement}: does the record add up?", agreement=name(found.law.title)), level=1
        )
    ]
    parts.append(style.wrap(phrases.sentences(_summary(found))))
    for _, group in groupby(found.rows, key=lambda r: (r.party, r.category, r.closed.basis.rank)):
        parts.append(_group(list(group), style))
    if found.rows:
        parts.append(f"{style.title(said('How to read it'))}\n\n{style.terms(_LEGEND)}")
    if found.findings:
        lines = [_finding_line(item, style) for item in found.findings]
        parts.append("\n".join([style.title(said("Findings")), "", *lines]))
    if found.notes:
        lines = [style.item(note) for note in found.notes]
        parts.append("\n".join([style.title(said("Not compared")), "", *lines]))
    conditions = [phrases.rule_pack(found.law), *phrases.readings(found.readings)]
    parts.append(
        style.wrap(
            said(
                "{conditions}. Every row behind it: --format json.",
                conditions=phrases.clauses(conditions),
            )
        )
    )
    return "\n\n".join(parts)


def _summary(found: Reconciliation) -> Iterable[Said]:
    pairs = [list(group) for _, group in groupby(found.rows, key=_pair)]
    if pairs:
        outcomes = [{row.balance.outcome for row in pair} for pair in pairs]
        explained = sum(o == {Outcome.EXPLAINED} for o in outcomes)
        unexplained = sum(o == {Outcome.UNEXPLAINED} for o in outcomes)
        yield said_many(
            "{count} comparison of successive declarations: {explained} explained, {unexplained} "
            "unexplained, {unknown} cannot be told.",
            "{count} comparisons of successive declarations: {explained} explained, {unexplained} "
            "unexplained, {unknown} cannot be told.",
            len(pairs),
            explained=explained,
            unexplained=unexplained,
            unknown=len(pairs) - explained - unexplained,
        )
    else:
        yield said(
            "No two declarations of one rank of basis, of one holder in one category, are there "
            "to compare."
        )
    missing = sum(finding.kind.value == "mirror_missing" for finding in found.findings)
    if found.mirrored or missing:
        yield said_many(
            "Mirror check: {count} movement told alike by both sides, {missing} not.",
            "Mirror check: {count} movements told alike by both sides, {missing} not.",
            found.mirrored,
            missing=missing,
        )
    else:
        yield said(
            "Mirror check: no export or import between holders of the agreement is on record."
        )
    if found.basis:
        basis = cells.basis_in_words(found.basis)
        yield said("Only declarations on the basis '{basis}'.", basis=basis)
    if found.start:
        yield said("Nothing that ended before {day}.", day=found.start)
    if found.until:
        yield said("Nothing dated after {day}.", day=found.until)
    if found.known_at:
        yield said("As known at {moment}.", moment=found.known_at)


def _pair(row: Reconciled) -> tuple[object, ...]:
    return (row.party, row.category, row.type, row.opened, row.closed)


def _group(rows: list[Reconciled], style: Style) -> str:
    """Return a party's chain of declarations in a category: a table, and what moved."""
    first = rows[0]
    bases = sorted({s.basis for row in rows for s in (row.opened, row.closed)})
    title = style.title(
        said(
            "{limit} ({bases})",
            limit=phrases.limit(first.party_name, first.category_name),
            bases=joined(", ", [basis.word for basis in bases]),
        ),
        level=3,
    )
    lines: list[list[str]] = []
    moved: dict[str, Moved] = {}
    for row in rows:
        balance = row.balance
        for item in balance.moved:
            moved.setdefault(item.row.ref, item)
        line: list[str] = [
            _label(row),
            cells.span(balance.opening),
            cells.span(total(balance.increases.values())),
            cells.span(total(balance.decreases.values())),
            cells.span(balance.book),
            cells.span(balance.declared),
            cells.span(balance.unexplained),
            _RESULTS[balance.outcome],
        ]
        lines.append(line)
    table = style.table(_COLUMNS, lines, _ALIGN, (30, *[None] * 7))
    listed = [style.item(_movement(item)) for item in moved.values()]
    if not listed:
        return f"{title}\n\n{table}"
    heading = style.strong(said("What moved:"))
    return "\n".join([title, "", table, "", heading, *listed])


def _label(row: Reconciled) -> Said:
    parts: list[str] = [
        said(
            "{first} to {last}",
            first=cells.brief(row.opened.as_of),
            last=cells.brief(row.closed.as_of),
        )
    ]
    if row.type:
        parts.append(row.type)
    if row.balance.answers:
        parts.append(said("if {answers}", answers=answers_in_words(row.balance)))
    return phrases.clauses(parts)


def _movement(item: Moved) -> Said:
    effect = []
    if item.increase != ZERO:
        effect.append(said("+{span}", span=cells.span(item.increase)))
    if item.decrease != ZERO:
        effect.append(said("-{span}", span=cells.span(item.decrease)))
    moved = said("{effect} {kind}", effect=joined(", ", effect), kind=item.kind)
    return phrases.sentences(
        [
            said("{moved}: {row}.", moved=moved, row=item.row.text),
            said("Not certain: {why}.", why=item.why) if item.why else "",
            said("Source: {source} [{ref}]", source=item.row.source, ref=item.row.ref),
        ]
    )


def _finding_line(finding: Finding, style: Style) -> str:
    rows = [row.ref for row in finding.rows]
    if len(rows) <= 4:
        told = said("Rows: {rows}.", rows=", ".join(rows))
    else:
        told = said("Rows: {rows} and others.", rows=", ".join(rows[:3]))
    return style.item(
        phrases.sentences(
            [
                said("[{kind}] {message}", kind=finding.kind.value, message=finding.message),
                told,
                said("What would help: {todo}.", todo=finding.todo),
            ]
        )
    )
