"""Where everybody stands on a day, to be compared with where they stood before a change."""

from __future__ import annotations

from datetime import date

from compliance.assess.audit import audit
from compliance.assess.result import Audit
from compliance.assess.standing import holders, wholes
from compliance.cli import options
from compliance.cli.world import World
from compliance.ledger.balances import evidence
from compliance.ledger.reading import Reading


def headroom_on(world: World, reading: Reading, as_of: date | None) -> Audit:
    """Return the audit of a day, today if none is given, on the best figures there are."""
    law = world.law
    request = options.request(
        law,
        as_of=as_of,
        known_at=None,
        parties=(),
        categories=(),
        basis=None,
        readings=(),
        accept_stale=False,
    )
    found = evidence(
        reading,
        as_of=request.as_of,
        parties=holders(law, request),
        wholes=wholes(law, request),
        categories=tuple(category.id for category in law.categories),
    )
    return audit(law, world.lookup, found, request)
