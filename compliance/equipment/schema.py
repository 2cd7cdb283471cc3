"""The strict schema of the catalogue's TOML files: a misspelt key is an error, never ignored."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Text = Annotated[str, Field(min_length=1)]
_Texts = Annotated[list[_Text], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RawOperator(_Strict):
    """One entry of ``operators``."""

    party: _Text
    note: str = ""


class RawType(_Strict):
    """One ``[[type]]``."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: _Text
    aliases: list[_Text] = []
    alias_notes: list[_Text] = []
    origin: str = ""
    operators: list[RawOperator] = []
    category: str = ""
    question: str = ""
    default_reading: str = ""
    readings: dict[str, _Text] = {}
    reading_reasons: dict[str, _Text] = {}
    subcategory: _Text
    basis: _Text
    listed_as: str = ""
    confidence: _Text
    reasoning: str = ""
    sources: _Texts
    inferred: list[_Text] = []
    weight_basis: str = ""
    calibres_mm: list[float] = []
    tubes: str = ""
    attributes: dict[str, float | bool | str] = {}


class RawTypes(_Strict):
    """A file of types."""

    type: list[RawType]


class RawMeaning(_Strict):
    """One ``[[basis]]`` or ``[[grade]]``."""

    id: _Text
    text: _Text


class RawAmbiguous(_Strict):
    """One ``[[ambiguous]]``."""

    token: _Text
    question: _Text
    candidates: _Texts
    other_meanings: list[_Text] = []
    note: str = ""


class RawWatch(_Strict):
    """One ``[[watch]]``."""

    token: _Text
    type: _Text
    hint: _Text


class RawCatalogue(_Strict):
    """``catalogue.toml``."""

    id: _Text
    version: _Text
    title: _Text
    note: _Text
    basis: list[RawMeaning]
    grade: list[RawMeaning]
    ambiguous: list[RawAmbiguous] = []
    watch: list[RawWatch] = []


class RawDifference(_Strict):
    """One ``[[difference]]``."""

    type: _Text
    definitions_say: _Text
    reason: _Text


class RawDifferences(_Strict):
    """``differences.toml``."""

    difference: list[RawDifference] = []
