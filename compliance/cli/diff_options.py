"""The options of ``compliance diff`` that say what each side of the comparison is judged on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from compliance.cli import suggest
from compliance.cli.options import Moment
from compliance.values.vocabulary import Basis

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--party",
        "parties",
        multiple=True,
        metavar="PARTY",
        shell_complete=suggest.parties,
        help="Only this Party: a name, an id or an ISO code. May be repeated.",
    ),
    click.option(
        "--category",
        "categories",
        multiple=True,
        metavar="CATEGORY",
        shell_complete=suggest.categories,
        help="Only this category: an id or a name. May be repeated.",
    ),
    click.option(
        "--basis",
        type=click.Choice([basis.value for basis in Basis]),
        help="Only figures of this basis. Default: the best there is.",
    ),
    click.option(
        "--accept-stale",
        is_flag=True,
        help="Judge on figures that are too old to speak for the day.",
    ),
    click.option(
        "--reading",
        "readings",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question on both days. May be repeated.",
    ),
    click.option(
        "--reading-from",
        "readings_from",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question on the first day only.",
    ),
    click.option(
        "--reading-to",
        "readings_to",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question after the first day only.",
    ),
    click.option(
        "--known-at",
        type=Moment(),
        metavar="DATE",
        help="Only what had been recorded by then. A day means its end, UTC.",
    ),
    click.option(
        "--known-at-from",
        type=Moment(),
        metavar="DATE",
        help="The same, for the first day only. Default: all that is recorded.",
    ),
    click.option(
        "--known-at-to",
        type=Moment(),
        metavar="DATE",
        help="The same, for every later day. Default: all that is recorded.",
    ),
)


def sides(command: _F) -> _F:
    """Add the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
