"""What is wrong with a value, in one sentence that does not repeat the value and says what to write instead.

What must not break: every sentence but a validator's own comes from the tables here, so that it can be translated.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_OWN: Final = frozenset({"value_error", "assertion_error"})
"""Of a validator: its own sentence is the best there is."""
_CHOICE: Final = re.compile(r"'([^']*)'")
_WHOLE: Final = "Write a whole number."
_NUMBER: Final = "Write a number, such as 12 or 0.25."
_DAY: Final = "Write a day that there is, as 2021-01-31."
_MOMENT: Final = "Write a time with its zone, as 2021-01-31T08:00:00+01:00."
_TRUTH: Final = "Write true or false."
_TEXT: Final = "Write a text."
_ID: Final = "Write a whole id, such as 0198c0de-0000-7000-8000-000000000001."
_OBJECT: Final = "Send a JSON object, with Content-Type: application/json."
_UNFIT: Final = "This cannot be used here."

_SENTENCES: Final = {
    "missing": "This is required; give a value.",
    "extra_forbidden": "There is no such field; check its spelling or leave it out.",
    "json_invalid": "This is not JSON.",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": "Send a list.",
    "none_required": "Leave this out.",
    "string_type": _TEXT,
    "string_pattern_mismatch": "This is not written as it has to be.",
    "finite_number": "Write an ordinary number.",
    "greater_than": "Write a number greater than {gt}.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than": "Write a number less than {lt}.",
    "less_than_equal": "Write {le} or less.",
    "multiple_of": "Write a multiple of {multiple_of}.",
    "decimal_max_digits": "Write a number with at most {max_digits} digits.",
    "decimal_max_places": "Write a number with at most {decimal_places} decimals.",
    "decimal_whole_digits": "Write a number with at most {whole_digits} digits before the decimals.",
    "string_too_long": "Write at most {max_length} characters.",
    "string_too_short": "Write at least {min_length} characters.",
    "too_long": "There may be at most {max_length} of these.",
    "too_short": "There must be at least {min_length} of these.",
    "literal_error": "Write one of {expected}.",
    "enum": "Write one of {expected}.",
}
_BEGINNINGS: Final = (
    ("int_", _WHOLE),
    ("float_", _NUMBER),
    ("decimal_", _NUMBER),
    ("datetime_", _MOMENT),
    ("timezone_", _MOMENT),
    ("date_", _DAY),
    ("bool_", _TRUTH),
    ("string_", _TEXT),
    ("uuid_", _ID),
)
"""Kinds of errors that one sentence is enough for, by how their names begin; the first that fits."""


def sentence(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors as a sentence.

    Args:
        error: with ``type``, ``msg``, and the context where there is one.
    """
    kind, context = str(error["type"]), dict(error.get("ctx") or {})
    if kind in _OWN:
        return _ended(str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, "))
    if kind == "string_too_short" and context.get("min_length") == 1:
        return "This is empty; write something."
    if "expected" in context:
        expected = str(context["expected"])
        context["expected"] = ", ".join(_CHOICE.findall(expected)) or expected
    try:
        return _of_kind(kind).format(**context)
    except KeyError:
        return _UNFIT


def _of_kind(kind: str) -> str:
    begun = (said for beginning, said in _BEGINNINGS if kind.startswith(beginning))
    return _SENTENCES.get(kind) or next(begun, _UNFIT)


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else message + "."
