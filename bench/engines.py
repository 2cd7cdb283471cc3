"""Contests with programs that answer a part of what ours does."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import answers
from bench.invented import FIRST_YEAR, parties
from bench.measure import Contest, Failed, Output, Step, Subject, watched
from bench.stage import END_OF_YEAR, OTHER_DAY, Bench


def one_day(bench: Bench) -> Contest:
    """The counts of one day, by engines for tables that read the CSV files."""
    built, reckoned = bench.built(bench.import_size)
    expected = partial(answers.wanted_counts, reckoned, OTHER_DAY)
    ours = ["audit", "--as-of", OTHER_DAY, "--format", "json"]
    subjects = [
        Subject(
            "ours",
            f"`compliance audit --as-of {OTHER_DAY}`",
            [bench.ours(built.db, *ours)],
            answer=answers.audit,
            expected=expected,
            note="from the ledger, with verdicts and reasons",
        )
    ]
    for name in ("duckdb", "pandas"):
        peer = bench.peer(name)
        script = bench.script(peer.program, f"with_{name}.py", str(built.files), OTHER_DAY)
        subjects.append(
            Subject(
                name,
                {"duckdb": "DuckDB", "pandas": "pandas"}[name],
                [script],
                answer=answers.printed,
                expected=expected,
                absent=peer.absent,
                note="reads all CSV files anew and sums; no ledger, verdicts or reasons",
            )
        )
    guess = 5 * built.movements / 1_000_000 + 2
    return Contest("day", f"counts of one day, {built.name} movements", subjects, guess=guess)


def ceilings(bench: Bench) -> Contest:
    """The ceiling check of 150 limits, against OpenFisca with the counts given to it."""
    built, reckoned = bench.built(next(iter(bench.sizes)))
    peer = bench.peer("openfisca-core")
    country = bench.folder / "openfisca"
    counts = bench.folder / "output" / "counts.json"
    limits = bench.folder / "output" / "limits.json"
    begin: dict[str, Any] = {"from": f"{FIRST_YEAR - 1}-01-01"}
    given = answers.wanted_counts(reckoned, END_OF_YEAR)
    limits.write_text(json.dumps(begin | {p.id: p.ceilings for p in parties()}), encoding="utf-8")
    counts.write_text(json.dumps(given), encoding="utf-8")
    if not peer.absent:
        written = bench.script(
            peer.program, "with_openfisca.py", "write", str(country), given=limits
        )
        watched(written, bench.folder / "output" / "country", bench.environment, "openfisca")
    limit_of = {f"{p.id}/{name}": limit for p in parties() for name, limit in p.ceilings.items()}

    def expected() -> dict[str, str]:
        return {name: _verdict(span, limit_of[name]) for name, span in given.items()}

    ours = ["audit", "--as-of", END_OF_YEAR, "--format", "json"]
    return Contest(
        "ceilings",
        "ceiling check",
        [
            Subject(
                "ours",
                f"`compliance audit`, {built.name} movements",
                [bench.ours(built.db, *ours)],
                answer=answers.verdicts,
                expected=expected,
            ),
            Subject(
                "openfisca",
                "`openfisca-core`",
                [
                    bench.script(
                        peer.program,
                        "with_openfisca.py",
                        *("check", str(country), END_OF_YEAR),
                        given=counts,
                    )
                ],
                answer=answers.printed,
                expected=expected,
                absent=peer.absent,
                note="the ceilings as dated parameters; the counts are given to it, it keeps no "
                "ledger and gives no reasons",
            ),
        ],
        guess=3,
    )


def _verdict(span: Sequence[int], limit: int) -> str:
    if span[1] <= limit:
        return "within"
    return "exceeds" if span[0] > limit else "indeterminate"


def scenarios(_bench: Bench) -> Contest:
    """Single purchases judged by the screen, and by a plain loop over the years."""

    def told(output: Output) -> float:
        return float(answers.printed(output)["seconds"])

    def said(output: Output) -> Any:
        found = answers.printed(output)
        if not found["right"]:
            raise Failed("scenarios: a verdict differs from the full evaluation")
        return {key: value for key, value in found.items() if key != "seconds"}

    root = str(Path(__file__).parents[1])
    begin = "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    code = begin + "from bench.scenarios import main; main(sys.argv[1])"
    seen: list[Any] = []

    def first(output: Output) -> Any:
        seen.append(said(output))
        return seen[-1]

    return Contest(
        "scenarios",
        "100,000 single purchases against 20 years",
        [
            Subject(
                way,
                {"screen": "the screen of `whatif`", "loop": "a plain loop over the years"}[way],
                [Step([sys.executable, "-c", code, root, way])],
                answer=first,
                expected=lambda: seen[0],
                told=told,
                note="the judging alone, in the process",
            )
            for way in ("screen", "loop")
        ],
        guess=6,
    )
