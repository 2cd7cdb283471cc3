"""The invented treaty of the benchmark: thirty Parties, five categories, a ceiling for each.

Everything here is synthetic. The types are designations of the shipped catalogue, so that ours has
to look them up as it would for real rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

FIRST_YEAR, YEARS = 1991, 35
LAST_YEAR = FIRST_YEAR + YEARS - 1
SEED = 1996
PARTIES = tuple(f"party-{number:02}" for number in range(1, 31))
TYPES_OF_A_PARTY = 12

_TYPES = {
    "battle_tank": (
        "T-54|T-55|M-84|M-84AS|M-84A4 Sniper|M-84D|M-95 Degman|M47 Patton|M60A3|T-72M|T-72B1MS"
        "|AMX-30|Leopard 2A8|Leopard 2A4"
    ),
    "armoured_combat_vehicle": (
        "PT-76|SU-100|M-60P|BTR-40|BTR-152|BTR-50PK|BTR-60PB|BTR-70|BTR-80|MT-LB|M113A2|BOV-VP"
        "|M-80A BVP|M-98 Vidra|M2A2 Bradley|AMX-10P|BMP-1|BMP-2"
    ),
    "artillery": (
        "76 mm ZIS-3|105 mm M56|105 mm M101|122 mm D-30|2S1 Gvozdika|130 mm M-46|152 mm D-20"
        "|152 mm M-84 Nora-A|203 mm M115|PzH 2000|82 mm M69|120 mm M74|M-63 Plamen|M-77 Oganj"
        "|M-87 Orkan|BM-21 Grad"
    ),
    "combat_aircraft": "MiG-21|MiG-29|J-22 Orao|J-1 Jastreb|J-20 Kraguj|Dassault Rafale|F-16|Su-25",
    "attack_helicopter": "Mi-24|Mi-35M|Mi-35P|OH-58D Kiowa Warrior",
}
CATEGORY_OF = {name: category for category, names in _TYPES.items() for name in names.split("|")}
TYPES = tuple(CATEGORY_OF)
CATEGORIES = tuple(_TYPES)


@dataclass(frozen=True)
class Party:
    """An invented Party.

    Attributes:
        types: what it holds, of every category at least one.
        usual: about how many of each it holds over the years, in the order of ``types``.
        ceilings: how many it may hold, by category.
    """

    id: str
    types: tuple[str, ...]
    usual: tuple[int, ...]
    ceilings: dict[str, int]


def parties() -> tuple[Party, ...]:
    """Return the thirty Parties: the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 - invented figures
    found = []
    for party in PARTIES:
        of_each = [chance.choice(names.split("|")) for names in _TYPES.values()]
        others = [name for name in TYPES if name not in of_each]
        types = tuple(sorted([*of_each, *chance.sample(others, TYPES_OF_A_PARTY - len(of_each))]))
        usual = tuple(chance.randint(60, 400) for _ in types)
        ceilings = dict.fromkeys(CATEGORIES, 0)
        for name, number in zip(types, usual, strict=True):
            ceilings[CATEGORY_OF[name]] += number * 11 // 10
        found.append(Party(party, types, usual, ceilings))
    return tuple(found)


_CITED = """\
instrument = "Invented treaty of the benchmark (synthetic)"
provision = "Article 1 (invented)"
status = "text"
grade = "A"
sources = ["invention"]
"""


_SOURCE = """
[invention]
title = "Synthetic: made for the benchmark; there is no such treaty"
"""
SHIPPED = Path(__file__).parents[1] / "rules" / "florence-1996"
_AS_SHIPPED = ("categories.toml", "questions.toml", "counting.toml", "sources.toml")
"""The definitions and questions are the shipped ones: a catalogue is read with them."""


def write_pack(folder: Path) -> Path:
    """Write the invented treaty as a rule pack into a folder, and return the pack's folder."""
    pack = folder / "bench-treaty"
    pack.mkdir(parents=True, exist_ok=True)
    begin = f"{FIRST_YEAR - 1}-01-01"
    files = {
        "agreement.toml": f"""\
id = "bench-treaty"
version = "1"
title = "Invented treaty of the benchmark (synthetic)"
short_title = "Bench treaty (synthetic)"
signed = {begin}
in_force = {begin}
catalogue = "heavy-weapons"

[identity]
{_CITED}
[currency]
months = 13
{_CITED}""",
        "parties.toml": "\n".join(
            f"""\
[[party]]
id = "{party}"
name = "{party.replace("-", " ").title()} (synthetic)"
kind = "state"

[[party.membership]]
from = {begin}
{_CITED}"""
            for party in PARTIES
        ),
        "ceilings.toml": f"""\
[[schedule]]
id = "limits"
title = "Invented limits (synthetic)"
from = {begin}
binding_from = {begin}
{_CITED}
"""
        + "\n".join(
            f"""\
[[schedule.party]]
id = "{party.id}"
limits = {{ {", ".join(f"{name} = {limit}" for name, limit in party.ceilings.items())} }}
"""
            for party in parties()
        ),
    }
    for name in _AS_SHIPPED:
        files[name] = (SHIPPED / name).read_text(encoding="utf-8")
    files["sources.toml"] += _SOURCE
    for name, text in files.items():
        (pack / name).write_text(text, encoding="utf-8", newline="\n")
    return pack
