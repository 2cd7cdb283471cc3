"""What every contest is made from: our program, the ledgers, the peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.build import Builder, Built
from bench.invented import FIRST_YEAR, LAST_YEAR
from bench.measure import Output, Step, Subject
from bench.places import Peer
from bench.reckon import Reckoned

END_OF_YEAR, OTHER_DAY, LAST_DAY = "2024-12-31", "2024-08-17", f"{LAST_YEAR}-12-31"
NEW_YEARS = [f"{year}-01-01" for year in range(FIRST_YEAR, LAST_YEAR + 2)]
DAYS = [END_OF_YEAR, OTHER_DAY, LAST_DAY, *NEW_YEARS]
VERDICTS = (0, 1, 3)
"""Exit codes of a reading command that did its work."""
_PEERS = Path(__file__).with_name("peers")


@dataclass
class Bench:
    """What contests are made from.

    Attributes:
        sizes: the ledgers, smallest first, by name.
        import_size: the name of the one whose import is measured.
        journal_size: the name of the one that is written as text journals.
        journal_movements: how many movements that one has.
        peer: installs a peer by name, or tells why not.
    """

    folder: Path
    program: str
    pack: Path
    environment: Mapping[str, str]
    builder: Builder
    sizes: Mapping[str, int]
    import_size: str
    journal_size: str
    journal_movements: int
    peer: Callable[[str], Peer]

    def built(self, name: str) -> tuple[Built, Reckoned]:
        """Return a ledger with its files and its reckoning; make what is not there."""
        built = self.builder.files(name, self.sizes[name])
        self.builder.ledger(built)
        return built, self.builder.reckoned(built, DAYS)

    def ours(self, db: Path, *arguments: str, codes: tuple[int, ...] = VERDICTS) -> Step:
        """Return one of our commands on a ledger under the invented treaty."""
        begin = [self.program, "--agreement", str(self.pack), "--db", str(db)]
        return Step([*begin, *arguments], codes)

    def script(self, python: str, name: str, *arguments: str, given: Path | None = None) -> Step:
        """Return the command of a peer's script."""
        return Step([python, "-I", str(_PEERS / name), *arguments], given=given)

    def on_each(
        self,
        what: str,
        answer: Callable[[Output], Any] | None,
        expected: Callable[[Reckoned], Any],
        *arguments: str,
        codes: tuple[int, ...] = VERDICTS,
    ) -> list[Subject]:
        """Return one of our commands on every ledger."""
        subjects = []
        for name in self.sizes:
            built, reckoned = self.built(name)
            subjects.append(
                Subject(
                    f"ours {name}",
                    f"`compliance {what}`, {name} movements",
                    [self.ours(built.db, *arguments, codes=codes)],
                    answer=answer,
                    expected=partial(expected, reckoned),
                )
            )
        return subjects

    @property
    def largest(self) -> str:
        """The name of the largest ledger."""
        return list(self.sizes)[-1]

    def guess(self, seconds_for_ten_million: float, start: float = 0.5) -> float:
        """Guess how long one turn over all ledgers takes, in seconds."""
        return sum(start + seconds_for_ten_million * n / 10_000_000 for n in self.sizes.values())
