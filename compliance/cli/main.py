"""The entry point: the group of commands, and what becomes of every error."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import Any

import click

from compliance import __version__
from compliance.cli import exits
from compliance.values.errors import ComplianceError

# Click's own: set by the shell when it asks what could come next on the command line.
_COMPLETION = "_COMPLIANCE_COMPLETE"

# Loaded when called: a user who asks for help waits for none of them.
_COMMANDS = {
    "audit": ("compliance.cli.audit:audit", "headroom and verdicts as of a date, with findings"),
    "import": ("compliance.cli.import_:import_", "declarations and movements from files"),
    "export": ("compliance.cli.export:export", "archives, tables, plain-text accounting"),
    "history": ("compliance.cli.history:history", "submissions, corrections, verify"),
    "classify": (
        "compliance.cli.classify:classify",
        "designation or attributes -> category, and why",
    ),
    "rules": ("compliance.cli.rules:rules", "the law as data: list, show, check"),
    "db": ("compliance.cli.db:db", "the ledger's database: init, upgrade, status"),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


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
    help="The database: a file, or sqlite:///FILE. Default: compliance.db here if it is there, "
    "else the one in your data folder. Environment: COMPLIANCE_DB.",
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
    except ComplianceError as error:
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


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _tell(text: str) -> None:
    with suppress(OSError):
        click.echo(text, err=True)
