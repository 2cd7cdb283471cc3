"""``compliance completion``: what a shell must be told so that the Tab key completes commands."""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

_PROGRAM = "compliance"
_VARIABLE = "_COMPLIANCE_COMPLETE"

# Click asks a program for completions through the environment: the shell starts the program with
# what stands on the line, and reads one suggestion from each line that it prints.
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    # The words of the line up to the cursor, one a line, without the quotes around them.
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { [string]$_.Value } else { $_.Extent.Text } })
    # Where the cursor stands after a space, the word to complete is a new and empty one.
    if ($wordToComplete -eq '' -and $words.Count -gt 0 -and $words[-1] -ne '') { $words += '' }
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = $words -join "`n"
    try {
        & %(prog_name)s | ForEach-Object {
            $kind, $value, $help = $_ -split "`t", 3
            if ($kind -eq 'plain') {
                # A value with a space in it is one word only in quotes.
                $text = if ($value -match "[\\s']") {
                    "'" + ($value -replace "'", "''") + "'"
                } else { $value }
                if (-not $help) { $help = $value }
                [System.Management.Automation.CompletionResult]::new(
                    $text, $value, 'ParameterValue', $help)
            }
            # 'file' and 'dir' are left to PowerShell, which completes names of files itself.
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS -ErrorAction SilentlyContinue
    }
}
"""


class _PowerShell(ShellComplete):
    """PowerShell, which Click does not know: words in lines, and suggestions with tabs."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words of the line after the program, and the one begun."""
        words = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        return words[:-1], words[-1] if words else ""

    def format_completion(self, item: CompletionItem) -> str:
        """Return one suggestion: its kind, its value, and what it does, with tabs between."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


_HOW = {
    "bash": "write it to ~/.local/share/bash-completion/completions/compliance",
    "zsh": "write it to a file _compliance in a folder of your $fpath",
    "fish": "write it to ~/.config/fish/completions/compliance.fish",
    "powershell": "add it to the file that $PROFILE names",
}


def teach() -> None:
    """Let Click answer PowerShell as it answers the shells it knows."""
    add_completion_class(_PowerShell)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Where to put it:
"""
    + "".join(f"  {shell:<10}  {how}\n" for shell, how in _HOW.items())
    + """
\b
Examples:
  compliance completion bash > ~/.local/share/bash-completion/completions/compliance
  compliance completion fish > ~/.config/fish/completions/compliance.fish
  compliance completion powershell >> $PROFILE
""",
)
@click.argument("shell", type=click.Choice(tuple(_HOW)))
def completion(shell: str) -> None:
    """Print what a SHELL needs so that the Tab key completes commands, options and names.

    It completes parties, categories, types and the questions of the agreement as well. Nothing is
    installed: put what is printed where your shell looks, and open a new one.
    """
    teach()
    found = get_completion_class(shell)
    assert found is not None
    # Not the classes' own source(): that of bash looks for a bash here, and warns of what it finds.
    text = ShellComplete.source(found(click.Command(_PROGRAM), {}, _PROGRAM, _VARIABLE))
    click.echo(text)
