"""Does the record add up? Each declaration against the one before it and what moved in between.

Opening plus what came minus what left is the book; what is declared minus the book is unexplained,
and a finding where it surely is not zero. Declarations of one rank follow each other, whoever made
them; a party is never reconciled with the one whose place it took, nor a whole with its parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Actor, Category, Party
from compliance.assess import mirror, words
from compliance.assess.book import Balance, Books, disagree
from compliance.assess.book_words import in_words
from compliance.assess.comparable import moved_of_type, none_of, of_type, types_named, whole
from compliance.assess.findings import make
from compliance.assess.result import EvidenceRow, Finding, FindingKind, LawUsed
from compliance.assess.standing import Request, categories_asked
from compliance.assess.types import TypeLookup
from compliance.values.dates import DateSpan, span_in_words
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import Name, Said, joined, name, said
from compliance.values.vocabulary import Basis

REMEDY = said("a movement that is not on record, or a correction of one of the two")


@frozen
class Statement:
    """One of the two declarations of a reconciliation, as far as it goes into it.

    Attributes:
        rows: what it states of the category, or of the type; none where a type that it does not
            name is zero, since the types it names add up to its total.
    """

    as_of: DateSpan
    basis: Basis
    stated_by: str
    source: str
    rows: tuple[EvidenceRow, ...]


@frozen
class Reconciled:
    """A declaration against the one before it, in a category or a type.

    Attributes:
        party_name: the name it bore on the later day.
        type: as the later declaration writes it; empty for the whole category.
        balance: one case of the open questions; another case is another row.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    type: str
    opened: Statement
    closed: Statement
    balance: Balance


@frozen
class Reconciliation:
    """All of it.

    Attributes:
        start: pairs that end earlier are left out; ``None`` for none.
        until: nothing dated later is looked at; ``None`` for all.
        mirrored: how many exports have their import on record.
        notes: what was not compared, and why.
    """

    law: LawUsed
    start: date | None
    until: date | None
    known_at: str | None
    basis: str | None
    readings: Mapping[str, str]
    rows: tuple[Reconciled, ...]
    findings: tuple[Finding, ...]
    mirrored: int
    notes: tuple[str, ...]


def reconcile(
    law: Agreement,
    lookup: TypeLookup,
    evidence: Evidence,
    request: Request,
    start: date | None = None,
) -> Reconciliation:
    """Compare every declaration with the one before it, and every export with its import.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        evidence: every declaration and movement of everybody, up to the request's day.
        request: parties, categories, basis, readings; the last day looked at.
        start: leave out what ended earlier.
    """
    books = Books(law, lookup, request.readings)
    known = books.counter.known
    asked = [h for h in law.holders if request.parties is None or h.id in request.parties]
    rows: list[Reconciled] = []
    findings: list[Finding] = []
    notes: list[str] = []
    for holder in asked:
        record = _Record(books, holder, evidence)
        for category in categories_asked(law, request):
            for pair in record.pairs(category, request.basis, start):
                rows += pair
                findings += _finding(pair)
        notes += record.notes()
    mirrored = mirror.check(
        law,
        known,
        evidence.movements,
        parties=request.parties,
        categories=request.categories,
        start=start,
    )
    notes += _not_across(law, asked, evidence.declarations)
    return Reconciliation(
        law=LawUsed.of(law),
        start=start,
        until=None if request.as_of == date.max else request.as_of,
        known_at=request.known_at,
        basis=request.basis.value if request.basis else None,
        readings=dict(sorted(request.readings.closed.items())),
        rows=tuple(rows),
        findings=(*findings, *mirrored.findings),
        mirrored=mirrored.matched,
        notes=tuple(notes),
    )


class _Record:
    """What one holder declared and moved."""

    def __init__(self, books: Books, holder: Party | Actor, evidence: Evidence) -> None:
        self._books = books
        self._known = books.counter.known
        self._holder = holder
        self._declarations = [d for d in evidence.declarations if d.party == holder.id]
        self._movements = [
            m
            for m in evidence.movements
            if holder.id in (m.row.origin.party, m.row.destination.party)
        ]
        self.partial: dict[tuple[str, Basis], list[tuple[Declaration, Declaration]]] = {}
        """The pairs not compared as a whole, by category and basis."""

    def notes(self) -> Iterator[str]:
        """Yield what was not compared as a whole."""
        for (plural, basis), pairs in self.partial.items():
            first, last = pairs[0][0], pairs[-1][1]
            yield said(
                "{party}, {category} ('{basis}', {first} to {last}): lists of types that need "
                "not be complete are compared by type only.",
                party=_name(self._holder, last),
                category=plural,
                basis=basis.word,
                first=span_in_words(first.as_of),
                last=span_in_words(last.as_of),
            )

    def pairs(
        self, category: Category, basis: Basis | None, start: date | None
    ) -> Iterator[tuple[Reconciled, ...]]:
        """Yield the rows of each pair of successive declarations: the category, then its types.

        Args:
            category: the category.
            basis: only declarations of that basis.
            start: leave out what ended earlier.
        """
        covering = sorted(
            (
                d
                for d in self._declarations
                if d.covers(category.id) and (basis is None or d.basis is basis)
            ),
            key=lambda d: (d.basis.rank, d.as_of.last, d.as_of.first, d.order),
        )
        for _, chain in groupby(covering, key=lambda d: d.basis.rank):
            for first, second in pairwise(chain):
                if start is None or second.as_of.last >= start:
                    yield from self._pair(category, first, second)

    def _pair(
        self, category: Category, first: Declaration, second: Declaration
    ) -> Iterator[tuple[Reconciled, ...]]:
        old = types_named(first, category.id, self._known)
        new = types_named(second, category.id, self._known)
        both_whole = whole(first, category.id) and whole(second, category.id)
        if both_whole or (old.keys() == new.keys() and bool(old)):
            yield self._rows(category, "", first, second, self._movements)
        else:
            self.partial.setdefault((words.small(category.plural), second.basis), []).append(
                (first, second)
            )
        for type_ in dict.fromkeys([*old, *new]):
            rows = [
                found.get(type_) or none_of(type_, other, declaration, category.id, self._known)
                for found, other, declaration in ((old, new, first), (new, old, second))
            ]
            if rows[0] is None or rows[1] is None:
                continue
            written = (new.get(type_) or old[type_])[0].row.type
            yield self._rows(
                category,
                written,
                of_type(first, rows[0]),
                of_type(second, rows[1]),
                list(moved_of_type(self._movements, type_, category.id, self._known)),
            )

    def _rows(
        self,
        category: Category,
        type_: str,
        first: Declaration,
        second: Declaration,
        movements: Sequence[RecordedMovement],
    ) -> tuple[Reconciled, ...]:
        return tuple(
            Reconciled(
                party=self._holder.id,
                party_name=_name(self._holder, second),
                category=category.id,
                category_name=name(category.plural),
                type=type_,
                opened=_statement(first, category.id),
                closed=_statement(second, category.id),
                balance=balance,
            )
            for balance in self._books.balances(category.id, first, second, movements)
        )


def _statement(declaration: Declaration, category: str) -> Statement:
    rows = [item for item in declaration.rows if item.row.category == category]
    return Statement(
        as_of=declaration.as_of,
        basis=declaration.basis,
        stated_by="; ".join(
            dict.fromkeys(i.row.more.stated_by for i in rows if i.row.more.stated_by)
        ),
        source=declaration.source,
        rows=tuple(words.evidence(item) for item in rows if item.ref),
    )


def _finding(pair: tuple[Reconciled, ...]) -> Iterator[Finding]:
    """Yield a finding where a pair does not add up, whatever the open questions' answers."""
    if not disagree([row.balance for row in pair]):
        return
    row = pair[0]
    what = [row.party_name, words.small(row.category_name), *([row.type] if row.type else [])]
    message = said(
        "{what}, between {first} and {last}: {sums}.",
        what=joined(", ", what),
        first=span_in_words(row.opened.as_of),
        last=span_in_words(row.closed.as_of),
        sums=joined("; ", (in_words(item.balance, told=len(pair) > 1) for item in pair)),
    )
    yield make(
        FindingKind.UNEXPLAINED,
        row.party,
        row.category,
        joined(" ", [message, *_caution(row.closed.basis)]),
        rows=(
            *row.opened.rows,
            *row.closed.rows,
            *(moved.row for item in pair for moved in item.balance.moved),
        ),
        todo=REMEDY,
    )


def _caution(basis: Basis) -> Iterator[Said]:
    if basis is Basis.RELAYED:
        yield said("Both are published figures, as relayed, not the declarations themselves.")
    elif basis.rank > Basis.OBSERVED.rank:
        yield said("Figures on the basis '{basis}' may differ by who made them.", basis=basis.word)


def _not_across(
    law: Agreement, asked: Sequence[Party | Actor], declarations: Sequence[Declaration]
) -> Iterator[str]:
    """Yield what is not reconciled although one follows the other: another holder's figures."""
    declared = {d.party for d in declarations}
    for holder in asked:
        if not isinstance(holder, Party) or holder.id not in declared:
            continue
        for other in holder.succeeds:
            before = law.party(other)
            if before is not None and other in declared:
                yield said(
                    "{party} took the place of {predecessor}; its figures are not reconciled "
                    "with those, since what of them went where is not on record.",
                    party=name(holder.name),
                    predecessor=name(before.name),
                )
        parts = [name(p.name) for p in law.parties if p.part_of == holder.id and p.id in declared]
        if parts:
            yield said(
                "{party} is not reconciled with its parts ({parts}): a whole and its parts are "
                "declared by different holders.",
                party=name(holder.name),
                parts=words.listed(parts),
            )


def _name(holder: Party | Actor, on: Declaration) -> Name:
    return holder.name_on(on.as_of.last) if isinstance(holder, Party) else name(holder.name)
