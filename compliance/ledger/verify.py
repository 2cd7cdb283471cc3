"""The proof that nothing was changed: every hash found again from what is stored.

A chain proves itself only up to its end: whoever can rewrite a whole database can rewrite the
chain with it, and what was cut off at the end leaves no trace. Against that there is the head,
the hash of the newest submission, kept elsewhere.
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from compliance.ledger.damage import Break, Damage, Verification
from compliance.ledger.guards import missing_guards
from compliance.ledger.kept import wrong_balance
from compliance.ledger.refusals import lost, reason
from compliance.ledger.walk import Progress, Walk

__all__ = ["Progress", "verify"]


def verify(
    connection: Connection,
    *,
    expected_head: str | None = None,
    expected_number: int | None = None,
    progress: Progress | None = None,
    quickly: bool = True,
) -> Verification:
    """Find every hash again from the stored rows, and name the first thing that is wrong.

    Of a ledger that is not broken the kept balances are found again from its rows as well.

    Args:
        connection: a reading connection.
        expected_head: the hash of a submission, kept elsewhere; all 64 digits.
        expected_number: the number of that submission, if known: it tells a ledger that was cut
            off from one that was rewritten.
        progress: called now and then.
        quickly: prove once what rows share; otherwise each row is proven by itself, as if there
            were no other. That takes much longer and finds the same.

    Raises:
        DatabaseError: the connection to the server was lost.
    """
    walk = Walk(connection, expected_head, progress, quickly)
    broken: Break | None
    try:
        unguarded = missing_guards(connection)
    except DatabaseError as error:
        if lost(error):
            raise
        unguarded = ()
        broken = Break(Damage.UNREADABLE, None, f"the database cannot be read: {reason(error)}")
    else:
        broken = walk.first_break()
    if broken is None and expected_head is not None and walk.head_at is None:
        broken = _without_head(expected_number, walk.submissions)
    kept = wrong_balance(connection, walk.tally) if broken is None else None
    return Verification(
        submissions=walk.submissions,
        rows=walk.rows,
        head=walk.head,
        broken=broken,
        unguarded=unguarded,
        after_head=None if walk.head_at is None else walk.submissions - walk.head_at,
        kept=kept,
    )


def _without_head(number: int | None, last: int) -> Break:
    if number is None:
        return Break(
            Damage.CUT_OFF,
            None,
            "the head kept elsewhere is not in this ledger: submissions were cut off at its end, "
            "or it was rewritten, or it is another ledger",
        )
    if number > last:
        return Break(
            Damage.CUT_OFF,
            last + 1,
            f"the ledger ends with submission {last}, and the head kept elsewhere is that of "
            f"submission {number}: what came after {last} was cut off",
        )
    return Break(
        Damage.FORKED,
        number,
        f"submission {number} is not the one whose hash was kept elsewhere: from it on or before "
        "it the ledger was rewritten, or it is another ledger",
    )
