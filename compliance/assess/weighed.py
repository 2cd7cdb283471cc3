"""What a declaration's rows are to a count, and why a movement may bear on nothing."""

from __future__ import annotations

from enum import Enum

from compliance.assess.tally import Term, Three
from compliance.values.evidence import RecordedHolding
from compliance.values.frozen import frozen
from compliance.values.span import Span


class Place(Enum):
    """What a row of a declaration is to the count."""

    TOTAL = "total"
    """It states all items of the category."""
    BESIDE = "beside"
    """It adds to the totals, or explains them: see its term."""
    WITHIN = "within"
    """A unit's or site's, inside a row that stands for the whole: left out."""


@frozen
class Weighed:
    """One row of a declaration as it bears on a category."""

    item: RecordedHolding
    place: Place
    term: Term

    @property
    def bears(self) -> bool:
        """True for a term that is not, under every answer, inside another figure."""
        return self.place is Place.BESIDE and self.term.already != self.term.counts


@frozen
class Base:
    """What a declaration says of a category.

    Attributes:
        total: the declared totals, added up; open above where they are only part of the whole.
        open_why: why they are only part of the whole; empty where they are all.
        rows: every row that is of the category, or may be.
        terms: what stands beside the totals.
        settled: what totals and terms add up to where no answer to a question changes that.
    """

    total: Span
    open_why: str
    rows: tuple[Weighed, ...]
    terms: tuple[Term, ...]
    settled: Three | None


class Passed(Enum):
    """Why a movement bears on nothing."""

    AHEAD = "ahead"
    BEFORE = "before"
    ELSEWHERE = "elsewhere"
    UNMOVED = "unmoved"
