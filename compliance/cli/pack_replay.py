"""The packed rows made a ledger again, submission by submission, each with the hash it had."""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine

from compliance import resources
from compliance.cli.export import write_archive
from compliance.cli.pack_inputs import counted, marked
from compliance.cli.world import World
from compliance.intake.cells import Vocabulary
from compliance.intake.files import read_files
from compliance.ledger import schema
from compliance.ledger.append import record
from compliance.ledger.history import submissions
from compliance.pack import lines, manifest
from compliance.pack.archive import safe_name
from compliance.pack.errors import PackBroken
from compliance.pack.manifest import Hash, Strict, Text
from compliance.values.errors import ComplianceError, InvalidInput

# Rows are read as they were recorded: under which law they were accepted is not asked again.
_AS_RECORDED = Vocabulary(
    resolve_party=lambda text: text,
    party_ids=(),
    party_names=(),
    resolve_category=lambda text: text,
    category_ids=(),
    knows_type=lambda _: True,
)


class _Link(Strict):
    """One submission of the chain, and the files that hold its rows."""

    number: int
    recorded_at: Text
    recorded_by: str
    command: str
    note: str
    files: tuple[Text, ...]
    rows: int
    content_sha256: Hash
    sha256: Hash


_CHAIN = TypeAdapter(tuple[_Link, ...])


def replay(stage: Path) -> None:
    """Make a ledger of the packed rows: each submission gets the hash it had, or it is no replay.

    Raises:
        PackBroken: the rows or the chain are not what was recorded.
        InvalidInput: a file of rows cannot be read.
    """
    try:
        chain = _CHAIN.validate_json((stage / manifest.CHAIN).read_bytes())
    except (OSError, ValidationError) as error:
        raise PackBroken(f"{manifest.CHAIN} cannot be read: {type(error).__name__}") from None
    url = World(db=str(stage / "ledger.db")).url
    schema.create(url, resources.folder("migrations"), lambda _: None)
    engine = schema.open_ledger(url, writing=True)
    try:
        with progress_bar("Replaying the ledger", len(chain)) as progress:
            for link in chain:
                _record(engine, stage, link)
                progress.update(1)
    finally:
        engine.dispose()


def _record(engine: Engine, stage: Path, link: _Link) -> None:
    if not all(safe_name(name) for name in link.files):
        raise PackBroken(f"submission {link.number}: a file of its rows has no plain name")
    paths = [stage / manifest.ROWS / name for name in link.files]
    if not paths or not all(path.is_file() for path in paths):
        raise PackBroken(f"submission {link.number}: a file of its rows is not in the pack")
    try:
        moment = datetime.fromisoformat(link.recorded_at)
        receipt = record(
            engine,
            read_files(paths, _AS_RECORDED, "jsonl").rows,
            recorded_by=link.recorded_by,
            command=link.command,
            note=link.note,
            recorded_at=moment,
        )
    except InvalidInput:
        raise
    except (ComplianceError, ValueError) as error:
        raise PackBroken(f"submission {link.number} cannot be replayed: {error}") from None
    if (receipt.id, receipt.sha256) != (link.number, link.sha256):
        raise PackBroken(
            f"submission {link.number} is not what was recorded: its rows, or what is said of who "
            f"recorded it and when, give the hash {receipt.sha256}, and the chain has "
            f"{link.sha256}",
            todo="find out in the ledger it came from: compliance history verify",
        )


def replayed(world: World, stage: Path) -> manifest.Ledger:
    """Return what the replayed ledger is, after a look whether the pack shows just that.

    Raises:
        PackBroken: a packed file of rows is written otherwise than the ledger exports them.
    """
    with world.reading() as reading, tempfile.TemporaryDirectory(dir=stage) as again:
        found = list(submissions(reading))
        if not found:
            raise PackBroken(f"{manifest.CHAIN}: there is no submission")
        write_archive(reading.connection, found, Path(again))
        exported = {path.name: path.read_bytes() for path in Path(again).iterdir()}
        packed = {path.name for path in (stage / manifest.ROWS).iterdir()} - {"chain.json"}
        for name in sorted(packed | exported.keys()):
            place = stage / manifest.ROWS / name
            now = exported.get(name, b"")
            apart = lines.first_difference(place.read_bytes() if name in packed else b"", now)
            if apart is not None:
                raise PackBroken(
                    f"{manifest.ROWS}/{name}, line {apart[0]}: the ledger that the chain proves "
                    "exports it otherwise"
                )
        last = found[-1]
        return manifest.Ledger(
            submissions=last.id,
            rows=sum(item.rows for item in found),
            head=last.sha256,
            recorded_at=last.recorded_at,
            marked=counted(marked(reading.connection, last.id)),
        )


def progress_bar(label: str, length: int) -> Any:
    """Return a bar on stderr, to be entered; a label alone where that is no terminal."""
    return click.progressbar(length=length, label=label, file=sys.stderr)
