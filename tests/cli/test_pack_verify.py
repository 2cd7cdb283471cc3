"""``compliance pack verify``: what was changed is named, and told from what comes out otherwise."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import ANSWER, TANKS, changed, contents, fill, relisted, rezipped

import compliance

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture(scope="module")
def pack(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    db = folder / "own.db"
    assert program("--db", db, "db", "init", "--empty").code == 0
    fill(lambda *arguments, db: program("--db", db, *arguments), db, folder)
    outcome = program("--db", db, "pack", folder / "audit.zip", *TANKS)
    assert outcome.code == 0, outcome.stderr
    db.unlink()
    return folder / "audit.zip"


@pytest.fixture
def verify(program: Run, tmp_path: Path) -> Any:
    def call(files: dict[str, bytes]) -> Any:
        return program("pack", "verify", rezipped(tmp_path / "spoilt.zip", files))

    return call


def test_success_says_what_was_run_and_the_hashes(program: Run, pack: Path) -> None:
    outcome = program("pack", "verify", pack)
    assert outcome.code == 0, outcome.stderr
    manifest = json.loads(contents(pack)["manifest.json"])
    for item in manifest["commands"]:
        assert f"compliance {item['arguments'][0]} " in outcome.stdout
    for item in manifest["files"]:
        if item["path"].startswith("outputs/"):
            assert f"{item['sha256']}  {item['path']}" in outcome.stdout
    for sha256 in (
        manifest["agreement"]["sha256"],
        manifest["catalogue"]["sha256"],
        manifest["ledger"]["head"],
    ):
        assert sha256 in outcome.stdout


def test_the_helper_writes_the_form_of_a_pack(pack: Path, tmp_path: Path) -> None:
    again = rezipped(tmp_path / "again.zip", contents(pack))
    assert again.read_bytes() == pack.read_bytes()


def test_a_changed_output_is_named_with_its_line(pack: Path, verify: Any) -> None:
    files = contents(pack)
    number = next(n for n, line in enumerate(files[ANSWER].splitlines(), start=1) if b"39" in line)
    outcome = verify(changed(files, ANSWER, b"39", b"38"))
    assert outcome.code == 4
    assert f"{ANSWER}, line {number}: was changed since it was packed" in outcome.stdout
    assert re.search(r"in the pack .*38", outcome.stdout)
    assert re.search(r"run again .*39", outcome.stdout)
    assert outcome.stdout.count("line") == 1, "nothing else is blamed"


def test_a_forged_output_comes_out_otherwise(pack: Path, verify: Any) -> None:
    outcome = verify(relisted(changed(contents(pack), ANSWER, b"39", b"38")))
    assert outcome.code == 4
    assert re.search(rf"{ANSWER}, line \d+: comes out otherwise", outcome.stdout)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("law/florence-1996/ceilings.toml", b"limits", b"limitz"),
        ("catalogue/tanks.toml", b"T-55", b"T-56"),
        ("rows/0001.jsonl", b"212", b"112"),
        ("rows/chain.json", b"import", b"export"),
    ],
)
def test_a_changed_input_is_named_and_nothing_is_run(
    pack: Path, verify: Any, name: str, old: bytes, new: bytes
) -> None:
    files = contents(pack)
    line = files[name][: files[name].index(old)].count(b"\n") + 1
    outcome = verify(changed(files, name, old, new))
    assert outcome.code == 4
    assert outcome.stdout == ""
    assert "the inputs were changed since they were packed, and nothing was run" in outcome.stderr
    assert f"{name}, line {line}, which is now '" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("rows/0001.jsonl", b"212", b"112", "submission 1 is not what was recorded"),
        ("rows/0001.jsonl", b'"serbia"', b"serbia", "the packed inputs cannot be used"),
        ("rows/0001.jsonl", b'"montenegro"', b'"montenegro" ', "exports it otherwise"),
        ("rows/chain.json", b"moved.csv", b"other.csv", "submission 3 is not what was recorded"),
        ("rows/chain.json", b"2020-01-01T", b"2029-01-01T", "cannot be replayed"),
        ("rows/chain.json", b"0001.jsonl", b"../1.jsonl", "no plain name"),
        ("rows/chain.json", b"0001.jsonl", b"0009.jsonl", "not in the pack"),
        ("rows/chain.json", b"[", b"{", "cannot be read"),
        ("rows/submissions.csv", b"moved.csv", b"other.csv", "exports it otherwise"),
        (
            "law/florence-1996/agreement.toml",
            b'id = "',
            b'id = "x',
            "is not what the manifest says",
        ),
        ("law/florence-1996/ceilings.toml", b"limits", b"limitz", "cannot be used"),
        ("law/florence-1996/ceilings.toml", b"\n", b"\nx = " + b"[" * 9999, "cannot be used"),
        ("catalogue/tanks.toml", b"\n", b"\nx = " + b"[" * 9999, "gives no answer"),
    ],
)
def test_inputs_that_a_forger_changed_and_listed_anew(
    pack: Path, verify: Any, name: str, old: bytes, new: bytes, words: str
) -> None:
    outcome = verify(relisted(changed(contents(pack), name, old, new)))
    assert outcome.code == 4, outcome.stderr
    assert words in outcome.stderr
    assert tempfile.gettempdir() not in outcome.stderr, "no folder it was unpacked to"


def test_another_law_gives_another_answer(pack: Path, verify: Any) -> None:
    name = "law/florence-1996/agreement.toml"
    files = relisted(changed(contents(pack), name, b'version = "', b'version = "9'))
    outcome = verify(files)
    assert outcome.code == 4
    assert re.search(r"outputs/audit\.json, line \d+: comes out otherwise", outcome.stdout)


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"as_of": "2019-12-31"', b'"as_of": "2018-12-31"'),
        (b'"submissions": 3', b'"submissions": 4'),
        (b'"exit_code": 3', b'"exit_code": 0'),
        (b'"--format",\n        "json"', b'"--format",\n        "csv"'),
        (b'"title": ""', b'"title": "All is well"'),
        (b'"version": "', b'"version": "9'),
        (b'"marked": {}', b'"marked": {"secret": 1}'),
        (b'"accept_stale": false', b'"accept_stale":  false'),
        (b'"verdicts": {', b'"verdicts": {"within": 5, '),
    ],
)
def test_a_manifest_that_lies_is_found_out(pack: Path, verify: Any, old: bytes, new: bytes) -> None:
    files = contents(pack)
    if old == b'"exit_code": 3' and old not in files["manifest.json"]:
        old = b'"exit_code": 0'
        new = b'"exit_code": 3'
    outcome = verify(changed(files, "manifest.json", old, new))
    assert outcome.code == 4, outcome.stdout
    assert re.search(r"(manifest\.json|README\.txt|audit.*), line \d+", outcome.stdout)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"{", b"[", "is not as it was packed"),
        (b"compliance.pack/1", b"compliance.pack/2", "reads compliance.pack/1"),
        (b'"title"', b'"titel"', "is not as it was packed"),
        (b'"montenegro"', b'"--help"', "is not as it was packed"),
        (b'"montenegro"', b'"atlantis"', "gives no answer"),
        (b'"law/florence-1996"', b'"law/../1996"', "is not as it was packed"),
        (b'"law/florence-1996"', b'"law/other"', "holds what no pack has"),
        (b'"README.txt"', b'"README2.txt"', "README2.txt is missing; README.txt is in it"),
    ],
)
def test_a_manifest_that_cannot_be_used(
    pack: Path, verify: Any, old: bytes, new: bytes, words: str
) -> None:
    outcome = verify(changed(contents(pack), "manifest.json", old, new))
    assert outcome.code == 4, outcome.stderr
    assert words in outcome.stderr


@pytest.mark.long
def test_files_that_are_missing_or_were_added(pack: Path, verify: Any) -> None:
    files = contents(pack)
    less = {name: content for name, content in files.items() if name != "rows/0002.jsonl"}
    assert "rows/0002.jsonl is missing" in verify(less).stderr
    more = {**files, "extra.txt": b"x"}
    assert "extra.txt is in it and not listed" in verify(more).stderr
    for name in ("extra.txt", "law/florence-1996/run.py", "rows/run.exe", "law/other/a.toml"):
        outcome = verify(relisted({**files, name: b"x"}))
        assert outcome.code == 4
        assert f"holds what no pack has: {name}" in outcome.stderr.replace("manifest lists", "")
    outcome = verify(relisted({**files, "outputs/more.txt": b"x"}))
    assert "outputs/more.txt: in the pack, and nothing gives it" in outcome.stdout
    assert outcome.code == 4
    outcome = verify(relisted({n: c for n, c in files.items() if n != "outputs/audit.md"}))
    assert "outputs/audit.md: comes out, and is not in the pack" in outcome.stdout
    assert outcome.code == 4
    outcome = verify({n: c for n, c in files.items() if n != "manifest.json"})
    assert (outcome.code, "there is no manifest.json" in outcome.stderr) == (4, True)


def test_another_version_is_told_and_fails_only_where_bytes_differ(
    pack: Path, program: Run, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.report.json_head.__version__", "99.0")
    monkeypatch.setattr("compliance.cli.pack.__version__", "99.0")
    outcome = program("pack", "verify", pack)
    assert outcome.code == 0, outcome.stdout
    assert f"Made with compliance {compliance.__version__}; here it is 99.0." in outcome.stderr
    outcome = verify(relisted(changed(contents(pack), ANSWER, b"39", b"38")))
    assert outcome.code == 4
    assert "The versions differ: that may be the reason." in outcome.stderr
    monkeypatch.undo()
    outcome = program("pack", "verify", pack)
    assert (outcome.code, "Made with" in outcome.stderr) == (0, False)


def test_no_other_ledger_law_or_catalogue_is_read(
    pack: Path, program: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compliance import resources

    plain = resources.place

    def only_migrations(name: str) -> str:
        assert name == "migrations", "only the form of the database is the program's own"
        return plain(name)

    monkeypatch.setattr(resources, "place", only_migrations)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compliance.db").write_bytes(b"no database")
    outcome = program("--db", tmp_path / "absent.db", "--agreement", "none", "pack", "verify", pack)
    assert outcome.code == 0, outcome.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["compliance.db"]


@pytest.mark.long
@settings(max_examples=150)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(
    where: float, bit: int, pack: Path, program: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(pack.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    spoilt = tmp_path_factory.mktemp("bit") / "spoilt.zip"
    spoilt.write_bytes(content)
    outcome = program("pack", "verify", spoilt)
    assert outcome.code in {2, 4}, outcome.stderr
    assert "Every byte" not in outcome.stdout


@pytest.mark.long
def test_what_stands_around_the_files_is_compared_too(
    pack: Path, program: Run, tmp_path: Path
) -> None:
    content = pack.read_bytes()
    # The time of the last change in the first entry: no file is another for it.
    assert content[:4] == b"PK\x03\x04"
    for at in (10, content.index(b"PK\x01\x02") + 12):
        spoilt = bytearray(content)
        spoilt[at] ^= 1
        (tmp_path / "spoilt.zip").write_bytes(spoilt)
        outcome = program("pack", "verify", tmp_path / "spoilt.zip")
        assert outcome.code == 4
        assert f"byte {at} of the archive" in outcome.stdout


def test_charts_of_another_version_are_not_compared_and_their_tables_are(
    pack: Path, program: Run, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "outputs/report.html"
    assert b"<svg" in contents(pack)[page]
    redrawn = relisted(changed(contents(pack), page, b"<svg ", b'<svg data-other="1" '))
    outcome = verify(redrawn)
    assert (outcome.code, f"{page}, line" in outcome.stdout) == (4, True)
    elsewhere = {"compliance": compliance.__version__, "matplotlib": "99.0"}
    monkeypatch.setattr(
        "compliance.cli.pack.metadata.version", lambda name: elsewhere.get(name, "1")
    )
    outcome = verify(redrawn)
    assert outcome.code == 0, outcome.stdout
    assert f"{page}: its charts are drawn by another version, and not compared." in outcome.stderr
    outcome = verify(relisted(changed(contents(pack), page, b">39<", b">38<")))
    assert (outcome.code, f"{page}, line" in outcome.stdout) == (4, True)
    # Who changes a chart and not the list of hashes is found out all the same.
    outcome = verify(changed(contents(pack), page, b"<svg ", b'<svg data-other="1" '))
    assert (outcome.code, "was changed since it was packed" in outcome.stdout) == (4, True)
