"""Writing files whole or not at all: a folder of them, or one of bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compliance.values.errors import ComplianceError


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Hand out a folder to fill; it gets its name when it is complete.

    Raises:
        ComplianceError: there is something at ``path`` already, or it cannot be written.
    """
    path = path.resolve()
    try:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise ComplianceError(
                f"{path} is there already, and nothing in it is replaced",
                todo="name a new folder, or an empty one",
            )
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        try:
            yield temporary
            if path.exists():
                path.rmdir()
            temporary.chmod(0o777 & ~_mask())
            temporary.replace(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise ComplianceError(f"{path} cannot be written: {error.strerror}") from None


def write_bytes(content: bytes, path: Path) -> None:
    """Write one file, in place of an older one.

    Raises:
        ComplianceError: it cannot be written.
    """
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_mask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ComplianceError(f"{path} cannot be written: {error.strerror}") from None


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
