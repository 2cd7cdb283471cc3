"""``import --corrects``: rows that take the place of all that a submission recorded."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.ledger.append import AlreadyRecorded, Receipt
from compliance.ledger.history import Change, changes, find
from compliance.ledger.reading import Reading
from compliance.values.errors import ComplianceError
from compliance.values.records import Entry, Withdrawal, content_sha256


def replacing(reading: Reading, name: str, rows: list[Entry]) -> list[Entry]:
    """Return the rows, and before them the withdrawal of what stands of a submission.

    What has corrected its rows since is part of that: it would be counted beside the new rows.

    Raises:
        AlreadyRecorded: it was replaced by these very rows.
        ComplianceError: nothing of it stands any more.
    """
    target = find(reading, name)
    note = f"replaced by a correction of submission {target.id}"
    chains = _Chains(reading)
    ends = list(chains.ends_of(target.id))
    standing = [last for last, withdrawal in ends if not withdrawal]
    if standing:
        return [*(Withdrawal(last, note) for last in standing), *rows]
    by = {withdrawal: chains.submission(withdrawal) for _, withdrawal in ends}
    newest = max(by.values(), default=0)
    taken = [last for last, withdrawal in ends if by[withdrawal] == newest]
    same: list[Entry] = [*(Withdrawal(last, note) for last in taken), *rows]
    if newest:
        found = find(reading, str(newest))
        if found.content_sha256 == content_sha256(same):
            raise AlreadyRecorded(
                Receipt(found.id, found.sha256, found.content_sha256, found.recorded_at, found.rows)
            )
    raise ComplianceError(
        f"nothing that submission {target.id} recorded stands any more",
        todo=f"to change what took its place: --corrects {newest}" if newest else "",
    )


class _Chains:
    """What became of recorded rows, from correction to correction."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._numbers: dict[str, int] = {}
        self._rows: dict[int, dict[str, Change]] = {}

    def ends_of(self, number: int) -> Iterator[tuple[str, str]]:
        """Go through a submission's rows: what each came to, and what withdrew that if anything."""
        for change in self._changes(number).values():
            if not isinstance(change.entry, Withdrawal):
                yield from self._ends(change)

    def submission(self, ref: str) -> int:
        """Return the number of the submission that a row stands in."""
        prefix = ref.partition(":")[0]
        if prefix not in self._numbers:
            self._numbers[prefix] = find(self._reading, prefix).id
        return self._numbers[prefix]

    def _ends(self, change: Change) -> Iterator[tuple[str, str]]:
        if not change.corrected_by:
            yield change.ref, ""
        for later in change.corrected_by:
            following = self._changes(self.submission(later.ref))[later.ref]
            if isinstance(following.entry, Withdrawal) and not following.corrected_by:
                yield change.ref, following.ref
            else:
                yield from self._ends(following)

    def _changes(self, number: int) -> dict[str, Change]:
        if number not in self._rows:
            self._rows[number] = {row.ref: row for row in changes(self._reading, number)}
        return self._rows[number]
