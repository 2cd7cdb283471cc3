"""From which change on a pack asks for a notification: law, with its number in the pack."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_pack import SIGNED, small_pack, write_pack

from compliance.agreement.load import check, load
from compliance.resources import folder
from compliance.values.vocabulary import LawStatus


def _pack(tmp_path: Path, *percents: object) -> Path:
    pack = small_pack()
    duties: list[dict[str, Any]] = pack["obligations.toml"]["obligation"]
    annual = duties[0]
    for number, percent in enumerate(percents):
        duty = {**annual, "id": f"change-{number}", "rhythm": "event", "change_percent": percent}
        duty.pop("valid")
        duties.append(duty)
    return write_pack(tmp_path / "testing", pack)


def test_the_agreement_speaks_of_ten_per_cent_on_weak_authority() -> None:
    law = load(folder("rules") / "florence-1996")
    duty = law.duty_of_change(date(2020, 1, 1))
    assert duty is not None
    assert (duty.id, duty.change_percent) == ("change-of-ten-per-cent", 10)
    assert duty.citation.status is LawStatus.DERIVED
    assert law.duty_of_change(law.signed - timedelta(days=1)) is None


def test_the_strictest_duty_counts_and_none_is_made_up(tmp_path: Path) -> None:
    assert load(_pack(tmp_path / "none")).duty_of_change(SIGNED) is None
    duty = load(_pack(tmp_path / "two", 20, 15)).duty_of_change(SIGNED)
    assert duty is not None
    assert duty.change_percent == 15


@pytest.mark.parametrize("percent", [0, 101, -10, "10", 10.5, True])
def test_a_percentage_that_is_none_is_refused(tmp_path: Path, percent: object) -> None:
    problems = check(_pack(tmp_path, percent)).problems
    assert [p.where for p in problems] == ["obligation[1].change_percent"]
