"""Numbers, rows and spans in words, so that every sentence says them the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from compliance.agreement.provisions import Question
from compliance.agreement.select import Readings
from compliance.assess.result import EvidenceRow
from compliance.values.dates import span_in_words
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.records import Account, Holding, Movement
from compliance.values.said import Name, Said, english, joined, name, said, said_many
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status


@frozen
class Noun:
    """What is counted, in the singular and the plural, as it stands in a sentence."""

    one: str
    many: str

    def after(self, value: int) -> str:
        """Return the form that follows a number."""
        return self.one if value == 1 else self.many


# The numbers of a ledger are many, and those of its rows mostly small.
@lru_cache(maxsize=4096)
def span(value: Span | None) -> Said:
    """Return a span for people: ``464``, ``62 to 89``, ``at least 15``, ``unknown``."""
    if value is None or (value.low is None and value.high is None):
        return said("unknown")
    if value.high is None:
        return said("at least {number}", number=value.low or 0)
    if value.low is None:
        return said("at most {number}", number=value.high)
    if value.exact:
        return said("{number}", number=value.low)
    return said("{low} to {high}", low=value.low, high=value.high)


def small(title: str) -> Name:
    """Return a name, of a category say, as it stands inside a sentence."""
    return name(title.lower())


def code(category: str) -> Name:
    """Return a category as the files write it; where it has a name in a language, that name."""
    return Name(category, category.replace("_", " "))


def basis(value: str) -> Said:
    """Return the word for a basis as a result has it: ``mixed`` is one."""
    return said("mixed") if value == "mixed" else Basis(value).word


def by_answer(spans: Mapping[str, Span]) -> list[Said]:
    """Return what the count is under each answer to a question."""
    return [
        said("{answer}: {counted}", answer=answer, counted=span(counted.cut_at_zero()))
        for answer, counted in spans.items()
    ]


def what(row: Holding | Movement) -> str:
    """Return what a row is of: the type as it names it, else the category."""
    return row.type or name(row.category.replace("_", " "))


def status(value: Status) -> Said:
    """Return the word for a holding status as it stands in a sentence."""
    return _STATUS[value]


_STATUS = {
    Status.OVERALL: said("overall"),
    Status.IN_SERVICE: said("in service"),
    Status.STORED: said("stored"),
    Status.ABROAD: said("abroad"),
    Status.ON_LOAN: said("on loan"),
    Status.SPARES: said("spares"),
    Status.RESEARCH_DEVELOPMENT: said("research development"),
    Status.HISTORICAL_COLLECTION: said("historical collection"),
    Status.DECOMMISSIONED: said("decommissioned"),
    Status.AWAITING_EXPORT: said("awaiting export"),
    Status.INTERNAL_SECURITY: said("internal security"),
    Status.IN_TRANSIT: said("in transit"),
    Status.IN_MANUFACTURE: said("in manufacture"),
}


def holding(item: RecordedHolding) -> Said:
    """Return a declared row in words."""
    row = item.row
    quantity = said("quantity withheld") if row.withheld else span(row.quantity)
    pieces: list[str] = [said("{quantity} {what}", quantity=quantity, what=what(row))]
    if row.status is not Status.OVERALL:
        pieces.append(status(row.status))
    if row.more.site:
        pieces.append(said("at {site}", site=row.more.site))
    pieces.append(span_in_words(row.as_of))
    return said("{row} ({basis})", row=joined(", ", pieces), basis=row.basis.word)


@lru_cache(maxsize=1024)
def _way(origin: Account, destination: Account) -> Said:
    return said("{origin} to {destination}", origin=str(origin), destination=str(destination))


def moved(row: Movement) -> Said:
    """Return what moves in words, from where to where and when, without its basis."""
    pieces: list[str] = [
        said("{quantity} {what}", quantity=span(row.quantity), what=row.type or code(row.category)),
        _way(row.origin, row.destination),
        span_in_words(row.date),
    ]
    if row.state is State.PLANNED:
        pieces.append(said("planned"))
    return joined(", ", pieces)


# A reason, a finding and a row of evidence tell the same movement.
@lru_cache(maxsize=4096)
def movement(item: RecordedMovement) -> Said:
    """Return a movement in words, or many that are told as one."""
    authority = said("assumed") if item.assumed else authorities(item)
    row = _together(item) if item.many else moved(item.row)
    return said("{row} ({basis})", row=row, basis=authority)


def authorities(item: RecordedMovement) -> Said:
    """Return the word for a movement's basis, or those for the bases of many."""
    return _all_of(item.bases) if item.bases else item.row.basis.word


@lru_cache(maxsize=128)
def _all_of(bases: tuple[Basis, ...]) -> Said:
    return listed([basis.word for basis in bases])


def _together(item: RecordedMovement) -> Said:
    """Return movements that are told as one in words, without their basis."""
    row, many = item.row, item.many
    designation = row.type or code(row.category)
    pieces: list[str] = [
        said_many(
            "{count} movement of {what}", "{count} movements of {what}", many, what=designation
        ),
        _way(row.origin, row.destination),
        span_in_words(row.date),
        said("{quantity} in all", quantity=span(row.quantity)),
    ]
    if item.parts:
        first, *rest = (_part(*part) for part in item.parts)
        pieces[-1] = joined(": ", (pieces[-1], first))
        pieces += rest
    return joined(", ", pieces)


_OTHER_HOLDERS = said("other holders")


# Most parts are small.
@lru_cache(maxsize=4096)
def _part(place: str, quantity: Span) -> Said:
    """Return how much came from, or went to, one kind of other side."""
    return joined(" ", (place or _OTHER_HOLDERS, span(quantity)))


def told(item: RecordedHolding | RecordedMovement) -> Said:
    """Return a ledger row in words."""
    return holding(item) if isinstance(item, RecordedHolding) else movement(item)


# A row stands behind a count, its reasons and its findings: it is put in words once.
@lru_cache(4096)
def evidence(item: RecordedHolding | RecordedMovement) -> EvidenceRow:
    """Return a ledger row as a result shows it."""
    more = item.row.more
    return EvidenceRow(item.ref, told(item), item.row.source, more.marking, more.note)


def open_question(question: Question) -> Said:
    """Return a question that is open, and how to close it."""
    return said(
        "Open question: {title} Close it: --reading {question}={answers}.",
        title=english(question.title),
        question=question.id,
        answers="|".join(reading.id for reading in question.readings),
    )


def how_answered(question: str, readings: Readings) -> Said:
    """Return who gave the answer in force to a question."""
    if question in readings.closed:
        return said("closed by the reader")
    return said("default applied by the rule pack")


def listed(items: Sequence[str]) -> Said:
    """Return ``a, b and c``."""
    if len(items) < 2:
        return joined("", items)
    return said("{first} and {last}", first=joined(", ", items[:-1]), last=items[-1])


def sentence(text: str) -> Said:
    """Return prose of the rule pack as a sentence: with a full stop, if it has no end."""
    text = text.strip()
    if not text or text.endswith((".", "!", "?")):
        return english(text)
    return said("{text}.", text=english(text))
