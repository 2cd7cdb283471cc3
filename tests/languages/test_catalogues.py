"""The catalogues: up to date, whole in their parts, true to the law's terms, open about gaps."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import messages
import pytest
from babel.messages.catalog import Catalog, Message
from cyrillic import cyrillic

from compliance.report.language import LANGUAGES

ROOT = Path(__file__).parents[2]
LOCAL = [tag for tag in LANGUAGES if tag != "en"]
GLOSSARY = tomllib.loads((Path(__file__).parent / "glossary.toml").read_text(encoding="utf-8"))


@cache
def _catalogue(tag: str) -> Catalog:
    found: Catalog = messages.read(ROOT / messages.CATALOGUES / f"{tag}.po")
    return found


@cache
def _said() -> list[Any]:
    return list(messages.messages(ROOT))


def _translated(tag: str) -> Iterator[tuple[Message, tuple[str, ...], list[str]]]:
    """Yield what a catalogue translates: the message, its templates, its translations."""
    for message in _catalogue(tag):
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.id and any(strings):
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            yield message, ids, strings


def test_the_catalogues_have_what_is_said_now() -> None:
    for path, text in messages.files(ROOT).items():
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        assert kept == text, f"{path.name} is not up to date: python tools/messages.py"


@pytest.mark.parametrize("tag", LOCAL)
def test_a_translation_has_the_parts_of_its_template_and_every_plural_form(tag: str) -> None:
    parted = {m.id for m in _said() if "{" in m.one and not m.data}
    for message, ids, strings in _translated(tag):
        assert len(strings) == (3 if len(ids) == 2 else 1), ids[0]
        assert all(strings), f"{ids[0]!r} lacks a form"
        if message.id in parted:
            for string in strings:
                # "one" may leave its number to the word: "jedno ograničenje".
                free = {"count"} if len(ids) == 2 else set()
                assert _fields(string) - free == _fields(ids[0]) - free, string
        assert "fuzzy" not in message.flags


def _fields(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field is not None}


@pytest.mark.parametrize("tag", [tag for tag in LOCAL if tag != "sr-Cyrl"])
def test_a_translation_uses_the_terms_of_the_law(tag: str) -> None:
    never = re.compile(GLOSSARY["never"][tag])
    for _, ids, strings in _translated(tag):
        for string in strings:
            wrong = never.search(string)
            assert wrong is None, f"{string!r}: '{wrong and wrong[0]}' is another language's term"
        for term in GLOSSARY["term"]:
            if re.search(term["english"], ids[0]):
                for string in strings:
                    assert re.search(term[tag], string), f"{ids[0]!r}: {string!r}"


def test_the_glossary_tells_the_languages_apart() -> None:
    term = next(term for term in GLOSSARY["term"] if "artillery" in term["english"])
    assert re.search(term["hr"], "topništvo")
    assert not re.search(term["hr"], "artiljerija")
    for tag in ("bs", "cnr", "sr-Latn"):
        assert re.search(term[tag], "artiljerija")
        assert re.search(GLOSSARY["never"][tag], "topništvo")
    party = GLOSSARY["term"][0]
    assert re.search(party["hr"], "Stranka")
    assert not re.search(party["hr"], "Strana")
    assert re.search(party["sr-Latn"], "Strana")


def test_serbian_in_cyrillic_is_serbian_in_latin_letters() -> None:
    latin = {message.id: message for message, _, _ in _translated("sr-Latn")}
    cyrl = {message.id: message for message, _, _ in _translated("sr-Cyrl")}
    assert latin.keys() == cyrl.keys()
    for key, message in latin.items():
        if not message.user_comments and isinstance(message.string, str):
            assert cyrl[key].string == cyrillic(message.string)


@pytest.mark.parametrize(
    ("latin", "expected"),
    [
        ("Strana, borbeni tenkovi", "Страна, борбени тенкови"),
        ("Ljubljana, Njegoš, DŽEP, Džep, budžet", "Љубљана, Његош, ЏЕП, Џеп, буџет"),
        (
            "injekcija, konjunktura, nadživeti, podžupan",
            "инјекција, конјунктура, надживети, поджупан",
        ),
        ("konji i Konjic, nadžak", "коњи и Коњиц, наџак"),
        ("{party}: {count} strana, {_0}", "{party}: {count} страна, {_0}"),
        ("T-72, SHA-256, M-84AB1, 62..89 i 15..", "T-72, SHA-256, M-84AB1, 62..89 и 15.."),
        ("CSV, JSON i --format json", "CSV, JSON и --format json"),
        ("vidi https://osce.org/a?b=c i tabelu", "види https://osce.org/a?b=c и табелу"),
        ("--reading QUESTION=ANSWER bira odgovor", "--reading QUESTION=ANSWER бира одговор"),
        ("Aneks II, član IV; I strana", "Анекс II, члан IV; И страна"),
        ("battle_tank u report.html", "battle_tank у report.html"),
        ("5-dnevni rok", "5-дневни рок"),
        ("Čačak, Đurđevac, Šabac, žito, ćup", "Чачак, Ђурђевац, Шабац, жито, ћуп"),
        ("[en] nije prevedeno", "[en] није преведено"),
    ],
)
def test_latin_letters_are_written_in_cyrillic(latin: str, expected: str) -> None:
    assert cyrillic(latin) == expected


def test_what_is_not_translated_is_listed(golden: Callable[[str, str], None]) -> None:
    """The gaps stand in a file that is read when it changes."""
    missing: dict[str, list[str]] = {}
    for tag in LOCAL:
        for message in _catalogue(tag):
            if message.id and _has_words(message) and not _whole(message):
                missing.setdefault(_template(message), []).append(tag)
    groups: dict[str, list[str]] = {}
    for text, tags in missing.items():
        groups.setdefault(", ".join(tags), []).append(text)
    lines = ["What is shown in English, and marked, for want of a translation."]
    for tags, texts in sorted(groups.items()):
        lines += ["", f"{tags}: {len(texts)}", *(f"  {text!r}" for text in sorted(texts))]
    golden("untranslated.txt", "\n".join(lines) + "\n")


def _template(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _whole(message: Message) -> bool:
    return all([message.string] if isinstance(message.string, str) else message.string)


def _has_words(message: Message) -> bool:
    return any(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", _template(message))))


MODULE = """
from compliance.values.said import english, name, said, said_many
from elsewhere import other
said("One {thing}.", thing=1)
said_many("{count} row", "{count} rows", 2)
name("Croatia"), english("Prose."), name(found)
other("no template")
"""


def test_templates_are_found_where_they_stand(tmp_path: Path) -> None:
    assert _found(tmp_path, MODULE) == [
        ("One {thing}.", ""),
        ("{count} row", "{count} rows"),
        ("Croatia", ""),
        ("Prose.", ""),
    ]


@pytest.mark.parametrize("call", ["said(text)", "said(f'{x} y')", "said_many('one', many, 2)"])
def test_a_template_that_is_put_together_is_refused(tmp_path: Path, call: str) -> None:
    source = f"from compliance.values.said import said, said_many\n{call}\n"
    with pytest.raises(messages.NotLiteralError, match=r"compliance/it\.py:2"):
        _found(tmp_path, source)


def _found(root: Path, source: str) -> list[Any]:
    (root / "compliance").mkdir()
    (root / "compliance" / "it.py").write_text(source, encoding="utf-8")
    return [(found.one, found.many) for found in messages.messages(root)]


def test_translations_outlive_an_update(tmp_path: Path) -> None:
    folder = tmp_path / messages.CATALOGUES
    folder.mkdir(parents=True)
    both = 'from compliance.values.said import said, said_many\nsaid("A")\n'
    both += 'said_many("{count} b", "{count} bs", 1)\n'
    source = folder.parents[2] / "it.py"

    def update(text: str) -> Catalog:
        source.write_text(text, encoding="utf-8")
        for path, content in messages.files(tmp_path).items():
            path.write_text(content, encoding="utf-8")
        found: Catalog = messages.read(folder / "sr-Latn.po")
        return found

    update(both)
    path = folder / "sr-Latn.po"
    written = path.read_text(encoding="utf-8")
    written = written.replace('msgid "A"\nmsgstr ""', '# sr-Cyrl: Аа!\nmsgid "A"\nmsgstr "Lj"')
    for place, form in enumerate(("{count} džep", "{count} džepa", "{count} džepova")):
        written = written.replace(f'msgstr[{place}] ""', f'msgstr[{place}] "{form}"')
    path.write_text(written, encoding="utf-8")
    assert update(both)["A"].string == "Lj"
    assert messages.read(folder / "sr-Cyrl.po")["A"].string == "Аа!"
    cyrl = messages.read(folder / "sr-Cyrl.po")[("{count} b", "{count} bs")]
    assert cyrl.string == ("{count} џеп", "{count} џепа", "{count} џепова")
    gone = update('from compliance.values.said import said\nsaid("B")\n')
    assert "A" not in gone
    again = update(both)
    assert again["A"].string == "Lj"
    assert again[("{count} b", "{count} bs")].string[2] == "{count} džepova"
