"""What a log keeps for ever holds nobody's personal number.

What must not break: free text lies beside the log, where it can be erased; a number that somebody writes into a text
that does not (a plan's title, a function's name, a filter) is refused before anything is stored.

Only the form with a sign before the last four digits is looked for, as SKV 704 writes it: digits alone may be an
amount or an id.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError

# Not in the midst of a longer number or of a UUID.
_FORM: Final = re.compile(rb"(?<![0-9a-fA-F-])(?:\d\d)?(\d{6})[-+](\d{4})(?![0-9a-fA-F-])")
_COORDINATION: Final = 60
_MESSAGE: Final = (
    "This holds a personal number, and the log keeps it for ever. Leave the number out; where there is a comment, "
    "write it there, as comments can be erased."
)


class PersonalNumberInLogError(BadInputError):
    """A text that cannot be erased holds a personal number."""

    code = "personal-number-in-log"
    title = "A personal number would be kept for ever"


def check_lasting(data: bytes) -> None:
    """Refuse an event's data that hold a personal number.

    Args:
        data: as they would be stored, JSON.

    Raises:
        PersonalNumberInLogError: names the field, and not the number.
    """
    if any(map(_is_one, _FORM.finditer(data))):
        fields = list(_fields_with_one(json.loads(data), ""))
        problems = [FieldProblem(field=field, code=PersonalNumberInLogError.code, message=_MESSAGE) for field in fields]
        raise PersonalNumberInLogError(_MESSAGE, errors=problems)


def _is_one(found: "re.Match[bytes]") -> bool:
    six, four = found[1].decode(), found[2].decode()
    month, day = int(six[2:4]), int(six[4:])
    try:
        # Any leap year: of the century nothing is known.
        date(2000, month or 1, (day - _COORDINATION if day > _COORDINATION else day) or 1)
    except ValueError:
        return False
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(six + four))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def _fields_with_one(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            for name, part in value.items():
                yield from _fields_with_one(part, f"{path}.{name}" if path else name)
        case list():
            for place, part in enumerate(value):
                yield from _fields_with_one(part, f"{path}.{place}")
        case str() if any(map(_is_one, _FORM.finditer(value.encode()))):
            yield path
