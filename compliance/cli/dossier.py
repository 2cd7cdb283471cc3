"""Wiring what a report is made of: what the ledger has of all years, law, options."""

from __future__ import annotations

import shlex
from datetime import date

from compliance import __version__
from compliance.assess.dossier import Dossier, Made, Profile, Read, compile_dossier, needed
from compliance.assess.standing import Request
from compliance.assess.timeline import days_of_parts
from compliance.cli.audit import on_the_day
from compliance.cli.project import check_stretch
from compliance.cli.world import DEFAULT_AGREEMENT, World
from compliance.ledger.balances import evidence
from compliance.ledger.chain import Head, head

_YEARS_AHEAD = 5


def dossier(
    world: World,
    request: Request,
    *,
    until: date | None,
    title: str = "",
    profile: Profile = Profile.FULL,
) -> Dossier:
    """Return the report.

    Args:
        world: law, catalogue and ledger.
        request: the day, the readings, and what to restrict to.
        until: the last day of the look ahead; ``None`` for 31 December five years on.
        title: as the reader wants it, or empty.
        profile: how much is told.

    Raises:
        ComplianceError: the look ahead would end before it begins.
    """
    last = until or date(min(request.as_of.year + _YEARS_AHEAD, date.max.year), 12, 31)
    check_stretch(request.as_of, last)
    read, newest = _read(world, request, last)
    law = world.law
    catalogue = f"{world.catalogue.id} {world.catalogue.version}" if law.catalogue else ""
    return compile_dossier(
        law,
        world.lookup,
        read,
        request,
        until=last,
        title=title,
        profile=profile,
        made=Made(
            tool=f"compliance {__version__}",
            catalogue=catalogue,
            ledger_number=newest.id,
            ledger_sha256=newest.sha256,
            command=_command(world, request, last, title, profile),
        ),
    )


def _read(world: World, request: Request, until: date) -> tuple[Read, Head]:
    law = world.law
    everybody = needed(law, request)
    wholes = {party.part_of for party in law.parties if party.part_of in everybody}
    with world.reading() as reading:
        years = evidence(
            reading,
            as_of=until,
            since=min(law.in_force, request.as_of),
            known_at=request.known_at,
            parties=everybody,
            wholes=tuple(sorted(wholes)),
            categories=request.categories or tuple(c.id for c in law.categories),
            basis=request.basis,
            days={request.as_of, *days_of_parts(law, last=request.as_of)},
        )
        return Read(on_the_day(reading, world, request), years), head(reading)


def _command(world: World, request: Request, until: date, title: str, profile: Profile) -> str:
    """Return the command line that makes the report, without the places of this machine."""
    law = world.law
    words = ["compliance"]
    if law.id != DEFAULT_AGREEMENT:
        words += ["--agreement", law.id]
    words += ["report", "--as-of", request.as_of.isoformat()]
    if request.known_at:
        words += ["--known-at", request.known_at]
    for party in request.parties or ():
        words += ["--party", party]
    for category in request.categories or ():
        words += ["--category", category]
    if request.basis:
        words += ["--basis", request.basis.value]
    for question, answer in sorted(request.readings.closed.items()):
        words += ["--reading", f"{question}={answer}"]
    if request.accept_stale:
        words.append("--accept-stale")
    words += ["--until", until.isoformat()]
    if profile is not Profile.FULL:
        words += ["--profile", profile.value]
    if title:
        words += ["--title", title]
    return shlex.join(words)
