"""How a reader answers the questions that the law leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from types import MappingProxyType

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Question
from compliance.values.errors import ComplianceError
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean


@frozen
class Readings:
    """Which questions are closed, and by whom.

    Attributes:
        closed: answers given by the reader.
        applied: defaults that the pack applies by itself and the reader left alone.
    """

    closed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    applied: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_options(cls, agreement: Agreement, options: Iterable[str] = ()) -> Readings:
        """Return the readings after ``question=answer`` options, as on the command line.

        Raises:
            ComplianceError: an option is malformed, names an unknown question or answer, or two
                options answer one question differently.
        """
        closed: dict[str, str] = {}
        for option in options:
            question, answer = _option(agreement, option)
            given = closed.setdefault(question.id, answer)
            if given != answer:
                raise ComplianceError(
                    f"the question '{question.id}' is answered twice: '{given}' and '{answer}'",
                    todo="give one answer to each question",
                )
        applied = {q.id: q.default for q in agreement.questions if q.applied and q.id not in closed}
        return cls(MappingProxyType(closed), MappingProxyType(applied))

    def answer(self, question_id: str) -> str | None:
        """Return the reader's answer, else the default the pack applies, else ``None``: open."""
        return self.closed.get(question_id, self.applied.get(question_id))

    def is_open(self, question_id: str) -> bool:
        """True where nothing answers the question; so also where the pack does not ask it."""
        return self.answer(question_id) is None

    def with_answers(self, answers: Mapping[str, str]) -> Readings:
        """Return the readings with these answers given as well; for trying every reading."""
        closed = {**self.closed, **answers}
        applied = {q: a for q, a in self.applied.items() if q not in closed}
        return Readings(MappingProxyType(closed), MappingProxyType(applied))


def _option(agreement: Agreement, option: str) -> tuple[Question, str]:
    name, equals, answer = (part.strip() for part in option.partition("="))
    if not (name and equals and answer):
        raise ComplianceError(
            f"'{option}' answers no question", todo="write --reading question=answer"
        )
    question = agreement.question(name)
    if question is None:
        asked = [q.id for q in agreement.questions]
        raise ComplianceError(
            f"'{agreement.id}' asks no question '{name}'",
            todo=did_you_mean(name, asked) or f"the questions are: {', '.join(asked)}",
        )
    if question.reading(answer) is None:
        allowed = [r.id for r in question.readings]
        suggestion = did_you_mean(answer, allowed)
        raise ComplianceError(
            f"'{answer}' is no answer to '{name}'; its answers are: {', '.join(allowed)}",
            todo=suggestion or "choose one of them",
        )
    return question, answer
