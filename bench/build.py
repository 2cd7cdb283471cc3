"""Builds the ledgers: files by the generator, recorded year by year as a user would."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.invented import CATEGORY_OF, FIRST_YEAR, LAST_YEAR
from bench.measure import Step, say, watched
from bench.reckon import Reckoned


@dataclass(frozen=True)
class Built:
    """A ledger of some size.

    Attributes:
        files: the folder of its CSV files.
        db: the ledger itself; it need not be there where only the files are wanted.
    """

    name: str
    movements: int
    files: Path
    db: Path


class Builder:
    """Makes what is not there yet in the bench folder."""

    def __init__(self, folder: Path, pack: Path, program: str, environment: Mapping[str, str]):
        self._folder, self._environment = folder, environment
        self._ours = [program, "--agreement", str(pack), "--db"]
        self._steps = folder / "output" / "building"
        self._steps.parent.mkdir(parents=True, exist_ok=True)

    def files(self, name: str, movements: int, *, corrected: int | None = None) -> Built:
        """Generate the files of a ledger, unless they are there."""
        kept = f"{movements}" if corrected is None else f"{movements}-{corrected}-corrected"
        folder = self._folder / f"{kept}-files"
        if not (folder / "complete").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            say(f"generating {movements:,} movements")
            more = [] if corrected is None else [str(corrected)]
            self._python("bench.generate", str(folder), str(movements), *more)
            with (folder / "types.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("type", "category"), *CATEGORY_OF.items()])
        return Built(name, movements, folder, self._folder / f"{kept}.db")

    def joined(self, built: Built) -> tuple[Path, Path]:
        """Return one file of all movements and one of all declarations."""
        found = []
        for kind in ("movements", "declarations"):
            path = built.files / f"all-{kind}.csv"
            if not path.is_file():
                parts = sorted(built.files.glob(f"{kind}-*.csv"))
                with path.with_suffix(".part").open("wb") as file:
                    for number, part in enumerate(parts):
                        with part.open("rb") as source:
                            if number:
                                source.readline()
                            shutil.copyfileobj(source, file, 1 << 20)
                path.with_suffix(".part").replace(path)
            found.append(path)
        return found[0], found[1]

    def empty(self, path: Path) -> Path:
        """Make an empty ledger, to be copied."""
        if not path.is_file():
            self._compliance(path, "db", "init", "--empty")
        return path

    def ledger(self, built: Built) -> None:
        """Record all files of a ledger in their order, corrections in submissions of their own."""
        if built.db.is_file():
            return
        part = built.db.with_suffix(".part.db")
        for old in built.db.parent.glob(part.name + "*"):
            old.unlink()
        self._compliance(part, "db", "init", "--empty")
        begun = last = time.perf_counter()
        years = range(FIRST_YEAR - 1, LAST_YEAR + 1)
        for number, year in enumerate(years):
            if number == 1 or time.perf_counter() - last > 10:
                last = time.perf_counter()
                left = (last - begun) / number * (len(years) - number)
                say(
                    f"recording {built.movements:,} movements year by year: {year}; about "
                    f"{left:.0f} s left"
                )
            self._year(part, built.files, year)
        part.replace(built.db)

    def _year(self, db: Path, files: Path, year: int) -> None:
        day = f"{year}-12-31"
        moved, declared = files / f"movements-{year}.csv", files / f"declarations-{year}.csv"
        names = [str(path) for path in (moved, declared) if path.is_file()]
        self._import(db, names, f"{year + 1}-01-15", day)
        corrections = files / f"corrections-{year}.csv"
        if corrections.is_file():
            named = self._steps.with_name(f"corrections-{year}.csv")
            _name_rows(corrections, named, _newest(db))
            self._import(db, [str(named)], f"{year + 1}-02-15", day)

    def _import(self, db: Path, names: Sequence[str], recorded_at: str, day: str) -> None:
        self._compliance(db, "import", *names, "--recorded-at", recorded_at, "--as-of", day)

    def reckoned(self, built: Built, days: Sequence[str]) -> Reckoned:
        """Return the independent recomputation, from a process of its own."""
        path = built.files / "reckoned.json"
        wanted = sorted(set(days))
        if path.is_file():
            found: Reckoned = json.loads(path.read_text(encoding="utf-8"))
            if all(day in found["counts"] for day in wanted):
                return found
        say(f"reckoning {built.movements:,} movements apart from the program")
        out = self._python("bench.reckon", str(built.files), *wanted)
        shutil.copyfile(out, path)
        result: Reckoned = json.loads(path.read_text(encoding="utf-8"))
        return result

    def _compliance(self, db: Path, *arguments: str) -> None:
        step = Step([*self._ours, str(db), *arguments])
        watched(step, self._steps, self._environment, "building a ledger")

    def _python(self, module: str, *arguments: str) -> Path:
        root = str(Path(__file__).parents[1])
        begin = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
        code = begin + f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
        step = Step([sys.executable, "-c", code, root, *arguments])
        watched(step, self._steps, self._environment, module)
        return self._steps.with_suffix(".out")


def _newest(db: Path) -> str:
    """Return the hash by which rows of the newest submission are named."""
    connection = sqlite3.connect(db)
    try:
        asked = "SELECT content_sha256 FROM submission ORDER BY id DESC LIMIT 1"
        return str(connection.execute(asked).fetchone()[0])
    finally:
        connection.close()


def _name_rows(corrections: Path, named: Path, submission: str) -> None:
    """Write corrections with the names of the rows that they correct: their line is in ``ref``."""
    with (
        corrections.open(encoding="utf-8", newline="") as source,
        named.open("w", encoding="utf-8", newline="") as target,
    ):
        rows, writer = csv.reader(source), csv.writer(target, lineterminator="\n")
        writer.writerow([*next(rows), "corrects"])
        for row in rows:
            writer.writerow([*row, f"{submission[:16]}:{row[9].partition('/')[2]}"])
