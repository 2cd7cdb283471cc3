"""What is shipped: the wheel and the source archive, and the program installed from them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("compliance", "rules", "data", "migrations")
SOURCES = (*SHIPPED, "tests", "docs")
FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "constraints.txt")
TANKS = ("audit", "--as-of", "2019-12-31", "--category", "battle_tank")

# Everything a wheel may hold. Whatever else turns up does not belong there.
WHEEL = re.compile(
    r"compliance/(?:\w+/)*\w+\.py"
    r"|compliance/py\.typed"
    r"|compliance/report/dossier/templates/[a-z]+\.(?:html|css)\.j2"
    r"|compliance/report/language/catalogues/[A-Za-z-]+\.pot?"
    r"|compliance/_bundled/rules/[a-z0-9-]+/(?:cases/)?[a-z0-9-]+\.toml"
    r"|compliance/_bundled/rules/[a-z0-9-]+/README\.md"
    r"|compliance/_bundled/data/catalogue/[a-z0-9-]+\.toml"
    r"|compliance/_bundled/data/(?:[a-z0-9-]+/)*[a-z0-9-]+\.(?:csv|toml)"
    r"|compliance/_bundled/data/(?:[a-z0-9-]+/)*README\.md"
    r"|compliance/_bundled/migrations/(?:versions/)?\w+\.py"
    r"|compliance/_bundled/migrations/script\.py\.mako"
    r"|compliance-[0-9.]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
)
SDIST = re.compile(
    r"(?:compliance|rules|data|migrations|tests|docs)/(?:[\w.-]+/)*[\w.-]+"
    r"|PKG-INFO|pyproject\.toml|README\.md|LICENSE|CHANGELOG\.md|Makefile|constraints\.txt"
    r"|\.gitignore"
)
STRAY = re.compile(r"\.db$|\.db-|\.sqlite|__pycache__|\.pyc$|\.env$|~$|\.egg-info|\.swp$")


def _tree(target: Path) -> Path:
    """Copy what a release is built from, with litter such as lies about in a working folder."""
    ignore = shutil.ignore_patterns("__pycache__", "*.db", "*.db-*", ".*")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignore)
    for name in FILES:
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, target / name)
    for litter in (
        "compliance.db",
        "compliance/compliance.db",
        "data/ours.db",
        "data/open/ours.db-journal",
        "rules/florence-1996/draft.sqlite3",
        "compliance/cli/__pycache__/audit.cpython-311.pyc",
        "notes.txt",
    ):
        path = target / litter
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"litter")
    return target


def _build(tree: Path, out: Path, *what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", str(out), str(tree)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel built from the same tree."""
    tree = _tree(tmp_path_factory.mktemp("tree"))
    out = tmp_path_factory.mktemp("dist")
    _build(tree, out, "--wheel", "--sdist")
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def _content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _source_files(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not STRAY.search(path.name)
    }


def test_the_wheel_holds_what_it_may_and_nothing_else(wheel: Path) -> None:
    names = set(_content(wheel))
    assert sorted(name for name in names if not WHEEL.fullmatch(name)) == []
    assert sorted(name for name in names if STRAY.search(name)) == []


def test_the_wheel_holds_the_whole_program_law_data_and_migrations(wheel: Path) -> None:
    names = set(_content(wheel))
    for folder in SHIPPED:
        place = "compliance/" if folder == "compliance" else f"compliance/_bundled/{folder}/"
        files = _source_files(folder)
        assert files, folder
        assert {f"{place}{name}" for name in files} <= names


def test_the_wheel_names_its_command_its_licence_and_its_python(wheel: Path) -> None:
    content = _content(wheel)
    (metadata,) = [text for name, text in content.items() if name.endswith("/METADATA")]
    (entries,) = [text for name, text in content.items() if name.endswith("/entry_points.txt")]
    assert b"compliance = compliance.cli.main:run" in entries
    assert b"Requires-Python: >=3.11" in metadata
    assert b"License-Expression: Apache-2.0" in metadata
    assert any(name.endswith("/licenses/LICENSE") for name in content)


def test_the_wheel_needs_no_tool_of_its_makers(wheel: Path) -> None:
    (metadata,) = [v for name, v in _content(wheel).items() if name.endswith("/METADATA")]
    needs = [
        line
        for line in metadata.decode().splitlines()
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]
    assert needs
    for tool in ("pytest", "hypothesis", "mypy", "ruff", "build", "hatchling"):
        assert not any(line.startswith(f"Requires-Dist: {tool}") for line in needs)


def test_the_source_archive_holds_what_it_may_and_makes_the_same_wheel(
    built: Path, wheel: Path, tmp_path: Path
) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = [member.name.split("/", 1)[1] for member in tar if member.isfile()]
        tar.extractall(tmp_path, filter="data")
    assert sorted(name for name in names if not SDIST.fullmatch(name)) == []
    assert sorted(name for name in names if STRAY.search(name)) == []
    for needed in ("pyproject.toml", "README.md", "LICENSE", "Makefile", "constraints.txt"):
        assert needed in names
    for folder in SHIPPED:
        assert {f"{folder}/{name}" for name in _source_files(folder)} <= set(names)
    assert any(name.startswith("tests/") for name in names)
    (tree,) = tmp_path.iterdir()
    _build(tree, tmp_path / "again", "--wheel")
    (again,) = (tmp_path / "again").glob("*.whl")
    assert _content(again) == _content(wheel)


# -- Installed, and used from another folder


def _environment(folder: Path, *, with_ours: bool) -> Path:
    """Make an empty environment; one ``with_ours`` finds the packages of the running one."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    if with_ours:
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        site = folder / ("Lib" if os.name == "nt" else f"lib/{python}") / "site-packages"
        # A path alone: links that the running environment has to this checkout are not followed.
        (site / "ours.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / ("Scripts" if os.name == "nt" else "bin")


def _install(scripts: Path, *what: str) -> subprocess.CompletedProcess[str]:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    return subprocess.run(
        [*pip, "--python", str(python), "install", "--quiet", *what],
        capture_output=True,
        text=True,
        check=False,
    )


def _use(scripts: Path, folder: Path) -> None:
    """Use the installed program as somebody would who has nothing but it."""
    folder.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COMPLIANCE"))}
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}

    def call(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(scripts / command[0]), *command[1:]],
            cwd=folder,
            env={**kept, **home, "LOCALAPPDATA": str(folder / "data")},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    where = call("python", "-c", "import compliance; print(compliance.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(scripts.parent), where.stderr
    assert call("compliance", "audit").returncode == 4, "there is no ledger yet"
    made = call("compliance", "db", "init")
    assert made.returncode == 0, made.stderr
    (ledger,) = folder.rglob("compliance.db")
    assert str(ledger) in made.stderr
    audited = call("compliance", *TANKS)
    assert audited.returncode == 0, audited.stderr
    assert re.search(r"Serbia +Battle tanks +464 +0 +464 +948 +484", audited.stdout)
    checked = call("compliance", "rules", "check")
    assert checked.returncode == 0, checked.stderr
    assert re.search(r"0 errors, 0 warnings, [1-9]\d* cases run", checked.stderr)
    assert call("compliance", "classify", "HQ-22").returncode == 0
    assert call("python", "-m", "compliance", "db", "status").returncode == 0
    assert call("compliance", "db", "upgrade").returncode == 0


def test_the_wheel_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    scripts = _environment(tmp_path / "venv", with_ours=True)
    done = _install(scripts, "--no-deps", "--no-index", str(wheel))
    assert done.returncode == 0, done.stderr
    _use(scripts, tmp_path / "elsewhere")


NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|getaddrinfo|ProxyError"
    r"|Network is unreachable|Connection refused",
    re.IGNORECASE,
)


@pytest.mark.long
def test_the_wheel_and_what_it_needs_work_in_an_empty_environment(
    wheel: Path, tmp_path: Path
) -> None:
    scripts = _environment(tmp_path / "venv", with_ours=False)
    done = _install(scripts, "--retries", "1", str(wheel))
    if done.returncode != 0 and NO_NETWORK.search(done.stderr) and not os.environ.get("CI"):
        pytest.skip("NOT RUN: what the wheel needs could not be fetched; is there a network?")
    assert done.returncode == 0, done.stderr
    _use(scripts, tmp_path / "elsewhere")
