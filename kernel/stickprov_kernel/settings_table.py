"""The documentation's table of settings, rendered from the code, so that neither can know more than the other."""

import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from stickprov_kernel.settings import ServiceSettings, env_name

_HEADER: Final = ("Variable", "Type", "Default", "What it is")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: its environment variable, its type and default in words, and what it is. Secrets have no default."""

    env: str
    type: str
    default: str
    description: str


def table(settings_type: type[BaseSettings]) -> list[SettingRow]:
    """Return a service's settings in the order of the code.

    Raises:
        ValueError: a setting has no description.
    """
    return [_row(settings_type, name, field) for name, field in settings_type.model_fields.items()]


def render(settings_types: Sequence[type[BaseSettings]]) -> str:
    """Return Markdown with a heading and a table for each service's settings."""
    return "\n".join(_section(settings_type) for settings_type in settings_types)


def render_table(settings_type: type[BaseSettings]) -> str:
    """Return a service's settings as a Markdown table."""
    rows = [_HEADER, tuple("---" for _ in _HEADER)]
    rows += [(f"`{row.env}`", row.type, row.default, row.description) for row in table(settings_type)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


def _section(settings_type: type[BaseSettings]) -> str:
    prefix = settings_type.model_config.get("env_prefix", "")
    title = prefix.removeprefix("STICKPROV_").rstrip("_").lower()
    return f"## {title}\n\n{render_table(settings_type)}"


def _row(settings_type: type[BaseSettings], name: str, field: FieldInfo) -> SettingRow:
    env = env_name(settings_type, name)
    if not field.description:
        raise ValueError(f"{env} has no description; give it one.")
    return SettingRow(env, _type(field.annotation), _default(settings_type, field), field.description)


def _default(settings_type: type[BaseSettings], field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.annotation is SecretStr or field.default is None:
        return "none"
    default = field.get_default(call_default_factory=True)
    if issubclass(settings_type, ServiceSettings):
        default = str(default).replace("<service>", settings_type.service())
    return f"`{default}`"


def _type(annotation: Any) -> str:  # noqa: ANN401  # any annotation a field can have
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in {Union, types.UnionType}:
        return _type(next(part for part in get_args(annotation) if part is not type(None)))
    known = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Path": "path"}
    name = getattr(annotation, "__name__", str(annotation))
    return "secret" if annotation is SecretStr else known.get(name, name)
