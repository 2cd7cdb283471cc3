"""Collects whatever the program says to people, for translators, and brings catalogues up to date.

    python tools/messages.py

Writes ``messages.pot`` from the calls of ``said`` and the functions beside it, from the templates
of the page and from the rule packs in ``rules/``; then each ``TAG.po``: translations stay, what is
new stands there untranslated, what is said no longer is kept at the end and comes back if it is
said again. ``sr-Cyrl.po`` is written from ``sr-Latn.po``; a translator's comment there overrides a
text: ``# sr-Cyrl: ...``, for a plural ``# sr-Cyrl[0]: ...``. The same sources give the same bytes.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

sys.path.insert(0, str(Path(__file__).parent))
from cyrillic import cyrillic

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = Path("compliance", "report", "language", "catalogues")
WRITTEN = ("bs", "hr", "cnr", "sr-Latn")
"""The languages that translators write; the sixth is made."""

_SAID = "compliance.values.said"
_CALLS = {"said": 1, "said_many": 2, "name": 1, "english": 1}
"""How many templates each takes. Those of the first two must stand there."""

_NAMES = ("name", "plural", "title", "short_title", "instrument")
_PROSE = (
    *("applied_because", "cite_note", "due", "label", "note", "provision", "reason", "text"),
    *("why_open", "wording"),
)
_UNSEEN = ("sources",)
"""Files of a pack whose texts stay as they are: a bibliography."""

_PLURALS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
)
_FORMS_OF = "hr"
"""The language whose three plural forms all of them share."""
_HEAD = "# Said by compliance in {language}. Written by tools/messages.py: only msgstr is yours.\n"


class Message(NamedTuple):
    """Something that is said.

    Attributes:
        one: the template.
        many: the template for more than one, or empty.
        place: the file it stands in, from the root.
        data: it is text of a rule pack.
    """

    one: str
    many: str
    place: str
    data: bool = False

    @property
    def id(self) -> str | tuple[str, str]:
        """Return what a catalogue knows it by."""
        return (self.one, self.many) if self.many else self.one


class NotLiteralError(Exception):
    """A template is put together where it should stand as it is."""


def messages(root: Path) -> list[Message]:
    """Return all there is to translate: of the program first, then of the rule packs.

    Raises:
        NotLiteralError: ``said`` or ``said_many`` is given something that is no literal.
    """
    found: list[Message] = []
    for path in sorted((root / "compliance").rglob("*.py")):
        found += _of_module(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "compliance").rglob("*.j2")):
        found += _of_page(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "rules").glob("*/*.toml")):
        if path.stem not in _UNSEEN:
            found += _of_pack(path, path.relative_to(root).as_posix())
    return [message for message in dict.fromkeys(found) if message.one]


def _of_module(source: str, place: str) -> Iterator[Message]:
    if _SAID not in source:
        return
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name: alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == _SAID
        for alias in node.names
        if alias.name in _CALLS
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        called = imported.get(node.func.id)
        if called is None:
            continue
        texts = [_literal(argument) for argument in node.args[: _CALLS[called]]]
        if None not in texts and texts:
            yield Message(str(texts[0]), str(texts[1]) if len(texts) > 1 else "", place)
        elif called.startswith("said"):
            raise NotLiteralError(
                f"{place}:{node.lineno}: {called} needs its template as a literal"
            )


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _of_page(source: str, place: str) -> Iterator[Message]:
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name == "said":
            if not isinstance(node.args[0], nodes.Const):
                raise NotLiteralError(
                    f"{place}:{node.lineno}: said needs its template as a literal"
                )
            yield Message(node.args[0].value, "", place)


def _of_pack(path: Path, place: str) -> Iterator[Message]:
    def texts(value: Any, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for inner, item in value.items():
                yield from texts(item, inner)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item, key)
        elif isinstance(value, str) and key in (*_NAMES, *_PROSE):
            yield value.strip()

    content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    for text in texts(content, ""):
        yield Message(text, "", place, data=True)
    for category in content.get("category", ()):
        # As they stand inside a sentence.
        for text in (category["id"].replace("_", " "), category["plural"].lower()):
            yield Message(text, "", place, data=True)


def template(found: Sequence[Message]) -> Catalog:
    """Return the catalogue that translators begin with."""
    made = Catalog(fuzzy=False)
    for data in (False, True):
        for message in found:
            if message.data is data and (not data or message.id not in made):
                note = ["Text of a rule pack."] if data else []
                made.add(message.id, locations=[(message.place, None)], auto_comments=note)
    return made


def updated(old: Catalog, new: Catalog) -> Catalog:
    """Return a catalogue with what is said now; what was translated stays."""
    kept = {_key(m): m for m in [*old.obsolete.values(), *(m for m in old if m.id)]}
    made = Catalog(_FORMS_OF, fuzzy=False)
    for message in new:
        if message.id:
            before = kept.pop(_key(message), None)
            empty = ("",) * made.num_plurals if message.pluralizable else ""
            made.add(
                message.id,
                before.string if before else empty,
                locations=message.locations,
                auto_comments=message.auto_comments,
                user_comments=before.user_comments if before else (),
            )
    made.obsolete = {
        m.id: m for m in kept.values() if any([m.string] if isinstance(m.string, str) else m.string)
    }
    return made


def _key(message: Any) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


_OVERRIDE = re.compile(r"sr-Cyrl(?:\[(\d)\])?:\s*(.*)")


def in_cyrillic(latin: Catalog) -> Catalog:
    """Return the Serbian catalogue in Cyrillic letters."""
    made = Catalog(_FORMS_OF, fuzzy=False)
    for message in latin:
        if not message.id:
            continue
        given = {
            int(found[1] or 0): found[2]
            for comment in message.user_comments
            if (found := _OVERRIDE.fullmatch(comment.strip()))
        }
        single = isinstance(message.string, str)
        forms = [message.string] if single else list(message.string)
        written = [given.get(place, cyrillic(form)) for place, form in enumerate(forms)]
        made.add(
            message.id,
            written[0] if single else tuple(written),
            locations=message.locations,
            auto_comments=message.auto_comments,
        )
    return made


def text(catalogue: Catalog, tag: str) -> str:
    """Return a catalogue as a file; an empty tag is the translators' template."""
    body = io.BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    head = [f"Language: {tag}"] if tag else []
    head += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    head += ["Content-Transfer-Encoding: 8bit", *([f"Plural-Forms: {_PLURALS}"] if tag else [])]
    lines = "".join(f'"{line}\\n"\n' for line in head)
    first = _HEAD.format(language=tag or "English")
    return f'{first}msgid ""\nmsgstr ""\n{lines}\n{body.getvalue().decode("utf-8").strip()}\n'


def read(path: Path) -> Catalog:
    """Return a catalogue; an empty one where there is none yet."""
    if not path.exists():
        return Catalog()
    return read_po(io.BytesIO(path.read_bytes()))


def files(root: Path) -> dict[Path, str]:
    """Return what each file of the catalogues should be now."""
    folder = root / CATALOGUES
    new = template(messages(root))
    made = {folder / "messages.pot": text(new, "")}
    for tag in WRITTEN:
        catalogue = updated(read(folder / f"{tag}.po"), new)
        made[folder / f"{tag}.po"] = text(catalogue, tag)
        if tag == "sr-Latn":
            made[folder / "sr-Cyrl.po"] = text(in_cyrillic(catalogue), "sr-Cyrl")
    return made


def main() -> None:
    """Write the files."""
    for path, content in files(ROOT).items():
        path.write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
