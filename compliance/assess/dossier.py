"""The report as one value: whatever is shown in any format is computed once, and stands here."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from compliance.agreement.law import Agreement
from compliance.assess.answer import Answers, answers
from compliance.assess.audit import audit
from compliance.assess.fleet import FleetBeside, fleets
from compliance.assess.overlay import Ground
from compliance.assess.past import Past, holder_ids, past
from compliance.assess.project import project
from compliance.assess.projection import Projection
from compliance.assess.rests_on import (
    FigureSource,
    LawSource,
    figure_sources,
    law_sources,
    marked,
)
from compliance.assess.result import Audit, EvidenceRow
from compliance.assess.standing import Request, Standings, holders
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Evidence
from compliance.values.frozen import frozen


class Profile(StrEnum):
    """How much a report tells."""

    FULL = "full"
    PUBLIC = "public"


@frozen
class Made:
    """With what a report was made, so that it can be made again.

    Attributes:
        tool: the program and its version.
        catalogue: the equipment catalogue and its version, or empty.
        ledger_number: the newest submission of the ledger; 0 where there is none.
        ledger_sha256: its hash, which stands for everything recorded.
        command: the command line, without what is the machine's own.
    """

    tool: str
    catalogue: str
    ledger_number: int
    ledger_sha256: str
    command: str


@frozen
class Dossier:
    """A whole report.

    Attributes:
        history: headroom over the years, by Party and category.
        ahead: what is planned carried out.
        fleets: the treaty's count beside the active fleet, where both are on record.
        marked: rows with a handling mark among those that were read.
    """

    title: str
    profile: Profile
    audit: Audit
    answers: Answers
    history: tuple[Past, ...]
    ahead: Projection
    fleets: tuple[FleetBeside, ...]
    law_sources: tuple[LawSource, ...]
    figure_sources: tuple[FigureSource, ...]
    marked: tuple[EvidenceRow, ...]
    made: Made


@frozen
class Read:
    """What was read of the ledger.

    Attributes:
        on_the_day: for the audit, with what stands around it.
        all_years: of every day from the agreement's entry into force to the end of the look ahead.
    """

    on_the_day: Evidence
    all_years: Evidence


def needed(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return the ids of everybody whose rows a report needs."""
    return tuple(dict.fromkeys([*holders(law, request), *holder_ids(law, request)]))


def compile_dossier(
    law: Agreement,
    lookup: TypeLookup,
    read: Read,
    request: Request,
    *,
    until: date,
    title: str,
    profile: Profile,
    made: Made,
) -> Dossier:
    """Return the report.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        read: what the ledger has.
        request: the day, the readings, and what to restrict to.
        until: the last day of the look ahead.
        title: as the reader wants it; empty for one that tells agreement and day.
        profile: how much is told.
        made: with what it is made.
    """
    judged = audit(law, lookup, read.on_the_day, request)
    standings = Standings(law, lookup, read.all_years, request)
    ahead = project(Ground(law, request.readings, read.all_years), lookup, request, until)
    history, beside = past(standings), fleets(standings)
    return Dossier(
        title=title or judged.law.title,
        profile=profile,
        audit=judged,
        answers=answers(law, judged, standings),
        history=history,
        ahead=ahead,
        fleets=beside,
        law_sources=law_sources(judged),
        figure_sources=figure_sources(law, judged, history, beside, read.all_years),
        marked=tuple(dict.fromkeys((*marked(read.on_the_day), *marked(read.all_years)))),
        made=made,
    )
