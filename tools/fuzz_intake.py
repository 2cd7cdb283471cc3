"""Looks for files that make the importers crash, hang, or break a promise.

    python tools/fuzz_intake.py --minutes 10

The formats share the minutes. Where atheris is installed (``pip install atheris``; the project
does not need it), inputs are led by the code that they reach; else files are damaged blindly. It
begins with the files of ``tests/fixtures/corpus``. What it finds is told, and kept in
``build/fuzz/found``, one file for each place in the code. Correct the fault, then move the file to
the corpus: the tests read all of it. Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import random
import re
import shutil
import subprocess
import sys
import time
import traceback
import zipfile
import zlib
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "fixtures" / "corpus"
WORK = ROOT / "build" / "fuzz"
FOUND = WORK / "found"
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "intake")]

FORMATS = ("csv", "json", "jsonl", "xlsx")
SLOW = 5.0
"""Seconds that no small input may take."""

HUNG = 60
"""Seconds after which an input is given up, and the run with it."""

MOST_BYTES = 65_536

# Pieces of each format that chance alone would hardly write.
_BYTES = [b"\xc3\x90", b"\xe2\x80\xa8", b"\xff", b"\0"]
_WORDS = (
    rb"serbia RS 2019-09-12 2018-01-01..2019-12-31 03/04/2025 9999-12 declared battle_tank none "
    rb"stored withheld 62..89 15.. @import:x @reduced:destroyed serbia:stored planned "
    rb"3f9a2b7c81d0:4 withdraws corrects error expected suggestion where '=1"
).split()
_JSON = (
    rb'[ ] { } ": , \ud800 \u0007 NaN 1e400 null true {"holdings": "movements":[ -0.0 '
    rb"999999999999999999999999"
).split()
_XML = (
    b'<f>1</f>|t="e"|t="b"|t="d"|t="s"|t="n"|t="str"|t="inlineStr"|s="1"|r="A1"|r="XFD1048576"|'
    b'_x000D_|&#10;|<is><t>|</t></is>|hidden="1"|<mergeCell ref="A1:B2"/>|<!DOCTYPE x>|<![CDATA[|'
    b'1e400|-1|nan|date1904="1"|<v>|</v>|<c>|<row>|</row>|t="array" ref="A1"|t="shared" si="0"'
).split(b"|")
TOKENS = {
    "csv": [*_WORDS, *_BYTES, b'"', b'""', b"\r\n", b"\n", b",", b";"],
    "json": [*_WORDS, *_BYTES, *_JSON],
    "jsonl": [*_WORDS, *_BYTES, *_JSON, b"\n"],
    "xlsx": [*_WORDS, *_BYTES, *_XML],
}
_NO_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
)


def tell(text: str) -> None:
    """Say something to whoever waits."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Examiner:
    """Reads inputs of one format, and keeps those that break the importers."""

    def __init__(self, format: str) -> None:
        from intake_promises import keeps_promises

        from compliance.cli.world import World

        self._read = keeps_promises
        self._vocabulary = World().vocabulary()
        self._format = format

    def run(self, content: bytes) -> None:
        """Read one input; tell and keep it where it breaks a promise or takes long."""
        began = time.perf_counter()
        try:
            self._read(content, self._format, self._vocabulary)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            self._keep(content, f"{type(error).__name__} at {place}", str(error))
        seconds = time.perf_counter() - began
        if seconds > SLOW:
            digest = hashlib.sha256(content).hexdigest()[:8]
            self._keep(content, f"slow {digest}", f"{seconds:.1f} s")

    def _keep(self, content: bytes, what: str, detail: str) -> None:
        path = FOUND / f"{re.sub(r'[^A-Za-z0-9_.]+', '-', what)}.{self._format}"
        if not path.exists():
            path.write_bytes(content)
            tell(f"FOUND {path}: {what}: {detail[:200]}")


def fuzz_led(format: str, seconds: int) -> NoReturn:
    """Fuzz one format with atheris. It ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["compliance.intake", "compliance.values", "openpyxl"]):
        examiner = Examiner(format)
    from intake_promises import a_part, packed, unpacked

    def changed(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - no secret is made of it
        if chance.random() > 0.05:
            with contextlib.suppress(*_NO_WORKBOOK):
                parts = unpacked(content)
                name = a_part(parts, chance)
                parts[name] = bytes(atheris.Mutate(parts[name], 2 * len(parts[name]) + 64))
                whole = packed(parts)
                return whole if len(whole) <= most else content
        return bytes(atheris.Mutate(content, most))

    words = WORK / f"{format}.dict"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in TOKENS[format])
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    options = {
        "max_total_time": seconds,
        "timeout": HUNG,
        "max_len": MOST_BYTES,
        "rss_limit_mb": 4096,
        "dict": words,
        "artifact_prefix": f"{FOUND}/{format}-",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(WORK / format)],
        examiner.run,
        **({"custom_mutator": changed} if format == "xlsx" else {}),
    )
    atheris.Fuzz()
    sys.exit()


def fuzz_blindly(format: str, seconds: int) -> int:
    """Damage the files of the corpus at random, and return how many inputs were read."""
    from intake_promises import damaged, damaged_inside

    examiner = Examiner(format)
    seeds = [path.read_bytes() for path in sorted((WORK / format).iterdir())]
    chance = random.Random()  # noqa: S311
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        content = chance.choice(seeds)
        seed = chance.getrandbits(64)
        inside = format == "xlsx" and chance.random() > 0.05
        with contextlib.suppress(*_NO_WORKBOOK):
            content = (damaged_inside if inside else damaged)(content, seed, TOKENS[format])
        examiner.run(content)
        count += 1
    tell(f"stat::number_of_executed_units: {count}")
    return count


def main() -> int:
    """Fuzz each format in a process of its own, and tell what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10, help="of all formats together")
    parser.add_argument("--format", action="append", choices=FORMATS, help="only this one")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # what a process of its own is told
    given = parser.parse_args()
    formats = given.format or FORMATS
    seconds = max(1, int(given.minutes * 60 / len(formats)))
    led = not given.blind and importlib.util.find_spec("atheris") is not None
    if given.one:
        (fuzz_led if led else fuzz_blindly)(given.one, seconds)
        return 0
    tell("inputs are led by atheris" if led else "files are damaged blindly")
    shutil.rmtree(FOUND, ignore_errors=True)
    FOUND.mkdir(parents=True)
    total = 0
    for format in formats:
        (WORK / format).mkdir(exist_ok=True)
        for path in CORPUS.glob(f"*.{format}"):
            shutil.copy(path, WORK / format)
        mode = ["--blind"] if given.blind else []
        command = [sys.executable, __file__, "--one", format, "--minutes", str(seconds / 60)]
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603 - this file itself
            [*command, "--format", format, *mode], stderr=subprocess.PIPE, text=True, check=False
        )
        found = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
        count = int(found[1]) if found else 0
        total += count
        for line in done.stderr.splitlines():
            if line.startswith("FOUND"):
                tell(line)
        tell(f"{format}: {count} inputs in {time.monotonic() - began:.0f} s")
        if done.returncode:
            tell(f"{format}: ended early, exit {done.returncode}: {done.stderr[-2000:]}")
    kept = sorted(path.name for path in FOUND.iterdir())
    tell(f"{total} inputs, {len(kept)} findings" + "".join(f"\n  {name}" for name in kept))
    return 1 if kept else 0


if __name__ == "__main__":
    sys.exit(main())
