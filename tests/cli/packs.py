"""A small ledger with all that a pack has to carry, a pack of it, and ways to spoil one."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run

HEADER = "party,as_of,basis,category,type,status,quantity,source,note,marking\n"
TANKS = ("--party", "montenegro", "--category", "battle_tank", "--as-of", "2019-12-31")
ANSWER = "outputs/explain/montenegro-battle_tank.txt"
WHY = "synthetic: made for a test"


def fill(run: Run, db: Path, folder: Path) -> None:
    """Record three submissions: figures, a correction of one with a strange note, a movement."""

    def record(name: str, text: str, at: str, *options: str) -> None:
        (folder / name).write_text(text, encoding="utf-8")
        outcome = run("import", folder / name, "--recorded-at", at, *options, db=db)
        assert outcome.code == 0, outcome.stderr

    figures = (
        f"montenegro,2019-06-01,declared,battle_tank,T-55,,40,{WHY},,\n"
        f"serbia,2019-06-01,declared,battle_tank,M-84,,212,{WHY},,\n"
    )
    record("figures.csv", HEADER + figures, "2020-01-01T00:00:00.000001Z")
    right = f"montenegro,2019-06-01,declared,battle_tank,T-55,,41,{WHY},,\n"
    note = ("--corrects", "1", "--note", '=1+1, "quoted"\nand a second line')
    record("right.csv", HEADER + right, "2021-01-01T00:00:00Z", *note)
    moved = "date,type,category,quantity,from,to,state,basis,source\n"
    moved += f"2019-08-01,T-55,battle_tank,2,montenegro,@reduced:destroyed,,notified,{WHY}\n"
    record("moved.csv", moved, "2022-01-01T00:00:00Z")


def mark(run: Run, db: Path, folder: Path) -> None:
    """Record one more submission, of a row with a handling mark."""
    row = f"serbia,2018-06-01,declared,artillery,,,300,{WHY},,restricted\n"
    (folder / "marked.csv").write_text(HEADER + row, encoding="utf-8")
    at = ("--recorded-at", "2023-01-01T00:00:00Z")
    outcome = run("import", folder / "marked.csv", *at, db=db)
    assert outcome.code == 0, outcome.stderr


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files in the very form of a pack."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return path


def relisted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Let the manifest list the files as they are: what a forger would do."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
        if name != "manifest.json"
    ]
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    return {**files, "manifest.json": text.encode()}


def changed(files: Mapping[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name], (name, old)
    return {**files, name: files[name].replace(old, new, 1)}


def zipped(write: Callable[[zipfile.ZipFile], None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        write(archive)
    return buffer.getvalue()
