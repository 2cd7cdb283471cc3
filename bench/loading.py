"""Contests of opening the tool and of loading a ledger."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bench import answers, journals
from bench.invented import LAST_YEAR
from bench.measure import Contest, Output, Step, Subject, watched
from bench.stage import DAYS, LAST_DAY, VERDICTS, Bench

_QUERY = "SELECT party, category, quantity_low FROM holding"


def startup(bench: Bench) -> Contest:
    """How long the tool takes to open, on the published figures."""
    ledger = bench.folder / "shipped.db"
    if not ledger.is_file():
        made = Step([bench.program, "--db", str(ledger), "db", "init"])
        watched(made, bench.folder / "output" / "init", bench.environment, "db init")
    python, imports = sys.executable, "import sqlalchemy, click, tabulate"
    peer = bench.peer("sqlite-utils")
    return Contest(
        "startup",
        "start-up",
        [
            Subject("python", "`python -c pass`", [Step([python, "-c", "pass"])]),
            Subject("help", "`compliance --help`", [Step([bench.program, "--help"])]),
            Subject("imports", f"`python -c '{imports}'`", [Step([python, "-c", imports])]),
            Subject(
                "audit",
                "`compliance audit` on the shipped data",
                [Step([bench.program, "--db", str(ledger), "audit"], VERDICTS)],
            ),
            Subject(
                "query",
                "`sqlite-utils query` of one SELECT on a table",
                [Step([peer.program, "query", str(ledger), _QUERY])],
                absent=peer.absent,
                note="reads one table of the same file and prints it as JSON; judges nothing",
            ),
        ],
        guess=2,
    )


def imports(bench: Bench) -> Contest:
    """Into an empty ledger: all movements and declarations of a ledger, without corrections."""
    name = bench.import_size
    built = bench.builder.files(name, bench.sizes[name])
    reckoned = bench.builder.reckoned(built, DAYS)
    joined = bench.builder.joined(built)
    files = [str(path) for path in sorted(built.files.glob("movements-*.csv"))]
    files += [str(path) for path in sorted(built.files.glob("declarations-*.csv"))]
    empty = bench.builder.empty(bench.folder / "empty.db")
    peer = bench.peer("sqlite-utils")

    def subject(key: str, name: str, *steps: Step, begin: Path | None = None, **more: Any) -> Any:
        db = bench.folder / f"import-{key}.db"

        def prepare() -> None:
            for left in db.parent.glob(db.name + "*"):
                left.unlink()
            if begin is not None:
                shutil.copyfile(begin, db)

        return Subject(
            key,
            name,
            steps,
            prepare=prepare,
            answer=lambda _output: answers.imported(db),
            expected=partial(answers.wanted_import, reckoned),
            **more,
        )

    target = {key: bench.folder / f"import-{key}.db" for key in ("ours", "floor", "utils")}
    arguments = ["import", *files, "--as-of", LAST_DAY]
    return Contest(
        "import",
        f"import of {name} movements",
        [
            subject(
                "ours", "`compliance import`", bench.ours(target["ours"], *arguments), begin=empty
            ),
            subject(
                "floor",
                "`csv` and `executemany`",
                bench.script(
                    sys.executable, "with_sqlite.py", "load", str(target["floor"]), *files
                ),
                note="the same files as text, one column for each of theirs: nothing is checked, "
                "hashed, kept or indexed",
            ),
            subject(
                "utils",
                "`sqlite-utils insert --csv`",
                *(
                    Step([peer.program, "insert", str(target["utils"]), table, str(path), "--csv"])
                    for table, path in zip(("movement", "holding"), joined, strict=True)
                ),
                absent=peer.absent,
                note="the same rows joined to one file of each kind; finds the type of each column",
            ),
        ],
        guess=50 * bench.sizes[name] / 1_000_000 + 1,
    )


def text_journals(bench: Bench) -> Contest:
    """Load everything from text and check every declared balance."""
    name, count = bench.journal_size, bench.journal_movements
    built = bench.builder.files(name, count, corrected=0)
    if not (built.files / "ledger.beancount").is_file():
        journals.write(built.files)
    reckoned = bench.builder.reckoned(built, [LAST_DAY])
    expected = partial(answers.wanted_counts, reckoned, LAST_DAY)
    empty = bench.builder.empty(bench.folder / "empty.db")
    db = bench.folder / "journals-ours.db"
    files = [str(path) for path in sorted(built.files.glob("movements-*.csv"))]
    files += [str(path) for path in sorted(built.files.glob("declarations-*.csv"))]

    def prepare() -> None:
        for left in db.parent.glob(db.name + "*"):
            left.unlink()
        shutil.copyfile(empty, db)

    load = bench.ours(db, "import", *files, "--as-of", LAST_DAY)
    hledger, beancount = bench.peer("hledger"), bench.peer("beancount")
    balances = [
        "bal",
        "party-",
        "--end",
        f"{LAST_YEAR + 1}-01-01",
        "--no-total",
        "--layout=bare",
        "-O",
        "csv",
    ]
    return Contest(
        "journals",
        f"{name} movements, load and check",
        [
            Subject(
                "ours",
                "`compliance import`",
                [load],
                prepare=prepare,
                answer=answers.changed,
                expected=expected,
                note="tells all counts with their ceilings, before and after; what is loaded stays "
                "loaded",
            ),
            Subject(
                "ours, audited",
                "`compliance import`, then `audit`",
                [load, bench.ours(db, "audit", "--as-of", LAST_DAY, "--format", "json")],
                prepare=prepare,
                answer=answers.audit,
                expected=expected,
                note="the same and, by a process of its own, the counts once more with all reasons",
            ),
            Subject(
                "hledger",
                "`hledger bal`",
                [Step([hledger.program, "-f", str(built.files / "ledger.journal"), *balances])],
                answer=answers.journal,
                expected=expected,
                absent=hledger.absent,
                note="a declaration is an assertion of each balance; spans at their low end and "
                "first day; no ceilings",
            ),
            Subject(
                "beancount",
                "`bean-check`",
                [Step([beancount.program, "-C", str(built.files / "ledger.beancount")])],
                answer=Output.text,
                expected=str,  # it says nothing where every asserted balance is right
                absent=beancount.absent,
                note="the same as `balance` directives, without its cache; says only whether all "
                "are right",
            ),
        ],
        guess=60 * count / 100_000,
    )
