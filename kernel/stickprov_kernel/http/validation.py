"""What comes in is checked here: pydantic's findings in our words, and text that PostgreSQL cannot hold.

No message repeats what was sent, because it may name a person.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.wording import sentence
from stickprov_kernel.errors import BadInputError

MOST_PROBLEMS: Final = 100
"""A request with more errors than this is told of the first ones."""

_LONGEST_NAME: Final = 200
_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})
_LARGEST: Final = 2**63 - 1
_SUSPICIOUS: Final = re.compile(rb"\\u0000|\\ud[89a-f]|[0-9]{19}", re.IGNORECASE)

ModelT = TypeVar("ModelT", bound=BaseModel)


def field_problems(errors: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """Return pydantic's errors as field problems, at most ``MOST_PROBLEMS``."""
    return [
        FieldProblem(field=_name(error["loc"]), code=error["type"].replace("_", "-"), message=sentence(error))
        for error in errors[:MOST_PROBLEMS]
    ]


def read_part(model: type[ModelT], text: str | bytes, part: str) -> ModelT:
    """Read JSON that came as a part of a form, as strictly as if it had been a body.

    Raises:
        BadInputError: it is no JSON or not as the model wants it; fields are named below the part's name.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        problem = FieldProblem(field=part, code="json-invalid", message="This is not JSON.")
        raise BadInputError(f"The part {part} is not JSON.", errors=[problem]) from None
    _refuse(_unstorable(content, (part,)))
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        found = [{**one, "loc": (part, *one["loc"])} for one in error.errors(include_url=False, include_input=False)]
        raise BadInputError("Correct the fields named in errors.", errors=field_problems(found)) from None


async def refuse_unstorable(request: Request) -> None:
    """Refuse what no text or number column can hold, before anything is done with it.

    Raises:
        BadInputError: a text has a NUL character or half a surrogate pair, or an integer has more than 64 bits.
    """
    _refuse(_unstorable(request.path_params, ()))
    for name, value in request.query_params.multi_items():
        _refuse(_unstorable({name: value}, ()))
    if "json" not in request.headers.get("content-type", "").lower():
        return
    body = await request.body()
    if _SUSPICIOUS.search(body):  # rare, so the second parsing costs nothing in ordinary life
        _refuse(_unstorable(await request.json(), ()))


def _refuse(problems: Iterator[FieldProblem]) -> None:
    found = [problem for problem, _ in zip(problems, range(MOST_PROBLEMS), strict=False)]
    if found:
        raise BadInputError("Correct the fields named in errors.", errors=found)


def _unstorable(value: object, path: tuple[str | int, ...]) -> Iterator[FieldProblem]:
    match value:
        case str() if not _is_text(value):
            message = "The text holds a character that cannot be stored (NUL or half of a pair); remove it."
            yield FieldProblem(field=_name(path), code="unstorable-text", message=message)
        case int() if abs(value) > _LARGEST:
            yield FieldProblem(field=_name(path), code="too-large-number", message="The number is too large.")
        case dict():
            for key, inner in value.items():
                yield from _unstorable(key, (*path, key))
                yield from _unstorable(inner, (*path, key))
        case list():
            for index, inner in enumerate(value):
                yield from _unstorable(inner, (*path, index))
        case _:
            pass


def _is_text(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name(location: Sequence[str | int]) -> str:
    inner = location[1:] if len(location) > 1 and location[0] in _PLACES else location
    dotted = ".".join(str(step) for step in inner)[:_LONGEST_NAME]
    return dotted.replace("\x00", "\\0").encode("utf-8", "backslashreplace").decode()
