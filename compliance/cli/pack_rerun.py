"""An answer computed from packed inputs alone: when a pack is made, and whenever it is verified."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import click

from compliance.agreement.law import Agreement
from compliance.agreement.load import load as load_agreement
from compliance.cli.pack_replay import progress_bar, replay, replayed
from compliance.cli.world import World
from compliance.equipment.catalogue import Catalogue
from compliance.equipment.load import load as load_catalogue
from compliance.pack import lines, manifest, plan, readme
from compliance.pack.errors import PackBroken
from compliance.pack.manifest import LawFolder, Manifest, Question
from compliance.report.language import ENGLISH
from compliance.values.errors import ComplianceError, InvalidInput
from compliance.values.frozen import frozen


class PackedWorld(World):
    """A world of packed inputs: their ledger, law and catalogue, and nothing installed."""

    def __init__(self, stage: Path, folders: tuple[LawFolder, ...]) -> None:
        super().__init__(db=str(stage / "ledger.db"), agreement=folders[0].folder)
        self.stage = stage
        self.folders = folders

    @cached_property
    def law(self) -> Agreement:
        """The packed agreement."""
        pairs = zip(self.folders, self.folders[1:], strict=False)
        bases = {one.extends: self.stage / base.folder for one, base in pairs}

        def find(name: str) -> Path:
            if name not in bases:
                raise LookupError("it is not in the pack")
            return bases[name]

        return load_agreement(self.stage / self.folders[0].folder, find=find)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The packed catalogue."""
        try:
            return load_catalogue(self.stage / manifest.CATALOGUE)
        except RecursionError:
            raise ComplianceError("the catalogue is nested too deeply") from None


@frozen
class Asked:
    """What a re-run is told, all of it to be found in the manifest."""

    title: str
    question: Question
    folders: tuple[LawFolder, ...]
    made_with: manifest.MadeWith


def rerun(stage: Path, asked: Asked) -> Manifest:
    """Compute every output of a pack from its inputs, and return what the pack is.

    Args:
        stage: a folder with the inputs, and nothing else. The outputs are written there, and a
            database that is removed before this returns.
        asked: the question, and what is only told.

    Raises:
        PackBroken: the inputs do not give what they say they are.
        ComplianceError: the question cannot be answered.
    """
    world = PackedWorld(stage, asked.folders)
    with _speaking_of(stage):
        law = world.law
        _check_folders(stage, asked.folders)
        catalogue = world.catalogue if law.catalogue else None
        replay(stage)
        ledger = replayed(world, stage)
        commands = [_run(world, item) for item in plan.answers(asked.question)[:1]]
        rows = json.loads((stage / plan.ANSWER).read_text(encoding="utf-8"))["rows"]
        parties = {party.id for party in law.parties}
        explained = [
            (row["party"], row["category"])
            for row in rows
            if row["party"] in parties and law.category(row["category"]) is not None
        ]
        rest = plan.answers(asked.question)[1:] + plan.explanations(asked.question, explained)
        with progress_bar("Computing", len(rest)) as progress:
            for item in rest:
                commands.append(_run(world, item))
                progress.update(1)
    (stage / "ledger.db").unlink()
    result = Manifest(
        schema_=manifest.SCHEMA,
        title=asked.title,
        question=asked.question,
        agreement=manifest.Agreement(
            id=law.id, version=law.version, sha256=law.sha256, folders=asked.folders
        ),
        catalogue=catalogue
        and manifest.Catalogue(id=catalogue.id, version=catalogue.version, sha256=catalogue.sha256),
        ledger=ledger,
        verdicts=dict(sorted(Counter(row["verdict"] for row in rows).items())),
        commands=tuple(commands),
        made_with=asked.made_with,
        files=(),
    )
    _write(stage / manifest.README, readme.text(result))
    inputs = [name for name in names(stage) if manifest.is_input(name)]
    checks = lines.index((name, (stage / name).read_bytes()) for name in inputs)
    _write(stage / manifest.LINES, checks)
    return result.model_copy(update={"files": tuple(_file(stage, name) for name in names(stage))})


def _check_folders(stage: Path, folders: tuple[LawFolder, ...]) -> None:
    """Refuse folders that are not the law that was read, and just that.

    Raises:
        PackBroken: one of them is not what the one before it extends, or bears another name.
    """
    for item in folders:
        path = stage / item.folder / "agreement.toml"
        head = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
        last = item is folders[-1]
        said = (f"{manifest.LAW}/{head.get('id')}", head.get("extends"), item.extends is None)
        if said != (item.folder, item.extends, last):
            raise PackBroken(f"{item.folder} is not what the manifest says of it")


def names(stage: Path) -> list[str]:
    """Return the files below a folder, in the order that a pack has them."""
    return sorted(p.relative_to(stage).as_posix() for p in stage.rglob("*") if p.is_file())


def _file(stage: Path, name: str) -> manifest.File:
    content = (stage / name).read_bytes()
    return manifest.File(path=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


@contextlib.contextmanager
def _speaking_of(stage: Path) -> Iterator[None]:
    """Let errors name files as the pack does, and not by the folder they were unpacked to."""
    try:
        yield
    except PackBroken:
        raise
    except InvalidInput as error:
        first = error.problems[0].line().replace(f"{stage}", "the pack").replace("\\", "/")
        raise PackBroken(f"the packed inputs cannot be used: {first}") from None
    except ComplianceError as error:
        said = error.message.replace(f"{stage}", "the pack").replace("\\", "/")
        raise ComplianceError(said, todo=error.todo) from None


def _run(world: World, item: plan.Planned) -> manifest.Command:
    """Run a command of the program on a world, as its command line would."""
    from compliance.cli.main import cli

    path = world.url.database
    target = Path(str(path)).parent / item.file
    target.parent.mkdir(parents=True, exist_ok=True)
    name, *arguments = item.arguments
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    if any(parameter.name == "lang" for parameter in command.params):
        arguments += ["--lang", ENGLISH]  # a pack is the same bytes whatever COMPLIANCE_LANG says
    try:
        with (
            contextlib.redirect_stderr(io.StringIO()),
            command.make_context(name, [*arguments, "-o", str(target)], obj=world) as context,
        ):
            code = command.invoke(context)
    except click.ClickException as error:
        raise ComplianceError(f"{name}: {error.format_message()}") from None
    except click.exceptions.Exit:  # a command that answers ends otherwise
        raise ComplianceError(f"{name} gave no answer") from None
    return manifest.Command(file=item.file, arguments=item.arguments, exit_code=code or 0)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
