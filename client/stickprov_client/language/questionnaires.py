"""Questionnaires in both languages: which text to show, and what kinds of answers are called."""

from collections.abc import Sequence
from typing import Final, Protocol

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.questionnaires import NON_RESPONSE, OVER_COVERAGE, Option, Questionnaire, QuestionType

_TYPES: Final[dict[QuestionType, str]] = {
    "yes_no": marked("yes or no"),
    "yes_no_na": marked("yes, no or does not apply"),
    "one_of": marked("one of several"),
    "many_of": marked("one or several"),
    "number": marked("a number"),
    "date": marked("a date"),
    "text": marked("a text"),
}


class _InBoth(Protocol):
    """What has a text in each language."""

    @property
    def sv(self) -> str: ...

    @property
    def en(self) -> str: ...


def in_language(said: _InBoth, language: Language) -> str:
    """Return the text of a questionnaire, a question or an option in the reader's language."""
    return said.sv if language == "sv" else said.en


def question_type(kind: QuestionType, language: Language) -> str:
    """Return how a question is answered."""
    return texts(language).gettext(_TYPES[kind])


_FIXED: Final = {"yes": marked("Yes"), "no": marked("No"), "na": marked("Not applicable")}


def answer_name(questionnaire: Questionnaire, question: str, answer: str, language: Language) -> str:
    """Return an answer in words; what a questionnaire does not have is said by its id.

    Args:
        questionnaire: that asks.
        question: id of the question.
        answer: id of the answer.
        language: of the words.
    """
    asked = next((one for one in questionnaire.questions if one.id == question), None)
    options = {option.id: in_language(option, language) for option in asked.options} if asked else {}
    if answer in options:
        return options[answer]
    return texts(language).gettext(_FIXED[answer]) if answer in _FIXED else answer


def reasons_of(questionnaire: Questionnaire | None, mark: str) -> Sequence[Option]:
    """Return the reasons for ``over-coverage`` or ``non-response``: the questionnaire's own, else the standard ones."""
    if mark == "over-coverage":
        return (questionnaire.over_coverage if questionnaire else ()) or OVER_COVERAGE
    return (questionnaire.non_response if questionnaire else ()) or NON_RESPONSE
