"""SQL lives in ``.sql`` files; each statement has a name and says what it is for.

A statement starts at a line ``-- name: <name>`` and ends before the next one. What stands above the first name
is the file's own introduction.
"""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)[ \t]*$", re.MULTILINE)


def load_queries(package: str, filename: str) -> Mapping[str, str]:
    """Return the named statements of a ``.sql`` file that lies beside a package's modules.

    Raises:
        ValueError: a name stands twice or a name has no statement.
    """
    text = files(package).joinpath(filename).read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    queries: dict[str, str] = {}
    for name, statement in zip(parts[::2], parts[1::2], strict=True):
        if name in queries or not statement.strip():
            raise ValueError(f"{package}/{filename}: statement {name!r} stands twice or is empty")
        queries[name] = statement.strip()
    return MappingProxyType(queries)
