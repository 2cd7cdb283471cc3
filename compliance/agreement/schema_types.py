"""The types and bases that every table of a rule pack's schema is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

from compliance.values.dates import DateSpan
from compliance.values.span import Span
from compliance.values.vocabulary import Grade, LawStatus, Status

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
PackId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower case, digits and single hyphens: ids of packs, parties, questions and readings."""
WordId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
"""Lower case, digits and single underscores: ids of categories and attributes."""
AnyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_.][a-z0-9]+)*$")]


def month_day(text: str) -> str:
    """Return a day of any year, ``12-15``; 29 February is one.

    Raises:
        ValueError: the text is not such a day.
    """
    try:
        if len(text) != len("MM-DD"):
            raise ValueError
        date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError(f"'{text}' is no day of the year: write MM-DD, such as 12-15") from None
    return text


MonthDay = Annotated[str, AfterValidator(month_day)]

# As many digits as a quantity in a file of holdings may have.
_MOST = 999_999_999


def read_span(value: Any) -> Span:
    """Return a quantity: a whole number, or text such as ``"62..89"``."""
    if isinstance(value, Span):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"{value} is negative")
        if value > _MOST:
            raise ValueError(f"a quantity is at most {_MOST}")
        return Span.exactly(value)
    if isinstance(value, str):
        return Span.parse(value)
    raise ValueError(f"{value!r} is no quantity: write 464, or text such as '62..89'")


def read_date_span(value: Any) -> DateSpan:
    """Return a span of days: a TOML date, or text such as ``"2028-01-01..2030-12-31"``."""
    if isinstance(value, DateSpan):
        return value
    if type(value) is date:
        return DateSpan.on(value)
    if isinstance(value, str):
        return DateSpan.parse(value)
    raise ValueError(f"{value!r} is no date: write 2019-12-31, or '2019-01-01..2019-12-31'")


def _scalar(value: Any) -> float | bool | str:
    if isinstance(value, bool | int | float | str):
        return value
    raise ValueError(f"{value!r} is neither a number, true or false, nor a word")


Quantity = Annotated[Span, PlainValidator(read_span)]
Days = Annotated[DateSpan, PlainValidator(read_date_span)]
Scalar = Annotated[float | bool | str, PlainValidator(_scalar)]


def _law(status: LawStatus) -> LawStatus:
    if status is LawStatus.ASSUMED:
        raise ValueError("expected text, reported or derived: only a scenario assumes law")
    return status


Standing = Annotated[LawStatus, Field(strict=False), AfterValidator(_law)]
SourceGrade = Annotated[Grade, Field(strict=False)]
HoldingStatus = Annotated[Status, Field(strict=False)]


class Model(BaseModel):
    """Base of every table: no unknown keys, no conversions, nothing changes afterwards."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True
    )


class Cited(Model):
    """A table that says on what authority it stands."""

    instrument: Text
    provision: str = ""
    status: Standing
    grade: SourceGrade
    sources: Annotated[list[str], Field(min_length=1)]
    cite_note: str = ""


class PartlyCited(Model):
    """A table that takes from the one around it what it does not say of its own authority."""

    instrument: Text | None = None
    provision: str | None = None
    status: Standing | None = None
    grade: SourceGrade | None = None
    sources: Annotated[list[str], Field(min_length=1)] | None = None
    cite_note: str | None = None
