"""Reads the answer to one question by the question's type."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import FIXED_ANSWERS, Question, QuestionType
from stickprov_findings.domain.questionnaire.meaning import choice_meant
from stickprov_findings.domain.questionnaire.outcome import EvaluatedAnswer
from stickprov_findings.domain.questionnaire.problems import fault, listed

EARLIEST: Final = date(1900, 1, 1)
"""An earlier date in an answer is a slip of the pen."""

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
_BETWEEN_THOUSANDS: Final = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_WHOLE_DIGITS: Final = 15
_DECIMALS: Final = 6


def is_blank(value: object) -> bool:
    """Whether nothing was answered: no value, an empty list, or a text of blanks."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def possible_answers(question: Question) -> tuple[str, ...]:
    """Return the ids that can be chosen; none for numbers, dates and texts."""
    return FIXED_ANSWERS.get(question.type, tuple(option.id for option in question.options))


def read_answer(question: Question, value: object, field: str, latest: date) -> EvaluatedAnswer | FieldProblem:
    """Return the answer that a value is, or what is wrong with it.

    Args:
        question: a question that is asked.
        value: not blank; anything a JSON document can hold.
        field: what a problem calls it.
        latest: no date lies after this day.
    """
    return _READERS[question.type](question, value, field, latest)


def _one(question: Question, value: object, field: str, _latest: date) -> EvaluatedAnswer | FieldProblem:
    possible = possible_answers(question)
    if isinstance(value, str) and (chosen := choice_meant(question, value)) in possible:
        return EvaluatedAnswer(question.id, chosen=(chosen,))
    return fault(field, "choice-unknown", f"Choose one of {listed(possible)}.")


def _several(question: Question, value: object, field: str, _latest: date) -> EvaluatedAnswer | FieldProblem:
    possible = possible_answers(question)
    given = () if isinstance(value, str) or not isinstance(value, Sequence) else value
    chosen = [choice_meant(question, one) if isinstance(one, str) else one for one in given]
    if not chosen or any(one not in possible for one in chosen):
        return fault(field, "choice-unknown", f"Give a list with some of {listed(possible)}.")
    if len(set(chosen)) < len(chosen):
        return fault(field, "choice-repeated", "An answer is given more than once. Give each once.")
    return EvaluatedAnswer(question.id, chosen=tuple(one for one in possible if one in chosen))


def _number(question: Question, value: object, field: str, _latest: date) -> EvaluatedAnswer | FieldProblem:
    number = _decimal_of(value)
    if number is None or not number.is_finite():
        return fault(field, "number-unreadable", "Write a number, such as 12, 1 250,50 or -3.")
    if number and (number.adjusted() >= _WHOLE_DIGITS or _decimals_of(number) > _DECIMALS):
        message = f"The number has too many digits. Use at most {_WHOLE_DIGITS} before and {_DECIMALS} after the comma."
        return fault(field, "number-too-long", message)
    # Without an exponent, a minus before 0, and zeros that say nothing: the same number is always the same text.
    return EvaluatedAnswer(question.id, number=Decimal(format(number.normalize(), "f")) + 0)


def _decimal_of(value: object) -> Decimal | None:
    match value:
        case str():
            typed = _BETWEEN_THOUSANDS.sub("", value.strip().replace("\N{MINUS SIGN}", "-"))
            match = _NUMBER.fullmatch(typed)
            return Decimal(f"{match[1]}{match[2]}.{match[3] or ''}") if match else None
        case bool():
            return None
        case int() | Decimal():
            return Decimal(value)
        case float():
            return Decimal(repr(value))
        case _:
            return None


def _decimals_of(number: Decimal) -> int:
    """Return how many digits a number other than 0 has after its decimal point."""
    _sign, digits, exponent = number.as_tuple()
    zeros = next(place for place, digit in enumerate(reversed(digits)) if digit)
    return -(int(exponent) + zeros)


def _day(question: Question, value: object, field: str, latest: date) -> EvaluatedAnswer | FieldProblem:
    day = _date_of(value)
    if day is None:
        return fault(field, "date-unreadable", "Write a date that exists, as 2021-03-31.")
    if day > latest:
        return fault(field, "date-in-future", f"The date lies after {latest}, the day of the review. Check the year.")
    if day < EARLIEST:
        return fault(field, "date-too-early", f"The date lies before {EARLIEST}. Check the year.")
    return EvaluatedAnswer(question.id, day=day)


def _date_of(value: object) -> date | None:
    if not isinstance(value, str) or not _ISO.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def _text(question: Question, value: object, field: str, _latest: date) -> EvaluatedAnswer | FieldProblem:
    if not isinstance(value, str):
        return fault(field, "text-unreadable", "Write a text.")
    return EvaluatedAnswer(question.id, text=value)


_READERS: Final[dict[QuestionType, Callable[[Question, object, str, date], EvaluatedAnswer | FieldProblem]]] = {
    "yes_no": _one,
    "yes_no_na": _one,
    "one_of": _one,
    "many_of": _several,
    "number": _number,
    "date": _day,
    "text": _text,
}
