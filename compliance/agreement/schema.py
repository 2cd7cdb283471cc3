"""The raw shape of a rule pack's TOML. Strict: a key that is not listed here is an error."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from compliance.agreement.schema_types import (
    AnyId,
    Cited,
    Days,
    HoldingStatus,
    Model,
    MonthDay,
    PackId,
    PartlyCited,
    Quantity,
    Scalar,
    Text,
    WordId,
    month_day,
)
from compliance.values.dates import parse_date


def _limit_table(value: Any) -> Any:
    """Let a limit be written as its number alone; its citation is then its schedule's."""
    return value if isinstance(value, dict) else {"value": value}


class SourceTable(Model):
    """One entry of the bibliography; its key is its id."""

    title: Text
    publisher: str = ""
    date: str = ""
    url: str = ""
    note: str = ""


class Currency(Cited):
    """For how long a declaration speaks for later days."""

    months: Annotated[int, Field(ge=1, le=120)]
    note: str = ""


class Identity(Cited):
    """The authority for the day of signature and of entry into force."""


class AgreementTable(Model):
    """``agreement.toml``."""

    id: PackId
    version: Text
    title: Text
    short_title: Text
    signed: date
    in_force: date
    identity: Identity
    currency: Currency
    note: str = ""
    catalogue: str = ""
    open_data: str = Field(default="", pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")
    extends: PackId | None = None


class NamePeriod(Model):
    """A name borne for a time."""

    start: Annotated[date, Field(alias="from")]
    until: date | None = None
    name: Text


class MembershipTable(Cited):
    """A time of being bound."""

    start: Annotated[date, Field(alias="from")]
    until: date | None = None


class GapTable(Cited):
    """A time for which membership is not certain."""

    start: Annotated[date, Field(alias="from")]
    until: date
    reason: Text


class Succession(Cited):
    """The authority for taking another's place."""


class PartyTable(Model):
    """``[[party]]``."""

    id: PackId
    name: Text
    kind: Literal["state", "entity"]
    aliases: list[Text] = Field(default_factory=list)
    name_period: list[NamePeriod] = Field(default_factory=list)
    membership: Annotated[list[MembershipTable], Field(min_length=1)]
    gap: list[GapTable] = Field(default_factory=list)
    part_of: PackId | None = None
    part_from: date | None = None
    part_until: date | None = None
    succeeds: list[PackId] = Field(default_factory=list)
    succession: Succession | None = None
    note: str = ""


class ActorTable(Cited):
    """``[[actor]]``."""

    id: PackId
    name: Text
    aliases: list[Text] = Field(default_factory=list)
    wording: Text


class AttributeTable(Model):
    """``[[attribute]]``."""

    id: WordId
    label: Text
    kind: Literal["number", "yes_no", "word"]
    unit: str = ""
    words: list[Text] = Field(default_factory=list)
    note: str = ""


class CriterionTable(Model):
    """One test of one attribute: exactly one of the five comparisons."""

    attribute: WordId
    is_: Annotated[Scalar | None, Field(alias="is")] = None
    in_: Annotated[list[Scalar] | None, Field(alias="in", min_length=1)] = None
    at_least: float | None = None
    above: float | None = None
    below: float | None = None
    text: Text

    @model_validator(mode="after")
    def _one_comparison(self) -> CriterionTable:
        given = (self.is_, self.in_, self.at_least, self.above, self.below)
        if sum(x is not None for x in given) != 1:
            raise ValueError("write exactly one of is, in, at_least, above, below")
        return self


class OnlyIf(Model):
    """A condition on how a question is answered."""

    question: PackId
    reading: PackId


class DefinitionTable(Cited):
    """``[[category.definition]]``."""

    id: AnyId
    subcategory: str = ""
    title: Text
    criterion: Annotated[list[CriterionTable], Field(min_length=1)]
    unless: list[CriterionTable] = Field(default_factory=list)
    only_if: OnlyIf | None = None


class CategoryTable(Cited):
    """``[[category]]``."""

    id: WordId
    name: Text
    plural: Text
    aliases: list[Text] = Field(default_factory=list)
    definition: list[DefinitionTable] = Field(default_factory=list)


class LimitTable(PartlyCited):
    """One limit, where more than its number is to be said."""

    value: Quantity
    question: PackId | None = None
    accepting: PackId | None = None
    note: str = ""


class SchedulePartyTable(PartlyCited):
    """``[[schedule.party]]``: the limits of one party under one instrument."""

    id: PackId
    start: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    binding_from: date | None = None
    note: str = ""
    limits: Annotated[
        dict[str, Annotated[LimitTable, BeforeValidator(_limit_table)]], Field(min_length=1)
    ]


class ScheduleTable(Cited):
    """``[[schedule]]``: the ceilings set by one instrument."""

    id: AnyId
    title: Text
    start: Annotated[date, Field(alias="from")]
    until: date | None = None
    binding_from: date
    note: str = ""
    party: Annotated[list[SchedulePartyTable], Field(min_length=1)]


class CeilingGapTable(Cited):
    """``[[gap]]`` in ``ceilings.toml``: a time whose ceilings are not known."""

    parties: Annotated[list[PackId], Field(min_length=1)]
    categories: Annotated[list[str], Field(min_length=1)]
    start: Annotated[date, Field(alias="from")]
    until: date | None = None
    reason: Text


class ProportionTable(Cited):
    """``[[proportion]]``: a ratio that the limits of a schedule should bear out."""

    schedule: AnyId
    parties: Annotated[list[PackId], Field(min_length=2)]
    ratio: Annotated[list[Annotated[float, Field(gt=0)]], Field(min_length=2)]
    categories: list[str] = Field(default_factory=list)
    text: Text


class RuleTable(Cited):
    """``[[rule]]``: what a holding status does to the count."""

    id: AnyId
    holding_status: HoldingStatus
    counted: bool
    categories: list[str] = Field(default_factory=list)
    question: PackId | None = None
    accepting: PackId | None = None
    text: Text


class ReadingTable(PartlyCited):
    """``[[question.reading]]``: one possible answer."""

    id: PackId
    text: Text


class QuestionTable(Cited):
    """``[[question]]``: something left open."""

    id: PackId
    title: Text
    why_open: Text
    default: PackId
    applied: bool
    applied_because: str = ""
    engine: Literal["", "party-claims", "row-or-catalogue"] = ""
    reading: Annotated[list[ReadingTable], Field(min_length=2)]


class ObligationTable(Cited):
    """``[[obligation]]``: a duty other than a ceiling."""

    id: PackId
    title: Text
    text: Text
    rhythm: Literal["annual", "event", "once"]
    due: str = ""
    valid: MonthDay | None = None
    change_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    within_days: Quantity | None = None
    shown_by: Literal["declaration", "exclusions", "movements", "losses", "ceilings"] | None = None
    start: Annotated[date, Field(alias="from")]
    until: date | None = None

    @model_validator(mode="after")
    def _rhythm_fits(self) -> ObligationTable:
        if self.rhythm == "annual":
            month_day(self.due)
        elif self.rhythm == "once":
            parse_date(self.due)
        elif self.valid is not None or self.shown_by in {"declaration", "exclusions", "movements"}:
            raise ValueError("valid, and being shown by an exchange, go with an annual duty only")
        if self.rhythm != "event" and (self.change_percent or self.within_days):
            raise ValueError("change_percent and within_days go with the rhythm 'event' only")
        if self.shown_by in {"declaration", "exclusions"} and self.valid is None:
            raise ValueError(f"shown by '{self.shown_by}', it needs the day its figures are valid")
        return self


class ReportingGapTable(Cited):
    """``[[reporting_gap]]``: a time in which a Party stopped reporting."""

    party: PackId
    began: Days
    ended: Days | None = None
    text: Text


ARRAYS: dict[str, dict[str, type[Model]]] = {
    "parties.toml": {"party": PartyTable, "actor": ActorTable},
    "categories.toml": {"attribute": AttributeTable, "category": CategoryTable},
    "ceilings.toml": {
        "schedule": ScheduleTable,
        "gap": CeilingGapTable,
        "proportion": ProportionTable,
    },
    "counting.toml": {"rule": RuleTable},
    "questions.toml": {"question": QuestionTable},
    "obligations.toml": {"obligation": ObligationTable, "reporting_gap": ReportingGapTable},
}
"""The files that hold arrays of tables: per file, each array and the shape of its tables."""

LAW_FILES = ("agreement.toml", "sources.toml", *ARRAYS)
REQUIRED_FILES = ("agreement.toml", "parties.toml", "categories.toml", "ceilings.toml")
