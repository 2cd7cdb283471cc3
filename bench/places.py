"""Where things are: programs, environments, and the ledgers that are built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Failed, say


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment that keeps everything in the folder and compiles modules once."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPLIANCE_", "PYTHON"))
    }
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHONUTF8": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }


def ours() -> str:
    """Return the program as it is installed beside this interpreter.

    Raises:
        Failed: it is not.
    """
    found = shutil.which("compliance", path=str(Path(sys.executable).parent))
    if found is None:
        raise Failed(f"compliance is not installed beside {sys.executable}: run pip install .")
    return found


@dataclass(frozen=True)
class Peer:
    """A program of others.

    Attributes:
        program: what is run: its Python where it is a library.
        version: as it tells itself, empty where it is absent.
        absent: why it is not measured, empty where it is.
    """

    name: str
    program: str = ""
    version: str = ""
    absent: str = ""


_LIBRARIES = {"duckdb": "", "pandas": "", "openfisca-core": "", "sqlite-utils": "sqlite-utils",
              "beancount": "bean-check"}  # fmt: skip


def install(name: str, folder: Path, environment: Mapping[str, str]) -> Peer:
    """Install a peer from the package index by itself, or find it where it is no Python program."""
    if name == "hledger":
        return _hledger(environment)
    home = folder / "peers" / name
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    asked = f"from importlib.metadata import version; print(version({name!r}))"
    told = [python, "-I", "-c", asked]
    try:
        if not (home / "installed").is_file():
            say(f"installing {name} in an environment of its own")
            venv.create(home, with_pip=True)
            command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*command, name], environment)
            (home / "installed").touch()
        version = _run(told, environment).strip()
    except (subprocess.CalledProcessError, OSError) as error:
        said = str(getattr(error, "stderr", None) or error).strip().splitlines()[-1:]
        say(f"NOT MEASURED: {name} cannot be installed here: {' '.join(said)}")
        return Peer(name, absent=f"{name} cannot be installed here")
    program = _LIBRARIES[name]
    return Peer(name, str(programs / program) if program else python, version)


def _hledger(environment: Mapping[str, str]) -> Peer:
    found = shutil.which("hledger")
    if found is None:
        say("NOT MEASURED: hledger is not installed here (Debian: apt install hledger)")
        return Peer("hledger", absent="hledger is not installed here")
    version = _run([found, "--version"], environment).split()[1].rstrip(",")
    return Peer("hledger", found, version)


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    return subprocess.run(  # noqa: S603
        command, env=dict(environment), capture_output=True, text=True, check=True
    ).stdout
