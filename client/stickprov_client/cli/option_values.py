"""Options that are checked together: what is wrong is said of each by its name on the command line."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from stickprov_client.cli.failure import BadInput
from stickprov_client.documents.model_faults import option_words
from stickprov_client.language.typed_shares import share_of

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], fields: Mapping[str, object], options: Mapping[str, str] | None = None) -> M:
    """Return what a command asks for.

    Args:
        model: what it has to be.
        fields: by the model's names.
        options: what the command calls a field, where that is not its name after two hyphens.

    Raises:
        BadInput: every option at fault is named.
    """
    return made(lambda: model.model_validate(fields), options)


def made(make: Callable[[], M], options: Mapping[str, str] | None = None) -> M:
    """Return what is made, as ``checked`` does.

    Raises:
        BadInput: every option at fault is named.
    """
    try:
        return make()
    except ValidationError as error:
        faults = [(_option(one, options or {}), option_words(one)) for one in error.errors()]
        raise BadInput(faults=list(dict.fromkeys(faults))) from None


def share(option: str, text: str | None) -> Decimal | None:
    """Read a share; None where none is given.

    Raises:
        BadInput: it is none.
    """
    if text is None:
        return None
    try:
        return share_of(text)
    except ValueError as error:
        raise BadInput(str(error), option) from None


def day(option: str, text: str | None) -> date | None:
    """Read a day; None where none is given.

    Raises:
        BadInput: it is none.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is no date; write it as 2021-01-31.", option) from None


def action_id(text: str) -> UUID:
    """Read an action's id.

    Raises:
        BadInput: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(f"“{text}” is no action's id. List them with: stickprov action show") from None


def _option(error: Mapping[str, Any], options: Mapping[str, str]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    return options.get(name, f"--{name.replace('_', '-')}" if name else "")
