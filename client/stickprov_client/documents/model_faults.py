"""What is wrong with a value of a document or an option, in words: what to write instead, by what belongs there."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel

from stickprov_client.documents.typed_values import SHARES, model_in
from stickprov_contracts.wording import sentence

Place = tuple[str | int, ...]

_UNKNOWN: Final = "extra_forbidden"
_NO_FIELDS: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})
_OF_A_SHARE: Final = ("decimal", "greater_than", "less_than")
_ID_PATTERN: Final = "^[A-Za-z0-9]"
_MONTH_PATTERN: Final = r"^\d{4}-\d{2}$"
_MOST_NAMED: Final = 3

_WORDS: Final = {
    "missing": "this field is missing.",
    "string_type": "write a text here, in quotes where it looks like a number.",
    "list_type": "write a list here, each entry with a hyphen before it.",
}
_OPTION_WORDS: Final = {"missing": "give this option too.", "string_type": "write a text."}


def fault_words(model: type[BaseModel], error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors about a document as a sentence that begins small."""
    kind, place = error["type"], tuple(error["loc"])
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == _UNKNOWN:
        return _unknown(str(place[-1]), model, place[:-1])
    if kind in _NO_FIELDS:
        return f"write fields here, such as {_example(model, place)}."
    return _of_value(error)


def option_words(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors about a command's option as a sentence that begins small."""
    return _OPTION_WORDS.get(error["type"]) or _of_value(error)


def _of_value(error: Mapping[str, Any]) -> str:
    kind, place = error["type"], error["loc"]
    if kind == "string_pattern_mismatch":
        return _of_pattern(str(error["ctx"]["pattern"]))
    if place and place[-1] in SHARES and kind.startswith(_OF_A_SHARE):
        return "write a share, such as 5% or 0.05."
    said = sentence(error)
    return said[:1].lower() + said[1:]


def _of_pattern(pattern: str) -> str:
    if pattern == _MONTH_PATTERN:
        return "write a month, such as 2021-03."
    if pattern.startswith(_ID_PATTERN):
        return "use letters, digits, dots, hyphens and underscores, at most 64, such as AMF-2021-3."
    return "there is a control character in this text; take it away."


def _unknown(name: str, model: type[BaseModel], place: Place) -> str:
    known = list(_fields_at(model, place))
    meant = get_close_matches(name, known, n=1, cutoff=0.6)
    if meant:
        return f"there is no such field; did you mean {meant[0]}?"
    return f"there is no such field; there are {', '.join(known)}."


def _example(model: type[BaseModel], place: Place) -> str:
    """Return the fields that a place needs; its first ones where it needs none."""
    there = _model_at(model, place)
    if there is None:
        return "name: text"
    needed = [name for name, field in there.model_fields.items() if field.is_required()]
    return ", ".join(f"{name}:" for name in (needed or list(there.model_fields))[:_MOST_NAMED])


def _fields_at(model: type[BaseModel], place: Place) -> Iterator[str]:
    """Yield the fields that may stand at a place of a model."""
    there = _model_at(model, place)
    if there is not None:
        yield from there.model_fields


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in place:
        if isinstance(part, str) and current is not None and part in current.model_fields:
            current = model_in(current.model_fields[part].annotation)
    return current
