"""What is different between two versions of a plan or a control point, field by field, in words a reader knows."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel

from stickprov_contracts.events.plans import Risk
from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.plans import FieldChange


def differing_fields(before: BaseModel, after: BaseModel) -> list[str]:
    """Return the names of the fields that differ."""
    return [name for name in type(after).model_fields if getattr(before, name) != getattr(after, name)]


def changes_between(before: BaseModel | None, after: BaseModel) -> list[FieldChange]:
    """Return every field that is different, with what stood there and what stands there now."""
    old = _flat(before) if before is not None else {}
    new = _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        FieldChange(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _flat(model: BaseModel) -> Mapping[str, str]:
    """Return a model's fields as text; empty ones are left out, parts of a list stand under their ids."""
    flat: dict[str, str] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, list):
            flat |= _flat_list(name, value)
        elif value is not None and value != "":
            flat[name] = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return flat


def _flat_list(name: str, parts: list[object]) -> dict[str, str]:
    if not parts:
        return {}
    texts = {f"{name}.{part.id}": _in_words(part) for part in parts if isinstance(part, Risk | Category)}
    return texts or {name: ", ".join(str(part) for part in parts)}


def _in_words(part: Risk | Category) -> str:
    if isinstance(part, Category):
        return f"{part.sv} / {part.en}"
    score = "" if part.score is None else f"{part.score}: "
    return f"{part.text} ({score}{part.labels})"
