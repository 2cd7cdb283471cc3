"""The entry point: the group of commands, and what becomes of every error."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from compliance import __version__
from compliance.cli import exits

if TYPE_CHECKING:
    from compliance.values.errors import ComplianceError

# Click's own: set by the shell when it asks what could come next on the command line.
_COMPLETION = "_COMPLIANCE_COMPLETE"

# By what a user wants to do. Loaded when called: who asks for help waits for none of them.
_COMMANDS = {
    "Look": {
        "audit": (
            "compliance.cli.audit:audit",
            "headroom and verdicts as of a date, with findings",
        ),
        "explain": ("compliance.cli.explain:explain", "every step behind one number"),
        "sources": (
            "compliance.cli.sources:sources",
            "every figure on record, which is used and why",
        ),
    },
    "Record": {
        "acquire": ("compliance.cli.acquire:acquire", "an acquisition: what it changes, recorded"),
        "reduce": (
            "compliance.cli.reduce:reduce",
            "a reduction, export, loss, transfer or change of status",
        ),
        "deliver": ("compliance.cli.deliver:deliver", "what was planned is done, or part of it"),
        "undo": ("compliance.cli.undo:undo", "reverse a submission by a new one"),
        "import": ("compliance.cli.import_:import_", "declarations and movements from files"),
    },
    "Ask and look ahead": {
        "whatif": ("compliance.cli.whatif:whatif", "scenarios against the baseline"),
        "project": (
            "compliance.cli.project:project",
            "planned movements: peaks, first breach, room, offsets",
        ),
    },
    "Compare and check": {
        "diff": ("compliance.cli.diff:diff", "headroom between two days or years, and why"),
        "reconcile": (
            "compliance.cli.reconcile:reconcile",
            "each declaration against the last one and what moved",
        ),
        "calendar": (
            "compliance.cli.calendar:calendar",
            "what is due when, and what is on record of it",
        ),
    },
    "Law and types": {
        "classify": (
            "compliance.cli.classify:classify",
            "designation or attributes -> category, and why",
        ),
        "rules": ("compliance.cli.rules:rules", "the law as data: list, show, check"),
    },
    "Keep and hand on": {
        "report": ("compliance.cli.report:report", "the whole as HTML, Markdown, XLSX, CSV, JSON"),
        "chart": ("compliance.cli.chart:chart", "headroom, history or pipeline as SVG or PNG"),
        "history": ("compliance.cli.history:history", "submissions, corrections, verify"),
        "export": ("compliance.cli.export:export", "archives, tables, plain-text accounting"),
        "pack": ("compliance.cli.pack:pack", "an answer and all it rests on, to be re-run"),
    },
    "Set up": {
        "db": ("compliance.cli.db:db", "the ledger's database: init, upgrade, status"),
        "completion": (
            "compliance.cli.completion:completion",
            "what the Tab key needs to complete these commands",
        ),
    },
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return [name for commands in _COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        for commands in _COMMANDS.values():
            if cmd_name in commands:
                module, _, name = commands[cmd_name][0].partition(":")
                command = getattr(importlib.import_module(module), name)
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # One column for all, so that the texts stand under each other from group to group.
        width = max(map(len, self.list_commands(ctx)))
        for task, commands in _COMMANDS.items():
            with formatter.section(task):
                formatter.write_dl(
                    [(name.ljust(width), text) for name, (_, text) in commands.items()]
                )


@click.group(
    cls=_Commands,
    epilog=exits.HELP
    + """
\b
Examples:
  compliance db init                 make a ledger with the published figures
  compliance audit                   how much room is there today?
  compliance audit --as-of 2019-12-31 --category battle_tank
  compliance classify "Nora B-52"    does it count, and why?
""",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--db",
    metavar="URL",
    envvar="COMPLIANCE_DB",
    help="The database: a file, sqlite:///FILE, or postgresql+psycopg://USER@HOST/DATABASE. "
    "Default: compliance.db here if it is there, else the one in your data folder. "
    "Environment: COMPLIANCE_DB.",
)
@click.option(
    "--agreement",
    metavar="ID|FOLDER",
    default="florence-1996",
    show_default=True,
    help="The rule pack: the id of a shipped one, or a folder.",
)
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
@click.version_option(__version__, prog_name="compliance")
@click.pass_context
def cli(ctx: click.Context, db: str | None, agreement: str, debug: bool) -> None:
    """Does a Party to a conventional-arms agreement hold more than it may? How much room is left?

    Declared and published holdings are checked against the agreement's ceilings. Every number
    shows where it came from, every verdict names its law, and "cannot tell" is said when it is so.
    """
    from compliance.cli.world import World

    ctx.obj = World(db=db, agreement=agreement, debug=debug)


def run(arguments: list[str] | None = None) -> None:
    """Run the program and exit with the code that the README's table gives."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character shows a substitute rather than a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if _COMPLETION in os.environ:
        importlib.import_module("compliance.cli.completion").teach()
        cli.main(prog_name="compliance")
    code = _run(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed by whoever started us
            continue
        try:
            stream.flush()
        except OSError:
            # Whoever read it is gone or full; keep the interpreter from trying again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    # What is left ends with the process: to search it for garbage at the end would be for nothing.
    # Only where it was interrupted something may still be open, such as a ledger with its journal.
    if code != exits.INTERRUPTED:
        gc.freeze()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    debug = "--debug" in arguments
    try:
        # Not cli.main(): it turns a closed pipe into exit code 1, which means something here.
        with cli.make_context("compliance", list(arguments)) as context:
            result: Any = cli.invoke(context)
        _flush()
    except click.exceptions.Exit as error:
        try:
            _flush()
        except BrokenPipeError:
            return exits.READER_LEFT
        return error.exit_code
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return exits.CANNOT_RUN
    except _own_errors() as error:
        if debug:
            raise
        from compliance.cli.output import show_error

        show_error(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell("Interrupted.")
        return exits.INTERRUPTED
    except BrokenPipeError:
        return exits.READER_LEFT
    except OSError as error:
        if debug:
            raise
        _tell(f"Error: the system refused: {error.strerror or error}")
        return exits.CANNOT_RUN
    except Exception as error:  # the last resort, with a code of its own
        if debug:
            raise
        _tell(
            f"Error: this is a bug in the program ({type(error).__name__}: {error}).\n"
            "  run the same command with --debug before it, and report what it prints"
        )
        return exits.BUG
    return result if isinstance(result, int) else exits.OK


def _own_errors() -> type[ComplianceError]:
    """Return the errors that users can act on; imported where there is one, not for help."""
    from compliance.values.errors import ComplianceError

    return ComplianceError


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _tell(text: str) -> None:
    with suppress(OSError):
        click.echo(text, err=True)
