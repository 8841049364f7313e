"""Questionnaires in both languages: which text to show, and what kinds of answers are called."""

from typing import Final, Protocol

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.questionnaires import QuestionType

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
