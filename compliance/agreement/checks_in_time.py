"""Checks of a rule pack's calendar and arithmetic: overlaps, gaps, sums and proportions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from compliance.agreement import schema
from compliance.agreement.build import PlacedLimit, ceiling_gaps, limits
from compliance.agreement.packfiles import Location
from compliance.agreement.parse import Tables
from compliance.agreement.provisions import Period
from compliance.values.span import Span, total

Placed = tuple[str, Location, Period]


def check(tables: Tables) -> None:
    """Run every check of this module; problems are added to the tables."""
    placed = limits(tables)
    backwards = _directions(tables, placed)
    _overlaps(tables, placed)
    _entities_add_up(tables, placed)
    _proportions(tables, placed)
    # A table lost to a mistake would look like a gap, and so would a period written backwards.
    if not backwards and not tables.broken & {
        "agreement.toml",
        "parties.toml",
        "ceilings.toml",
        "categories.toml",
    }:
        _gaps(tables, placed)
        _successions(tables)


def uncovered(need: Period, by: Iterable[Period]) -> list[Period]:
    """Return the stretches of ``need`` that no period of ``by`` covers, in order."""
    missing: list[Period] = []
    day: date | None = need.start
    for period in sorted(by, key=lambda p: p.start):
        if day is None or (need.end is not None and day >= need.end):
            break
        if period.end is not None and period.end <= day:
            continue
        if period.start > day:
            end = period.start if need.end is None else min(period.start, need.end)
            missing.append(Period(day, end))
        day = None if period.end is None else max(day, period.end)
    if day is not None and (need.end is None or day < need.end):
        missing.append(Period(day, need.end))
    return missing


def common(periods: Sequence[Period]) -> Period | None:
    """Return the days that all periods share, if there are any."""
    start = max(p.start for p in periods)
    ends = [p.end for p in periods if p.end is not None]
    end = min(ends) if ends else None
    return Period(start, end) if end is None or start < end else None


def in_words(period: Period) -> str:
    """Return a period for messages: ``from 2006-06-03 until 2007-12-31``."""
    until = f" until {period.end}" if period.end else " on"
    return f"from {period.start}{until}"


def _directions(tables: Tables, placed: list[PlacedLimit]) -> bool:
    """Report periods that end before they begin; True where there is one."""
    before = len(tables.problems)
    for file, path, period in _periods(tables):
        if period.end is not None and period.end <= period.start:
            tables.report(file, (*path, "until"), f"{period.end} is not after {period.start}")
    seen: set[tuple[str, Location]] = set()
    for item in placed:
        row = (item.file, item.path[:-2])
        limit = item.limit
        if row in seen:
            continue
        seen.add(row)
        if limit.period.end is not None and limit.period.end <= limit.period.start:
            tables.report(
                *row, f"ends on {limit.period.end}, not after its start {limit.period.start}"
            )
        if limit.binding_from < limit.period.start:
            tables.report(
                item.file,
                (*row[1], "binding_from"),
                f"{limit.binding_from} is before the limits' first day {limit.period.start}",
            )
    return len(tables.problems) > before


def _periods(tables: Tables) -> Iterable[Placed]:
    for item, party in tables.of(schema.PartyTable):
        for index, name in enumerate(party.name_period):
            place = (*item.path, "name_period", index)
            yield item.file, place, Period(name.start, name.until)
        for index, member in enumerate(party.membership):
            place = (*item.path, "membership", index)
            yield item.file, place, Period(member.start, member.until)
        for index, gap in enumerate(party.gap):
            yield item.file, (*item.path, "gap", index), Period(gap.start, gap.until)
        if party.part_from is not None:
            yield item.file, (*item.path, "part_of"), Period(party.part_from, party.part_until)
    for item, unknown in tables.of(schema.CeilingGapTable):
        yield item.file, item.path, Period(unknown.start, unknown.until)
    for item, obligation in tables.of(schema.ObligationTable):
        yield item.file, item.path, Period(obligation.start, obligation.until)


def _overlaps(tables: Tables, placed: list[PlacedLimit]) -> None:
    for item, party in tables.of(schema.PartyTable):
        times = [
            (item.file, (*item.path, "membership", i), Period(m.start, m.until))
            for i, m in enumerate(party.membership)
        ]
        _apart(tables, times, f"two memberships of '{party.id}' overlap")
        times += [
            (item.file, (*item.path, "gap", i), Period(g.start, g.until))
            for i, g in enumerate(party.gap)
        ]
        if times[len(party.membership) :]:
            _apart(tables, times, f"a gap of '{party.id}' overlaps a membership or another gap")
        names: list[Placed] = [
            (item.file, (*item.path, "name_period", i), Period(n.start, n.until))
            for i, n in enumerate(party.name_period)
        ]
        _apart(tables, names, f"two names of '{party.id}' overlap")
    for (party_id, category), group in _grouped(placed).items():
        of = f"of '{party_id}' in '{category}'"
        ceilings = [(p.file, p.path, p.limit.period) for p in group]
        _apart(tables, ceilings, f"two limits {of} overlap")
        gaps = [
            (item.file, item.path, gap.period)
            for item, gap in ceiling_gaps(tables)
            if party_id in gap.parties and category in gap.categories
        ]
        for file, path, gap_period in gaps:
            if any(gap_period.overlaps(period) for _, _, period in ceilings):
                tables.report(file, path, f"a declared gap overlaps a limit {of}")


def _apart(tables: Tables, periods: list[Placed], message: str) -> None:
    ordered = sorted(periods, key=lambda entry: entry[2].start)
    for (_, _, first), (file, path, second) in pairwise(ordered):
        if first.overlaps(second):
            tables.report(file, path, f"{message}: {in_words(first)}, and {in_words(second)}")


def _grouped(placed: list[PlacedLimit]) -> dict[tuple[str, str], list[PlacedLimit]]:
    groups: dict[tuple[str, str], list[PlacedLimit]] = {}
    for item in placed:
        groups.setdefault((item.limit.party, item.limit.category), []).append(item)
    return groups


def _gaps(tables: Tables, placed: list[PlacedLimit]) -> None:
    in_force = tables.agreement.in_force if tables.agreement else date.min
    groups = _grouped(placed)
    gaps = [gap for _, gap in ceiling_gaps(tables)]
    for item, party in tables.of(schema.PartyTable):
        bound = [Period(m.start, m.until) for m in party.membership]
        bound += [Period(g.start, g.until) for g in party.gap]
        for _, category in tables.of(schema.CategoryTable):
            known = groups.get((party.id, category.id), [])
            covered = [p.limit.period for p in known]
            covered += [
                gap.period
                for gap in gaps
                if party.id in gap.parties and category.id in gap.categories
            ]
            needs = [p for m in bound if (p := common([m, Period(in_force)])) is not None]
            if known:
                needs.append(_reach([p.limit.period for p in known]))
            missing = {hole for need in needs for hole in uncovered(need, covered)}
            for hole in sorted(missing, key=lambda p: p.start):
                tables.report(
                    item.file if not known else known[-1].file,
                    item.path if not known else known[-1].path,
                    f"'{party.id}' has neither a limit in '{category.id}' nor a declared gap "
                    f"{in_words(hole)}",
                    "a limit, or a [[gap]] with its reason",
                )


def _reach(periods: list[Period]) -> Period:
    ends = [p.end for p in periods]
    end = None if None in ends else max(e for e in ends if e is not None)
    return Period(min(p.start for p in periods), end)


def _successions(tables: Tables) -> None:
    parties = {t.id: t for _, t in tables.of(schema.PartyTable)}
    for item, party in tables.of(schema.PartyTable):
        own = [Period(m.start, m.until) for m in party.membership]
        own += [Period(g.start, g.until) for g in party.gap]
        first = min(p.start for p in own)
        for other in party.succeeds:
            before = parties.get(other)
            last = (
                max((m.until or date.max for m in before.membership), default=None)
                if before
                else None
            )
            if last is not None and last < first:
                tables.report(
                    item.file,
                    (*item.path, "membership"),
                    f"'{party.id}' succeeds '{other}', but nothing is said "
                    f"{in_words(Period(last, first))}",
                    "a [[party.gap]] with its reason",
                )


def _entities_add_up(tables: Tables, placed: list[PlacedLimit]) -> None:
    wholes: dict[str, list[tuple[str, Period]]] = {}
    for _, party in tables.of(schema.PartyTable):
        if party.part_of is not None and party.part_from is not None:
            part = Period(party.part_from, party.part_until)
            wholes.setdefault(party.part_of, []).append((party.id, part))
    groups = _grouped(placed)
    for whole, parts in wholes.items():
        for _, category in tables.of(schema.CategoryTable):
            for state in groups.get((whole, category.id), []):
                per_part = [
                    [(limit, part) for limit in groups.get((party_id, category.id), [])]
                    for party_id, part in parts
                ]
                _one_sum(tables, state, per_part)


def _one_sum(
    tables: Tables, state: PlacedLimit, parts: list[list[tuple[PlacedLimit, Period]]]
) -> None:
    """Compare a state's limit with the sum of its parts on the first day of each common stretch."""
    starts = {state.limit.period.start}
    starts |= {limit.limit.period.start for part in parts for limit, _ in part}
    starts |= {period.start for part in parts for _, period in part}
    for day in sorted(starts):
        if not state.limit.period.holds(day):
            continue
        values: list[Span] = []
        for part in parts:
            values += [
                limit.limit.value
                for limit, period in part
                if limit.limit.period.holds(day) and period.holds(day)
            ][:1]
        if len(values) == len(parts) and total(values) != state.limit.value:
            tables.report(
                state.file,
                state.path,
                f"the parts of '{state.limit.party}' add up to {total(values)} in "
                f"'{state.limit.category}' on {day}, not to {state.limit.value}",
            )
            return


def _proportions(tables: Tables, placed: list[PlacedLimit]) -> None:
    """Warn where no one unit, times the ratio, rounds to every limit of a schedule."""
    for item, rule in tables.of(schema.ProportionTable):
        if len(rule.parties) != len(rule.ratio):
            continue
        for category in rule.categories or [t.id for _, t in tables.of(schema.CategoryTable)]:
            found = {
                p.limit.party: p.limit.value
                for p in placed
                if p.limit.schedule == rule.schedule and p.limit.category == category
            }
            if not all(party in found for party in rule.parties):
                continue
            lows, highs = [], []
            for party, share in zip(rule.parties, rule.ratio, strict=True):
                value = found[party]
                if value.low is not None and value.high is not None:
                    lows.append((value.low - 0.5) / share)
                    highs.append((value.high + 0.5) / share)
            if lows and max(lows) > min(highs):
                shown = ", ".join(f"{party} {found[party]}" for party in rule.parties)
                ratio = " : ".join(f"{share:g}" for share in rule.ratio)
                tables.report(
                    item.file,
                    item.path,
                    f"the limits in '{category}' do not stand {ratio}: {shown}",
                    severity="warning",
                )
