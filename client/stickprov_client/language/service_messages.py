"""What the services say in English, in the reader's language, with the same rows, columns and values in it.

A service's sentence is a template that was filled in. The catalogue has the templates as message ids; a sentence that
fits one is told in Swedish with what stood in its braces. A sentence that fits none stays English: it is better read so
than not at all. What must not break: every template of the services is in the catalogue (a test compares them).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from babel.messages.pofile import read_po

from stickprov_client.language.roles import role_name
from stickprov_client.language.translations import Language
from stickprov_contracts.problems import FieldProblem

_FIELD: Final = re.compile(r"\{(\w+)\}")
_LONGEST: Final = 4000
_WRITTEN_IN_SWEDISH: Final = {"yes": "ja", "no": "nej"}
"""Answers that may be given in Swedish words; every other is known by its id alone."""


@dataclass(frozen=True)
class _Template:
    """A sentence to recognise.

    Attributes:
        swedish: with the same fields in braces.
    """

    pattern: re.Pattern[str]
    swedish: str


def told(message: str, language: Language) -> str:
    """Return what a service said about a request, in the reader's language."""
    if language == "en" or len(message) > _LONGEST:
        return message
    whole = message[:1].upper() + message[1:]
    found = _found(message)
    if found is None and whole != message and (found := _found(whole)) is not None:
        # After a place, such as a line's number, a sentence begins small.
        found = found[:1].lower() + found[1:]
    return message if found is None else found


def _found(message: str) -> str | None:
    exact, templates = _catalogue()
    if message in exact:
        return exact[message]
    for template in templates:
        if found := template.pattern.fullmatch(message):
            return _filled(template.swedish, found.groupdict())
    return None


def _filled(swedish: str, values: dict[str, str]) -> str:
    exact, _ = _catalogue()
    known = {name: _value(name, text, exact) for name, text in values.items()}
    return _FIELD.sub(lambda field: known[field[1]], swedish)


def _value(name: str, text: str, exact: Mapping[str, str]) -> str:
    match name:
        case "message":
            return told(text, "sv")
        case "roles":
            return ", ".join(role_name(role, "sv") for role in text.split(", "))
        case "ids":
            return ", ".join(_WRITTEN_IN_SWEDISH.get(one, one) for one in text.split(", "))
        case _:
            return exact.get(text, text).replace("“", "”")


def rejected_because(problem: FieldProblem, language: Language) -> str:
    """Return why a row was rejected, for a place that names its row and column already."""
    message = problem.message.removeprefix(f"Row {problem.row}, column “{problem.field}”: ")
    said = told(message, language)
    return said[:1].upper() + said[1:]


def message_ids() -> frozenset[str]:
    """Return every English template that has a Swedish one."""
    return frozenset(_pairs())


@cache
def _catalogue() -> tuple[dict[str, str], list[_Template]]:
    """Return the sentences without fields, and the templates: those with most words of their own first."""
    pairs = _pairs()
    exact = {english: swedish for english, swedish in pairs.items() if not _FIELD.search(english)}
    ranked = sorted(pairs.keys() - exact.keys(), key=lambda english: (-len(_FIELD.sub("", english)), english))
    return exact, [_Template(_pattern(english), pairs[english]) for english in ranked]


@cache
def _pairs() -> dict[str, str]:
    with files(__package__).joinpath("services_sv.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}


def _pattern(english: str) -> re.Pattern[str]:
    parts = _FIELD.split(english)
    texts, names = parts[::2], parts[1::2]
    fields = [f"(?P<{name}>.+?)" for name in names]
    whole = re.escape(texts[0]) + "".join(
        field + re.escape(text) for field, text in zip(fields, texts[1:], strict=True)
    )
    return re.compile(whole, re.DOTALL)
