"""``compliance report``: what it writes where, what it refuses, and that names do no harm."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from report_readers import html_tables, markdown_tables, page, xlsx_tables

if TYPE_CHECKING:
    from conftest import Run

AS_OF = ("--as-of", "2026-11-20")
TANKS = ("--as-of", "2019-12-31", "--category", "battle_tank")
FORMATS = ("html", "markdown", "xlsx", "csv", "json")
RIVER = Path(__file__).parents[1] / "fixtures" / "river-treaty"

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.example","y")',
    "a|b",
    "\u202eevil",
    "$\\frac{1}{0}$",
    "{{ 7*7 }}",
    "</title></svg><img src=x onerror=alert(1)>",
    'javascript:alert(1) https://x.example/"onmouseover="alert(1)',
)
# One source, so that all of it is one declaration; it begins like a formula.
SOURCE = f"{HOSTILE[1]} synthetic {' '.join(HOSTILE[2:3] + HOSTILE[4:])} {HOSTILE[0]}"


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_inputs_give_the_same_bytes(format_: str, run: Run, tmp_path: Path) -> None:
    command = ("report", *TANKS, "--format", format_)
    path = tmp_path / "report"
    first = run(*command)
    written = run(*command, "-o", path)
    assert first.code == written.code == 0
    assert first.raw == path.read_bytes()
    assert first.stderr == ""
    assert written.stdout == ""
    assert written.stderr == f"Written: {path}\n"


def test_nothing_of_the_clock_or_the_machine_stands_in_it(run: Run, ledger: Path) -> None:
    import getpass
    import platform
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    for format_ in FORMATS:
        outcome = run("report", *TANKS, "--until", "2024", "--format", format_)
        text = outcome.raw.decode("utf-8", errors="replace")
        if format_ == "xlsx":
            import zipfile

            with zipfile.ZipFile(io.BytesIO(outcome.raw)) as archive:
                assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
                text = "".join(archive.read(n).decode() for n in archive.namelist())
        for own in (str(ledger), str(Path.home()), platform.node(), today.isoformat()):
            assert not own or own not in text, (format_, own)
        assert f"by {getpass.getuser()}" not in text


def test_it_judges_as_the_audit_does(run: Run) -> None:
    for day, code in ((TANKS, 0), (AS_OF, 3), (("--as-of", "1997-12-31"), 3)):
        assert run("report", *day, "--format", "json").code == code
        assert run("audit", *day).code == code
    assert run("report", *AS_OF, "--format", "json", "--exit-zero").code == 0


def test_how_to_repeat_it_repeats_it(run: Run) -> None:
    import shlex

    first = run(
        *("report", *AS_OF, "--party", "RS", "--reading", "post-2006-ceilings=derived"),
        *("--accept-stale", "--title", "Who's within?", "--until", "2030", "--format", "json"),
    )
    command = first.json["made"]["command"]
    assert shlex.split(command)[0] == "compliance"
    again = run(*shlex.split(command)[1:], "--format", "json")
    assert again.raw == first.raw
    assert first.json["title"] == "Who's within?"


def test_head_pack_and_versions_stand_in_it(run: Run) -> None:
    head = json.loads(run("history", "--format", "json").stdout)
    text = run("report", *TANKS, "--format", "markdown").stdout
    audit = run("audit", *TANKS, "--format", "json").json
    assert audit["agreement"]["sha256"] in text
    assert audit["tool"] in text
    made = run("report", *TANKS, "--format", "json").json["made"]
    assert made["ledger"]["sha256"] in json.dumps(head)
    assert made["ledger"]["sha256"] in text


def test_a_workbook_is_no_text_for_the_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.cli import report

    monkeypatch.setattr(report, "_on_screen", lambda: True)
    refused = run("report", *TANKS, "--format", "xlsx")
    assert refused.code == 2
    assert "a workbook is no text for the screen" in refused.stderr
    assert "-o report.xlsx" in refused.stderr
    assert refused.stdout == ""


def test_the_look_ahead_must_not_end_before_it_begins(run: Run) -> None:
    refused = run("report", *AS_OF, "--until", "2020")
    assert refused.code == 2
    assert "before it begins" in refused.stderr


def test_the_public_sheet_has_totals_only(run: Run) -> None:
    sheet = run("report", *AS_OF, "--profile", "public")
    assert set(html_tables(sheet.stdout)) == {"totals"}
    rows = run("audit", *AS_OF, "--format", "json").json["rows"]
    assert [line["Party"] for line in html_tables(sheet.stdout)["totals"]] == [
        row["party_name"] for row in rows
    ]
    document = run("report", *AS_OF, "--profile", "public", "--format", "json").json
    assert set(document) & {"history", "fleet", "ahead", "sources"} == set()
    assert all("rows" not in row and "reasons" not in row for row in document["audit"]["rows"])
    types = ("M-84", "Leopard", "Rafale", "Bradley", "MiG")
    for format_ in ("html", "markdown", "csv", "json"):
        text = run("report", *AS_OF, "--profile", "public", "--format", format_).stdout
        assert not [name for name in types if name in text], format_


def test_marked_rows_are_refused_to_the_public_and_shown_in_full(
    run: Run, own_ledger: Path, tmp_path: Path
) -> None:
    rows = tmp_path / "holdings.csv"
    rows.write_text(
        "party,as_of,basis,category,type,status,quantity,source,marking\n"
        "serbia,2026-01-01,declared,battle_tank,,,470,synthetic,RESTRICTED\n",
        encoding="utf-8",
    )
    assert run("import", rows, db=own_ledger).code == 0
    sheet = tmp_path / "sheet.html"
    refused = run("report", *AS_OF, "--profile", "public", "-o", sheet, db=own_ledger)
    assert refused.code == 2
    assert not sheet.exists()
    assert "1 row with a handling mark" in refused.stderr
    assert "RESTRICTED: 470 battle tank, 1 January 2026 (declared) [" in refused.stderr
    assert "--profile full" in refused.stderr
    full = run("report", *AS_OF, db=own_ledger)
    assert "Rests on rows marked: RESTRICTED" in full.stdout
    other = ("--party", "croatia", "--profile", "public", "--format", "json")
    assert run("report", *AS_OF, *other, db=own_ledger).code == 3
    # A day before it, or what was known before it, rests on none of it.
    before = ("--as-of", "2019-12-31", "--until", "2020", "--profile", "public")
    assert run("report", *before, "--format", "json", db=own_ledger).code in (0, 3)


@pytest.fixture
def hostile(tmp_path: Path, program: Run) -> tuple[Path, Path]:
    """A rule pack whose Party, and a ledger whose types and sources, have hostile names."""
    pack = Path(shutil.copytree(RIVER, tmp_path / "pack"))
    parties = pack / "parties.toml"
    text = parties.read_text(encoding="utf-8")
    assert '"Upstreamia"' in text
    parties.write_text(
        text.replace('"Upstreamia"', json.dumps(f"{HOSTILE[0]} {HOSTILE[2]}")), encoding="utf-8"
    )
    db = tmp_path / "hostile.db"
    assert program("--db", db, "db", "init", "--empty").code == 0
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    header = ("party", "as_of", "basis", "category", "type", "status", "quantity", "source", "note")
    writer.writerow(header)
    accepted = [text for text in HOSTILE if "\u202e" not in text]
    for number, text in enumerate(accepted, start=1):
        writer.writerow(
            ("upstream", "2004-12-31", "declared", "river_gunboat", text, "", number, SOURCE, text)
        )
    path = tmp_path / "holdings.csv"
    path.write_text(rows.getvalue(), encoding="utf-8")
    done = program("--db", db, "--agreement", pack, "import", path)
    assert done.code == 0, done.stderr
    deceiving = tmp_path / "deceiving.csv"
    deceiving.write_text(
        rows.getvalue().splitlines()[0]
        + f"\nupstream,2004-12-31,declared,river_gunboat,{HOSTILE[3]},,1,synthetic,\n",
        encoding="utf-8",
    )
    refused = program("--db", db, "--agreement", pack, "import", deceiving)
    assert refused.code == 2, "a direction override does not even come in"
    return pack, db


def _report(program: Run, hostile: tuple[Path, Path], format_: str, *more: str) -> Any:
    pack, db = hostile
    title = f"{HOSTILE[3]} {HOSTILE[0]}"
    outcome = program(
        *("--db", db, "--agreement", pack, "report", "--as-of", "2005-01-31", "--title", title),
        *("--format", format_, "--exit-zero", *more),
    )
    assert outcome.code == 0, outcome.stderr
    return outcome


def test_hostile_names_do_no_harm_in_html(program: Run, hostile: tuple[Path, Path]) -> None:
    outcome = _report(program, hostile, "html")
    found = page(outcome.stdout)
    assert not {"script", "img", "iframe", "object", "form", "link"} & set(found.tags)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    for tag, name, value in found.attributes:
        if name in ("href", "src", "xlink:href"):
            assert value and value.startswith(("#", "https://", "http://")), (tag, value)
    assert "\u202e" not in outcome.stdout
    assert "alert(1)" in outcome.stdout, "the names are there, as text"
    assert "{{ 7*7 }}" in outcome.stdout


def test_hostile_names_do_no_harm_in_markdown(program: Run, hostile: tuple[Path, Path]) -> None:
    text = _report(program, hostile, "markdown").stdout
    assert "<" not in text.replace("&lt;", "")
    assert "\u202e" not in text
    tables = markdown_tables(text)
    assert len(tables) >= 8
    assert all(len(line) == len(lines[0]) for lines in tables for line in lines)
    assert any("a|b" in " ".join(line.values()) for lines in tables for line in lines)


def test_hostile_names_do_no_harm_in_spreadsheets(program: Run, hostile: tuple[Path, Path]) -> None:
    lines = list(csv.reader(io.StringIO(_report(program, hostile, "csv").stdout)))
    assert {len(line) for line in lines} == {9}
    # Bounds are numbers, and may be below zero; everything else is text.
    words = [cell for line in lines for cell in (*line[:6], line[8])]
    assert [cell for cell in words if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert not [cell for cell in words if "\u202e" in cell]
    sheets = xlsx_tables(_report(program, hostile, "xlsx").raw)
    assert len(sheets) >= 8
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(_report(program, hostile, "xlsx").raw))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}, "none is a formula"
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert any(cell.value.startswith("=HYPERLINK") and cell.quotePrefix for cell in texts)
    assert not [cell for cell in texts if "\u202e" in cell.value]


def test_hostile_names_do_no_harm_in_json(program: Run, hostile: tuple[Path, Path]) -> None:
    outcome = _report(program, hostile, "json")
    assert "\u202e" not in outcome.stdout
    assert outcome.json["title"] == f"{HOSTILE[3]} {HOSTILE[0]}", "the value is what it was"


def test_hostile_names_do_no_harm_in_charts(
    program: Run, hostile: tuple[Path, Path], tmp_path: Path
) -> None:
    from xml.etree.ElementTree import parse

    pack, db = hostile
    path = tmp_path / "chart.svg"
    done = program(
        *("--db", db, "--agreement", pack, "chart", "headroom", "--as-of", "2005-01-31"),
        *("-o", path),
    )
    assert done.code == 0, done.stderr
    tags = {element.tag.rpartition("}")[2] for element in parse(path).iter()}
    assert "script" not in tags
    assert "alert(1)" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [("--help",), ("audit", *AS_OF), ("report", "--help")])
def test_the_heavy_libraries_wait_until_they_are_needed(
    command: tuple[str, ...], ledger: Path
) -> None:
    code = (
        "import sys\nfrom compliance.cli.main import _run\n"
        f"_run(['--db', {str(ledger)!r}, *{command!r}])\n"
        "heavy = {'matplotlib', 'jinja2', 'numpy', 'PIL', 'openpyxl'} & set(sys.modules)\n"
        "sys.stderr.write(f'heavy: {sorted(heavy)}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr.endswith("heavy: []"), done.stderr
