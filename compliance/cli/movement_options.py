"""Reading a movement from the command line: every mistake at once, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from compliance.assess.types import KnownType
from compliance.cli import options, suggest
from compliance.cli.designations import category_id, known_type, party_id
from compliance.cli.output import say
from compliance.cli.world import World
from compliance.intake.hints import about_date, about_quantity
from compliance.intake.spellings import STATUSES
from compliance.values.dates import DateSpan, in_words
from compliance.values.errors import ComplianceError, InvalidInput, Problem
from compliance.values.records import Particulars
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Basis, State, Status

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")

NO_SOURCE = "no source given"
_NEGATIVE = re.compile(r"-\d[\d.,]*", re.ASCII)
_MINUS = "\N{MINUS SIGN}"


class NumberCommand(click.Command):
    """A command that takes ``-5`` for a wrong quantity, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        for place, text in enumerate(args):
            after_option = place > 0 and args[place - 1].startswith("-")
            if _NEGATIVE.fullmatch(text) and not after_option:
                args[place] = _MINUS + text[1:]
        return super().parse_args(ctx, args)


def what_moves(command: _F) -> _F:
    """Add the arguments and options that say what moves, when, and who says so."""
    for option in reversed(
        [
            click.argument("party", metavar="PARTY", shell_complete=suggest.parties),
            click.argument("designation", metavar="TYPE", shell_complete=suggest.types),
            click.argument("quantity", metavar="QUANTITY"),
            click.option(
                "--on",
                metavar="DATE|SPAN",
                help="When: 2026-11-20, or 2028-01-01..2030-12-31 where only the time between is "
                "known. Default: today.",
            ),
            click.option(
                "--planned",
                is_flag=True,
                help="It is intended and not done yet: possible from its first day, never certain.",
            ),
            click.option(
                "--category",
                metavar="CATEGORY",
                shell_complete=suggest.categories,
                help="Where it belongs, or 'none': needed for a type that the catalogue does not "
                "know, and recorded as stated.",
            ),
            click.option(
                "--source",
                metavar="TEXT",
                help=f"A citation or a URL. Default: '{NO_SOURCE}', with a warning.",
            ),
            click.option(
                "--basis",
                type=click.Choice([basis.value for basis in Basis]),
                default=Basis.OFFICIAL.value,
                show_default=True,
                help="On whose authority. What comes in is certain on 'official' or better, what "
                "goes out only on 'declared', 'notified', 'relayed' or 'observed'.",
            ),
            click.option(
                "--again",
                is_flag=True,
                help="Record it also where the very same stands recorded already.",
            ),
        ]
    ):
        command = option(command)
    return command


def particulars(command: _F) -> _F:
    """Add the options for what a row may say of itself beyond its figures."""
    for option in reversed(
        [
            click.option("--note", default="", help="Anything to be kept with the row."),
            click.option("--stated-by", default="", metavar="WHO", help="Who states it."),
            click.option("--ref", default="", help="Its number in the source."),
            click.option("--marking", default="", help="How it is to be handled; kept and shown."),
        ]
    ):
        command = option(command)
    return command


class Reader:
    """Reads what was given, and keeps every mistake until ``check``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.today = options.today()
        self._problems: list[Problem] = []

    def wrong(self, what: str, message: str, hint: str = "") -> None:
        """Keep a mistake."""
        self._problems.append(Problem(what, "", message, suggestion=hint))

    def check(self) -> None:
        """Go on only where there was no mistake.

        Raises:
            InvalidInput: there was; all of them are in it.
        """
        if self._problems:
            count = len(self._problems)
            raise InvalidInput(
                f"{'one mistake' if count == 1 else f'{count} mistakes'} on the command line; "
                "nothing was recorded",
                self._problems,
            )

    def tried(self, what: str, read: Callable[[], _T]) -> _T | None:
        """Return what a reader returns, or keep its error as a mistake."""
        try:
            return read()
        except ComplianceError as error:
            self.wrong(what, error.message.rstrip("."), error.todo)
        except ValueError as error:
            self.wrong(what, str(error))
        return None

    def party(self, text: str, what: str = "PARTY") -> str | None:
        """Return the id of a Party or actor."""
        return self.tried(what, lambda: party_id(self.world, text))

    def was_party(self, party: str, on: DateSpan) -> None:
        """Keep it as a mistake where somebody was no Party at the time."""
        found = self.world.law.party(party)
        if found is None or any(
            found.membership_on(day) or found.gap_on(day) for day in (on.first, on.last)
        ):
            return
        heirs = [p for p in self.world.law.parties if party in p.succeeds]
        whole = self.world.law.party(found.part_of)
        others = ", ".join(p.id for p in heirs or ([whole] if whole else []))
        self.wrong(
            "PARTY",
            f"{found.name} was not a Party on {in_words(on.last)}",
            f"in its place: {others}" if others else "",
        )

    def quantity(self, text: str, what: str = "QUANTITY") -> Span | None:
        """Return a quantity of one or more."""
        try:
            found = Span.parse(text)
        except ValueError as error:
            hint = about_quantity(text)
            if text.startswith(_MINUS):
                hint = "what leaves a Party: compliance reduce; what comes in: compliance acquire"
            self.wrong(what, str(error), hint)
            return None
        if found.high == 0:
            self.wrong(what, "nothing moves where the quantity is 0", "write 1 or more")
            return None
        return found

    def dates(self, text: str | None, what: str = "--on") -> DateSpan | None:
        """Return a day or span of days; today where none is given."""
        if text is None:
            return DateSpan.on(self.today)
        try:
            return DateSpan.parse(text)
        except ValueError as error:
            about, hint = about_date(text)
            self.wrong(what, f"'{text}' is no date; {about}" if about else str(error), hint)
            return None

    def when(
        self, text: str | None, *, planned: bool, otherwise: str = "add --planned"
    ) -> DateSpan | None:
        """Return when something happened or is planned for.

        Args:
            text: as given.
            planned: it is intended only.
            otherwise: what to do with something in the future that is not.
        """
        what = "--on"
        found = self.dates(text, what)
        if found is None:
            return None
        signed = self.world.law.signed
        if found.last < signed:
            self.wrong(
                what,
                f"{found} is before the agreement was signed, on {in_words(signed)}",
                "if it is meant, record it from a file: compliance import",
            )
        elif not planned and found.last > self.today:
            self.wrong(
                what,
                f"{found} is in the future, and what has not happened is only planned",
                otherwise,
            )
        elif planned and found.last < self.today:
            say(
                f"warning: planned for {found}, which is past: it stays uncertain until it is "
                "delivered (compliance deliver)."
            )
        return found

    def ordered(self, text: str | None, on: DateSpan | None) -> str:
        """Return what a row's note keeps of an order; empty where none was given."""
        if text is None:
            return ""
        found = self.dates(text, "--ordered")
        if found is None:
            return ""
        if not found.exact:
            self.wrong("--ordered", f"'{text}' is more than one day", "write the day of the order")
        elif on is not None and found.first > on.last:
            self.wrong("--ordered", f"{found} is after the last possible day of arrival, {on.last}")
        elif found.first > self.today:
            self.wrong("--ordered", f"{found} is in the future")
        return f"ordered {found}"

    def type(self, text: str, category: str | None) -> KnownType | None:
        """Return what the catalogue knows of a type; a category makes up for what it does not."""
        if not text.strip():
            self.wrong("TYPE", "no type is named")
            return None
        if category is not None:
            return self.world.lookup(text) if self.world.law.catalogue else None
        if not self.world.law.catalogue:
            self.wrong("TYPE", "this agreement is read without a catalogue", "add --category")
            return None
        return self.tried("TYPE", lambda: known_type(self.world, text))

    def category(self, text: str | None) -> str:
        """Return the id of the category stated; empty where that is left to the catalogue."""
        if text is None or text.strip().lower() == NONE_CATEGORY:
            return "" if text is None else NONE_CATEGORY
        return self.tried("--category", lambda: category_id(self.world, text)) or ""

    def status(self, text: str | None, what: str = "--status") -> Status:
        """Return a holding status; ``overall`` where none is given."""
        if text is None:
            return Status.OVERALL
        found = STATUSES.read(text)
        if found is None:
            known = ", ".join(status.value for status in Status)
            hint = STATUSES.suggest(text) or f"the statuses are: {known}"
            self.wrong(what, f"'{text}' is no status of a holding", hint)
        return Status(found) if found else Status.OVERALL


def source_or_warning(source: str | None) -> str:
    """Return the source, or that there is none, with a warning."""
    if source and source.strip():
        return source.strip()
    say("warning: no source is given; a figure without one convinces nobody: --source TEXT.")
    return NO_SOURCE


def state_of(planned: bool) -> State:
    """Return the state of a movement."""
    return State.PLANNED if planned else State.DONE


def more(
    *, note: str, stated_by: str, ref: str, marking: str, also: str = "", corrects: str = ""
) -> Particulars:
    """Return what a row says of itself beyond its figures."""
    notes = "; ".join(text.strip() for text in (also, note) if text.strip())
    return Particulars(note=notes, ref=ref, stated_by=stated_by, marking=marking, corrects=corrects)
