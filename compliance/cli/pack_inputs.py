"""What an answer is computed from, written to a folder: law, catalogue and the ledger's rows."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from compliance import resources
from compliance.cli.export import write_archive
from compliance.cli.world import World, pack_folder
from compliance.ledger.extract import extract
from compliance.ledger.history import Submission
from compliance.pack.archive import safe_name
from compliance.pack.manifest import CATALOGUE, CHAIN, LAW, ROWS, LawFolder
from compliance.values.errors import ComplianceError
from compliance.values.frozen import frozen
from compliance.values.json_text import indented
from compliance.values.records import Withdrawal


@frozen
class Marked:
    """A row with a handling mark: its name, and the mark."""

    ref: str
    marking: str


def write_law(world: World, stage: Path) -> tuple[LawFolder, ...]:
    """Copy the agreement's rule pack and all it extends, as they are.

    Raises:
        ComplianceError: a file has a name that is not safe on every system.
    """
    assert world.law.id  # it has been read, so that there is no loop in what it extends
    found: list[LawFolder] = []
    name: str | None = world.agreement
    while name is not None:
        folder = Path(pack_folder(name))
        head = tomllib.loads((folder / "agreement.toml").read_text(encoding="utf-8-sig"))
        place = f"{LAW}/{head['id']}"
        for pattern in ("*.toml", "cases/*.toml"):
            for path in sorted(folder.glob(pattern)):
                _copy(path, path.relative_to(folder).as_posix(), stage / place)
        name = head.get("extends")
        found.append(LawFolder(folder=place, extends=name))
    return tuple(found)


def write_catalogue(world: World, stage: Path) -> bool:
    """Copy the equipment catalogue as it is; false where the agreement is read without one."""
    if not world.law.catalogue:
        return False
    for path in sorted((resources.folder("data") / "catalogue").glob("*.toml")):
        _copy(path, path.name, stage / CATALOGUE)
    return True


def write_rows(connection: Connection, found: list[Submission], stage: Path) -> None:
    """Write the first submissions as an exact archive, and the chain with all that it hashes.

    Raises:
        ComplianceError: a row cannot be written so that it is read in again.
    """
    folder = stage / ROWS
    folder.mkdir()
    files = write_archive(connection, found, folder)
    chain: list[dict[str, Any]] = [
        {
            "number": item.id,
            "recorded_at": item.recorded_at,
            "recorded_by": item.recorded_by,
            "command": item.command,
            "note": item.note,
            "files": files[item.id],
            "rows": item.rows,
            "content_sha256": item.content_sha256,
            "sha256": item.sha256,
        }
        for item in found
    ]
    text = indented(chain) + "\n"
    (stage / CHAIN).write_text(text, encoding="utf-8", newline="\n")


def marked(connection: Connection, last: int) -> list[Marked]:
    """Return the rows of the first submissions that bear a handling mark."""
    return [
        Marked(row.ref, row.entry.more.marking)
        for row in extract(connection, last)
        if not isinstance(row.entry, Withdrawal) and row.entry.more.marking
    ]


def counted(rows: list[Marked]) -> dict[str, int]:
    """Return how many rows bear each mark, in the order of the marks."""
    return dict(sorted(Counter(row.marking for row in rows).items()))


def _copy(path: Path, name: str, target: Path) -> None:
    if not safe_name(name):
        raise ComplianceError(
            f"{path} cannot be packed: its name is not the same on every system",
            todo="give it a name of letters, digits, '-', '_' and '.'",
        )
    place = target / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.read_bytes())
