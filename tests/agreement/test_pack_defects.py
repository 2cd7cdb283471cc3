"""Every mistake in a pack gives one plain problem that names the file and the key path."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import CITE, DERIVED, SIGNED, small_case, small_pack, write_pack

from compliance.agreement.load import check, load
from compliance.values.errors import InvalidInput, Problem

Pack = dict[str, dict[str, Any]]
Change = Callable[[Pack], Any]


def problems(tmp_path: Path, pack: dict[str, Any]) -> list[Problem]:
    return list(check(write_pack(tmp_path / "testing", pack)).problems)


def party(pack: Pack, index: int) -> dict[str, Any]:
    return pack["parties.toml"]["party"][index]


def row(pack: Pack, index: int) -> dict[str, Any]:
    return pack["ceilings.toml"]["schedule"][0]["party"][index]


def category(pack: Pack, index: int) -> dict[str, Any]:
    return pack["categories.toml"]["category"][index]


def question(pack: Pack, index: int) -> dict[str, Any]:
    return pack["questions.toml"]["question"][index]


def rename(table: dict[str, Any], old: str, new: str) -> None:
    table[new] = table.pop(old)


def second_schedule(**more: Any) -> dict[str, Any]:
    return {
        "id": "second",
        "title": "Second",
        "from": date(2004, 1, 1),
        "binding_from": date(2004, 1, 1),
        **CITE,
        "party": [{"id": "neighbour", "limits": {"tank": 31, "artillery": 60}}],
        **more,
    }


def test_the_small_pack_is_valid(tmp_path: Path) -> None:
    assert problems(tmp_path, small_pack()) == []


DEFECTS: dict[str, tuple[Change, str, str, str]] = {
    "misspelt key": (
        lambda p: rename(p["ceilings.toml"]["schedule"][0], "binding_from", "bindng_from"),
        "ceilings.toml",
        "schedule[0].bindng_from",
        "did you mean 'binding_from'?",
    ),
    "misspelt key deep inside": (
        lambda p: category(p, 0)["definition"][0]["criterion"][0].update(txt="x"),
        "categories.toml",
        "category[0].definition[0].criterion[0].txt",
        "did you mean 'text'?",
    ),
    "misspelt array": (
        lambda p: rename(p["parties.toml"], "actor", "actr"),
        "parties.toml",
        "actr",
        "did you mean 'actor'?",
    ),
    "misspelt key of agreement.toml": (
        lambda p: p["agreement.toml"].update(catalog="x"),
        "agreement.toml",
        "catalog",
        "did you mean 'catalogue'?",
    ),
    "wrong type": (
        lambda p: row(p, 3)["limits"].update(artillery="many"),
        "ceilings.toml",
        "schedule[0].party[3].limits.artillery.value",
        "'many' is no quantity",
    ),
    "a limit that is true": (
        lambda p: row(p, 3)["limits"].update(artillery=True),
        "ceilings.toml",
        "schedule[0].party[3].limits.artillery.value",
        "True is no quantity",
    ),
    "a date in quotes": (
        lambda p: p["agreement.toml"].update(signed="2000-01-01"),
        "agreement.toml",
        "signed",
        "a date without quotes",
    ),
    "word not allowed": (
        lambda p: party(p, 0).update(kind="stat"),
        "parties.toml",
        "party[0].kind",
        "did you mean 'state'?",
    ),
    "missing citation": (
        lambda p: party(p, 0)["membership"][0].pop("sources"),
        "parties.toml",
        "party[0].membership[0].sources",
        "is missing",
    ),
    "empty citation": (
        lambda p: category(p, 1).update(sources=[]),
        "categories.toml",
        "category[1].sources",
        "is empty",
    ),
    "unknown source": (
        lambda p: p["agreement.toml"]["currency"].update(sources=["treatty"]),
        "agreement.toml",
        "currency.sources[0]",
        "did you mean 'treaty'?",
    ),
    "unknown party in a schedule": (
        lambda p: row(p, 3).update(id="neighbor"),
        "ceilings.toml",
        "schedule[0].party[3].id",
        "did you mean 'neighbour'?",
    ),
    "unknown category in a limit": (
        lambda p: row(p, 0)["limits"].update(tanks=3),
        "ceilings.toml",
        "schedule[0].party[0].limits.tanks",
        "did you mean 'tank'?",
    ),
    "unknown question": (
        lambda p: p["counting.toml"]["rule"][0].update(question="exclusion"),
        "counting.toml",
        "rule[0].question",
        "did you mean 'exclusions'?",
    ),
    "unknown reading": (
        lambda p: category(p, 1)["definition"][0]["only_if"].update(reading="includes"),
        "categories.toml",
        "category[1].definition[0].only_if.reading",
        "did you mean 'included'",
    ),
    "duplicate id": (
        lambda p: party(p, 1).update(id="neighbour", name="Other"),
        "parties.toml",
        "party[3].id",
        "'neighbour' is used twice",
    ),
    "duplicate name": (
        lambda p: party(p, 3)["aliases"].append("The U-N-I-O-N"),
        "parties.toml",
        "party[3].aliases",
        "also means 'union'",
    ),
    "default not among the readings": (
        lambda p: question(p, 1).update(default="aply"),
        "questions.toml",
        "question[1].default",
        "did you mean 'apply'?",
    ),
    "applied without a reason": (
        lambda p: question(p, 0).pop("applied_because"),
        "questions.toml",
        "question[0].applied_because",
        "why the default is applied",
    ),
    "engine question without its readings": (
        lambda p: question(p, 1).update(engine="party-claims"),
        "questions.toml",
        "question[1].reading",
        "needs the reading 'accepted'",
    ),
    "entities that do not add up": (
        lambda p: row(p, 1)["limits"].update(tank=21),
        "ceilings.toml",
        "schedule[0].party[0].limits.tank",
        "add up to 31 in 'tank' on 2000-01-01, not to 30",
    ),
    "overlapping limits": (
        lambda p: p["ceilings.toml"]["schedule"].append(second_schedule()),
        "ceilings.toml",
        "schedule[1].party[0].limits.tank",
        "two limits of 'neighbour' in 'tank' overlap",
    ),
    "undeclared gap at the end": (
        lambda p: row(p, 3).update(until=date(2004, 1, 1)),
        "ceilings.toml",
        "schedule[0].party[3].limits.tank",
        "nor a declared gap from 2004-01-01 on",
    ),
    "undeclared gap between two limits": (
        lambda p: (
            row(p, 3).update(until=date(2003, 1, 1)),
            p["ceilings.toml"]["schedule"].append(second_schedule()),
        ),
        "ceilings.toml",
        "schedule[1].party[0].limits.tank",
        "nor a declared gap from 2003-01-01 until 2004-01-01",
    ),
    "no limit at all": (
        lambda p: row(p, 3)["limits"].pop("artillery"),
        "parties.toml",
        "party[3]",
        "neither a limit in 'artillery' nor a declared gap from 2000-01-01 on",
    ),
    "a gap over a limit": (
        lambda p: p["ceilings.toml"].update(
            gap=[
                {
                    "parties": ["neighbour"],
                    "categories": ["*"],
                    "from": date(2002, 1, 1),
                    "reason": "Lost.",
                    **CITE,
                }
            ]
        ),
        "ceilings.toml",
        "gap[0]",
        "a declared gap overlaps a limit of 'neighbour' in 'tank'",
    ),
    "overlapping memberships": (
        lambda p: party(p, 3)["membership"].append({"from": date(2002, 1, 1), **CITE}),
        "parties.toml",
        "party[3].membership[1]",
        "two memberships of 'neighbour' overlap",
    ),
    "overlapping names": (
        lambda p: party(p, 3).update(
            name_period=[
                {"from": SIGNED, "until": date(2002, 1, 2), "name": "Old"},
                {"from": date(2002, 1, 1), "name": "New"},
            ]
        ),
        "parties.toml",
        "party[3].name_period[1]",
        "two names of 'neighbour' overlap",
    ),
    "a period backwards": (
        lambda p: party(p, 3)["membership"][0].update(until=SIGNED),
        "parties.toml",
        "party[3].membership[0].until",
        "2000-01-01 is not after 2000-01-01",
    ),
    "binding before it begins": (
        lambda p: row(p, 3).update(binding_from=date(1999, 12, 31)),
        "ceilings.toml",
        "schedule[0].party[3].binding_from",
        "1999-12-31 is before",
    ),
    "succession with an undeclared gap": (
        lambda p: (
            party(p, 0)["membership"][0].update(until=date(2003, 1, 1)),
            party(p, 3)["membership"][0].update({"from": date(2004, 1, 1)}),
            party(p, 3).update(succeeds=["union"], succession=dict(CITE)),
        ),
        "parties.toml",
        "party[3].membership",
        "nothing is said from 2003-01-01 until 2004-01-01",
    ),
    "succession without authority": (
        lambda p: party(p, 3).update(succeeds=["union"]),
        "parties.toml",
        "party[3].succession",
        "is missing",
    ),
    "a whole that is its own part": (
        lambda p: party(p, 0).update(part_of="east", part_from=SIGNED),
        "parties.toml",
        "party[0].part_of",
        "parts lead back to the whole",
    ),
    "undeclared attribute": (
        lambda p: category(p, 0)["definition"][0]["criterion"][1].update(attribute="traced"),
        "categories.toml",
        "category[0].definition[0].criterion[1].attribute",
        "did you mean 'tracked'?",
    ),
    "word the attribute does not allow": (
        lambda p: category(p, 0)["definition"][0]["criterion"][0].update({"is": "vehicel"}),
        "categories.toml",
        "category[0].definition[0].criterion[0].is",
        "did you mean 'vehicle'?",
    ),
    "two comparisons in one criterion": (
        lambda p: category(p, 1)["definition"][0]["criterion"][1].update(below=100),
        "categories.toml",
        "category[1].definition[0].criterion[1]",
        "exactly one of",
    ),
    "a word compared as a number": (
        lambda p: category(p, 1)["definition"][0]["criterion"][1].update(attribute="kind"),
        "categories.toml",
        "category[1].definition[0].criterion[1]",
        "'kind' is no number",
    ),
    "derived limit without a question": (
        lambda p: row(p, 3)["limits"].update(tank={"value": 30, "status": "derived"}),
        "ceilings.toml",
        "schedule[0].party[3].limits.tank",
        "a derived limit needs the question",
    ),
    "exclusion without a question": (
        lambda p: [p["counting.toml"]["rule"][0].pop(key) for key in ("question", "accepting")],
        "counting.toml",
        "rule[0].question",
        "needs the question it depends on",
    ),
    "two rules on one status": (
        lambda p: p["counting.toml"]["rule"].append(
            {**p["counting.toml"]["rule"][0], "id": "again", "categories": ["tank"]}
        ),
        "counting.toml",
        "rule[1].holding_status",
        "'research' already speaks of 'research_development'",
    ),
    "unknown holding status": (
        lambda p: p["counting.toml"]["rule"][0].update(holding_status="strored"),
        "counting.toml",
        "rule[0].holding_status",
        "did you mean 'stored'?",
    ),
    "reporting gap of nobody": (
        lambda p: p["obligations.toml"]["reporting_gap"][0].update(party="onion"),
        "obligations.toml",
        "reporting_gap[0].party",
        "did you mean 'union'?",
    ),
    "ratio of the wrong length": (
        lambda p: p["ceilings.toml"]["proportion"][0].update(ratio=[1, 1, 1]),
        "ceilings.toml",
        "proportion[0].ratio",
        "one number for each party",
    ),
    "an array that is none": (
        lambda p: p["questions.toml"].update(question="which"),
        "questions.toml",
        "question",
        "'which' is no array",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_one_defect_is_named(name: str, tmp_path: Path) -> None:
    change, file, where, phrase = DEFECTS[name]
    pack = small_pack()
    change(pack)
    found = problems(tmp_path, pack)
    matching = [
        p for p in found if Path(p.file).name == file and p.where == where and phrase in p.line()
    ]
    assert len(matching) == 1, "\n".join(p.line() for p in found)
    assert matching[0].severity == "error"
    assert Path(matching[0].file) == tmp_path / "testing" / file


@pytest.mark.parametrize(
    "name", ["misspelt key", "wrong type", "unknown source", "word not allowed", "duplicate name"]
)
def test_one_simple_defect_is_one_problem_or_its_missing_twin(name: str, tmp_path: Path) -> None:
    """A broken table must not drag false problems behind it; a misspelt key is also missing."""
    change, *_ = DEFECTS[name]
    pack = small_pack()
    change(pack)
    found = problems(tmp_path, pack)
    assert len([p for p in found if p.message != "is missing"]) == 1


def test_defects_of_many_files_show_in_one_run(tmp_path: Path) -> None:
    pack = small_pack()
    names = [
        "misspelt key deep inside",
        "wrong type",
        "missing citation",
        "unknown source",
        "unknown question",
        "default not among the readings",
        "reporting gap of nobody",
    ]
    for name in names:
        DEFECTS[name][0](pack)
    with pytest.raises(InvalidInput) as caught:
        load(write_pack(tmp_path / "testing", pack))
    places = {(Path(p.file).name, p.where) for p in caught.value.problems}
    assert places == {DEFECTS[name][1:3] for name in names}
    assert "7 errors" in caught.value.message


def test_a_proportion_that_does_not_hold_is_a_warning_only(tmp_path: Path) -> None:
    pack = small_pack()
    row(pack, 1)["limits"]["tank"] = 19
    row(pack, 2)["limits"]["tank"] = 11
    result = check(write_pack(tmp_path / "testing", pack))
    assert [p.severity for p in result.problems] == ["warning"]
    assert "do not stand 2 : 1: east 19, west 11" in result.problems[0].message
    assert result.agreement is not None


def test_proportions_hold_to_the_nearest_whole_number(tmp_path: Path) -> None:
    pack = small_pack()
    for index, tanks in ((0, 61), (1, 41), (2, 20)):
        row(pack, index)["limits"]["tank"] = tanks
    assert problems(tmp_path, pack) == []


@pytest.mark.parametrize(
    ("text", "where", "phrase"),
    [
        ('id = "testing"\nversion = "1"\nid = "again"\n', "line 3", "written twice"),
        ('id = "testing"\nversion = = "1"\n', "line 2", "not valid TOML"),
        ('id = "testing"\n\n[identity\n', "line 3", "not valid TOML"),
    ],
)
def test_what_is_no_toml_names_file_and_line(
    text: str, where: str, phrase: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, {**small_pack(), "agreement.toml": text})
    broken = [p for p in found if Path(p.file).name == "agreement.toml"]
    assert [p.where for p in broken] == [where]
    assert phrase in broken[0].line()


def test_broken_toml_in_one_file_does_not_hide_the_others(tmp_path: Path) -> None:
    pack: dict[str, Any] = small_pack()
    DEFECTS["unknown reading"][0](pack)
    found = problems(
        tmp_path, {**pack, "sources.toml": "[treaty]\n[treaty]\n", "counting.toml": "x ="}
    )
    assert {Path(p.file).name for p in found} == {
        "sources.toml",
        "counting.toml",
        "categories.toml",
    }


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "testing", small_pack())
    (folder / "questions.toml").write_bytes(b'[[question]]\nid = "\xff"\n')
    assert [p.message for p in check(folder).problems if p.file.endswith("questions.toml")] == [
        "is not UTF-8 text"
    ]


def test_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = load(write_pack(tmp_path / "plain", small_pack()))
    folder = write_pack(tmp_path / "marked", small_pack())
    for path in folder.glob("*.toml"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n") + "# a comment\r\n"
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(folder).sha256 == plain.sha256


def test_the_hash_covers_the_law_and_not_the_cases(tmp_path: Path) -> None:
    plain = load(write_pack(tmp_path / "plain", small_pack()))
    with_case = {**small_pack(), "cases/one.toml": {"case": [small_case()]}}
    assert load(write_pack(tmp_path / "with-case", with_case)).sha256 == plain.sha256
    changed = small_pack()
    changed["sources.toml"]["treaty"]["note"] = "Read again."
    assert load(write_pack(tmp_path / "changed", changed)).sha256 != plain.sha256


def test_files_and_folders_that_do_not_belong(tmp_path: Path) -> None:
    pack: dict[str, Any] = small_pack()
    pack["ceiling.toml"] = "x = 1"
    pack["README.md"] = "fine"
    pack["case/one.toml"] = ""
    lines = [p.line() for p in problems(tmp_path, pack)]
    assert len(lines) == 2
    assert any("ceiling.toml" in line and "did you mean 'ceilings.toml'" in line for line in lines)
    assert any("unknown folder" in line for line in lines)


@pytest.mark.parametrize("missing", ["agreement.toml", "parties.toml", "ceilings.toml"])
def test_a_missing_file_is_one_problem_of_that_file(missing: str, tmp_path: Path) -> None:
    pack = small_pack()
    del pack[missing]
    found = [p for p in problems(tmp_path, pack) if Path(p.file).name == missing]
    assert [p.message for p in found] == ["the file is missing from the rule pack"]


def test_files_a_small_pack_may_leave_out(tmp_path: Path) -> None:
    pack = small_pack()
    del pack["obligations.toml"]
    del pack["counting.toml"]
    assert problems(tmp_path, pack) == []


def test_no_folder_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nowhere"):
        load(tmp_path / "nowhere")


def test_broken_cases_are_named_and_leave_the_law_usable(tmp_path: Path) -> None:
    first, second, third = small_case(), small_case(), small_case()
    first["expect"][0]["categry"] = "tank"
    second.update(name="Another synthetic case", readings=["exclusions=always"])
    second["holding"][0]["party"] = "neighbor"
    second["movement"][0]["to"] = "@nowhere"
    third.update(name="A real case", readings=["exclusions=always"])
    third["holding"][0]["party"] = "neighbor"
    pack = {**small_pack(), "cases/some.toml": {"case": [first, second, third]}}
    result = check(write_pack(tmp_path / "testing", pack))
    assert result.agreement is not None
    lines = {p.where: p.line() for p in result.problems}
    assert set(lines) == {
        "case[0].expect[0].categry",
        "case[1].movement[0].to",
        "case[2].sources",
        "case[2].readings",
        "case[2].holding[0].party",
    }
    assert "did you mean 'category'?" in lines["case[0].expect[0].categry"]
    assert "must be called synthetic" in lines["case[2].sources"]
    assert "its answers are: apply, none" in lines["case[2].readings"]


def test_a_derived_limit_with_its_question_is_fine(tmp_path: Path) -> None:
    pack = small_pack()
    derived = {"status": "derived", "grade": "C", "question": "exclusions", "accepting": "apply"}
    row(pack, 3)["limits"]["tank"] = {"value": "28..32", **derived}
    result = check(write_pack(tmp_path / "testing", pack))
    assert result.problems == ()
    assert result.agreement is not None
    ceiling = result.agreement.ceiling("neighbour", "tank", SIGNED)
    assert ceiling.derived
    assert ceiling.limit is not None
    assert str(ceiling.limit.value) == "28..32"
    assert DERIVED["status"] == ceiling.limit.citation.status.value
