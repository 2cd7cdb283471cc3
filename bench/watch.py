"""Runs one command and writes how long it took and how much memory it had at most.

    python -I -S watch.py REPORT STDIN STDOUT STDERR COMMAND...

It is a process of its own because on Linux a child's peak begins at that of its parent: this one
has loaded next to nothing. Memory is not measured where the system does not tell it (Windows).
"""

import os
import subprocess
import sys
import time

# os.wait4 tells of one child; ru_maxrss is in kilobytes, on macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


def main(report: str, given: str, out: str, err: str, command: list[str]) -> None:
    """Run, wait and report: seconds, processor seconds, bytes at most, exit code."""
    with (
        open(given or os.devnull, "rb") as stdin,  # noqa: PTH123 - pathlib takes memory and time
        open(out, "wb") as stdout,  # noqa: PTH123
        open(err, "wb") as stderr,  # noqa: PTH123
    ):
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr)  # noqa: S603
        if hasattr(os, "wait4"):
            _, status, used = os.wait4(child.pid, 0)
            taken = time.perf_counter() - begun
            code = child.returncode = os.waitstatus_to_exitcode(status)
            told = f"{used.ru_utime + used.ru_stime} {used.ru_maxrss * _UNIT}"
        else:
            code = child.wait()
            taken = time.perf_counter() - begun
            told = "nan nan"
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(f"{taken} {told} {code}")


if __name__ == "__main__":
    _, first, second, third, fourth, *others = sys.argv
    main(first, second, third, fourth, others)
