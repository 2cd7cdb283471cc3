"""What a pack says it is: the schema of ``manifest.json``, ``compliance.pack/1``."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from compliance.pack.errors import PackBroken
from compliance.values.json_text import indented
from compliance.values.names import printable
from compliance.values.vocabulary import Basis

SCHEMA = "compliance.pack/1"
MANIFEST = "manifest.json"
README = "README.txt"
LINES = "lines.txt"
LAW, CATALOGUE, ROWS, OUTPUTS = "law", "catalogue", "rows", "outputs"
CHAIN = f"{ROWS}/chain.json"

MAX_MANIFEST = 32 * 1024 * 1024
"""Bytes. That of the largest archive that is opened takes about half."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+_-]{1,40}$")]
Text = Annotated[str, StringConstraints(max_length=2000)]


class Strict(BaseModel):
    """A table that has these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Strict):
    """What was asked, every name resolved and every default written down.

    Attributes:
        since: the first day of the comparison, if one was asked for.
        until: the last day looked ahead to, if that was asked for.
    """

    as_of: date
    known_at: Text | None
    parties: tuple[Word, ...]
    categories: tuple[Word, ...]
    basis: Basis | None
    readings: tuple[Text, ...]
    accept_stale: bool
    since: date | None
    until: date | None


class LawFolder(Strict):
    """A rule pack and, as it is written there, the pack it extends."""

    folder: Annotated[str, StringConstraints(pattern=r"^law/[a-z0-9]+(-[a-z0-9]+)*$")]
    extends: Text | None


class Agreement(Strict):
    """The law: the pack that was used first, then what it extends."""

    id: Word
    version: Text
    sha256: Hash
    folders: tuple[LawFolder, ...]


class Catalogue(Strict):
    """The equipment catalogue that the agreement is read with."""

    id: Text
    version: Text
    sha256: Hash


class Ledger(Strict):
    """The beginning of the ledger that is packed, up to and with the last submission known.

    Attributes:
        head: the hash of the last submission: that of the whole chain up to it.
        marked: how many rows there are with each handling mark.
    """

    submissions: int
    rows: int
    head: Hash
    recorded_at: Text
    marked: dict[str, int]


class Command(Strict):
    """A run of the program: its arguments, the file that they gave, its exit code."""

    file: Text
    arguments: tuple[Text, ...]
    exit_code: int


class MadeWith(Strict):
    """The program and what it stands on. Other versions may well give the same bytes."""

    compliance: Version
    python: Version
    libraries: dict[Word, Version]


class File(Strict):
    """One file of the pack, of all but the manifest itself."""

    path: Text
    bytes: int
    sha256: Hash


class Manifest(Strict):
    """The whole of ``manifest.json``."""

    schema_: Literal["compliance.pack/1"]
    title: Text
    question: Question
    agreement: Agreement
    catalogue: Catalogue | None
    ledger: Ledger
    verdicts: dict[Word, int]
    commands: tuple[Command, ...]
    made_with: MadeWith
    files: tuple[File, ...]

    def text(self) -> str:
        """Return the manifest as the pack holds it."""
        values = self.model_dump(mode="json")
        values = {"schema": values.pop("schema_"), **values}
        return indented(values) + "\n"


def read(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        PackBroken: it is none, or has a key or value that none has.
    """
    try:
        values = json.loads(content.decode("utf-8"))
        if not isinstance(values, dict) or "schema_" in values:
            raise ValueError("no table of the right keys")
        if values.get("schema") != SCHEMA:
            raise PackBroken(
                f"{MANIFEST}: the schema is {printable(repr(values.get('schema'))[:60])}, "
                f"and this program reads {SCHEMA}",
                todo="a newer pack needs a newer version of compliance",
            )
        values["schema_"] = values.pop("schema")
        return Manifest.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"{where}: {first['msg']}"
    except (ValueError, RecursionError) as error:
        why = str(error)
    raise PackBroken(
        f"{MANIFEST} is not as it was packed: {printable(why[:300])}",
        todo="ask for the pack once more",
    )


_INPUTS = re.compile(
    r"(?P<law>law/[^/]+)/(?:cases/)?[^/]+\.toml"
    r"|(?P<catalogue>catalogue)/[^/]+\.toml"
    r"|rows/(?:[0-9-]+\.jsonl|submissions\.csv|chain\.json)"
)


def belongs(name: str, found: Manifest) -> bool:
    """True for a name that some file of such a pack may have: inputs are data, and nothing else."""
    if not is_input(name):
        return name in (README, LINES) or name.startswith(f"{OUTPUTS}/")
    match = _INPUTS.fullmatch(name)
    if match is None:
        return False
    if match["law"]:
        return match["law"] in {item.folder for item in found.agreement.folders}
    return found.catalogue is not None if match["catalogue"] else True


def is_input(name: str) -> bool:
    """True for what an answer rests on, false for what comes out of it."""
    return name.startswith((f"{LAW}/", f"{CATALOGUE}/", f"{ROWS}/"))
