"""Wiring: the agreement, the catalogue and the ledger that a command works with."""

from __future__ import annotations

import os
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from compliance import resources
from compliance.values.errors import ComplianceError
from compliance.values.names import did_you_mean

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import URL

    from compliance.agreement.cache import Cache
    from compliance.agreement.law import Agreement
    from compliance.assess.types import TypeLookup
    from compliance.equipment.catalogue import Catalogue
    from compliance.intake.cells import Vocabulary
    from compliance.ledger.reading import Reading

DEFAULT_AGREEMENT = "florence-1996"

# Large files say the same few names again and again: so many are kept once they are resolved.
_NAMES = 4096


def packs() -> dict[str, str]:
    """Return the folders of the shipped rule packs by id."""
    root = resources.place("rules")
    folders = {name: os.path.join(root, name) for name in sorted(os.listdir(root))}
    return {name: folder for name, folder in folders.items() if _holds_pack(folder)}


def _holds_pack(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "agreement.toml"))


def pack_folder(name: str) -> str:
    """Return the folder of a rule pack.

    Args:
        name: the id of a shipped pack, or a folder.

    Raises:
        ComplianceError: there is neither.
    """
    shipped = packs()
    if name in shipped:
        return shipped[name]
    if _holds_pack(name):
        return name
    if os.path.isdir(name):
        raise ComplianceError(
            f"the folder {name} holds no agreement.toml",
            todo="name the folder of a rule pack; see: compliance rules list",
        )
    suggestion = did_you_mean(name, shipped)
    raise ComplianceError(
        f"there is no agreement '{name}'",
        todo=suggestion or f"shipped are: {', '.join(shipped)}; a folder may be named as well",
    )


class World:
    """What the global options name; everything is imported and loaded when first asked for.

    Attributes:
        db: the database as given, or ``None`` for the default.
        agreement: the id or folder of the rule pack.
        debug: show tracebacks.
    """

    def __init__(
        self, db: str | None = None, agreement: str = DEFAULT_AGREEMENT, *, debug: bool = False
    ) -> None:
        """Take what the options say; nothing is looked up yet."""
        self.db = db
        self.agreement = agreement
        self.debug = debug

    @cached_property
    def url(self) -> URL:
        """The database."""
        from compliance.ledger.connect import locate

        return locate(self.db)

    @cached_property
    def law(self) -> Agreement:
        """The agreement."""
        from compliance.agreement.load import load

        cache = self.shipped_cache if self.agreement in packs() else self.cache
        return load(pack_folder(self.agreement), find=pack_folder, cache=cache)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The shipped equipment catalogue."""
        from compliance.equipment.load import load

        folder = os.path.join(resources.place("data"), "catalogue")
        return load(folder, cache=self.shipped_cache)

    @cached_property
    def cache(self) -> Cache | None:
        """What is kept of any packs between two runs, for this user, where that is wanted."""
        return self._users_cache(self._read_by) if self._read_by else None

    @cached_property
    def shipped_cache(self) -> Cache | None:
        """What is kept of the shipped packs and the catalogue, among the compiled modules."""
        from compliance.agreement.cache import Cache

        made_by, folder = self._read_by, resources.compiled()
        if made_by is None or folder is None:
            return self.cache
        return Cache(folder, None, made_by, lambda: self._users_cache(made_by))

    def _users_cache(self, made_by: str) -> Cache:
        from compliance.agreement.cache import Cache

        return Cache(resources.user_cache(), resources.user_data() / "cache.key", made_by)

    @cached_property
    def _read_by(self) -> str | None:
        """The code that reads packs and catalogue, where what it has read is to be kept."""
        return resources.code("values", "agreement", "equipment") if resources.keeping() else None

    @cached_property
    def lookup(self) -> TypeLookup:
        """Finds types under the agreement; knows none where it is read without a catalogue."""
        from compliance.assess.types import from_catalogue, no_catalogue

        if not self.law.catalogue:
            return no_catalogue
        if self.law.catalogue != self.catalogue.id:
            raise ComplianceError(
                f"the agreement is read with the catalogue '{self.law.catalogue}', "
                f"and only '{self.catalogue.id}' is there"
            )
        return from_catalogue(self.catalogue, self.law)

    def vocabulary(self) -> Vocabulary:
        """Return what the validator of files must know of law and catalogue."""
        from compliance.equipment.types import Found
        from compliance.intake.cells import Vocabulary

        law = self.law
        return Vocabulary(
            resolve_party=lru_cache(_NAMES)(law.resolve_party),
            party_ids=tuple(holder.id for holder in law.holders),
            party_names=tuple(n for h in law.holders for n in (h.id, h.name)),
            resolve_category=lru_cache(_NAMES)(law.resolve_category),
            category_ids=tuple(category.id for category in law.categories),
            knows_type=lru_cache(_NAMES)(
                lambda text: bool(law.catalogue) and isinstance(self.catalogue.find(text), Found)
            ),
        )

    def reading(self) -> AbstractContextManager[Reading]:
        """Open the ledger for reading.

        Raises:
            LedgerError: it is absent, at another revision, or cannot be read.
        """
        from compliance.ledger.reading import reading

        return reading(self.db)


def recorder() -> str:
    """Return the name under which this user's submissions are recorded."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container or service without a user name
        return "unknown"
