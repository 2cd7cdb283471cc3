"""What a command loads before it answers: nothing that its answer does not need. No clock is read.

Each command runs in a process of its own, as users run it, and lists what it had loaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

CHECKS_PACKS = {"pydantic", "tomllib"}
"""What reads and checks the files of a pack; neither is needed where it has not changed."""
CHANGES_THE_SCHEMA = {"alembic", "mako"}
WRITES_AND_SERVES = {"sqlalchemy", "psycopg", "asyncio"}
"""What makes a ledger, records in it, and reads one on a server; a file is read without."""
READS_AND_WRITES_FILES = {"openpyxl", "defusedxml", "compliance.intake"}
READS_WORKBOOKS = {"openpyxl", "defusedxml", "numpy", "PIL"}
DRAWS_AND_TRANSLATES = {"matplotlib", "babel"}
NEVER_BY_READING = (
    CHECKS_PACKS
    | CHANGES_THE_SCHEMA
    | WRITES_AND_SERVES
    | READS_AND_WRITES_FILES
    | DRAWS_AND_TRANSLATES
)

READING = [
    ("audit",),
    ("audit", "--as-of", "2019-12-31", "--known-at", "2099-12-31", "--basis", "estimate"),
    ("audit", "--format", "json"),
    ("history",),
    ("history", "show", "1"),
    ("audit", "--format", "csv", "--report", "violations"),
    ("explain", "serbia", "battle_tank"),
    ("classify", "Nora B-52"),
    ("diff", "2018", "2019"),
    ("sources", "serbia"),
    ("reconcile",),
    ("calendar",),
    ("rules", "show", "ceilings"),
    ("rules", "list"),
]

_RUN = """
import sys
from compliance.cli.main import _run
code = _run(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write("\\n".join(sys.modules))
sys.exit(code)
"""


@dataclass
class Started:
    code: int
    stdout: bytes
    loaded: set[str]

    def of(self, unwanted: set[str]) -> set[str]:
        return {
            name for name in self.loaded for top in unwanted if f"{name}.".startswith(f"{top}.")
        }


def _home(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a user who has run nothing yet, of a program that keeps nothing."""
    return _home(tmp_path)


def start(home: dict[str, str], *arguments: str | Path) -> Started:
    loaded = Path(home["XDG_DATA_HOME"]).parent / "loaded.txt"
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(loaded), *map(str, arguments)],
        env=home,
        capture_output=True,
    )
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return Started(done.returncode, done.stdout, set(loaded.read_text().split("\n")))


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, ledger: Path) -> dict[str, str]:
    """The surroundings of a user who has run an audit before."""
    home = _home(tmp_path_factory.mktemp("used"))
    assert start(home, "--db", ledger, "audit").of(CHECKS_PACKS) >= CHECKS_PACKS
    return home


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_loads_only_what_it_needs(
    used: dict[str, str], ledger: Path, command: tuple[str, ...]
) -> None:
    assert start(used, "--db", ledger, *command).of(NEVER_BY_READING) == set()


@pytest.mark.parametrize(
    "command",
    [
        ("project", "--until", "2030-12-31"),
        ("whatif", "--party", "serbia", "--add", "10 M-84A"),
        ("report", "--format", "json"),
    ],
    ids=lambda command: command[0],
)
def test_looking_ahead_loads_nothing_that_checks_packs_or_keeps_the_database(
    used: dict[str, str], ledger: Path, command: tuple[str, ...]
) -> None:
    """It may read scenarios, so it knows their files; the rest is as with every other reading."""
    reads_scenarios = {"tomllib", "compliance.intake"}
    assert start(used, "--db", ledger, *command).of(NEVER_BY_READING - reads_scenarios) == set()


@pytest.mark.parametrize(
    "command",
    [
        ("import", "declared.csv", "--dry-run"),
        ("acquire", "serbia", "M-84", "3", "--on", "2021-01-01", "--source", "synthetic"),
    ],
    ids=lambda command: command[0],
)
def test_recording_loads_no_library_for_workbooks_packs_or_charts(
    used: dict[str, str], own_ledger: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "declared.csv").write_text(
        "party,as_of,basis,category,type,status,quantity,source\n"
        "serbia,2031-12-31,declared,battle_tank,,,200,synthetic\n"
    )
    arguments = [tmp_path / part if part.endswith(".csv") else part for part in command]
    started = start(used, "--db", own_ledger, *arguments)
    assert "sqlalchemy" in started.loaded
    unwanted = READS_WORKBOOKS | CHECKS_PACKS | CHANGES_THE_SCHEMA | DRAWS_AND_TRANSLATES
    assert started.of(unwanted) == set()


def test_a_table_is_made_without_the_search_for_versions(
    used: dict[str, str], ledger: Path
) -> None:
    started = start(used, "--db", ledger, "audit")
    assert started.of({"tabulate"}) and not started.of({"importlib.metadata", "email", "zipfile"})


def test_a_table_is_made_where_tabulate_asks_for_more_than_its_version(tmp_path: Path) -> None:
    other = tmp_path / "tabulate.py"
    other.write_text(
        "from importlib.metadata import PackageNotFoundError, entry_points, version\n"
        "tabulate = version('click')\n"
    )
    made = "from compliance.report.tabulated import tabulate; print(tabulate)"
    surroundings = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", made], env=surroundings, capture_output=True)
    assert done.stdout.decode().strip() == version("click"), done.stderr.decode()


def test_an_audit_loads_no_openssl(used: dict[str, str], ledger: Path) -> None:
    started = start(used, "--db", ledger, "audit")
    assert started.of({"hashlib", "_hashlib"}) == set()


def test_reasons_are_written_only_where_they_are_shown(used: dict[str, str], ledger: Path) -> None:
    reasons = {"compliance.assess.reasons"}
    assert start(used, "--db", ledger, "audit").of(reasons) == set()
    assert start(used, "--db", ledger, "audit", "--details").of(reasons) == reasons


def test_help_loads_neither_a_database_nor_the_law(used: dict[str, str]) -> None:
    started = start(used, "--help")
    rooms = {f"compliance.{room}" for room in ("agreement", "equipment", "assess", "report")}
    assert started.of({"sqlalchemy", "tabulate", "platformdirs", *rooms}) == set()
    assert started.of({"compliance.cli"}) <= {
        "compliance.cli",
        "compliance.cli.main",
        "compliance.cli.exits",
        "compliance.cli.output",
    }


def test_answers_are_the_same_first_later_and_with_nothing_kept(
    home: dict[str, str], ledger: Path
) -> None:
    command = ("--db", ledger, "audit", "--format", "json")
    first, later = start(home, *command), start(home, *command)
    shutil.rmtree(home["XDG_CACHE_HOME"])
    off = start({**home, "COMPLIANCE_CACHE": "off"}, *command)
    assert first.of({"pydantic"}) and off.of({"pydantic"}) and not later.of({"pydantic"})
    assert first.stdout == later.stdout == off.stdout != b""
    assert not Path(home["XDG_CACHE_HOME"]).exists()


def test_what_is_shipped_is_kept_with_the_compiled_modules(
    home: dict[str, str], ledger: Path, tmp_path: Path
) -> None:
    """Where Python may keep these; then no folder of the user's is looked for or made."""
    del home["PYTHONDONTWRITEBYTECODE"]
    home["PYTHONPYCACHEPREFIX"] = str(tmp_path / "compiled")
    first, later = (start(home, "--db", ledger, "audit") for _ in range(2))
    assert first.of(CHECKS_PACKS) >= CHECKS_PACKS and first.stdout == later.stdout != b""
    assert later.of(NEVER_BY_READING | {"pathlib", "platformdirs", "tempfile"}) == set()
    assert not Path(home["XDG_CACHE_HOME"]).exists() and not Path(home["XDG_DATA_HOME"]).exists()
    for damaged in (tmp_path / "compiled").rglob("*.json"):
        damaged.write_bytes(damaged.read_bytes().replace(b"Artillery", b"Airtillery"))
    assert start(home, "--db", ledger, "audit").stdout == first.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="homes are found otherwise there")
def test_a_home_that_cannot_be_written_is_no_hindrance(
    home: dict[str, str], ledger: Path, tmp_path: Path
) -> None:
    (tmp_path / "no-folder").write_text("")
    nowhere = {name: str(tmp_path / "no-folder" / "home") for name in ("HOME", "XDG_CACHE_HOME")}
    command = ("--db", ledger, "rules", "show", "--format", "json")
    assert start({**home, **nowhere}, *command).stdout == start(home, *command).stdout


def test_several_at_once_share_what_is_kept(home: dict[str, str], ledger: Path) -> None:
    command = [sys.executable, "-m", "compliance", "rules", "show", "--format", "json"]
    running = [subprocess.Popen(command, env=home, stdout=subprocess.PIPE) for _ in range(4)]
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    later = start(home, *command[3:])
    # The last secret stays, and copies signed with another are not used: at worst, made anew.
    assert start(home, *command[3:]).of(CHECKS_PACKS) == set()
    assert answers == {later.stdout}
    folder = Path(home["XDG_CACHE_HOME"]) / "compliance"
    assert {path.suffix for path in folder.iterdir()} == {".json"}
