"""``compliance pack``: an answer with all it rests on, to be handed on and re-run."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shlex
import tempfile
from datetime import date
from importlib import metadata
from pathlib import Path

import click

from compliance import __version__
from compliance.cli import exits, options
from compliance.cli.diff import FirstDay
from compliance.cli.output import say
from compliance.cli.pack_inputs import Marked, marked, write_catalogue, write_law, write_rows
from compliance.cli.pack_rerun import Asked, names, rerun
from compliance.cli.pack_verify import verified
from compliance.cli.project import LastDay
from compliance.cli.world import World
from compliance.ledger.extract import last_known
from compliance.ledger.history import submissions
from compliance.ledger.placing import move_into_place, partial_of, remove
from compliance.pack import archive
from compliance.pack.errors import PackBroken
from compliance.pack.manifest import MANIFEST, MadeWith, Manifest, Question
from compliance.pack.readme import many
from compliance.values.errors import ComplianceError
from compliance.values.names import printable

_LONGEST_TITLE = 200
_MOST_NAMED = 10
_EXITS = """\b
Exit codes:
  0    the pack was made, whatever the verdicts; or every byte came out again
  2    could not run: usage, unreadable or unsafe file, invalid rules
  4    database; or the pack was changed, or comes out otherwise
  130  interrupted: no half pack is left
"""


class _Pack(click.Group):
    """``pack FILE`` is short for ``pack make FILE``."""

    meant = "make"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = [self.meant, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Pack,
    epilog="""\b
Without the word, 'make' is meant: compliance pack audit-2026.zip

\b
Examples:
  compliance pack audit-2026.zip --as-of 2026-01-01
  compliance pack verify audit-2026.zip
""",
)
def pack() -> None:
    """Pack an answer with everything it rests on, for others to check: make, verify.

    A pack holds the rows, the law, the catalogue, the commands and every output. Whoever has the
    program and the pack can compute it again, and sees whether each byte is the same.
    """


@pack.command(
    epilog=_EXITS
    + """
\b
Examples:
  compliance pack audit-2026.zip --as-of 2026-01-01 --title "Audit of 2026"
  compliance pack make serbia.zip --party serbia --since 2025 --until 2030
  compliance pack make known.zip --as-of 2024-12-31 --known-at 2025-06-30
"""
)
@click.argument("file", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path))
@options.selection
@click.option(
    "--since",
    type=FirstDay(),
    metavar="YEAR|DATE",
    help="Compare with that day as well; a year means its 1 January.",
)
@click.option(
    "--until",
    type=LastDay(),
    metavar="YEAR|DATE",
    help="Look ahead as well, with what is planned; a year means its 31 December.",
)
@click.option("--title", default="", help="What stands over the pack's first page.")
@click.option(
    "--allow-marked",
    is_flag=True,
    help="Pack rows that bear a handling mark, such as 'restricted'.",
)
@click.option("--replace", is_flag=True, help="Take the place of a file that is there.")
@click.pass_obj
def make(
    world: World,
    *,
    file: Path,
    as_of: date | None,
    known_at: str | None,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    readings: tuple[str, ...],
    accept_stale: bool,
    since: date | None,
    until: date | None,
    title: str,
    allow_marked: bool,
    replace: bool,
) -> int:
    """Write FILE.zip: the audit of a day, its steps, and all that they are computed from.

    The outputs are those of 'audit' in every format, of 'explain' for each of its rows, and of
    'report'; with --since and --until those of 'diff' and 'project' too. The ledger is packed
    whole, up to --known-at, since each submission's hash covers the one before: --party and
    --category choose what is judged, not what is packed. The same inputs give the same bytes on
    every machine.
    """
    if title != printable(title) or len(title) > _LONGEST_TITLE or "\n" in title:
        raise ComplianceError(f"the title is no line of at most {_LONGEST_TITLE} characters")
    request = options.request(
        world.law,
        as_of=as_of,
        known_at=known_at,
        parties=parties,
        categories=categories,
        basis=basis,
        readings=readings,
        accept_stale=accept_stale,
    )
    question = Question(
        as_of=request.as_of,
        known_at=known_at,
        parties=request.parties or (),
        categories=request.categories or (),
        basis=request.basis,
        readings=tuple(f"{q}={a}" for q, a in sorted(request.readings.closed.items())),
        accept_stale=accept_stale,
        since=since,
        until=until,
    )
    target = file.resolve()  # a link goes on pointing to its file
    if target.exists() and not replace:
        raise ComplianceError(
            f"{file} is there already and is left as it is",
            todo="name another file, or say --replace",
        )
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        left_out = _stage_rows(world, known_at, stage, allow_marked=allow_marked)
        folders = write_law(world, stage)
        write_catalogue(world, stage)
        found = rerun(stage, Asked(title, question, folders, _made_with()))
        (stage / MANIFEST).write_text(found.text(), encoding="utf-8", newline="\n")
        _write(stage, target, replace=replace)
    _tell(found, left_out, target)
    return exits.OK


def _stage_rows(world: World, known_at: str | None, stage: Path, *, allow_marked: bool) -> int:
    """Write the rows, and return how many submissions are left out because they are later."""
    with world.reading() as reading:
        last = last_known(reading.connection, known_at)
        if not last:
            raise ComplianceError("there is nothing to pack: no submission")
        everything = list(submissions(reading))
        _check_marks(marked(reading.connection, last), allow=allow_marked)
        write_rows(reading.connection, [item for item in everything if item.id <= last], stage)
    return len(everything) - last


def _check_marks(rows: list[Marked], *, allow: bool) -> None:
    if not rows:
        return
    named = [f"{row.ref} ({row.marking})" for row in rows[:_MOST_NAMED]]
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    what = f"{many(len(rows), 'row')} with a handling mark: {', '.join(named)}{more}"
    if not allow:
        raise ComplianceError(
            f"nothing was packed, since a pack is handed on and would hold {what}",
            todo="name an earlier --known-at, or say --allow-marked if those who get it may have "
            "them",
        )
    say(f"warning: the pack holds {what}")


def _made_with() -> MadeWith:
    """Return the versions of the program, and of the libraries that it says it needs."""
    try:
        needed = metadata.requires("compliance") or []
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        needed = []
    plain = [item for item in needed if "extra ==" not in item]
    found = sorted({re.split(r"[^A-Za-z0-9_.-]", item)[0].lower() for item in plain})
    return MadeWith(
        compliance=__version__,
        python=platform.python_version(),
        libraries={name: metadata.version(name) for name in found},
    )


def _write(stage: Path, target: Path, *, replace: bool) -> None:
    try:
        partial = partial_of(target)
        try:
            with partial.open("xb") as handle:
                archive.write(handle, names(stage), lambda name: (stage / name).read_bytes())
                handle.flush()
                os.fsync(handle.fileno())
            if replace:
                partial.replace(target)
            else:
                move_into_place(partial, target)
        finally:
            remove(partial)
    except OSError as error:
        raise ComplianceError(f"{target} cannot be written: {error.strerror or error}") from None


def _tell(found: Manifest, left_out: int, target: Path) -> None:
    ledger = found.ledger
    say(
        f"Packed: {many(ledger.submissions, 'submission')} with {many(ledger.rows, 'row')}, of all "
        f"Parties, and {len(found.commands)} outputs; {target.stat().st_size:,} bytes."
    )
    if left_out:
        say(f"Left out: {many(left_out, 'submission')} recorded later.")
    say("Who recorded each submission is in the pack; the hashes of the chain cover it.")
    say(f"Written: {target}")
    with target.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    say(f"SHA-256, to be kept elsewhere: {sha256}")


@pack.command(
    epilog=_EXITS
    + """
\b
Example:
  compliance pack verify audit-2026.zip
"""
)
@click.argument("file", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path))
def verify(file: Path) -> int:
    """Compute everything in FILE.zip again, from what is in it alone, and compare each byte.

    Rows, law and catalogue are those of the pack; no other ledger is read. A file that was changed
    is named with its first line that differs. Another version of the program is told, and is no
    fault by itself. Nothing in a pack is executed.
    """
    found = verified(file, _made_with())
    for line in found.notes:
        say(line)
    for line in found.differences:
        click.echo(line)
    if found.differences:
        raise PackBroken(
            f"{file} is not what was packed, or comes out otherwise: see the lines above",
            todo="ask who made it for the file, and for its SHA-256",
        )
    for command, output in found.outputs:
        click.echo(f"{output.sha256}  {output.path}")
        click.echo(f"    {shlex.join(('compliance', *command.arguments))}")
    manifest = found.manifest
    chain = many(manifest.ledger.submissions, "submission")
    click.echo(f"\nEvery byte of {len(found.outputs)} outputs came out again.")
    click.echo(f"Law        {manifest.agreement.sha256}  {manifest.agreement.id}")
    if manifest.catalogue is not None:
        click.echo(f"Catalogue  {manifest.catalogue.sha256}  {manifest.catalogue.id}")
    click.echo(f"Ledger     {manifest.ledger.head}  head of {chain}")
    click.echo(f"Pack       {found.sha256}  compare with what was kept elsewhere")
    return exits.OK
