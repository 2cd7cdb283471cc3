"""The Tab key: what each shell is given, and what it offers then, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import ShellComplete

from compliance.cli import suggest
from compliance.cli.main import cli

if TYPE_CHECKING:
    from conftest import Run

SHELLS = ("bash", "zsh", "fish", "powershell")
PROGRAM = Path(sys.executable).parent / "compliance"


def _offered(*words: str) -> list[str]:
    """Return what is offered for the last word, which has been begun."""
    found = ShellComplete(cli, {}, "compliance", "_COMPLIANCE_COMPLETE").get_completions(
        list(words[:-1]), words[-1]
    )
    return [item.value for item in found]


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT RUN: {name} is not installed")
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the program is not installed beside this Python")
    return found


def _in_shell(shell: list[str], script: str, tmp_path: Path) -> list[str]:
    surroundings = {**os.environ, "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [*shell, script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=surroundings,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_given_a_script_that_names_the_program(shell: str, run: Run) -> None:
    outcome = run("completion", shell, db=None)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert f"{shell}_complete" in outcome.stdout
    assert "_COMPLIANCE_COMPLETE" in outcome.stdout
    assert "%(" not in outcome.stdout


def test_commands_and_options_are_offered() -> None:
    assert _offered("au") == ["audit"]
    assert _offered("rules", "ch") == ["check"]
    assert "--as-of" in _offered("audit", "--a")
    assert _offered("audit", "--format", "j") == ["json"]


def test_parties_are_offered_by_id_name_and_code() -> None:
    assert _offered("explain", "serb") == ["serbia"]
    assert _offered("audit", "--party", "Croat") == ["croatia"]
    assert "bosnia-herzegovina" in _offered("audit", "--party", "BIH")
    assert set(_offered("sources", "")) >= {"serbia", "croatia", "montenegro"}


def test_categories_questions_and_types_are_offered() -> None:
    assert _offered("explain", "serbia", "batt") == ["battle_tank"]
    assert _offered("audit", "--reading", "armed-drones") == [
        "armed-drones=outside",
        "armed-drones=counted",
    ]
    assert "m-84" in _offered("acquire", "serbia", "m-8")
    assert "m2a2-bradley" in _offered("classify", "M2A2")


def test_the_agreement_named_before_decides(tmp_path: Path) -> None:
    river = str(Path(__file__).parents[1] / "fixtures" / "river-treaty")
    assert _offered("--agreement", river, "explain", "") == ["upstream", "downstream"]
    assert _offered("--agreement", river, "explain", "upstream", "") == ["river_gunboat"]
    assert _offered("--agreement", river, "classify", "M") == []


@pytest.mark.parametrize("offer", [suggest.parties, suggest.types, suggest.readings])
def test_a_broken_agreement_offers_nothing_and_fails_nothing(offer: object, tmp_path: Path) -> None:
    (tmp_path / "agreement.toml").write_text("id = ", "utf-8")
    for named in (str(tmp_path), "nowhere"):
        context = click.Context(cli)
        context.params["agreement"] = named
        assert callable(offer)
        assert offer(context, cli.params[0], "") == []


def test_every_party_category_and_reading_that_a_command_takes_is_offered() -> None:
    """A new command that takes a Party completes it too."""
    wanted = {
        "PARTY": suggest.parties,
        "CATEGORY": suggest.categories,
        "QUESTION=ANSWER": suggest.readings,
        "TYPE": suggest.types,
    }
    left = []
    stack: list[tuple[str, click.Command]] = [("compliance", cli)]
    while stack:
        name, command = stack.pop()
        if isinstance(command, click.Group):
            context = click.Context(command)
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                stack.append((f"{name} {inner}", found))
        for parameter in command.params:
            metavar = parameter.make_metavar(click.Context(command)).strip("[]")
            if metavar in wanted and parameter._custom_shell_complete is not wanted[metavar]:
                left.append(f"{name}: {parameter.name}")
    assert left == []


def test_bash_completes(run: Run, tmp_path: Path) -> None:
    bash = _tool("bash")
    (tmp_path / "c.bash").write_text(run("completion", "bash", db=None).stdout, "utf-8")
    script = """
        compopt() { :; }
        source ./c.bash
        ask() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _compliance_completion compliance
        }
        ask compliance exp; echo "${COMPREPLY[@]}"
        ask compliance explain serb; echo "${COMPREPLY[@]}"
        ask compliance explain serbia attack; echo "${COMPREPLY[@]}"
    """
    said = _in_shell([bash, "--norc", "--noprofile", "-c"], script, tmp_path)
    assert said == ["explain", "export", "serbia", "attack_helicopter"]


def test_zsh_completes(run: Run, tmp_path: Path) -> None:
    zsh = _tool("zsh")
    (tmp_path / "c.zsh").write_text(run("completion", "zsh", db=None).stdout, "utf-8")
    # The functions that show completions exist only while a key is handled: they are told here.
    script = """
        compdef() { :; }
        _describe() { print -l -- ${${(P)3}%%:*} }
        compadd() { print -l -- ${(P)@[-1]} }
        source ./c.zsh
        words=(compliance explain serb); CURRENT=3; _compliance_completion
        words=(compliance explain serbia attack); CURRENT=4; _compliance_completion
    """
    said = _in_shell([zsh, "-f", "-c"], script, tmp_path)
    assert said == ["serbia", "attack_helicopter"]


def test_fish_completes(run: Run, tmp_path: Path) -> None:
    fish = _tool("fish")
    (tmp_path / "c.fish").write_text(run("completion", "fish", db=None).stdout, "utf-8")
    script = "source ./c.fish; complete --do-complete 'compliance explain serb'"
    assert _in_shell([fish, "--no-config", "-c"], script, tmp_path)[0] == "serbia"


def test_powershell_completes(run: Run, tmp_path: Path) -> None:
    pwsh = _tool("pwsh")
    (tmp_path / "c.ps1").write_text(run("completion", "powershell", db=None).stdout, "utf-8")
    script = (
        ". ./c.ps1; (TabExpansion2 -inputScript 'compliance explain serb' -cursorColumn 23)"
        ".CompletionMatches | ForEach-Object { $_.CompletionText }"
    )
    assert _in_shell([pwsh, "-NoProfile", "-Command"], script, tmp_path) == ["serbia"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (["compliance", "explain", "serb"], ["plain\tserbia\tSerbia"]),
        (["compliance", "explain", ""], None),
        (["compliance", "audit", "--reading", "armed-drones=c"], None),
    ],
)
def test_the_program_answers_powershell(line: list[str], offered: list[str] | None) -> None:
    """What the script for PowerShell does, from the program's side."""
    done = subprocess.run(
        [sys.executable, "-m", "compliance"],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "_COMPLIANCE_COMPLETE": "powershell_complete",
            "COMP_WORDS": "\n".join(line),
        },
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said
    assert all(item.startswith("plain\t") and item.count("\t") == 2 for item in said)
    if offered is not None:
        assert said == offered
