"""JSON Schema told as tables: what a field holds, whether it is needed, and what its docstring says of it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from support.reference_pages.markdown import prose, table

Schema = Mapping[str, Any]
Link = Callable[[str], str]
"""Returns how a named schema is shown, such as a link to its table."""

_FORMATS: Final = {"uuid": "UUID", "date": "date", "date-time": "moment", "binary": "file"}
_TYPES: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "decimal": "decimal",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
}
_NOTHING: Final = "nothing"
_DECIMAL: Final = r"^(?!^[-+.]*$)"


def fields_table(schema: Schema, link: Link) -> str:
    """Return a table of an object's fields."""
    told = described(schema)
    required = set(schema.get("required", ()))
    rows = [
        (
            f"`{name}`",
            kind(field, link),
            _needed(field, name in required),
            told.get(name) or field.get("description", ""),
        )
        for name, field in schema.get("properties", {}).items()
    ]
    return table(("Field", "Holds", "Default", "Meaning"), rows)


def described(schema: Schema) -> dict[str, str]:
    """Return what the docstring behind a schema says of each field, by its name."""
    text = schema.get("description", "").partition("Attributes:")[2]
    one = "|".join(re.escape(name) for name in sorted(schema.get("properties", {}), key=len, reverse=True))
    if not text or not one:
        return {}
    parts = re.split(rf"(?:^|(?<=[.;])|(?<=\n))\s*((?:{one})(?:, (?:{one}))*):\s", text)
    found = {}
    for names, said in zip(parts[1::2], parts[2::2], strict=True):
        for name in names.split(", "):
            found[name] = _sentence(said)
    return found


def meaning(schema: Schema) -> str:
    """Return what the docstring says of the whole."""
    return prose(schema.get("description"))


def kind(schema: Schema, link: Link) -> str:
    """Return in words what a value of a schema is."""
    if "$ref" in schema:
        return link(schema["$ref"].rsplit("/", 1)[1])
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        said = _unique(kind(one, link) for one in _wanted(choices))
        return " or ".join(one for one in said if one != _NOTHING) + ("; or null" if _NOTHING in said else "")
    if schema.get("type") == "array":
        return _list(schema, link)
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {kind(schema['additionalProperties'], link)} by name"
    return _plain(schema)


def _list(schema: Schema, link: Link) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(kind(one, link) for one in schema['prefixItems'])}]"
    return f"list of {kind(schema.get('items', {}), link)}{_bounds(schema, 'minItems', 'maxItems', ' of them')}"


def _plain(schema: Schema) -> str:
    type_ = schema.get("type", "")
    if type_ == "null":
        return _NOTHING
    said = _FORMATS.get(schema.get("format", ""), _TYPES.get(type_, "anything"))
    if type_ == "string":
        pattern = schema.get("pattern", "")
        if pattern.startswith(_DECIMAL):
            return "decimal"
        said += f" like `{pattern}`" if pattern else ""
        return said + _bounds(schema, "minLength", "maxLength", " characters")
    return (
        said + _bounds(schema, "minimum", "maximum", "") + _bounds(schema, "exclusiveMinimum", "exclusiveMaximum", "")
    )


def _bounds(schema: Schema, least: str, most: str, unit: str) -> str:
    low, high = (schema.get(bound) for bound in (least, most))
    low, high = (int(one) if isinstance(one, float) and one.is_integer() else one for one in (low, high))
    if low is None and high is None:
        return ""
    if low is None:
        return f", at most {high}{unit}"
    beyond = "above" if least.startswith("exclusive") else "at least"
    return f", {beyond} {low}{unit}" if high is None else f", {low} to {high}{unit}"


def _needed(field: Schema, required: bool) -> str:
    if required:
        return "required"
    default = field.get("default")
    return "" if default in (None, [], {}, "") else f"`{json.dumps(default, ensure_ascii=False)}`"


def _wanted(choices: list[Schema]) -> list[Schema]:
    """Return the choices as a reader thinks of them: a decimal may be sent as a number or as text, and is one thing."""
    numbers = [one for one in choices if one.get("type") == "number"]
    texts = [one for one in choices if one.get("type") == "string" and not {"format", "enum", "maxLength"} & set(one)]
    if not numbers or not texts:
        return choices
    return [{**numbers[0], "type": "decimal"}, *(one for one in choices if one not in (*numbers, *texts))]


def _unique(texts: Any) -> list[str]:
    return list(dict.fromkeys(texts))


def _sentence(text: str) -> str:
    said = " ".join(text.split()).replace("``", "`")
    said = re.sub(r"(?<![`\w])None\b(?! of)", "`null`", said)
    # A sentence begins with a capital, but N and n are two things.
    return said if re.match(r"[nN]\b", said) else said[:1].upper() + said[1:]
