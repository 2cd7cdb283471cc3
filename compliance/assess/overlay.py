"""A scenario laid over law, readings and evidence. Nothing of it can reach the ledger from here."""

from __future__ import annotations

from dataclasses import replace

from compliance.agreement.assume import assume
from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.values.evidence import Evidence, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import said
from compliance.values.scenario import Scenario


@frozen
class Ground:
    """What an assessment stands on."""

    law: Agreement
    readings: Readings
    evidence: Evidence


def lay_over(ground: Ground, scenario: Scenario) -> Ground:
    """Return the ground with a scenario's assumptions laid over it.

    Its lines may stand in any order; an empty scenario returns the ground as it was.

    Raises:
        ComplianceError: a reading answers no question of the agreement.
    """
    if scenario.empty:
        return ground
    assumed = tuple(
        RecordedMovement(f"assumed:{number}", row, assumed=True)
        for number, row in enumerate(scenario.ordered, start=1)
    )
    # Through the same door as the command line's, so that a wrong answer is refused alike.
    answers = [f"{question}={answer}" for question, answer in scenario.readings.items()]
    Readings.from_options(ground.law, answers)
    return Ground(
        law=assume(
            ground.law,
            scenario.ceilings,
            name=said("the scenario '{scenario}'", scenario=scenario.name),
        ),
        readings=ground.readings.with_answers(scenario.readings),
        evidence=replace(ground.evidence, movements=(*ground.evidence.movements, *assumed)),
    )
