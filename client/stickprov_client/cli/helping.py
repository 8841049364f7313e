"""The help of every command in the reader's language. Typer puts it together in English; it is told anew for Swedish.

What must not break: no text of the help is without its Swedish one (a test walks all commands).
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from babel.messages.pofile import read_po
from typer import rich_utils

from stickprov_client import language as _languages
from stickprov_client.language.translations import Language, language_named

_EXAMPLE: Final = "Example: "
_USAGE: Final = "Usage: "
_OF_TYPER: Final = {
    name: str(getattr(rich_utils, name))
    for name in (
        "ARGUMENTS_PANEL_TITLE",
        "OPTIONS_PANEL_TITLE",
        "COMMANDS_PANEL_TITLE",
        "DEFAULT_STRING",
        "ENVVAR_STRING",
        "REQUIRED_LONG_STRING",
        "ERRORS_PANEL_TITLE",
        "RICH_HELP",
    )
}
"""Typer's own words, by the name of the module's variable that holds them."""


def language_of_environment() -> Language:
    """Return the language that LANG names; Swedish when it names none of ours."""
    return language_named(os.environ.get("LANG")) or "sv"


def language_asked(arguments: Sequence[str]) -> Language:
    """Return the language of the help, which is told before --lang is read: as that, else as the environment says."""
    given = [value for option, value in pairwise(arguments) if option == "--lang"]
    given += [argument.partition("=")[2] for argument in arguments if argument.startswith("--lang=")]
    chosen = language_named(given[-1]) if given else language_named(os.environ.get("STICKPROV_LANG"))
    return chosen or language_of_environment()


def tell(command: Any, language: Language) -> None:  # noqa: ANN401 - typer's own classes
    """Have a command and all below it, freshly put together by Typer, tell their help in a language."""
    for name, words in _OF_TYPER.items():
        setattr(rich_utils, name, in_language(words, language))
    if language == "en":
        return
    for one in everything_below(command):
        _retell(one, language)


def everything_below(command: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield a command and every command below it."""
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from everything_below(one)


def texts_of(command: Any) -> list[str]:  # noqa: ANN401
    """Return the English texts of one command's help."""
    context = command.context_class(command)
    parameters = (getattr(parameter, "help", None) for parameter in command.get_params(context))
    return [_whole(text) for text in (command.help, *parameters) if text]


def in_language(text: str, language: Language) -> str:
    """Return a text of the help in a language; English where there is no other."""
    return text if language == "en" else swedish_texts().get(_whole(text), text)


@cache
def swedish_texts() -> dict[str, str]:
    """Return the Swedish texts by the English ones."""
    with files(_languages).joinpath("commands_sv.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def _retell(command: Any, language: Language) -> None:  # noqa: ANN401
    for parameter in command.get_params(command.context_class(command)):
        if parameter_help := getattr(parameter, "help", None):
            parameter.help = in_language(parameter_help, language)
    if command.help:
        command.help = in_language(command.help, language)
    if command.epilog:
        command.epilog = command.epilog.replace(_EXAMPLE, in_language(_EXAMPLE, language), 1)
    command.format_usage = lambda context, formatter: formatter.write_usage(
        context.command_path, " ".join(command.collect_usage_pieces(context)), prefix=in_language(_USAGE, language)
    )


def _whole(text: str) -> str:
    """Return a text with each paragraph on one line. What ends with a space does so on purpose."""
    if "\n" not in text:
        return text
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
