"""What was answered, small enough to lie in a row."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from stickprov_contracts.events.findings import AnswerRecorded

_DECIMALS: Final = 6
"""As many as findings takes; so sums of answers are sums of whole numbers, and exact."""


class Answer(NamedTuple):
    """The answer to one question. A date or a text is only known to have been answered.

    Attributes:
        chosen: ids, sorted, each once.
        millionths: a number, times a million; a seventh decimal is rounded.
    """

    question: str
    chosen: tuple[str, ...] = ()
    millionths: int | None = None


def answers_of(recorded: Iterable[AnswerRecorded]) -> tuple[Answer, ...]:
    """Return answers in the order of their questions' ids, each question once."""
    found = {one.question: _answer(one) for one in recorded}
    return tuple(found[question] for question in sorted(found))


def _answer(one: AnswerRecorded) -> Answer:
    if one.number is not None:
        return Answer(one.question, (), int(one.number.scaleb(_DECIMALS).to_integral_value()))
    return Answer(one.question, tuple(sorted(set(one.chosen))))


def number_of(millionths: int) -> Decimal:
    """Return the number, or the sum of numbers, that so many millionths are; exactly."""
    return Decimal(millionths).scaleb(-_DECIMALS)


def answers_as_json(answers: Iterable[Answer]) -> dict[str, list[str] | int]:
    """Return answers by question: what was chosen, or a number's millionths."""
    return {one.question: list(one.chosen) if one.millionths is None else one.millionths for one in answers}


def answers_from_json(found: Mapping[str, list[str] | int]) -> tuple[Answer, ...]:
    """Return the answers that ``answers_as_json`` was given."""
    return tuple(
        Answer(question, (), given) if isinstance(given, int) else Answer(question, tuple(given))
        for question, given in sorted(found.items())
    )
