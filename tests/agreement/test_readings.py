"""Answers to open questions: the reader's, the pack's applied defaults, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import small_pack, write_pack

from compliance.agreement.law import Agreement
from compliance.agreement.load import load
from compliance.agreement.select import Readings
from compliance.values.errors import ComplianceError


@pytest.fixture
def law(tmp_path: Path) -> Agreement:
    return load(write_pack(tmp_path / "testing", small_pack()))


def test_without_options_only_applied_defaults_answer(law: Agreement) -> None:
    readings = Readings.from_options(law)
    assert dict(readings.closed) == {}
    assert dict(readings.applied) == {"small-guns": "included"}
    assert readings.answer("small-guns") == "included"
    assert readings.answer("exclusions") is None
    assert readings.is_open("exclusions")
    assert not readings.is_open("small-guns")
    assert readings.is_open("never-asked")


def test_the_reader_overrides_an_applied_default(law: Agreement) -> None:
    readings = Readings.from_options(law, ["small-guns=excluded", " exclusions = none "])
    assert dict(readings.closed) == {"small-guns": "excluded", "exclusions": "none"}
    assert dict(readings.applied) == {}
    assert readings.answer("small-guns") == "excluded"


def test_the_same_answer_twice_is_fine(law: Agreement) -> None:
    assert Readings.from_options(law, ["exclusions=none"] * 2).answer("exclusions") == "none"


def test_answers_added_for_enumeration_leave_the_rest(law: Agreement) -> None:
    first = Readings.from_options(law, ["exclusions=none"])
    tried = first.with_answers({"small-guns": "excluded"})
    assert tried.answer("small-guns") == "excluded"
    assert tried.answer("exclusions") == "none"
    assert first.answer("small-guns") == "included"


@pytest.mark.parametrize(
    ("options", "message", "todo"),
    [
        (["exclusion=none"], "asks no question 'exclusion'", "did you mean 'exclusions'?"),
        (["zzz=none"], "asks no question 'zzz'", "the questions are: small-guns, exclusions"),
        (["exclusions=aply"], "its answers are: apply, none", "did you mean 'apply'?"),
        (["exclusions=zzz"], "its answers are: apply, none", "choose one of them"),
        (["exclusions"], "answers no question", "question=answer"),
        (["=none"], "answers no question", "question=answer"),
        (["exclusions="], "answers no question", "question=answer"),
        (["exclusions=none", "exclusions=apply"], "answered twice", "one answer"),
    ],
)
def test_wrong_options_say_what_is_right(
    options: list[str], message: str, todo: str, law: Agreement
) -> None:
    with pytest.raises(ComplianceError) as caught:
        Readings.from_options(law, options)
    assert message in caught.value.message
    assert todo in caught.value.todo
    assert caught.value.exit_code == 2
