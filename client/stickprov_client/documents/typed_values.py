"""Values as people write them in a document: ``ja`` and ``yes`` are true, ``10%`` and ``0,1`` are a tenth.

What means nothing stays as it was written, to be refused by its place.
"""

from types import UnionType
from typing import Final, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stickprov_client.language.typed_shares import share_of

SHARES: Final = frozenset({"tolerance", "second_review_share", "share", "rate", "goal"})
"""Fields that hold a share of a whole."""
_TRUTHS: Final = {"ja": True, "yes": True, "true": True, "nej": False, "no": False, "false": False}


def readable(model: type[BaseModel], content: object) -> object:
    """Return a document's content with its shares and its yes and no as the model takes them."""
    if not isinstance(content, dict):
        return content
    fields = model.model_fields
    return {name: _value(name, fields[name], value) if name in fields else value for name, value in content.items()}


def _value(name: str, field: FieldInfo, value: object) -> object:
    if isinstance(value, str):
        return _typed(name, field, value)
    inner = model_in(field.annotation)
    if inner is None:
        return value
    return [readable(inner, one) for one in value] if isinstance(value, list) else readable(inner, value)


def _typed(name: str, field: FieldInfo, text: str) -> object:
    if name in SHARES:
        try:
            return share_of(text)
        except ValueError:
            return text
    return _TRUTHS.get(text.strip().casefold(), text) if _holds(field.annotation, bool) else text


def _holds(annotation: object, wanted: type) -> bool:
    return annotation is wanted or any(_holds(inner, wanted) for inner in _inner(annotation))


def model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model that a field may hold, in a list or by itself."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in _inner(annotation) if (found := model_in(inner))), None)


def _inner(annotation: object) -> tuple[object, ...]:
    return get_args(annotation) if get_origin(annotation) in {list, Union, UnionType} else ()
