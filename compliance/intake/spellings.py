"""How people of the region write columns, bases, statuses and states: one table for each.

English, Bosnian, Croatian, Montenegrin and Serbian. The tables are in Latin script; Cyrillic is
transliterated first, which is one to one in these languages. Case, accents, spaces and
punctuation do not matter. Words that could mean two things are left out: ``stanje`` (state,
holdings, condition), ``broj`` (number, how many), ``do`` (until, to). Names of parties and
categories are not here: they are aliases in the rule pack.

Whatever is accepted by one of these tables is told to the user in a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compliance.values.names import did_you_mean, fold, near

_CYRILLIC = "абвгдђежзијклмнопрстћуфхцчш"
_LATIN = "abvgdđežzijklmnoprstćufhcčš"
_PAIRS = {"љ": "lj", "њ": "nj", "џ": "dž", "Љ": "Lj", "Њ": "Nj", "Џ": "Dž"}
_TO_LATIN = str.maketrans(
    dict(zip(_CYRILLIC + _CYRILLIC.upper(), _LATIN + _LATIN.upper(), strict=True)) | _PAIRS
)


class Words:
    """The words of one closed list, and for each its other spellings."""

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        self.table = table
        self._by_fold = {
            fold(name): word for word, others in table.items() for name in (word, *others)
        }

    def read(self, text: str) -> str | None:
        """Return the word that a text stands for, or ``None``."""
        return self._by_fold.get(fold(latin(text)))

    def likely(self, text: str, among: Iterable[str]) -> str | None:
        """Return the word that a misspelt text most likely stands for, or ``None``."""
        found = near(latin(text), self._names(among), most=1)
        return self.read(found[0]) if found else None

    def suggest(self, text: str, among: Iterable[str] | None = None, *, most: int = 3) -> str:
        """Return ``did you mean 'x'?`` with the nearest spelling of each near word, or nothing."""
        by_word: dict[str, str] = {}
        for name in near(latin(text), self._names(among)):
            by_word.setdefault(self._by_fold[fold(name)], name)
        return did_you_mean(latin(text), list(by_word.values()), most=most)

    def _names(self, among: Iterable[str] | None) -> list[str]:
        words = self.table if among is None else among
        return [name for word in words for name in (word, *self.table.get(word, ()))]


def latin(text: str) -> str:
    """Return Serbian, Bosnian or Montenegrin Cyrillic in Latin script; other text unchanged."""
    return text.translate(_TO_LATIN)


def plain(text: str, word: str) -> bool:
    """True where a text is the word itself, whatever its case; no note is due then."""
    return text.lower() == word


COLUMNS = Words(
    {
        "party": ("state party", "country", "strana", "stranka", "država"),
        "as_of": ("effective date", "valid as of", "na dan", "stanje na dan", "datum stanja"),
        "basis": ("osnov", "osnova"),
        "category": ("kategorija",),
        "type": ("designation", "tip", "model"),
        "status": (),
        "quantity": ("qty", "količina", "broj komada", "brojno stanje"),
        "source": ("izvor",),
        "date": ("datum",),
        "from": ("od", "iz"),
        "to": ("u", "ka", "kome"),
        "state": ("izvršenje", "realizacija"),
        "note": ("notes", "remark", "remarks", "comment", "napomena", "primjedba", "primedba"),
        "ref": ("line number", "reference", "redni broj", "r. br."),
        "stated_by": ("naveo", "izjavio", "prema navodu"),
        "subcategory": ("potkategorija",),
        "unit": ("jedinica", "postrojba"),
        "site": (
            "declared site",
            "location",
            "lokacija",
            "prijavljena lokacija",
            "mjesto",
            "mesto",
        ),
        "marking": (
            "handling",
            "oznaka tajnosti",
            "stepen tajnosti",
            "stupanj tajnosti",
        ),
        "corrects": ("ispravlja",),
        "withdraws": ("povlači",),
    }
)

BASES = Words(
    {
        "declared": ("deklarisano", "deklarirano", "prijavljeno"),
        "notified": (
            "notification",
            "notificirano",
            "notifikovano",
            "obavijest",
            "obavještenje",
            "obaveštenje",
        ),
        "relayed": ("preneseno", "prenijeto", "preneto", "posredno"),
        "observed": (
            "inspection",
            "opaženo",
            "uočeno",
            "inspekcija",
            "utvrđeno inspekcijom",
        ),
        "official": ("official statement", "službeno", "zvanično"),
        "estimate": ("estimated", "procjena", "procena"),
        "press": ("press report", "media", "mediji", "štampa", "tisak"),
    }
)

STATUSES = Words(
    {
        "overall": ("overall holdings", "ukupno", "ukupno stanje", "sveukupno"),
        "in_service": (
            "u upotrebi",
            "u uporabi",
            "u službi",
            "u naoružanju",
            "u operativnoj upotrebi",
            "u operativnoj uporabi",
        ),
        "stored": (
            "in storage",
            "in store",
            "storage",
            "uskladišteno",
            "skladišteno",
            "u skladištu",
        ),
        "abroad": ("u inostranstvu", "u inozemstvu"),
        "on_loan": ("loaned", "na posudbi", "posuđeno", "pozajmljeno", "na zajmu"),
        "spares": (
            "spare parts",
            "for spare parts",
            "rezervni dijelovi",
            "rezervni delovi",
            "za rezervne dijelove",
            "za rezervne delove",
        ),
        "research_development": ("research and development", "R&D", "istraživanje i razvoj"),
        "historical_collection": (
            "historical collections",
            "historijska zbirka",
            "istorijska zbirka",
            "povijesna zbirka",
        ),
        "decommissioned": (
            "awaiting disposal",
            "rashodovano",
            "otpisano",
            "povučeno iz upotrebe",
            "povučeno iz uporabe",
        ),
        "awaiting_export": (
            "for export",
            "čeka izvoz",
            "za izvoz",
            "namijenjeno izvozu",
            "namenjeno izvozu",
        ),
        "internal_security": (
            "internal security forces",
            "unutrašnja bezbednost",
            "unutrašnja bezbjednost",
            "unutrašnja sigurnost",
            "unutarnja sigurnost",
            "snage unutrašnje bezbednosti",
            "snage unutrašnje bezbjednosti",
            "snage unutrašnje sigurnosti",
            "snage unutarnje sigurnosti",
        ),
        "in_transit": ("transit", "u tranzitu", "u provozu", "tranzit"),
        "in_manufacture": ("in production", "u proizvodnji", "u izradi"),
    }
)

STATES = Words(
    {
        "done": (
            "carried out",
            "completed",
            "izvršeno",
            "realizovano",
            "realizirano",
            "provedeno",
            "obavljeno",
        ),
        "planned": ("plan", "intended", "planirano", "u planu", "predviđeno"),
    }
)

QUANTITIES = Words(
    {
        "withheld": ("not published", "nije objavljeno", "neobjavljeno", "uskraćeno"),
    }
)
