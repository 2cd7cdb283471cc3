"""The output people see, word for word. ``--update-golden`` records it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from compliance.cli.main import cli

if TYPE_CHECKING:
    from conftest import Run

GOLDEN = Path(__file__).parents[1] / "golden"

TODAY = ("--as-of", "2026-11-20")
TANKS = ("--as-of", "2019-12-31", "--category", "battle_tank")


@dataclass(frozen=True)
class Shown:
    """One command and the file its output is kept in; errors are kept from stderr."""

    file: str
    arguments: tuple[str, ...]
    code: int
    error: bool = False


def _help(path: tuple[str, ...], command: click.Command) -> Iterator[Shown]:
    yield Shown("-".join(("help", *path)) + ".txt", (*path, "--help"), 0)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _help((*path, name), inner)


SHOWN = (
    Shown("audit-today.txt", ("audit", *TODAY), 3),
    Shown("audit-by-category.txt", ("audit", *TODAY, "--by", "category"), 3),
    Shown("audit-tanks-2019.txt", ("audit", *TANKS), 0),
    Shown(
        "audit-details.txt",
        ("audit", *TODAY, "--details", "--party", "serbia", "--category", "combat_aircraft"),
        3,
    ),
    Shown(
        "audit-violations-1997.txt",
        ("audit", "--as-of", "1997-01-01", "--basis", "estimate", "--report", "violations"),
        3,
    ),
    Shown("audit-tanks-2019.json", ("audit", *TANKS, "--format", "json"), 0),
    Shown("audit-today.csv", ("audit", *TODAY, "--format", "csv"), 3),
    Shown(
        "audit-findings-today.csv",
        ("audit", *TODAY, "--format", "csv", "--report", "violations"),
        3,
    ),
    Shown("audit-today.md", ("audit", *TODAY, "--format", "markdown"), 3),
    Shown("classify-nora-b-52.txt", ("classify", "Nora B-52"), 0),
    Shown("classify-ch-92a.txt", ("classify", "CH-92A"), 0),
    Shown("classify-hq-22.txt", ("classify", "HQ-22"), 0),
    Shown("classify-puls.txt", ("classify", "PULS"), 0),
    Shown("classify-javelin.txt", ("classify", "FGM-148 Javelin"), 0),
    Shown("classify-152-howitzer.txt", ("classify", "--calibre", "152", "--kind", "howitzer"), 0),
    Shown("classify-ambiguous.txt", ("classify", "M-60"), 2, error=True),
    Shown("classify-unknown.txt", ("classify", "Zzyzx 9000"), 2, error=True),
    Shown("rules-list.txt", ("rules", "list"), 0),
    Shown("rules-ceilings-2019.txt", ("rules", "show", "ceilings", "--as-of", "2019-12-31"), 0),
    *_help((), cli),
)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.file)
def test_output_is_as_recorded(shown: Shown, run: Run, golden: Callable[[str, str], None]) -> None:
    outcome = run(*shown.arguments)
    assert outcome.code == shown.code, outcome.stderr
    golden(shown.file, outcome.stderr if shown.error else outcome.stdout)


def test_no_golden_file_is_left_over(request: pytest.FixtureRequest) -> None:
    ours = ("audit-", "classify-", "rules-", "help")
    known = {shown.file for shown in SHOWN}
    assert len(known) == len(SHOWN), "two commands share a golden file"
    left = [p for p in GOLDEN.iterdir() if p.name.startswith(ours) and p.name not in known]
    if request.config.getoption("--update-golden"):
        for path in left:
            path.unlink()
        left = []
    assert left == [], "golden files that no test compares with"


def test_a_difference_is_shown_line_by_line_with_the_way_to_update(
    golden: Callable[[str, str], None], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update-golden"):
        pytest.skip("golden files are being rewritten")
    kept = (GOLDEN / "rules-list.txt").read_text(encoding="utf-8")
    with pytest.raises(pytest.fail.Exception) as failure:
        golden("rules-list.txt", kept.replace("florence-1996", "florence-1997"))
    message = str(failure.value)
    assert any(line.startswith("-florence-1996") for line in message.splitlines())
    assert any(line.startswith("+florence-1997") for line in message.splitlines())
    assert "--update-golden" in message
    with pytest.raises(pytest.fail.Exception, match=r"no tests/golden/never\.txt yet"):
        golden("never.txt", "")
