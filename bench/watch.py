"""Runs one command and writes how long it took and how much memory it had at most.

    python -I -S watch.py REPORT STDIN STDOUT STDERR COMMAND...

It is a process of its own because on Linux a child's peak begins at that of its parent: this one
has loaded next to nothing. Memory is not measured where the system does not tell it (Windows).

A command that starts others has all of their memory. What they have at once is looked at ten times
a second, on Linux; elsewhere only the largest of them is known.

What others wrote before is on the disk when it starts, so that it waits for none of that.
"""

import os
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress

# os.wait4 tells of one child; ru_maxrss is in kilobytes, on macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


# Seconds between two looks. Each stops the processes for a millisecond or two.
_OFTEN = 0.1


class _Together(threading.Thread):
    """Looks at the memory of a process and those it started, while there are any of these.

    Attributes:
        peak: the most that they had at once, in bytes; what several share is told once.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._process = process
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_OFTEN):
            processes = _family(self._process)
            if len(processes) > 1:
                self.peak = max(self.peak, sum(map(_memory, processes)))

    def end(self) -> None:
        self._ended.set()
        self.join()


def _family(process: int) -> list[int]:
    found = [process]
    children = f"/proc/{process}/task/{process}/children"
    with suppress(OSError), open(children) as file:  # noqa: PTH123 - it ended, or this is no Linux
        for child in file.read().split():
            found += _family(int(child))
    return found


def _memory(process: int) -> int:
    with suppress(OSError), open(f"/proc/{process}/smaps_rollup") as file:  # noqa: PTH123
        told = re.search(r"^Pss:\s+(\d+) kB", file.read(), re.MULTILINE)
        return int(told[1]) * 1024 if told else 0
    return 0


def main(report: str, given: str, out: str, err: str, command: list[str]) -> None:
    """Run, wait and report: seconds, processor seconds, bytes at most, exit code."""
    with (
        open(given or os.devnull, "rb") as stdin,  # noqa: PTH123 - pathlib takes memory and time
        open(out, "wb") as stdout,  # noqa: PTH123
        open(err, "wb") as stderr,  # noqa: PTH123
    ):
        if hasattr(os, "sync"):
            os.sync()
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr)  # noqa: S603
        if hasattr(os, "wait4"):
            together = _Together(child.pid)
            together.start()
            _, status, used = os.wait4(child.pid, 0)
            taken = time.perf_counter() - begun
            code = child.returncode = os.waitstatus_to_exitcode(status)
            together.end()
            peak = max(used.ru_maxrss * _UNIT, together.peak)
            told = f"{used.ru_utime + used.ru_stime} {peak}"
        else:
            code = child.wait()
            taken = time.perf_counter() - begun
            told = "nan nan"
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(f"{taken} {told} {code}")


if __name__ == "__main__":
    _, first, second, third, fourth, *others = sys.argv
    main(first, second, third, fourth, others)
