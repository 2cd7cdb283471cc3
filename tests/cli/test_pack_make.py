"""``compliance pack``: what is in it, the same bytes for the same inputs, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packs import ANSWER, TANKS, contents, fill, mark

import compliance.pack.archive as archive_module

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def db(run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOGNAME", "a recorder")
    fill(run, empty_ledger, tmp_path)
    return empty_ledger


def test_every_output_is_what_the_command_beside_it_prints(
    run: Run, db: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "audit.zip"
    outcome = run("pack", pack, *TANKS, "--since", "2019", "--until", "2021", db=db)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == ""
    files = contents(pack)
    commands = json.loads(files["manifest.json"])["commands"]
    assert {item["file"] for item in commands} == {n for n in files if n.startswith("outputs/")}
    seen = set()
    for item in commands:
        printed = run(*item["arguments"], db=db)
        assert printed.raw == files[item["file"]], item
        assert printed.code == item["exit_code"]
        seen.add(item["arguments"][0])
    assert seen == {"audit", "explain", "report", "diff", "project"}
    assert "39" in files[ANSWER].decode(), "41 declared, 2 destroyed"


def test_law_catalogue_and_rows_are_those_that_were_used(
    run: Run, db: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "audit.zip"
    assert run("pack", pack, *TANKS, db=db).code == 0
    files = contents(pack)
    law = ROOT / "rules" / "florence-1996"
    laws = {
        f"law/florence-1996/{path.relative_to(law).as_posix()}": path
        for path in law.rglob("*.toml")
    }
    catalogue = ROOT / "data" / "catalogue"
    types = {f"catalogue/{path.name}": path for path in catalogue.glob("*.toml")}
    assert {n for n in files if n.startswith(("law/", "catalogue/"))} == laws.keys() | types.keys()
    for name, path in {**laws, **types}.items():
        assert files[name] == path.read_bytes()
    assert run("export", "--format", "jsonl", "-o", tmp_path / "archive", db=db).code == 0
    for path in (tmp_path / "archive").iterdir():
        assert files[f"rows/{path.name}"] == path.read_bytes()
    chain = json.loads(files["rows/chain.json"])
    history = run("history", "--format", "json", db=db).json["submissions"]
    of_ledger = {item["id"]: item["sha256"] for item in history}
    assert {item["number"]: item["sha256"] for item in chain} == of_ledger
    assert [item["number"] for item in chain] == [1, 2, 3]
    assert chain[1]["note"] == '=1+1, "quoted"\nand a second line'
    manifest = json.loads(files["manifest.json"])
    assert manifest["ledger"]["head"] == chain[-1]["sha256"]
    for item in manifest["files"]:
        assert hashlib.sha256(files[item["path"]]).hexdigest() == item["sha256"]
        assert len(files[item["path"]]) == item["bytes"]


def test_the_same_inputs_give_the_same_bytes_wherever_and_whenever(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "elsewhere" / "other.zip"
    assert run("pack", one, *TANKS, db=db).code == 0
    other.parent.mkdir()
    copied = Path(shutil.copy(db, other.parent / "copied.db"))
    monkeypatch.chdir(other.parent)
    for name, value in {
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "COLUMNS": "40",
        "LOGNAME": "somebody else",
        "FORCE_COLOR": "1",
        "TMPDIR": str(other.parent),
    }.items():
        monkeypatch.setenv(name, value)
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        assert run("pack", "other.zip", *TANKS, db=copied).code == 0
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_STORED
    for name, content in contents(one).items():
        for word in (str(tmp_path), os.uname().nodename if hasattr(os, "uname") else "\0"):
            assert len(word) < 4 or word.encode() not in content, name


def test_today_is_written_down_as_the_day_it_is(run: Run, db: Path, tmp_path: Path) -> None:
    before = datetime.now(UTC).astimezone().date()
    pack = tmp_path / "audit.zip"
    assert run("pack", pack, *TANKS[:4], db=db).code == 0
    files = contents(pack)
    manifest = json.loads(files["manifest.json"])
    day = manifest["question"]["as_of"]
    assert before.isoformat() <= day <= datetime.now(UTC).astimezone().date().isoformat()
    for item in manifest["commands"]:
        assert item["arguments"][item["arguments"].index("--as-of") + 1] == day
    assert json.loads(files["outputs/audit.json"])["as_of"] == day


@pytest.mark.long
def test_what_was_recorded_later_is_left_out_and_told(run: Run, db: Path, tmp_path: Path) -> None:
    whole, then = tmp_path / "whole.zip", tmp_path / "then.zip"
    assert run("pack", whole, *TANKS, db=db).code == 0
    outcome = run("pack", then, *TANKS, "--known-at", "2020-06-01", db=db)
    assert outcome.code == 0
    assert "Left out: 2 submissions recorded later." in outcome.stderr
    rows = {name for name in contents(then) if name.startswith("rows/")}
    assert rows == {"rows/0001.jsonl", "rows/chain.json", "rows/submissions.csv"}
    assert contents(then)["rows/0001.jsonl"] == contents(whole)["rows/0001.jsonl"]
    counted = [
        json.loads(contents(path)["outputs/audit.json"])["rows"][0]["counted"]
        for path in (then, whole)
    ]
    assert counted == [{"low": 40, "high": 40}, {"low": 39, "high": 39}]
    assert run("pack", "verify", then, db=None).code == 0


def test_rows_with_a_handling_mark_are_packed_only_when_it_is_said(
    run: Run, db: Path, tmp_path: Path
) -> None:
    mark(run, db, tmp_path)
    pack = tmp_path / "audit.zip"
    refused = run("pack", pack, *TANKS, db=db)
    assert refused.code == 2
    assert re.search(r"1 row with a handling mark: [0-9a-f]{12}:1 \(restricted\)", refused.stderr)
    assert "--allow-marked" in refused.stderr
    assert not pack.exists()
    earlier = run("pack", tmp_path / "then.zip", *TANKS, "--known-at", "2022-06-01", db=db)
    assert earlier.code == 0, "the marked row was recorded later"
    allowed = run("pack", pack, *TANKS, "--allow-marked", db=db)
    assert allowed.code == 0
    assert "warning: the pack holds 1 row with a handling mark" in allowed.stderr
    assert "1 row marked 'restricted'" in contents(pack)["README.txt"].decode()
    assert json.loads(contents(pack)["manifest.json"])["ledger"]["marked"] == {"restricted": 1}
    assert "HANDLING" not in contents(tmp_path / "then.zip")["README.txt"].decode()
    assert run("pack", "verify", pack, db=None).code == 0


def test_the_first_page(
    run: Run, db: Path, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    pack = tmp_path / "audit.zip"
    asked = ("--reading", "post-2006-ceilings=derived", "--title", "Audit of 2019 (synthetic)")
    assert run("pack", pack, *TANKS, *asked, db=db).code == 0
    text = contents(pack)["README.txt"].decode()
    text = text[: text.index("Made with compliance")]
    for name in ("law", "catalogue"):
        text = re.sub(rf"(The {name} +)[0-9a-f]{{64}}", r"\1(its SHA-256)", text)
    golden("pack-readme.txt", text)


@pytest.mark.long
def test_a_pack_that_extends_another_is_packed_with_its_base(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = tmp_path / "our copy"
    law.mkdir()
    (law / "agreement.toml").write_text(
        'id = "centre-copy"\nversion = "9.0"\nextends = "florence-1996"\n'
        'title = "Synthetic copy of the Agreement"\nshort_title = "Synthetic copy"\n',
        encoding="utf-8",
    )
    pack = tmp_path / "audit.zip"
    assert run("--agreement", law, "pack", pack, *TANKS, db=db).code == 0
    manifest = json.loads(contents(pack)["manifest.json"])
    assert manifest["agreement"]["id"] == "centre-copy"
    assert [item["folder"] for item in manifest["agreement"]["folders"]] == [
        "law/centre-copy",
        "law/florence-1996",
    ]
    shutil.rmtree(law)
    assert run("pack", "verify", pack, db=None).code == 0


@pytest.mark.long
def test_an_agreement_without_catalogue(
    run: Run, empty_ledger: Path, record_files: Callable[..., None], tmp_path: Path
) -> None:
    river = ROOT / "tests" / "fixtures" / "river-treaty"
    record_files(empty_ledger, river, river / "holdings.csv", river / "movements.csv")
    pack = tmp_path / "river.zip"
    outcome = run("--agreement", river, "pack", pack, "--as-of", "2004-01-01", db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    assert not [name for name in contents(pack) if name.startswith("catalogue/")]
    assert run("pack", "verify", pack, db=None).code == 0


def test_a_table_for_a_spreadsheet_is_one(run: Run, db: Path, tmp_path: Path) -> None:
    assert run("pack", tmp_path / "a.zip", *TANKS, db=db).code == 0
    files = contents(tmp_path / "a.zip")
    for name in ("outputs/audit.csv", "outputs/findings.csv"):
        lines = list(csv.reader(io.StringIO(files[name].decode())))
        assert len({len(line) for line in lines}) == 1, name


def test_what_cannot_be_packed_leaves_nothing(run: Run, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    empty = tmp_path / "nothing.db"
    assert run("db", "init", "--empty", db=empty).code == 0
    for more, ledger, code, words in (
        (TANKS, empty, 2, "no submission"),
        (TANKS, tmp_path / "absent.db", 4, "there is no database"),
        (("--party", "atlantis"), db, 2, "unknown party 'atlantis'"),
        ((*TANKS, "--title", "two\nlines"), db, 2, "the title"),
        ((*TANKS, "--since", "2024"), db, 2, "is later than TO"),
        ((*TANKS, "--known-at", "2001-01-01"), db, 2, "no submission"),
    ):
        outcome = run("pack", folder / "audit.zip", *more, db=ledger)
        assert outcome.code == code, outcome.stderr
        assert words in outcome.stderr
    assert run("pack", folder / "no" / "where.zip", *TANKS, db=db).code == 2
    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_it_is_said(
    run: Run, db: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "audit.zip"
    pack.write_bytes(b"mine")
    assert run("pack", pack, *TANKS, db=db).code == 2
    assert pack.read_bytes() == b"mine"
    assert run("pack", pack, *TANKS, "--replace", db=db).code == 0
    assert run("pack", "verify", pack, db=None).code == 0


def test_an_interruption_leaves_no_half_pack(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    plain = zipfile.ZipFile.writestr

    def interrupted(self: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> None:
        if entry.filename == ANSWER:
            assert list(folder.iterdir()), "it is being written"
            raise KeyboardInterrupt
        plain(self, entry, data)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", interrupted)
    assert run("pack", folder / "audit.zip", *TANKS, db=db).code == 130
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("limit", "most"), [("MAX_FILES", 20), ("MAX_BYTES", 100_000)])
def test_more_than_a_pack_may_hold_is_refused(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(archive_module, limit, most)
    outcome = run("pack", tmp_path / "out.zip", *TANKS, db=db)
    assert outcome.code == 2
    assert "the pack would hold" in outcome.stderr
    assert "--known-at" in outcome.stderr
    assert not (tmp_path / "out.zip").exists()


def test_a_ledger_whose_chain_is_broken_is_not_packed(run: Run, db: Path, tmp_path: Path) -> None:
    with sqlite3.connect(db) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE holding SET quantity_low = 7, quantity_high = 7 WHERE submission_id = 1"
        )
    connection.close()
    outcome = run("pack", tmp_path / "audit.zip", *TANKS, db=db)
    assert outcome.code == 4
    assert "submission 1 is not what was recorded" in outcome.stderr
    assert "compliance history verify" in outcome.stderr
    assert not (tmp_path / "audit.zip").exists()


@pytest.mark.long
def test_the_published_figures_are_packed_and_come_out_again(
    run: Run, ledger: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "audit.zip"
    assert run("pack", pack, "--as-of", "2026-11-20", "--party", "serbia").code == 0
    outcome = run("pack", "verify", pack, db=None)
    assert outcome.code == 0, outcome.stderr
    assert "Every byte of 21 outputs came out again." in outcome.stdout
    assert hashlib.sha256(pack.read_bytes()).hexdigest() in outcome.stdout
    assert pack.stat().st_size < 5_000_000
