"""What people write in a cell, as the ids it stands for. What stands for nothing stays, to be refused by its place."""

from collections.abc import Sequence
from typing import Final

from stickprov_contracts.questionnaires import Option, Question
from stickprov_findings.domain.questionnaire.answers import possible_answers
from stickprov_findings.domain.questionnaire.meaning import choice_meant, fixed_meant, option_meant
from stickprov_findings.domain.questionnaire.outcome import GivenAnswer

_OUTCOMES: Final = {
    "granskad": "reviewed",
    "granskat": "reviewed",
    "övertäckning": "over-coverage",
    "bortfall": "non-response",
}
_BETWEEN: Final = "|"


def answer_meant(question: Question, text: str) -> GivenAnswer:
    """Return the answer to a question that a cell holds; the cell is not empty."""
    match question.type:
        case "yes_no" | "yes_no_na" | "one_of":
            return choice_meant(question, text)
        case "many_of":
            if text.casefold() in {one.casefold() for one in possible_answers(question)}:
                return [option_meant(text, question.options)]
            return options_meant(text, question.options)
        case _:
            return text


def remark_meant(text: str) -> bool | None:
    """Return whether a cell says that there is a remark; None when it says neither."""
    return {"yes": True, "no": False}.get(fixed_meant(text))


def outcome_meant(text: str) -> str:
    """Return the outcome that a cell names."""
    return _OUTCOMES.get(text.casefold(), text.casefold())


def options_meant(text: str, options: Sequence[Option]) -> list[str]:
    """Return the ids that a cell names with ``|`` between."""
    return [option_meant(part.strip(), options) for part in text.split(_BETWEEN) if part.strip()]
