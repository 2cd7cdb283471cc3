"""A worked case may say which findings there must be and which there must not."""

from __future__ import annotations

import pytest
from small_law import DAY, TANK, held, law, limit

from compliance.agreement.case_schema import Expectation
from compliance.agreement.cases import Case
from compliance.assess.cases import run
from compliance.assess.types import no_catalogue
from compliance.values.vocabulary import Verdict

ROWS = (held(100), held(101, "M-84"))


def _case(findings: tuple[str, ...], no_findings: tuple[str, ...]) -> Case:
    expected = Expectation(
        party="serbia",
        category=TANK,
        counted=None,
        ceiling=None,
        headroom=None,
        unknown=frozenset(),
        verdict=Verdict.WITHIN,
        conditional=None,
        findings=findings,
        no_findings=no_findings,
        reason_contains=(),
    )
    return Case(
        file="cases/synthetic.toml",
        where="case[0]",
        name="Synthetic",
        why="to try it",
        sources=(),
        as_of=DAY,
        basis=None,
        accept_stale=False,
        readings=(),
        rows=ROWS,
        expected=(expected,),
    )


@pytest.mark.parametrize(
    ("findings", "no_findings", "wrong"),
    [
        (("cross_footing",), ("below_zero",), ""),
        (("below_zero",), (), "there is no finding 'below_zero'"),
        ((), ("cross_footing",), "there is a finding 'cross_footing', the case says there is none"),
    ],
)
def test_a_case_is_held_to_its_findings(
    findings: tuple[str, ...], no_findings: tuple[str, ...], wrong: str
) -> None:
    problems = run(_case(findings, no_findings), law(limit("serbia", TANK, 900)), no_catalogue)
    assert [wrong in problem.message for problem in problems] == ([True] if wrong else [])
