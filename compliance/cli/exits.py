"""What the process's exit code means. One table, used by every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from compliance.values.vocabulary import Verdict

OK = 0
EXCEEDS = 1
CANNOT_RUN = 2
NO_VERDICT = 3
DATABASE = 4
BUG = 70
INTERRUPTED = 130
READER_LEFT = 141

HELP = """\b
Exit codes:
  0    every verdict asked for is 'within'; or done
  1    at least one ceiling is exceeded
  3    none is exceeded, at least one has no verdict
  2    could not run: usage, unreadable or invalid input, invalid rules
  4    database: absent, wrong revision, broken chain
  70   a bug in the program; 130 interrupted; 141 the reader of a pipe left early
"""

HELP_WHERE_NOTHING_IS_JUDGED = """\b
Exit codes:
  0    done: what is found does not change it; it stands in the report
  2    could not run: usage, unknown names, invalid rules
  4    database: absent, wrong revision, broken chain
  70   a bug in the program; 130 interrupted; 141 the reader of a pipe left early
"""


def of_verdicts(verdicts: Collection[Verdict], *, zero: bool) -> int:
    """Return the exit code of a reading command.

    Args:
        verdicts: the verdicts that occur; none at all is no pass.
        zero: the reader only wants to read (``--exit-zero``).
    """
    from compliance.values.vocabulary import Verdict

    if zero:
        return OK
    if Verdict.EXCEEDS in verdicts:
        return EXCEEDS
    return OK if verdicts and set(verdicts) == {Verdict.WITHIN} else NO_VERDICT
