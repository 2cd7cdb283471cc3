"""A small vocabulary, so that the tests of the intake need neither law nor catalogue."""

from __future__ import annotations

import pytest

from compliance.intake.rows import Vocabulary
from compliance.values.names import fold

PARTIES = {
    "serbia": "serbia",
    "rs": "serbia",
    "croatia": "croatia",
    "montenegro": "montenegro",
    "kosovo": "kosovo",
}
CATEGORIES = {
    "battletank": "battle_tank",
    "tanks": "battle_tank",
    "artillery": "artillery",
    "combataircraft": "combat_aircraft",
}
TYPES = {"rafale", "m84", "norab52"}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(
        resolve_party=lambda text: PARTIES.get(fold(text)),
        party_ids=("serbia", "croatia", "montenegro", "kosovo"),
        party_names=("serbia", "Serbia", "croatia", "Croatia", "montenegro", "kosovo"),
        resolve_category=lambda text: CATEGORIES.get(fold(text)),
        category_ids=("battle_tank", "artillery", "combat_aircraft"),
        knows_type=lambda text: fold(text) in TYPES,
    )
