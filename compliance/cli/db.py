"""``compliance db``: the ledger's database."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Engine, func, select

from compliance import resources
from compliance.cli.output import say
from compliance.cli.world import World, recorder
from compliance.intake.files import read_files
from compliance.ledger import schema
from compliance.ledger.append import record
from compliance.ledger.backup import backup as make_backup
from compliance.ledger.backup import restore as put_back
from compliance.ledger.chain import head
from compliance.ledger.connect import shown
from compliance.ledger.grant import Role
from compliance.ledger.grant import grant as grant_role
from compliance.ledger.tables import holding, movement
from compliance.values.records import Entry


@click.group(
    epilog="""\b
Examples:
  compliance db init
  compliance db status
  compliance db backup ledger-2027-01.db
"""
)
def db() -> None:
    """Make, upgrade and look at the database that keeps the ledger."""


@db.command(
    short_help="Make a new ledger, with the published figures.",
    epilog="""\b
Examples:
  compliance db init
  compliance --db my.db db init --empty
""",
)
@click.option("--empty", is_flag=True, help="Record nothing: no published figures.")
@click.pass_obj
def init(world: World, empty: bool) -> None:
    """Make a new ledger, with the published figures that are shipped with the program.

    An existing database is never touched. An interruption leaves none behind.
    """
    migrations = resources.folder("migrations")
    rows = [] if empty else _published(world)

    def fill(engine: Engine) -> None:
        if rows:
            record(
                engine,
                rows,
                recorded_by=recorder(),
                command="db init",
                note="published figures shipped with the program, data/open",
            )

    schema.create(world.url, migrations, fill)
    if rows:
        say(f"Made {shown(world.url)} with {len(rows)} published rows in it.")
        say("Next: compliance audit")
    else:
        why = "" if empty else f": no published figures are shipped for '{world.law.id}'"
        say(f"Made {shown(world.url)}, empty{why}.")


def _published(world: World) -> list[Entry]:
    """Return the published figures that are shipped for the agreement."""
    name = world.law.open_data
    if not name:
        return []
    folder = resources.folder("data") / name
    files = sorted(path for path in folder.glob("*.csv") if path.name != "not-recorded.csv")
    return list(read_files(files, world.vocabulary()).rows)


@db.command(
    short_help="Bring a ledger to this version's schema.",
    epilog="""\b
Example:
  compliance db upgrade
""",
)
@click.pass_obj
def upgrade(world: World) -> None:
    """Bring a ledger made by an older version to this version's schema. Nothing is lost by it."""
    before, after = schema.upgrade(world.url, resources.folder("migrations"), tell=say)
    if before == after:
        say(f"{shown(world.url)} is at revision {after} already.")
    else:
        say(f"{shown(world.url)}: revision {before} -> {after}.")


@db.command(
    short_help="Show where the ledger is and what it holds.",
    epilog="""\b
Example:
  compliance db status
""",
)
@click.pass_obj
def status(world: World) -> None:
    """Show where the ledger is, its revision, how much it holds, and the head of its chain."""
    with world.reading() as reading:
        last = head(reading)
        holdings = reading.connection.scalar(select(func.count()).select_from(holding))
        movements = reading.connection.scalar(select(func.count()).select_from(movement))
        revision = schema.revision_of(reading.connection)
    click.echo(f"Database:     {shown(world.url)}")
    click.echo(f"Revision:     {revision} (this program works with {schema.HEAD})")
    click.echo(f"Submissions:  {last.id}")
    click.echo(f"Holdings:     {holdings}")
    click.echo(f"Movements:    {movements}")
    if last.id:
        click.echo(f"Last:         {last.recorded_at}")
        click.echo(f"Head:         {last.sha256}")


@db.command(
    short_help="Copy the ledger to a file, and verify the copy.",
    epilog="""\b
Examples:
  compliance db backup ledger-2027-01.db
  compliance db backup ledger.db --replace
""",
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of a file that is there.")
@click.pass_obj
def backup(world: World, file: Path, replace: bool) -> None:
    """Copy the ledger to FILE while others work on it, and verify the copy.

    The copy is whole or not there. Keep the head it prints elsewhere: with it, 'history verify'
    also finds submissions that were cut off at the end.
    """
    found = make_backup(world.url, file, replace=replace)
    say(f"Copied and verified: {found.submissions} submissions, {found.rows} rows, in {file}.")
    click.echo(f"Head: {found.head}")


@db.command(
    short_help="Put a backup in the place of the ledger.",
    epilog="""\b
Examples:
  compliance db restore ledger-2027-01.db
  compliance --db copy.db db restore ledger-2027-01.db
""",
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--discard",
    is_flag=True,
    help="Also where the ledger holds what the backup lacks; it is then kept beside.",
)
@click.pass_obj
def restore(world: World, file: Path, discard: bool) -> None:
    """Put the backup FILE in the place of the ledger, after verifying it.

    Refused where the ledger holds submissions that the backup lacks.
    """
    found = put_back(file, world.url, discard=discard)
    done = found.verification
    say(f"Restored and verified: {done.submissions} submissions, {done.rows} rows.")
    if found.kept is not None:
        say(f"What was there before is kept as {found.kept}.")
    click.echo(f"Head: {done.head}")


@db.command(
    short_help="Let a user of a server read, record or own the ledger.",
    epilog="""\b
Examples:
  compliance --db postgresql+psycopg://owner@host/ledger db grant recorder ana
  compliance --db postgresql+psycopg://owner@host/ledger db grant reader marko
""",
)
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("user")
@click.pass_obj
def grant(world: World, role: str, user: str) -> None:
    """Let a USER of a PostgreSQL server read, record, or own the ledger, and no more than that.

    A reader reads; a recorder may append, and neither alter, delete nor migrate; an owner may
    migrate. The user must be there: make one with the server's own CREATE ROLE.
    """
    engine = schema.open_ledger(world.url, writing=True)
    grant_role(engine, Role(role), user)
    say(f"'{user}' is now a {role} of {shown(world.url)}.")
