"""Checks of a rule pack's parties, definitions, ceilings, counting rules and questions.

What needs calendars and arithmetic is in :mod:`compliance.agreement.checks_in_time`.
"""

from __future__ import annotations

from compliance.agreement import schema
from compliance.agreement.build import ALL
from compliance.agreement.packfiles import Location
from compliance.agreement.parse import Tables
from compliance.agreement.references import known, known_categories, known_reading
from compliance.values.names import did_you_mean
from compliance.values.vocabulary import LawStatus


def check(tables: Tables) -> None:
    """Run every check of this module; problems are added to the tables."""
    _parties(tables)
    _definitions(tables)
    _ceilings(tables)
    _counting(tables)
    _questions(tables)
    _obligations(tables)


def _parties(tables: Tables) -> None:
    for item, party in tables.of(schema.PartyTable):
        for index, other in enumerate(party.succeeds):
            known(tables, "party", other, item.file, (*item.path, "succeeds", index))
            if other == party.id:
                tables.report(item.file, (*item.path, "succeeds"), "a party succeeds itself")
        if party.succeeds and party.succession is None:
            tables.report(
                item.file, (*item.path, "succession"), "is missing: say on what authority"
            )
        if party.part_of is not None:
            known(tables, "party", party.part_of, item.file, (*item.path, "part_of"))
            if party.part_from is None:
                tables.report(item.file, (*item.path, "part_from"), "is missing beside part_of")
            if party.part_of == party.id:
                tables.report(item.file, (*item.path, "part_of"), "a party is part of itself")
        elif party.part_from or party.part_until:
            tables.report(item.file, (*item.path, "part_of"), "is missing beside its dates")
    _no_loops_of_parts(tables)


def _no_loops_of_parts(tables: Tables) -> None:
    above = {t.id: t.part_of for _, t in tables.of(schema.PartyTable)}
    for item, party in tables.of(schema.PartyTable):
        step, seen = above.get(party.id), {party.id}
        while step is not None and step not in seen:
            seen.add(step)
            step = above.get(step)
        if step == party.id and above[party.id] != party.id:
            tables.report(item.file, (*item.path, "part_of"), "parts lead back to the whole")


def _definitions(tables: Tables) -> None:
    attributes = {t.id: t for _, t in tables.of(schema.AttributeTable)}
    for item, attribute in tables.of(schema.AttributeTable):
        if (attribute.kind == "word") != bool(attribute.words):
            tables.report(
                item.file, (*item.path, "words"), "words are for attributes of the kind 'word' only"
            )
    for item, category in tables.of(schema.CategoryTable):
        for index, definition in enumerate(category.definition):
            place = (*item.path, "definition", index)
            for key, tests in (("criterion", definition.criterion), ("unless", definition.unless)):
                for number, test in enumerate(tests):
                    _criterion(tables, item.file, (*place, key, number), test, attributes)
            if definition.only_if is not None:
                condition = (*place, "only_if")
                known_reading(
                    tables,
                    definition.only_if.question,
                    definition.only_if.reading,
                    item.file,
                    ((*condition, "question"), (*condition, "reading")),
                )


def _criterion(
    tables: Tables,
    file: str,
    path: Location,
    test: schema.CriterionTable,
    attributes: dict[str, schema.AttributeTable],
) -> None:
    attribute = attributes.get(test.attribute)
    if attribute is None:
        known(tables, "attribute", test.attribute, file, (*path, "attribute"))
        return
    if test.is_ is not None:
        key, values = "is", [test.is_]
    elif test.in_ is not None:
        key, values = "in", test.in_
    else:
        if attribute.kind != "number":
            tables.report(file, path, f"'{attribute.id}' is no number and cannot be compared")
        return
    for value in values:
        fits = {
            "number": isinstance(value, int | float) and not isinstance(value, bool),
            "yes_no": isinstance(value, bool),
            "word": isinstance(value, str) and value in attribute.words,
        }[attribute.kind]
        if not fits:
            expected = {"number": "a number", "yes_no": "true or false"}.get(
                attribute.kind, ", ".join(attribute.words)
            )
            tables.report(
                file,
                (*path, key),
                f"{value!r} is no value of the attribute '{attribute.id}'",
                expected,
                did_you_mean(str(value), attribute.words),
            )


def _ceilings(tables: Tables) -> None:
    for item, schedule in tables.of(schema.ScheduleTable):
        for row, party in enumerate(schedule.party):
            place = (*item.path, "party", row)
            known(tables, "party", party.id, item.file, (*place, "id"))
            for category, limit in party.limits.items():
                at = (*place, "limits", category)
                known(tables, "category", category, item.file, at)
                status = limit.status or party.status or schedule.status
                if status is LawStatus.DERIVED and limit.question is None:
                    tables.report(
                        item.file,
                        at,
                        "a derived limit needs the question that lets a reader use it",
                        "question and accepting",
                    )
                if not limit.value.closed:
                    tables.report(item.file, at, f"the limit {limit.value} has an open side")
                _question_and_accepting(tables, item.file, at, limit.question, limit.accepting)
    for file, *path in tables.raw.unsourced:
        tables.report(
            str(file),
            tuple(path),
            "replaces a limit and names no source of its own, so the base's still stands beside it",
            "sources beside the limit, or in its row",
            severity="warning",
        )
    for item, gap in tables.of(schema.CeilingGapTable):
        for index, party_id in enumerate(gap.parties):
            known(tables, "party", party_id, item.file, (*item.path, "parties", index))
        known_categories(tables, gap.categories, item.file, (*item.path, "categories"), or_all=True)
    for item, proportion in tables.of(schema.ProportionTable):
        known(tables, "schedule", proportion.schedule, item.file, (*item.path, "schedule"))
        known_categories(tables, proportion.categories, item.file, (*item.path, "categories"))
        for index, party_id in enumerate(proportion.parties):
            known(tables, "party", party_id, item.file, (*item.path, "parties", index))
        if len(proportion.parties) != len(proportion.ratio):
            tables.report(item.file, (*item.path, "ratio"), "needs one number for each party")


def _question_and_accepting(
    tables: Tables, file: str, path: Location, question: str | None, accepting: str | None
) -> None:
    if question is not None and accepting is not None:
        known_reading(
            tables, question, accepting, file, ((*path, "question"), (*path, "accepting"))
        )
    elif question is not None or accepting is not None:
        tables.report(file, path, "question and accepting stand together or not at all")


def _counting(tables: Tables) -> None:
    taken: dict[tuple[str, str], str] = {}
    for item, rule in tables.of(schema.RuleTable):
        known_categories(tables, rule.categories, item.file, (*item.path, "categories"))
        _question_and_accepting(tables, item.file, item.path, rule.question, rule.accepting)
        if not rule.counted and rule.status is not LawStatus.TEXT and rule.question is None:
            tables.report(
                item.file,
                (*item.path, "question"),
                "an exclusion that was not read in the text needs the question it depends on",
            )
        if rule.counted and rule.question is not None:
            tables.report(
                item.file,
                (*item.path, "question"),
                "a rule that counts excludes nothing, so no question can close it",
            )
        for category in rule.categories or [ALL]:
            for held in {category, ALL} if category != ALL else {ALL}:
                other = taken.get((rule.holding_status.value, held))
                if other is not None:
                    tables.report(
                        item.file,
                        (*item.path, "holding_status"),
                        f"the rule '{other}' already speaks of '{rule.holding_status.value}'",
                    )
            taken[(rule.holding_status.value, category)] = rule.id


# The answers to which the engine gives meaning.
_ENGINE_READINGS = {
    "party-claims": ("accepted", "rejected"),
    "row-or-catalogue": ("row", "catalogue"),
}


def _questions(tables: Tables) -> None:
    engines: dict[str, str] = {}
    for item, question in tables.of(schema.QuestionTable):
        readings = [r.id for r in question.reading]
        if question.default not in readings:
            tables.report(
                item.file,
                (*item.path, "default"),
                f"'{question.default}' is not among the readings",
                ", ".join(readings),
                did_you_mean(question.default, readings),
            )
        if question.applied != bool(question.applied_because):
            tables.report(
                item.file,
                (*item.path, "applied_because"),
                "say why the default is applied, and only then",
            )
        for reading in _ENGINE_READINGS.get(question.engine, ()):
            if reading not in readings:
                tables.report(
                    item.file,
                    (*item.path, "reading"),
                    f"the engine's question '{question.engine}' needs the reading '{reading}'",
                )
        if question.engine:
            other = engines.setdefault(question.engine, question.id)
            if other != question.id:
                tables.report(
                    item.file,
                    (*item.path, "engine"),
                    f"'{other}' already is the question '{question.engine}'",
                )


def _obligations(tables: Tables) -> None:
    for item, gap in tables.of(schema.ReportingGapTable):
        known(tables, "party", gap.party, item.file, (*item.path, "party"))
        if gap.ended is not None and gap.ended.last < gap.began.first:
            tables.report(item.file, (*item.path, "ended"), "lies before its beginning")
