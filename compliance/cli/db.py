"""``compliance db``: the ledger's database."""

from __future__ import annotations

import click
from sqlalchemy import Engine, func, select

from compliance import resources
from compliance.cli.output import say
from compliance.cli.world import World, recorder
from compliance.intake.files import read_files
from compliance.ledger import schema
from compliance.ledger.append import head, record
from compliance.ledger.connect import shown
from compliance.ledger.tables import holding, movement


@click.group()
def db() -> None:
    """Make, upgrade and look at the database that keeps the ledger."""


@db.command(
    epilog="""\b
Examples:
  compliance db init
  compliance --db my.db db init --empty
"""
)
@click.option("--empty", is_flag=True, help="Record nothing: no published figures.")
@click.pass_obj
def init(world: World, empty: bool) -> None:
    """Make a new ledger, with the published figures that are shipped with the program.

    An existing database is never touched. An interruption leaves none behind.
    """
    migrations = resources.folder("migrations")
    files = sorted(
        path
        for path in (resources.folder("data") / "open").glob("*.csv")
        if path.name != "not-recorded.csv"
    )
    rows = [] if empty else read_files(files, world.vocabulary())

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
    what = f"{len(rows)} published rows" if rows else "nothing"
    say(f"Made {shown(world.url)} with {what} in it.")
    if rows:
        say("Next: compliance audit")


@db.command(
    epilog="""\b
Example:
  compliance db upgrade
"""
)
@click.pass_obj
def upgrade(world: World) -> None:
    """Bring a ledger made by an older version to this version's schema. Nothing is lost by it."""
    before, after = schema.upgrade(world.url, resources.folder("migrations"))
    if before == after:
        say(f"{shown(world.url)} is at revision {after} already.")
    else:
        say(f"{shown(world.url)}: revision {before} -> {after}.")


@db.command(
    epilog="""\b
Example:
  compliance db status
"""
)
@click.pass_obj
def status(world: World) -> None:
    """Show where the ledger is, its revision, how much it holds, and the head of its chain."""
    with world.reading() as connection:
        last = head(connection)
        holdings = connection.scalar(select(func.count()).select_from(holding))
        movements = connection.scalar(select(func.count()).select_from(movement))
        revision = schema.revision_of(connection)
    click.echo(f"Database:     {shown(world.url)}")
    click.echo(f"Revision:     {revision} (this program works with {schema.HEAD})")
    click.echo(f"Submissions:  {last.id}")
    click.echo(f"Holdings:     {holdings}")
    click.echo(f"Movements:    {movements}")
    if last.id:
        click.echo(f"Last:         {last.recorded_at}")
        click.echo(f"Head:         {last.sha256}")
