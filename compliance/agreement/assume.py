"""The law with ceilings that somebody assumes, for the sake of argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Limit, Period, Replacement
from compliance.values.citation import Citation
from compliance.values.said import said
from compliance.values.scenario import AssumedCeiling
from compliance.values.vocabulary import Grade, LawStatus


def assume(law: Agreement, ceilings: Iterable[AssumedCeiling], *, name: str) -> Agreement:
    """Return the agreement with ceilings assumed in place of its own.

    Each stands from its first day on. What it takes the place of is listed among the values
    replaced, and the hash of the pack stays that of the law itself.

    Args:
        law: the agreement.
        ceilings: what is assumed; of two for one party and category the later one begins where
            the earlier one ends.
        name: who assumes it, for the citation.
    """
    citation = Citation(
        instrument=said("assumption of {name}, not the law", name=name),
        provision="",
        status=LawStatus.ASSUMED,
        grade=Grade.C,
        sources=(),
    )
    limits, replaced = law.limits, list(law.replaced)
    for ceiling in sorted(ceilings, key=lambda c: (c.party, c.category, c.since or date.min)):
        start = ceiling.since or date.min
        kept: list[Limit] = []
        for limit in limits:
            theirs = (limit.party, limit.category) == (ceiling.party, ceiling.category)
            if not theirs or (limit.period.end is not None and limit.period.end <= start):
                kept.append(limit)
                continue
            replaced.append(
                Replacement(
                    f"{limit.party}.{limit.category} from "
                    f"{max(start, limit.period.start).isoformat()}",
                    str(limit.value),
                    f"{ceiling.value} (assumed)",
                )
            )
            if limit.period.start < start:
                kept.append(replace(limit, period=Period(limit.period.start, start)))
        kept.append(
            Limit(
                party=ceiling.party,
                category=ceiling.category,
                value=ceiling.value,
                period=Period(start),
                binding_from=start,
                schedule="",
                question="",
                accepting="",
                notes=(),
                citation=citation,
            )
        )
        limits = tuple(kept)
    return replace(law, limits=limits, replaced=tuple(replaced))
