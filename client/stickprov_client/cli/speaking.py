"""The root of the commands: help, and a value that cannot be read, are told in the reader's language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.helping import language_asked, tell
from stickprov_client.cli.refusals import in_our_words
from stickprov_client.documents.model_faults import option_words

_CHOICES: Final = re.compile(r"'.*' is not one of (?P<choices>'.*')\.")
_CHOICE: Final = re.compile(r"'([^']*)'")


class SpeakingGroup(TyperGroup):
    """Commands whose arguments and options are refused in our words, not in those of who reads them."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as typer has it
        """Read what stands before the command."""
        tell(self, language_asked(args))
        with _in_our_words():
            return super().make_context(info_name, args, *more, **named)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as typer has it
        """Read what stands after the command, and carry it out."""
        with _in_our_words():
            return super().invoke(ctx)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as error:
        refusal = _of_a_value(error) or in_our_words(error)
        if refusal is None:
            raise
        raise refusal from None


def _of_a_value(error: typer.TyperException) -> BadInput | None:
    """Return the refusal of a value that our types do not take."""
    cause = error.__cause__
    if not isinstance(error, typer.BadParameter) or not isinstance(cause, ValidationError) or error.param is None:
        return None
    return BadInput(faults=[(_name(error), _words(dict(one))) for one in cause.errors()])


def _name(error: typer.BadParameter) -> str:
    """Return an option with its hyphens, an argument as the help names it."""
    param = error.param
    if param is None:
        return ""
    return next((name for name in param.opts if name.startswith("--")), param.metavar or param.name or "")


def _words(error: dict[str, Any]) -> str:
    found = _CHOICES.search(str(error["msg"]))
    if found is not None:
        return f"write one of {', '.join(_CHOICE.findall(found['choices']))}."
    return option_words(error)
