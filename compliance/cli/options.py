"""Options that commands share, and reading what people give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.standing import Request
from compliance.cli import suggest
from compliance.report.language import ENGLISH, LANGUAGES, speaking
from compliance.values.dates import parse_date
from compliance.values.errors import ComplianceError
from compliance.values.vocabulary import NONE_CATEGORY, Basis

if TYPE_CHECKING:
    from pathlib import Path

_F = TypeVar("_F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, ``YYYY-MM-DD``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType[str]):
    """A moment, ``YYYY-MM-DD`` (its end, UTC) or ``YYYY-MM-DDTHH:MM[:SS]`` with or without zone."""

    name = "date or moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the moment as the ledger writes it, or fail with what was expected."""
        from compliance.ledger.chain import instant

        text = str(value)
        try:
            if "T" not in text:
                moment = datetime.combine(parse_date(text), time.max, tzinfo=UTC)
            else:
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is None:
                    moment = moment.replace(tzinfo=UTC)
            return instant(moment)
        except (ValueError, OverflowError):
            self.fail(
                f"'{text}' is no moment: write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SSZ", param, ctx
            )


as_of = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The day asked about, at its end: YYYY-MM-DD. Default: today.",
)
known_at = click.option(
    "--known-at",
    type=Moment(),
    metavar="DATE",
    help="Only what had been recorded by then. A day means its end, UTC.",
)
party = click.option(
    "--party",
    "parties",
    multiple=True,
    metavar="PARTY",
    shell_complete=suggest.parties,
    help="Only this Party: a name, an id or an ISO code. May be repeated.",
)
category = click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="CATEGORY",
    shell_complete=suggest.categories,
    help="Only this category: an id or a name. May be repeated.",
)
basis = click.option(
    "--basis",
    type=click.Choice([item.value for item in Basis]),
    help="Only figures of this basis. Default: the best there is.",
)
reading = click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="QUESTION=ANSWER",
    shell_complete=suggest.readings,
    help="Close an open question. May be repeated. See: compliance rules show.",
)
accept_stale = click.option(
    "--accept-stale",
    is_flag=True,
    help="Judge on figures that are too old to speak for the day.",
)


def selection(command: _F) -> _F:
    """Add the options that say what to read and how."""
    for option in (accept_stale, reading, basis, category, party, known_at, as_of):
        command = option(command)
    return command


def _as_path(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Path | None:
    if text is None:
        return None
    from pathlib import Path

    return Path(text)


def output(*formats: str) -> Callable[[_F], _F]:
    """Add ``--format`` and ``-o``."""

    def add(command: _F) -> _F:
        command = click.option(
            "-o",
            "--output",
            "path",
            type=click.Path(dir_okay=False),
            callback=_as_path,
            help="Write the report to this file instead of the screen.",
        )(command)
        return click.option(
            "--format",
            "format_",
            type=click.Choice(formats),
            default=formats[0],
            show_default=True,
            help="How to write the report.",
        )(command)

    return add


def _speak(ctx: click.Context, _param: click.Parameter, tag: str) -> str:
    # A command of a group speaks as the group was told to, unless it is told otherwise.
    if ctx.get_parameter_source("lang") is not ParameterSource.DEFAULT:
        ctx.with_resource(speaking(tag))
    return tag


lang = click.option(
    "--lang",
    type=click.Choice(list(LANGUAGES), case_sensitive=False),
    metavar=f"[{'|'.join(LANGUAGES)}]",
    default=ENGLISH,
    show_default=True,
    show_envvar=True,
    envvar="COMPLIANCE_LANG",
    expose_value=False,
    is_eager=True,
    callback=_speak,
    help="The language of what people read. CSV and JSON are the same in every language.",
)
exit_zero = click.option(
    "--exit-zero", is_flag=True, help="Exit with 0 whatever the verdicts: for reading only."
)


def today() -> date:
    """Return the day it is where the program runs."""
    return datetime.now(UTC).astimezone().date()


def request(
    law: Agreement,
    *,
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
) -> Request:
    """Return what is asked, with names resolved.

    Raises:
        ComplianceError: a party, category, question or answer is unknown; all at once.
    """
    wrong: list[str] = []
    party_ids = [_resolve(law.resolve_party, law.suggest_party, p, "party", wrong) for p in parties]
    category_ids = [
        NONE_CATEGORY
        if c == NONE_CATEGORY
        else _resolve(law.resolve_category, law.suggest_category, c, "category", wrong)
        for c in categories
    ]
    for reading in readings:
        try:
            Readings.from_options(law, [reading])
        except ComplianceError as error:
            wrong.append(f"{error.message}: {error.todo}")
    if wrong:
        raise ComplianceError("; ".join(wrong), todo="see the names with: compliance rules show")
    return Request(
        as_of=as_of or today(),
        readings=Readings.from_options(law, readings),
        known_at=known_at,
        parties=tuple(dict.fromkeys(party_ids)) or None,
        categories=tuple(dict.fromkeys(category_ids)) or None,
        basis=Basis(basis) if basis else None,
        accept_stale=accept_stale,
    )


def _resolve(
    resolve: Callable[[str], str | None],
    suggest: Callable[[str], str],
    text: str,
    what: str,
    wrong: list[str],
) -> str:
    found = resolve(text)
    if found is None:
        hint = suggest(text)
        wrong.append(f"unknown {what} '{text}'" + (f": {hint}" if hint else ""))
        return ""
    return found
