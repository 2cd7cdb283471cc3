"""Writes Serbian in Cyrillic that was written in Latin letters; what is no Serbian stays.

What stays in Latin letters: placeholders, addresses, options, names and values of files, whatever
has a digit in it (T-72, SHA-256), Roman numerals, foreign words as their letters show them, and
the abbreviations and words of ``_STAY``.
"""

from __future__ import annotations

import re

_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(
    zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True),
)
# Two letters that are two letters: what stands before the bar and after it is written by itself.
_APART = (
    *("in|jekc", "kon|junk", "kon|jug", "van|jezič", "izvan|jezič", "tan|jug"),
    *("nad|živ", "od|živ", "pred|živ", "od|žal", "nad|žnje", "pod|žup", "od|žvak"),
)
_STAY = {
    *("CSV", "JSON", "XLSX", "HTML", "SVG", "PNG", "PDF", "TOML", "SQL", "SHA", "ISO", "UTC"),
    *(
        "URL",
        "ID",
        "RS",
        "Patria",
        "url",
        "id",
        "Id",
        "CFE",
        "KFOR",
        "EUFOR",
        "SFOR",
        "IFOR",
        "SIPRI",
        "IISS",
    ),
    *("compliance", "audit", "report", "chart", "en", "Markdown", "Excel", "LibreOffice"),
}
_KEPT = re.compile(
    r"\{[^{}]*\}"  # a placeholder
    r"|https?://\S+"
    r"|--(?:basis|by|format|lang|profile|report) [\w-]+"
    r"|--[A-Za-z][\w-]*(?:[ =][A-Z]+(?:=[A-Z]+)?)?"  # an option, with what stands for its value
    r"|[A-Z]{2,}=[A-Z]{2,}"
    r"|\w*_\w+"  # a name of the files
    r"|\bcompliance [a-z]+|'none'"
    r"|(?<=tepen )[ABC]\b|\b[ABC](?= (?:je|primarni|pouzdan|slabiji|ili C)\b|, B\b)|(?<=ili )C\b"
    r"|\([A-Z]\)|\bI\.\d|\b1-B\b|Arms Control Today"
    r"|\w+(?:[.-]\w+)*\.(?:csv|json|xlsx|html|svg|png|toml|md|zip|db)\b"
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_FOREIGN = re.compile(r"[qwxyQWXY]")


def cyrillic(text: str) -> str:
    """Return Serbian text in Cyrillic letters."""
    made, place = [], 0
    for kept in _KEPT.finditer(text):
        made += [_WORD.sub(_written, text[place : kept.start()]), kept[0]]
        place = kept.end()
    return "".join([*made, _WORD.sub(_written, text[place:])])


def _written(found: re.Match[str]) -> str:
    word = found[0]
    if any(map(str.isdigit, word)):
        # "T-72" stays, "15-dnevni" and "72-milimetarski" do not.
        head, dash, tail = word.partition("-")
        return f"{head}-{_word(tail)}" if dash and head.isdigit() else word
    return "-".join(_word(part) for part in word.split("-"))


def _word(word: str) -> str:
    if word in _STAY or _ROMAN.fullmatch(word) or _FOREIGN.search(word):
        return word
    low = word.lower()
    breaks = {
        place + apart.index("|")
        for apart in _APART
        for place in [low.find(apart.replace("|", ""))]
        if place >= 0
    }
    made, place = [], 0
    while place < len(word):
        pair = low[place : place + 2]
        wide = 2 if pair in _PAIRS and place + 1 not in breaks else 1
        letter = _PAIRS[pair] if wide == 2 else _LETTERS.get(low[place], word[place])
        made.append(letter.upper() if word[place].isupper() else letter)
        place += wide
    return "".join(made)
