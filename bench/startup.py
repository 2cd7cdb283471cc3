"""How long the tool takes to open, side by side with what else a user might start.

    python bench/startup.py [--runs 7]

Every command is run in turn (A B A B), each in a process of its own: first as a warm-up, which is
not counted and leaves compiled modules and the copy of the rule pack behind, as any first use
does; then the counted runs. Everything is made in a folder that is removed again: a ledger of the
published figures, and a virtual environment for sqlite-utils. Printed as Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import click

FEWEST_RUNS = 5
PEER = "sqlite-utils"
QUERY = "SELECT party, category, quantity_low FROM holding"


@dataclass
class Row:
    """A command and how long each counted run of it took.

    Attributes:
        codes: the exit codes that mean it did its work.
        seconds: wall-clock time, process start and end included.
    """

    name: str
    command: list[str]
    codes: tuple[int, ...] = (0,)
    seconds: list[float] = field(default_factory=list)

    def run(self, surroundings: dict[str, str]) -> float:
        """Run it once and return how many seconds it took.

        Raises:
            RuntimeError: it did not do its work: its time would mean nothing.
        """
        begun = time.perf_counter()
        done = subprocess.run(self.command, env=surroundings, capture_output=True, check=False)  # noqa: S603
        taken = time.perf_counter() - begun
        if done.returncode not in self.codes or not (done.stdout or "-c" in self.command):
            raise RuntimeError(f"{self.name}: exit code {done.returncode}\n{done.stderr.decode()}")
        return taken

    @property
    def median(self) -> float:
        """The median of the counted runs, in seconds."""
        return statistics.median(self.seconds)


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
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "COLUMNS": "100",
    }


def peer(folder: Path, environment: dict[str, str]) -> tuple[Path, str] | None:
    """Install sqlite-utils by itself; return its program and version, or ``None`` without it."""
    home = folder / "peer"
    venv.create(home, with_pip=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    quiet = ["--quiet", "--disable-pip-version-check"]
    steps = ([python, "-m", "pip", "install", *quiet, PEER], [str(programs / PEER), "--version"])
    try:
        for step in steps:
            done = subprocess.run(  # noqa: S603
                step, env=environment, capture_output=True, text=True, check=True
            )
    except (subprocess.CalledProcessError, OSError) as error:
        said = getattr(error, "stderr", None) or error
        click.echo(f"NOT MEASURED: {PEER} cannot be installed here: {said}", err=True)
        return None
    return programs / PEER, done.stdout.split()[-1]


def measure(rows: list[Row], runs: int, environment: dict[str, str]) -> None:
    """Run all commands in turn, once uncounted and then so many times."""
    for turn in range(runs + 1):
        for row in rows:
            taken = row.run(environment)
            if turn:
                row.seconds.append(taken)


def table(rows: dict[str, Row], runs: int, peer_version: str) -> str:
    """Return the medians, the ranges and the ratios as Markdown."""
    lines = [
        "| command | median, s | range, s |",
        "|---|---|---|",
        *(
            f"| `{row.name}` | {row.median:.3f} | {min(row.seconds):.3f}..{max(row.seconds):.3f} |"
            for row in rows.values()
        ),
        "",
        "| what | ratio of medians | goal | |",
        "|---|---|---|---|",
    ]
    for what, other, goal in (
        ("help", "python", 4.5),
        ("audit", "imports", 1.25),
        ("audit", "peer", 0.75),
    ):
        if other not in rows:
            lines.append(f"| {PEER} | NOT MEASURED: it cannot be installed here | {goal} | |")
            continue
        ratio = rows[what].median / rows[other].median
        said = "met" if ratio <= goal else "not met"
        lines.append(
            f"| `{rows[what].name}` against `{rows[other].name}` | {ratio:.2f} | {goal} | {said} |"
        )
    ours = ("compliance", "sqlalchemy", "click", "tabulate", "platformdirs")
    libraries = ", ".join(f"{name} {version(name)}" for name in ours)
    lines += [
        "",
        f"{runs} counted runs of each after one warm-up, in turn; on {platform.platform()}, "
        f"{os.cpu_count()} cores; CPython {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; {libraries}; {PEER} {peer_version}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each; at least 5")
    runs = max(FEWEST_RUNS, parser.parse_args().runs)
    folder = Path(tempfile.mkdtemp(prefix="startup-"))
    try:
        environment = surroundings(folder)
        ledger = str(folder / "compliance.db")
        # The program as it is installed beside this interpreter.
        found = shutil.which("compliance", path=str(Path(sys.executable).parent))
        if found is None:
            sys.exit(f"compliance is not installed beside {sys.executable}: run pip install .")
        made = [found, "--db", ledger, "db", "init"]
        subprocess.run(made, env=environment, capture_output=True, check=True)  # noqa: S603
        imports = "import sqlalchemy, click, tabulate"
        rows = {
            "python": Row("python -c pass", [sys.executable, "-c", "pass"]),
            "help": Row("compliance --help", [found, "--help"]),
            "imports": Row(f"python -c '{imports}'", [sys.executable, "-c", imports]),
            "audit": Row("compliance audit", [found, "--db", ledger, "audit"], (0, 1, 3)),
        }
        other = peer(folder, environment)
        if other is not None:
            command = [str(other[0]), "query", ledger, QUERY]
            rows["peer"] = Row(f"{PEER} query FILE '{QUERY}'", command)
        measure(list(rows.values()), runs, environment)
        click.echo(table(rows, runs, other[1] if other else "not measured"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
