"""``rules``: the shipped law is sound, and a broken pack is told whole, place by place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

RIVER = Path(__file__).parents[1] / "fixtures" / "river-treaty"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RIVER, tmp_path / "pack"))


@pytest.fixture
def edit(pack: Path) -> Edit:
    """Replace a text that stands in a file of the pack once."""

    def call(file: str, old: str, new: str) -> None:
        text = (pack / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in {file}"
        (pack / file).write_text(text.replace(old, new), encoding="utf-8")

    return call


def _problems(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if line.startswith(("error: ", "warning: "))]


def test_the_shipped_law_is_sound(run: Run) -> None:
    for arguments in ((), ("florence-1996",)):
        outcome = run("rules", "check", *arguments)
        assert outcome.code == 0
        assert _problems(outcome.stderr) == []
        match = re.search(r"0 errors, 0 warnings, (\d+) cases run", outcome.stderr)
        assert match
        assert int(match[1]) > 0
        assert re.search(r"SHA-256 [0-9a-f]{64}\b", outcome.stderr)


def test_cases_can_be_left_out(run: Run) -> None:
    outcome = run("rules", "check", "--no-cases")
    assert outcome.code == 0
    assert "0 cases run" in outcome.stderr


def test_every_defect_is_told_in_one_run_with_its_file_and_key_path(
    pack: Path, edit: Edit, run: Run
) -> None:
    edit("agreement.toml", "months = 24", "months = 240")
    edit("agreement.toml", "signed = 2001-03-01", 'signed = "1 March"')
    edit("parties.toml", 'aliases = ["DN"]', 'aliasses = ["DN"]')
    edit("parties.toml", 'aliases = ["UP"]', 'aliases = ["Downstreamia"]')
    edit("categories.toml", 'sources = ["invention"]', 'sources = ["inventoin"]')
    edit("ceilings.toml", "binding_from = 2002-01-01", "binding_from = 2001-05-01")
    edit("ceilings.toml", "river_gunboat = 7", "river_gunboats = 7")
    edit("ceilings.toml", "river_gunboat = 12", 'river_gunboat = "many"')
    (pack / "cieling.toml").write_text("", encoding="utf-8")
    (pack / "questions.toml").write_text(
        '[[question]]\nid = "loaned"\ntitle = "Whose?"\nwhy_open = "Unsaid."\ndefault = "ovner"\n'
        'applied = false\ninstrument = "x"\nstatus = "tekst"\ngrade = "A"\nsources = []\n'
        '[[question.reading]]\nid = "owner"\ntext = "The owner\'s."\n'
        '[[question.reading]]\nid = "holder"\ntext = "The holder\'s."\n',
        encoding="utf-8",
    )
    outcome = run("rules", "check", pack)
    assert outcome.code == 2
    assert outcome.stdout == ""
    lines = _problems(outcome.stderr)
    for file, path, value in (
        ("agreement.toml", "currency.months", "120"),
        ("agreement.toml", "signed", "1 March"),
        ("parties.toml", "party[1].aliasses", "aliases"),
        ("categories.toml", "category[0].sources[0]", "inventoin"),
        ("ceilings.toml", "schedule[0].party[0].limits.river_gunboat", "many"),
        ("cieling.toml", "", "ceilings.toml"),
        ("questions.toml", "question[0].status", "text"),
        ("questions.toml", "question[0].sources", ""),
    ):
        place = f"{pack / file}: {path}" if path else str(pack / file)
        named = [line for line in lines if place in line]
        assert named, f"{file} {path} is not told:\n{outcome.stderr}"
        assert any(value in line for line in named), f"{file} {path}: {named}"
    assert f"{len(lines)} errors" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_defects_between_sound_tables_are_told_in_one_run(pack: Path, edit: Edit, run: Run) -> None:
    edit("parties.toml", 'aliases = ["UP"]', 'aliases = ["Downstreamia"]')
    edit("categories.toml", 'sources = ["invention"]', 'sources = ["inventoin"]')
    edit("ceilings.toml", "binding_from = 2002-01-01", "binding_from = 2001-05-01")
    edit("ceilings.toml", "river_gunboat = 7", "river_gunboot = 7")
    edit("cases/gunboats.toml", 'party = "upstream"\nas_of', 'party = "upstraem"\nas_of')
    edit("cases/gunboats.toml", 'verdict = "exceeds"', 'verdict = "over"')
    outcome = run("rules", "check", pack)
    assert outcome.code == 2
    lines = _problems(outcome.stderr)
    for file, path, value in (
        ("parties.toml", "party[1].aliases", "Downstreamia"),
        ("categories.toml", "category[0].sources[0]", "'invention'"),
        ("ceilings.toml", "schedule[0].party[1].limits.river_gunboot", "river_gunboat"),
        ("ceilings.toml", "binding_from", "2001-05-01"),
        ("cases/gunboats.toml", "case[0].expect[1].verdict", "over"),
    ):
        named = [line for line in lines if str(pack / file) in line and path in line]
        assert named, f"{file} {path} is not told:\n{outcome.stderr}"
        assert any(value in line for line in named), f"{file} {path}: {named}"


def test_a_broken_pack_is_not_used_and_its_defects_are_told(
    pack: Path, edit: Edit, run: Run
) -> None:
    edit("ceilings.toml", "river_gunboat = 7", "river_gunboot = 7")
    for command in (("audit",), ("rules", "show"), ("db", "init")):
        outcome = run("--agreement", pack, *command)
        if command == ("db", "init"):
            assert outcome.code in (2, 4)
            continue
        assert outcome.code == 2
        assert outcome.stdout == ""
        assert "limits.river_gunboot" in outcome.stderr
        assert "rules check" in outcome.stderr


@pytest.mark.parametrize(
    ("key", "again"),
    [("months = 24", "months = 12"), ("signed = 2001-03-01", "signed = 2001-03-02")],
)
def test_a_key_written_twice_is_told_with_file_and_line(
    key: str, again: str, pack: Path, edit: Edit, run: Run
) -> None:
    edit("agreement.toml", key, f"{key}\n{again}")
    written = (pack / "agreement.toml").read_text(encoding="utf-8").splitlines()
    line = written.index(again) + 1
    outcome = run("rules", "check", pack)
    assert outcome.code == 2
    named = [p for p in _problems(outcome.stderr) if "twice" in p and "agreement.toml" in p]
    assert len(named) == 1, outcome.stderr
    assert f"{pack / 'agreement.toml'}: line {line}:" in named[0]


def test_warnings_do_not_fail(pack: Path, run: Run) -> None:
    with (pack / "ceilings.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[proportion]]\nschedule = "gunboats-2001"\nparties = ["upstream", "downstream"]\n'
            'ratio = [1, 1]\ntext = "As many for each (synthetic)."\ninstrument = "x"\n'
            'status = "text"\ngrade = "A"\nsources = ["invention"]\n'
        )
    outcome = run("rules", "check", pack)
    assert outcome.code == 0
    (problem,) = _problems(outcome.stderr)
    assert problem.startswith("warning: ")
    assert "proportion[0]" in problem
    assert "0 errors, 1 warning," in outcome.stderr
    assert run("--agreement", pack, "rules", "show").code == 0


def test_a_worked_case_that_does_not_come_out_is_an_error(pack: Path, edit: Edit, run: Run) -> None:
    edit("cases/gunboats.toml", "headroom = -1", "headroom = -2")
    outcome = run("rules", "check", pack)
    assert outcome.code == 2
    (problem,) = _problems(outcome.stderr)
    assert "gunboats.toml" in problem
    assert "case[0]" in problem
    assert "downstream, river_gunboat" in problem
    assert "-1" in problem
    assert "-2" in problem
    assert run("rules", "check", pack, "--no-cases").code == 0


def test_a_folder_that_is_no_pack_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for name in ("empty", "file", "absent"):
        outcome = run("rules", "check", tmp_path / name)
        assert outcome.code == 2
        assert name in outcome.stderr
        assert "bug" not in outcome.stderr


def test_every_section_can_be_shown(run: Run) -> None:
    everything = run("rules", "show", "--format", "json").json
    assert everything["schema"] == "compliance.rules/1"
    sections = [key for key, value in everything.items() if isinstance(value, list)]
    assert {"parties", "actors", "ceilings", "counting", "questions"} <= set(sections)
    for section in sections:
        shown = run("rules", "show", section)
        assert shown.code == 0
        assert section.capitalize() in shown.stdout
        one = run("rules", "show", section, "--format", "json").json
        assert one[section] == everything[section]
        assert everything[section], f"the section '{section}' of the shipped law is empty"


def test_what_holds_on_a_day_is_shown(run: Run) -> None:
    def limits(day: str) -> dict[tuple[str, str], str]:
        shown = run("rules", "show", "ceilings", "--as-of", day, "--format", "json").json
        assert shown["as_of"] == day
        return {(row["party"], row["category"]): row["ceiling"] for row in shown["ceilings"]}

    now, before = limits("2019-12-31"), limits("1999-01-31")
    assert now["serbia", "battle_tank"] == "948"
    assert now["montenegro", "battle_tank"] == "77"
    assert before["fr-yugoslavia", "battle_tank"] == "1,025"
    assert ("fr-yugoslavia", "battle_tank") not in now
    assert ("serbia", "battle_tank") not in before


def test_the_list_names_the_shipped_pack_with_its_hash(run: Run) -> None:
    listed = run("rules", "list").stdout
    sha256 = run("rules", "show", "parties", "--format", "json").json["agreement"]["sha256"]
    assert "florence-1996" in listed
    assert sha256[:12] in listed
