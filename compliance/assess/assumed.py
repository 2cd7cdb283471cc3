"""What a scenario assumes, and what has changed since it was written. In words."""

from __future__ import annotations

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.values.said import Said, english, name, said
from compliance.values.scenario import AssumedCeiling, Scenario


def assumptions(law: Agreement, scenario: Scenario) -> tuple[str, ...]:
    """Return what a scenario assumes, in words."""
    found: list[str] = []
    for row in scenario.ordered:
        text = words.moved(row)
        if row.category:
            category = name(row.category.replace("_", " "))
            text = said("{movement}, taken as {category}", movement=text, category=category)
        if row.more.note:
            text = said("{movement} ({note})", movement=text, note=english(row.more.note))
        found.append(text)
    for ceiling in sorted(scenario.ceilings, key=lambda c: (c.party, c.category, str(c.since))):
        found.append(_ceiling(law, ceiling))
    found += [
        said("reading {question}={answer}", question=question, answer=answer)
        for question, answer in sorted(scenario.readings.items())
    ]
    return tuple(found)


def _ceiling(law: Agreement, assumed: AssumedCeiling) -> Said:
    party, category = law.party(assumed.party), law.category(assumed.category)
    parts = {
        "party": name(party.name) if party else assumed.party,
        "category": words.small(category.plural) if category else assumed.category,
        "limit": words.span(assumed.value),
    }
    if assumed.since is None:
        return said("ceiling of {party} for {category}: {limit}", **parts)
    return said("ceiling of {party} for {category}: {limit} from {day}", day=assumed.since, **parts)


def moved_since(law: Agreement, ledger_head: str, scenario: Scenario) -> tuple[str, ...]:
    """Return what has changed since a scenario was written, as far as it says."""
    was = scenario.written_for
    found: list[str] = []
    if was.agreement and was.agreement != law.id:
        found.append(
            said(
                "it was written for the agreement '{was}', and this is '{now}'",
                was=was.agreement,
                now=law.id,
            )
        )
    elif was.version and was.version != law.version:
        found.append(
            said(
                "it was written for rule pack {was}, and this is {now}",
                was=was.version,
                now=law.version,
            )
        )
    if was.ledger_head and was.ledger_head != ledger_head:
        found.append(
            said(
                "it was written for ledger head {was}; the ledger is now at {now}",
                was=was.ledger_head[:12],
                now=ledger_head[:12],
            )
            if ledger_head
            else said(
                "it was written for ledger head {was}; the ledger is empty",
                was=was.ledger_head[:12],
            )
        )
    return tuple(found)
