"""Titles of the services' problems in both languages."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.problems import Problem

_TITLES: Final = {
    "bad-input": marked("The request has errors"),
    "not-signed-in": marked("Sign in first"),
    "not-allowed": marked("Not allowed"),
    "not-found": marked("Not found"),
    "conflict": marked("This does not fit what has happened before"),
    "command-id-reused": marked("This command id stands for another request"),
    "stream-moved-on": marked("Somebody else was first"),
    "stale-version": marked("This has changed since you read it"),
    "version-required": marked("Say which version you saw"),
    "too-large": marked("Too large"),
    "unavailable": marked("Try again shortly"),
    "failed": marked("The request could not be carried out"),
}


def title_of(problem: Problem, language: Language) -> str:
    """Return the situation in a few words; a code we do not know is said as the service said it."""
    known = _TITLES.get(problem.code)
    return texts(language).gettext(known) if known and language != "en" else problem.title
