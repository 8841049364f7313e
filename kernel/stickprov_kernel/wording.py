"""What is wrong with a value, in one sentence that does not repeat the value."""

from collections.abc import Mapping
from typing import Any, Final

_SENTENCES: Final = {
    "missing": "This is required; give a value.",
    "extra_forbidden": "There is no such field; check its spelling or leave it out.",
    "model_attributes_type": "Send a JSON object, with Content-Type: application/json.",
    "dict_type": "Send a JSON object, with Content-Type: application/json.",
}


def sentence(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors (``type`` and ``msg``) as a sentence."""
    if error["type"] in _SENTENCES:
        return _SENTENCES[error["type"]]
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if message.startswith("Input "):
        message = "This " + message.removeprefix("Input ")
    return message if message.endswith((".", "!", "?")) else message + "."
