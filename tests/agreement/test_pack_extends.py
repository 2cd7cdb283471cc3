"""A pack may extend another: what it says otherwise replaces the base's value and is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import CITE, DERIVED, small_pack, write_pack

from compliance.agreement.law import Agreement
from compliance.agreement.load import CheckResult, check, load
from compliance.values.errors import InvalidInput
from compliance.values.span import Span
from compliance.values.vocabulary import LawStatus

TEXT = {**CITE, "sources": ["full-text"]}
IDENTITY = {"agreement.toml": {"id": "better", "extends": "testing", "version": "2.0.0"}}


def finder(root: Path) -> Callable[[str], Path]:
    def find(pack_id: str) -> Path:
        if not (root / pack_id).is_dir():
            raise LookupError(f"no folder {pack_id}")
        return root / pack_id

    return find


def extended(root: Path, top: dict[str, Any], base: dict[str, Any] | None = None) -> CheckResult:
    write_pack(root / "testing", base or small_pack())
    folder = write_pack(root / "better", {**IDENTITY, **top})
    return check(folder, find=finder(root))


def lawful(result: CheckResult) -> Agreement:
    assert result.errors == ()
    assert result.agreement is not None
    return result.agreement


def base_with_derived_limit() -> dict[str, Any]:
    pack = small_pack()
    pack["ceilings.toml"]["schedule"][0]["party"][3]["limits"]["tank"] = {
        "value": "28..32",
        "status": "derived",
        "grade": "C",
        "question": "exclusions",
        "accepting": "apply",
        "note": "A guess.",
    }
    return pack


def with_limit(limit: Any, **row: Any) -> dict[str, Any]:
    party = {"id": "neighbour", "limits": {"tank": limit}, **row}
    return {"ceilings.toml": {"schedule": [{"id": "first", "party": [party]}]}}


FULL_TEXT = {"sources.toml": {"full-text": {"title": "The full text"}}}


def test_a_better_sourced_limit_replaces_the_guess_whole(tmp_path: Path) -> None:
    top = {**FULL_TEXT, **with_limit({"value": 31, **TEXT, "provision": "Article 4"})}
    result = extended(tmp_path, top, base_with_derived_limit())
    law = lawful(result)
    assert result.warnings == ()
    limit = law.ceiling("neighbour", "tank", date(2001, 6, 1)).limit
    assert limit is not None
    assert limit.value == Span.exactly(31)
    assert limit.citation.status is LawStatus.TEXT
    assert [s.id for s in limit.citation.sources] == ["full-text"]
    assert (limit.question, limit.note) == ("", "")
    assert [(r.path, r.old, r.new) for r in law.replaced] == [
        (
            "ceilings.toml: schedule[first].party[neighbour].limits.tank",
            "28..32 (derived, C)",
            "31 (text, A)",
        )
    ]


def test_everything_else_stays_the_base_s(tmp_path: Path) -> None:
    top = {**FULL_TEXT, **with_limit({"value": 31, **TEXT})}
    law = lawful(extended(tmp_path, top))
    base = load(tmp_path / "testing")
    assert (law.id, law.extends, law.version) == ("better", "testing", "2.0.0")
    assert law.title == base.title
    assert law.parties == base.parties
    assert law.questions == base.questions
    unchanged = [
        limit
        for limit in base.limits
        if (limit.party, limit.category)
        != (
            "neighbour",
            "tank",
        )
    ]
    assert [limit for limit in law.limits if limit in unchanged] == unchanged
    assert len(law.limits) == len(base.limits)
    assert law.sha256 != base.sha256


def test_a_new_limit_without_a_source_of_its_own_is_warned_of(tmp_path: Path) -> None:
    result = extended(tmp_path, with_limit(31))
    assert [p.severity for p in result.problems] == ["warning"]
    problem = result.problems[0]
    assert problem.file == str(tmp_path / "better" / "ceilings.toml")
    assert problem.where == "schedule[0].party[0].limits.tank"
    assert "names no source of its own" in problem.message


def test_sources_of_the_row_serve_its_limits(tmp_path: Path) -> None:
    result = extended(tmp_path, {**FULL_TEXT, **with_limit(31, sources=["full-text"])})
    assert result.problems == ()
    limit = lawful(result).ceiling("neighbour", "tank", date(2001, 6, 1)).limit
    assert limit is not None
    assert [s.id for s in limit.citation.sources] == ["full-text"]


def test_new_tables_are_added_and_leaves_replaced(tmp_path: Path) -> None:
    top = {
        "questions.toml": {
            "question": [
                {"id": "exclusions", "default": "none"},
                {
                    "id": "new-one",
                    "title": "New?",
                    "why_open": "Nobody asked.",
                    "default": "a",
                    "applied": False,
                    **DERIVED,
                    "reading": [{"id": "a", "text": "A."}, {"id": "b", "text": "B."}],
                },
            ]
        },
        "parties.toml": {"party": [{"id": "neighbour", "aliases": ["NB", "Nextdoor"]}]},
    }
    law = lawful(extended(tmp_path, top))
    assert [q.id for q in law.questions] == ["small-guns", "exclusions", "new-one"]
    question = law.question("exclusions")
    assert question is not None
    assert question.default == "none"
    assert law.resolve_party("nextdoor") == "neighbour"
    assert [(r.path, r.old, r.new) for r in law.replaced] == [
        ("parties.toml: party[neighbour].aliases", '["NB"]', '["NB", "Nextdoor"]'),
        ("questions.toml: question[exclusions].default", "apply", "none"),
    ]


def test_a_problem_names_the_file_it_was_written_in(tmp_path: Path) -> None:
    top = {
        "questions.toml": {"question": [{"id": "exclusions", "default": "never"}]},
        "parties.toml": {"actor": [{"id": "stranger", "nam": "Stranger", **CITE}]},
    }
    found = {(p.file, p.where) for p in extended(tmp_path, top).problems}
    better = tmp_path / "better"
    assert (str(better / "questions.toml"), "question[0].default") in found
    assert (str(better / "parties.toml"), "actor[0].nam") in found
    assert all(file.startswith(str(better)) for file, _ in found)


def test_a_problem_of_the_base_names_the_base(tmp_path: Path) -> None:
    base = small_pack()
    base["questions.toml"]["question"][1]["default"] = "never"
    result = extended(tmp_path, {}, base)
    assert [(p.file, p.where) for p in result.problems] == [
        (str(tmp_path / "testing" / "questions.toml"), "question[1].default")
    ]


def test_three_packs_in_a_row(tmp_path: Path) -> None:
    extended(tmp_path, {**FULL_TEXT, **with_limit({"value": 31, **TEXT})})
    top = write_pack(
        tmp_path / "best",
        {
            "agreement.toml": {"id": "best", "extends": "better"},
            **with_limit({"value": 32, **TEXT}),
        },
    )
    law = load(top, find=finder(tmp_path))
    assert [(r.old, r.new) for r in law.replaced] == [
        ("30", "31 (text, A)"),
        (
            "31 (text, A)",
            "32 (text, A)",
        ),
    ]


@pytest.mark.parametrize(
    ("agreement", "where", "phrase"),
    [
        ({"id": "better", "extends": "better"}, "extends", "loop: better -> better"),
        ({"id": "better", "extends": "missing"}, "extends", "no base pack 'missing'"),
        ({"id": "better", "extends": 7}, "extends", "7 is no pack id"),
        ({"extends": "testing"}, "id", "an id of its own"),
        ({"id": "testing", "extends": "testing"}, "id", "an id of its own"),
    ],
)
def test_what_cannot_be_extended(
    agreement: dict[str, Any], where: str, phrase: str, tmp_path: Path
) -> None:
    found = extended(tmp_path, {"agreement.toml": agreement}).problems
    assert [(p.where, phrase in p.message) for p in found] == [(where, True)]


def test_a_longer_loop_is_named(tmp_path: Path) -> None:
    for one, other in (("one", "two"), ("two", "three"), ("three", "two")):
        write_pack(tmp_path / one, {"agreement.toml": {"id": one, "extends": other}})
    found = check(tmp_path / "one", find=finder(tmp_path)).problems
    assert ["two -> three -> two" in p.message for p in found] == [True]


def test_without_a_way_to_find_bases_the_pack_is_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "better", IDENTITY)
    with pytest.raises(InvalidInput) as caught:
        load(folder)
    assert [p.where for p in caught.value.problems] == ["extends"]
