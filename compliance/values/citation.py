"""Where a value of the law stands, and how well it is known."""

from __future__ import annotations

from typing import Any

from compliance.values.frozen import frozen
from compliance.values.said import Said, english, joined, name, said
from compliance.values.vocabulary import Grade, LawStatus


@frozen
class Source:
    """One entry of a bibliography."""

    id: str
    title: str
    url: str = ""
    publisher: str = ""
    date: str = ""
    note: str = ""


@frozen
class Citation:
    """The authority for one value.

    Attributes:
        instrument: the legal instrument, as it is named.
        provision: article or paragraph, or what is known of it.
        status: text, reported or derived.
        grade: the grade of the best source.
        sources: the bibliography entries, best first.
        note: what a reader must know about the authority; may be empty.
    """

    instrument: str
    provision: str
    status: LawStatus
    grade: Grade
    sources: tuple[Source, ...]
    note: str = ""

    def short(self) -> Said:
        """Return one line for people."""
        return said(
            "{law} ({status}, grade {grade})",
            law=self.place(),
            status=self.status.word,
            grade=self.grade.value,
        )

    def place(self) -> Said:
        """Return where it stands: the instrument, and the provision as far as it is known."""
        parts = [name(self.instrument), *([english(self.provision)] if self.provision else [])]
        return joined(", ", parts)

    def as_json(self) -> dict[str, Any]:
        """Return the citation for JSON output."""
        return {
            "instrument": self.instrument,
            "provision": self.provision,
            "status": self.status.value,
            "grade": self.grade.value,
            "note": self.note,
            "sources": [
                {"id": s.id, "title": s.title, "publisher": s.publisher, "url": s.url}
                for s in self.sources
            ],
        }
