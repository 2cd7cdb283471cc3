"""The ceiling check of every party and category on a day, by OpenFisca.

    python with_openfisca.py write FOLDER < LIMITS    a country package's parameters, as YAML
    python with_openfisca.py check FOLDER DAY < COUNTS

LIMITS is {party: {category: limit}} with the day they hold from under ``from``; COUNTS is
{"party/category": [low, high]}. The counts are given to it: it keeps no ledger.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def write(folder: Path) -> dict[str, int]:
    """Write one dated parameter for each category and party."""
    limits: dict[str, Any] = json.load(sys.stdin)
    begin, written = limits.pop("from"), 0
    for party, of in limits.items():
        for category, limit in of.items():
            path = folder / "parameters" / category / f"{party.replace('-', '_')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                f"description: Synthetic limit\nvalues:\n  {begin}:\n    value: {limit}\n",
                encoding="utf-8",
            )
            written += 1
    return {"written": written}


def check(folder: Path, day: str) -> dict[str, str]:
    """Return a verdict for each party and category."""
    import numpy
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    counts: dict[str, list[int]] = json.load(sys.stdin)
    parties = sorted({name.partition("/")[0] for name in counts})
    categories = sorted({name.partition("/")[2] for name in counts})
    party = build_entity(key="party", plural="parties", label="Party", is_person=True)
    system = TaxBenefitSystem([party])
    system.load_parameters(str(folder / "parameters"))

    def variable(name: str, kind: type, formula: Any = None) -> None:
        made = {"value_type": kind, "entity": party, "definition_period": DateUnit.DAY,
                "label": name}  # fmt: skip
        if formula is not None:
            made["formula"] = formula
        system.add_variable(type(name, (Variable,), made))

    def exceeds(category: str) -> Any:
        def formula(holder: Any, period: Any, parameters: Any) -> Any:
            limits = parameters(period)
            limit = getattr(limits, category)[holder("known_as", period)]
            return (holder(f"{category}_low", period) > limit) * 2 + (
                holder(f"{category}_high", period) > limit
            )

        return formula

    variable("known_as", str)
    for category in categories:
        variable(f"{category}_low", int)
        variable(f"{category}_high", int)
        variable(f"{category}_verdict", int, exceeds(category))

    simulation = SimulationBuilder().build_default_simulation(system, count=len(parties))
    names = numpy.array([name.replace("-", "_") for name in parties])
    simulation.set_input("known_as", day, names)
    for category in categories:
        for place, bound in enumerate(("low", "high")):
            held = numpy.array([counts[f"{name}/{category}"][place] for name in parties])
            simulation.set_input(f"{category}_{bound}", day, held)
    words = {0: "within", 1: "indeterminate", 3: "exceeds"}
    return {
        f"{name}/{category}": words[int(value)]
        for category in categories
        for name, value in zip(
            parties, simulation.calculate(f"{category}_verdict", day), strict=True
        )
    }


if __name__ == "__main__":
    task, home, *day = sys.argv[1:]
    result = write(Path(home)) if task == "write" else check(Path(home), *day)
    print(json.dumps(result))  # noqa: T201
