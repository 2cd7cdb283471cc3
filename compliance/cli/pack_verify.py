"""Verifying a pack: is it what was packed, and does it come out again?"""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

from compliance.cli.pack_rerun import Asked, rerun
from compliance.pack import archive, lines, manifest
from compliance.pack.archive import Archive
from compliance.pack.errors import PackBroken
from compliance.pack.manifest import MANIFEST, Command, File, MadeWith, Manifest
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.frozen import frozen
from compliance.values.names import printable

_LONGEST = 160
_DRAWING = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_DRAWN_BY = "matplotlib"


@frozen
class Verified:
    """What came of it.

    Attributes:
        manifest: as it stands in the pack.
        outputs: each command that was run again, and the file it gave.
        differences: what is not as it was packed, or came out otherwise, as lines to print.
        notes: what is told, and is no fault.
        sha256: of the whole file.
    """

    manifest: Manifest
    outputs: tuple[tuple[Command, File], ...]
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    sha256: str


def verified(path: Path, here: MadeWith) -> Verified:
    """Verify a pack.

    Args:
        path: the file.
        here: the versions that run now.

    Raises:
        PackBroken: it is not what its manifest lists, its inputs were changed, or they cannot be
            used; nothing came out that could be compared.
        ComplianceError: it cannot be opened.
    """
    with archive.opened(path) as packed, tempfile.TemporaryDirectory() as folder:
        found = _manifest(path, packed)
        _check_names(path, packed, found)
        changed = _changed(packed, found)
        _check_inputs(path, packed, changed)
        stage = Path(folder)
        for name in filter(manifest.is_input, packed.names):
            place = stage / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(packed.read(name))
        asked = Asked(found.title, found.question, found.agreement.folders, found.made_with)
        again = _again(stage, asked)
        differences, notes = _compare(packed, found, again, stage, changed, here)
        if not differences:
            differences = _around(packed)
        with path.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    files = {item.path: item for item in found.files}
    outputs = tuple((item, files[item.file]) for item in found.commands if item.file in files)
    return Verified(found, outputs, tuple(differences), tuple(notes), sha256)


def _again(stage: Path, asked: Asked) -> Manifest:
    try:
        return rerun(stage, asked)
    except (PackBroken, LedgerError):
        raise
    except ComplianceError as error:
        raise PackBroken(
            f"what is in the pack gives no answer: {error.message}", todo=error.todo
        ) from None


def _manifest(path: Path, packed: Archive) -> Manifest:
    if MANIFEST not in packed.names:
        raise PackBroken(f"{path}: there is no {MANIFEST}", todo="name a file that 'pack' wrote")
    content = packed.read(MANIFEST)
    if len(content) > manifest.MAX_MANIFEST:
        raise PackBroken(f"{path}: {MANIFEST} has more than {manifest.MAX_MANIFEST} bytes")
    found = manifest.read(content)
    if not found.agreement.folders:
        raise PackBroken(f"{path}: {MANIFEST} names no law")
    return found


def _check_names(path: Path, packed: Archive, found: Manifest) -> None:
    listed = [item.path for item in found.files]
    there = set(packed.names) - {MANIFEST}
    wrong = [f"{name} is missing" for name in sorted(set(listed) - there)]
    wrong += [f"{name} is in it and not listed" for name in sorted(there - set(listed))]
    if wrong:
        raise PackBroken(
            f"{path} does not hold what its manifest lists: {printable('; '.join(wrong[:20]))}",
            todo="ask for the pack once more",
        )
    strange = sorted(name for name in there if not manifest.belongs(name, found))
    if strange:
        raise PackBroken(f"{path} holds what no pack has: {', '.join(strange[:20])}")
    if listed != sorted(there):
        raise PackBroken(f"{path}: {MANIFEST} lists a file twice, or in another order")


def _changed(packed: Archive, found: Manifest) -> frozenset[str]:
    """Return the files that are not those that the manifest lists."""
    return frozenset(
        item.path
        for item in found.files
        if hashlib.sha256(packed.read(item.path)).hexdigest() != item.sha256
    )


def _check_inputs(path: Path, packed: Archive, changed: frozenset[str]) -> None:
    inputs = sorted(filter(manifest.is_input, changed))
    if not inputs:
        return
    index = ""
    if manifest.LINES in packed.names and manifest.LINES not in changed:
        index = packed.read(manifest.LINES).decode("utf-8", "replace")
    places = []
    for name in inputs:
        content = packed.read(name)
        line = lines.changed_line(index, name, content)
        text = content.splitlines()[line - 1 : line] if line else []
        is_now = f", which is now {_quoted(text[0])}" if text else ""
        places.append(f"{name}, line {line}{is_now}" if line else name)
    raise PackBroken(
        f"{path}: the inputs were changed since they were packed, and nothing was run: "
        f"{'; '.join(places)}",
        todo="ask who made it for the file, and for its SHA-256",
    )


def _compare(
    packed: Archive,
    found: Manifest,
    again: Manifest,
    stage: Path,
    changed: frozenset[str],
    here: MadeWith,
) -> tuple[list[str], list[str]]:
    """Compare every output, and then what the manifest says, with what came out."""
    differences: list[str] = []
    notes = _versions(found.made_with, here)
    versions_differ = bool(notes)
    older = found.made_with.compliance
    redrawn = found.made_with.libraries.get(_DRAWN_BY) != here.libraries.get(_DRAWN_BY)
    there, made = {i.path for i in found.files}, {i.path for i in again.files}
    for name in sorted(made - there):
        (differences if older == here.compliance else notes).append(
            f"{name}: comes out, and is not in the pack"
        )
    differences += [f"{name}: in the pack, and nothing gives it" for name in sorted(there - made)]
    for name in sorted(there & made):
        now = (stage / name).read_bytes()
        if older != here.compliance:
            # An output that names the version which made it is not another answer for that.
            now = now.replace(
                f"compliance {here.compliance}".encode(), f"compliance {older}".encode()
            )
        then = packed.read(name)
        if redrawn and name.endswith(".html") and name not in changed:
            # Where each letter stands in a chart depends on the version; its numbers do not.
            then, now = _DRAWING.sub(b"", then), _DRAWING.sub(b"", now)
            notes.append(f"{name}: its charts are drawn by another version, and not compared.")
        apart = lines.first_difference(then, now)
        if apart is not None:
            what = "was changed since it was packed" if name in changed else "comes out otherwise"
            differences.append(
                f"{name}, line {apart[0]}: {what}\n"
                f"    in the pack  {_quoted(apart[1])}\n"
                f"    run again    {_quoted(apart[2])}"
            )
    if not differences:
        runs = tuple(item for item in again.commands if item.file in there)
        # What a manifest says beside names and versions is what its outputs and inputs say.
        true = again.model_copy(update={"files": found.files, "commands": runs})
        said = lines.first_difference(packed.read(MANIFEST), true.text().encode())
        if said is not None:
            differences.append(
                f"{MANIFEST}, line {said[0]}: says what the pack is not\n"
                f"    in the pack  {_quoted(said[1])}\n"
                f"    run again    {_quoted(said[2])}"
            )
    if versions_differ and differences:
        notes.append("The versions differ: that may be the reason. Install those of the pack.")
    return differences, notes


def _versions(then: MadeWith, here: MadeWith) -> list[str]:
    """Say what the pack was made with that is not here."""
    pairs = [("compliance", then.compliance, here.compliance), ("Python", then.python, here.python)]
    pairs += [
        (name, version, here.libraries.get(name, "none"))
        for name, version in then.libraries.items()
    ]
    return [
        f"Made with {name} {one}; here it is {other}." for name, one, other in pairs if one != other
    ]


def _around(packed: Archive) -> list[str]:
    at = packed.first_oddity()
    if at is None:
        return []
    return [
        f"byte {at} of the archive: every file is as it was packed, and the archive around them "
        "is not: something was added or changed beside the files"
    ]


def _quoted(line: bytes | None) -> str:
    if line is None:
        return "(no such line)"
    text = printable(line.decode("utf-8", "replace").rstrip("\r\n"))
    return f"'{text[:_LONGEST]}'" + (" ..." if len(text) > _LONGEST else "")
