"""Settings that stand in files: ``STICKPROV_<SERVICE>_<NAME>_FILE`` names a file that holds the value.

What must not break: a secret need not stand in the environment, where whoever may look at a process reads it; a file
that cannot be read is a fault of its setting, told with all others.
"""

import os
import types
from pathlib import Path
from typing import Any, Final, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

SUFFIX: Final = "_FILE"
_HELD: Final = frozenset({str, SecretStr})


class NotGiven:
    """Stands where a value should be that could not be had; says why."""

    def __init__(self, why: str) -> None:
        self.why = why


def file_variables(settings_type: type[BaseSettings]) -> dict[str, str]:
    """Return, by setting, the variable that names its file: every text and secret that no other setting is for."""
    prefix = settings_type.model_config.get("env_prefix", "")
    fields = settings_type.model_fields
    taken = {name.upper() for name in fields}
    return {
        name: f"{prefix}{name.upper()}{SUFFIX}"
        for name, field in fields.items()
        if _is_text(field.annotation) and f"{name.upper()}{SUFFIX}" not in taken
    }


class SettingsFromFiles(PydanticBaseSettingsSource):
    """The values of those files, without the white space at their ends."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002  # pydantic's
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        given = {
            name: (variable, os.environ[variable])
            for name, variable in file_variables(self.settings_cls).items()
            if os.environ.get(variable)
        }
        return {name: _read(variable, Path(path)) for name, (variable, path) in given.items()}


def _read(variable: str, path: Path) -> str | NotGiven:
    if os.environ.get(variable.removesuffix(SUFFIX)):
        return NotGiven(f"This or {variable}, not both.")
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        return NotGiven(f"The file that {variable} names cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        return NotGiven(f"The file that {variable} names is no text.")
    return text or NotGiven(f"The file that {variable} names is empty.")


def _is_text(annotation: Any) -> bool:  # noqa: ANN401  # any annotation a field can have
    if get_origin(annotation) in {Union, types.UnionType}:
        return all(part in _HELD or part is type(None) for part in get_args(annotation))
    return annotation in _HELD
