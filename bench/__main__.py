"""Builds ledgers, measures ours and the peers side by side, and writes the tables.

    python -m bench [--only NAMES] [--runs N] [--sizes 10k,1m,10m] [--keep FOLDER] [--quick]
    python -m bench --profile NAME [...]

Exit codes: 0 measured, whatever the result; 1 an answer is wrong, or a command failed; 2 usage.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from bench.build import Builder
from bench.contests import ALL
from bench.goals import JOURNAL, JOURNAL_MOVEMENTS, LARGE, MIDDLE, SIZES, SMALL
from bench.invented import write_pack
from bench.measure import FEWEST_RUNS, Failed, Runner, Step, say, watched
from bench.places import Peer, install, ours, surroundings
from bench.profiled import PROFILED, profile
from bench.stage import Bench
from bench.table import put, report

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
QUICK = {SMALL: 350, LARGE: 700}
_MADE_BY = ("generate.py", "invented.py", "reckon.py", "build.py", "journals.py")
_SPACE = 1_500
"""So many bytes on the disk for each movement: files, ledger, and the copy of a peer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return the exit code."""
    asked = _parser().parse_args(arguments)
    names = asked.only.split(",") if asked.only else list(ALL)
    sizes = QUICK if asked.quick else {n: _count(n) for n in _split(asked.sizes) or SIZES}
    wrong = [name for name in names if name not in ALL] + [n for n in sizes if not sizes[n]]
    if wrong or (asked.runs < FEWEST_RUNS and not asked.quick):
        say(f"unknown: {', '.join(wrong)}" if wrong else f"--runs must be at least {FEWEST_RUNS}")
        return 2
    sizes = dict(sorted(sizes.items(), key=lambda item: item[1]))
    folder = Path(asked.keep or tempfile.mkdtemp(prefix="bench-")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _run(asked, names, sizes, folder)
    except Failed as error:
        say(f"FAILED: {error}")
        return 1
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _run(
    asked: argparse.Namespace, names: Sequence[str], sizes: dict[str, int], folder: Path
) -> None:
    free, needed = shutil.disk_usage(folder).free, sum(sizes.values()) * _SPACE
    if free < needed:
        raise Failed(f"{needed // 10**9} GB are needed in {folder}, {free // 10**9} are free")
    _forget_if_made_otherwise(folder)
    environment, program = surroundings(folder), ours()
    pack = write_pack(folder)
    checked = Step([program, "rules", "check", str(pack)])
    watched(checked, folder / "rules", environment, "rules check")
    journal = JOURNAL if max(sizes.values()) >= JOURNAL_MOVEMENTS else next(iter(sizes))
    peers: list[Peer] = []

    @lru_cache
    def peer(name: str) -> Peer:
        peers.append(install(name, folder, environment))
        return peers[-1]

    bench = Bench(
        folder=folder,
        program=program,
        pack=pack,
        environment=environment,
        builder=Builder(folder, pack, program, environment),
        sizes=sizes,
        import_size=MIDDLE if MIDDLE in sizes else list(sizes)[-1],
        journal_size=journal,
        journal_movements=JOURNAL_MOVEMENTS if journal == JOURNAL else sizes[journal],
        peer=peer,
    )
    write = partial(_write, asked)
    if asked.profile:
        write("profile", "\n\n".join(profile(bench, name) for name in _split(asked.profile)))
        return
    contests = [ALL[name](bench) for name in names]
    Runner(folder, environment, asked.runs).all(contests)
    measured = {**sizes, journal: bench.journal_movements}
    databases = {name: folder / f"{count}.db" for name, count in sizes.items()}
    text = report(
        contests,
        sizes=None if asked.quick else measured,
        databases={name: path.stat().st_size for name, path in databases.items() if path.is_file()},
        peers=peers,
        runs=asked.runs,
        about=_about(asked, sizes, names),
    )
    write("table", text)


def _about(asked: argparse.Namespace, sizes: dict[str, int], names: Sequence[str]) -> str:
    """Return what kind of run it was, so that no part of one is taken for the whole."""
    ledgers = ", ".join(f"{name} ({count:,})" for name, count in sizes.items())
    parts = [f"Measured on {date.today()}. Ledgers: {ledgers} movements."]  # noqa: DTZ011
    if asked.quick:
        parts.append("**A smoke run: its figures say nothing about speed.**")
    elif set(sizes) != set(SIZES) or set(names) != set(ALL):
        parts.append(f"**Not the whole benchmark**: {', '.join(names)}.")
    return " ".join(parts)


def _write(asked: argparse.Namespace, name: str, text: str) -> None:
    print(text)  # noqa: T201
    if asked.page:
        put(Path(asked.page), name, text)
        say(f"written to {asked.page}")


def _forget_if_made_otherwise(folder: Path) -> None:
    """Remove ledgers that were kept but made by other code of the generator."""
    here = Path(__file__)
    texts = [here.with_name(name).read_bytes() for name in _MADE_BY]
    revisions = sorted((here.parents[1] / "migrations" / "versions").glob("*.py"))
    texts += [path.name.encode() for path in revisions]
    digest = hashlib.sha256(b"".join(texts)).hexdigest()
    stamp = folder / "made-by"
    if stamp.is_file() and stamp.read_text("ascii") == digest:
        return
    for left in folder.glob("*-files"):
        shutil.rmtree(left)
    for left in folder.glob("*.db*"):
        left.unlink()
    stamp.write_text(digest, "ascii")


def _count(size: str) -> int:
    """Return how many movements a size such as 10k or 1m means; 0 where it is none."""
    found = re.fullmatch(r"([1-9]\d*)([km])", size)
    return int(found[1]) * {"k": 1000, "m": 1_000_000}[found[2]] if found else 0


def _split(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", metavar="NAMES", help=f"of {','.join(ALL)}")
    parser.add_argument("--runs", type=int, default=FEWEST_RUNS, help="counted runs; at least 5")
    parser.add_argument(
        "--sizes", default="", help=f"such as 100k; if not given: {','.join(SIZES)}"
    )
    parser.add_argument("--keep", metavar="FOLDER", help="keep ledgers and peers there, for later")
    parser.add_argument("--quick", action="store_true", help="tiny ledgers; fewer runs are allowed")
    parser.add_argument("--profile", metavar="NAMES", help=f"of {','.join(PROFILED)}")
    parser.add_argument(
        "--page", default=str(PAGE), help="the page to write to between its markers; '' for none"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
