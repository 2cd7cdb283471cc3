"""A whole agreement as a frozen value, and what holds on a day. Knows no particular treaty."""

from __future__ import annotations

from datetime import date

from compliance.agreement.provisions import (
    Actor,
    Attribute,
    Category,
    Ceiling,
    CeilingGap,
    CountingRule,
    Gap,
    Limit,
    Obligation,
    Party,
    Question,
    Replacement,
    ReportingGap,
)
from compliance.values.citation import Citation, Source
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean, fold
from compliance.values.vocabulary import Status


@frozen
class Agreement:
    """A whole rule pack.

    Attributes:
        sha256: the hash of everything the pack says, base pack included.
        current_months: for how many months a declaration speaks for the day asked about.
        catalogue: the equipment catalogue the pack is read with, or empty for none.
        open_data: the shipped set of published figures for it, or empty for none.
        extends: the base pack's id, or empty.
        identity: the authority for the days of signature and of entry into force.
    """

    id: str
    version: str
    title: str
    short_title: str
    signed: date
    in_force: date
    current_months: int
    current_citation: Citation
    catalogue: str
    note: str
    extends: str
    sha256: str
    parties: tuple[Party, ...]
    actors: tuple[Actor, ...]
    attributes: tuple[Attribute, ...]
    categories: tuple[Category, ...]
    limits: tuple[Limit, ...]
    ceiling_gaps: tuple[CeilingGap, ...]
    counting: tuple[CountingRule, ...]
    questions: tuple[Question, ...]
    obligations: tuple[Obligation, ...]
    reporting_gaps: tuple[ReportingGap, ...]
    replaced: tuple[Replacement, ...]
    identity: Citation | None = None
    sources: tuple[Source, ...] = ()
    open_data: str = ""

    def party(self, party_id: str) -> Party | None:
        """Return the party of that id, if the pack knows it."""
        return next((p for p in self.parties if p.id == party_id), None)

    def actor(self, actor_id: str) -> Actor | None:
        """Return the actor of that id, if the pack knows it."""
        return next((a for a in self.actors if a.id == actor_id), None)

    def category(self, category_id: str) -> Category | None:
        """Return the category of that id, if the pack knows it."""
        return next((c for c in self.categories if c.id == category_id), None)

    def question(self, question_id: str) -> Question | None:
        """Return the question of that id, if the pack asks it."""
        return next((q for q in self.questions if q.id == question_id), None)

    def engine_question(self, use: str) -> Question | None:
        """Return the question the engine uses for that purpose, if the pack asks it."""
        return next((q for q in self.questions if q.engine == use), None)

    def parties_on(self, day: date) -> tuple[Party, ...]:
        """Return the Parties on that day, those whose membership is uncertain included."""
        return tuple(p for p in self.parties if p.membership_on(day) or p.gap_on(day))

    def parts_on(self, party_id: str, day: date) -> tuple[Party, ...]:
        """Return the parts whose sum the party is on that day; empty where it has none."""
        return tuple(
            p
            for p in self.parties
            if p.part_of == party_id and p.part_period is not None and p.part_period.holds(day)
        )

    def ceiling(self, party_id: str, category_id: str, day: date) -> Ceiling:
        """Return what the law says of a ceiling on a day. Nothing is carried past its end."""
        limit = next(
            (
                item
                for item in self.limits
                if item.party == party_id
                and item.category == category_id
                and item.period.holds(day)
            ),
            None,
        )
        gap: Gap | None = None
        if limit is None:
            gap = next(
                (
                    item
                    for item in self.ceiling_gaps
                    if party_id in item.parties
                    and category_id in item.categories
                    and item.period.holds(day)
                ),
                None,
            )
        return Ceiling(party_id, category_id, limit, gap)

    def last_limits_of_predecessors(self, party_id: str, category_id: str) -> tuple[Limit, ...]:
        """Return the last limit of each party whose place this one took."""
        party = self.party(party_id)
        found: list[Limit] = []
        for predecessor in party.succeeds if party else ():
            limits = [
                item
                for item in self.limits
                if item.party == predecessor and item.category == category_id
            ]
            if limits:
                found.append(max(limits, key=lambda item: item.period.start))
        return tuple(found)

    def counting_rule(self, status: Status, category_id: str) -> CountingRule | None:
        """Return the rule on a holding status in a category; ``None`` means it counts."""
        return next(
            (
                rule
                for rule in self.counting
                if rule.status is status and (not rule.categories or category_id in rule.categories)
            ),
            None,
        )

    def duty_of_change(self, day: date) -> Obligation | None:
        """Return the duty to notify a change of so many percent; the strictest on that day."""
        return min(
            (d for d in self.obligations if d.change_percent is not None and d.period.holds(day)),
            key=lambda duty: duty.change_percent or 0,
            default=None,
        )

    @property
    def holders(self) -> tuple[Party | Actor, ...]:
        """Return everybody the pack names: Parties, their parts, and actors that are none."""
        return (*self.parties, *self.actors)

    def resolve_party(self, text: str) -> str | None:
        """Return the id of the party or actor that a person means, or ``None``."""
        wanted = fold(text)
        for holder in self.holders:
            if wanted in {fold(holder.id), fold(holder.name), *map(fold, holder.aliases)}:
                return holder.id
        for party in self.parties:
            if wanted in {fold(dated.name) for dated in party.names}:
                return party.id
        return None

    def resolve_category(self, text: str) -> str | None:
        """Return the id of the category that a person means, or ``None``."""
        wanted = fold(text)
        for category in self.categories:
            names = {category.id, category.name, category.plural, *category.aliases}
            if wanted in {fold(name) for name in names}:
                return category.id
        return None

    def suggest_party(self, text: str) -> str:
        """Return a ``did you mean`` for a misspelt party, or nothing."""
        names = [name for holder in self.holders for name in (holder.id, holder.name)]
        return did_you_mean(text, names)

    def suggest_category(self, text: str) -> str:
        """Return a ``did you mean`` for a misspelt category, or nothing."""
        return did_you_mean(text, [c.id for c in self.categories])
