"""Files made whole under another name, then moved into place: never half of one."""

from __future__ import annotations

import os
from pathlib import Path

from compliance.values.errors import LedgerError


def partial_of(target: Path) -> Path:
    """Return the name under which a file is made before it is moved into place.

    Process ids come back, in containers at once: what a killed process left is removed.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    remove(partial)
    return partial


def remove(partial: Path) -> None:
    """Remove a file and its journal, if they are there."""
    partial.unlink(missing_ok=True)
    Path(f"{partial}-journal").unlink(missing_ok=True)


def move_into_place(partial: Path, target: Path) -> None:
    """Give a finished file its name, unless there is a file of that name by now.

    Raises:
        LedgerError: there is one.
        OSError: the file system refused.
    """
    # A link fails where a rename would silently replace what another process just made.
    try:
        os.link(partial, target)
    except FileExistsError:
        raise LedgerError(
            f"{target} was made by another process meanwhile",
            todo="look at it: compliance db status",
        ) from None
    except OSError:
        # File systems without links: the check and the rename are then two steps.
        if target.exists():
            raise LedgerError(f"{target} was made by another process meanwhile") from None
        partial.rename(target)
    keep_name(target)


def keep_name(target: Path) -> None:
    """Have the folder's entry written to the disk, where the system knows how."""
    if os.name != "posix":
        return
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
