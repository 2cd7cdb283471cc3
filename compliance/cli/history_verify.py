"""The work of ``compliance history verify``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from compliance.cli import exits
from compliance.cli.output import say
from compliance.cli.world import World
from compliance.ledger.damage import Verification
from compliance.values.errors import LedgerError

if TYPE_CHECKING:
    from compliance.ledger.verify import Progress

# A ledger of fewer rows is proven before anybody wonders.
_LONG = 50_000

RENEW = "--renew-balances"


def proven(world: World, *, head: str | None, renew: bool) -> int:
    """Prove the ledger and tell what was found.

    Args:
        world: where the ledger is.
        head: a submission's hash that was kept elsewhere, if one was.
        renew: make the kept balances anew if they are wrong.

    Raises:
        LedgerError: something is wrong.
    """
    expected = head.strip().lower() if head else None
    found = _verified(world, expected)
    _refuse_broken(found)
    if renew and found.kept is not None:
        _renew(world)
        say("The kept balances were wrong, and were made anew from the movements.")
        found = _verified(world, expected)
        _refuse_broken(found)
    if found.kept is not None:
        raise LedgerError(
            found.kept.message,
            todo="see with --head that nothing was cut off at the end, then make the kept balances "
            f"anew: compliance history verify {RENEW}; answers given meanwhile may be wrong",
        )
    rows = _many(found.rows, "row")
    click.echo(f"Sound: {_many(found.submissions, 'submission')}, {rows}.")
    click.echo(f"Head:  {found.head}")
    if found.after_head is not None:
        follow = "follows" if found.after_head == 1 else "follow"
        click.echo(f"The head given is in it; {_many(found.after_head, 'submission')} {follow} it.")
    return exits.OK


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _refuse_broken(found: Verification) -> None:
    if found.broken is not None:
        say(f"Sound up to submission {found.submissions}.")
        raise LedgerError(
            found.broken.message, todo="compare with a backup, and find out who changed it"
        )
    if found.unguarded:
        raise LedgerError(
            "every hash is right, but the database no longer refuses changes: missing are "
            + ", ".join(found.unguarded),
            todo="somebody dropped them; compare with a backup",
        )


def _verified(world: World, head: str | None) -> Verification:
    from compliance.ledger.verify import verify

    with world.reading() as reading, _shown() as progress:
        return verify(reading.connection, expected_head=head, progress=progress)


def _renew(world: World) -> None:
    from sqlalchemy.exc import DatabaseError

    from compliance.ledger.refusals import refused
    from compliance.ledger.schema import open_ledger
    from compliance.ledger.turnover import renew

    engine = open_ledger(world.url, writing=True)
    try:
        with engine.begin() as connection:
            renew(connection)
    except DatabaseError as error:
        raise refused("the kept balances were not made anew", error) from error
    finally:
        engine.dispose()


@contextmanager
def _shown() -> Iterator[Progress | None]:
    """Show on a terminal how far a long proof is; say nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    with ExitStack() as open_:
        update: list[Callable[[int], None]] = []
        seen = 0

        def show(done: int, total: int) -> None:
            nonlocal seen
            if total < _LONG:
                return
            if not update:
                bar: Any = click.progressbar(
                    length=total,
                    label="Proving rows",
                    file=sys.stderr,
                    item_show_func=lambda _: f"{seen / (time.monotonic() - began):,.0f} a second",
                )
                update.append(open_.enter_context(bar).update)
            update[0](done - seen)
            seen = done

        yield show
