"""DuckDB as our engine for register files: bounded in memory and threads, and locked into the folders it is given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

THREADS = 2
_MOST_ON_DISK = "20GB"
"""What one use may spill: a small file can stand for more than any disk holds."""
_NO_BREAK = "\u00a0"
SPACE = f" \t{_NO_BREAK}"
"""What surrounds a value without being part of it; the no-break space is that of spreadsheets."""


@contextmanager
def engine(spill: Path, folders: Sequence[Path], *, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database that may spill to ``spill`` and read and write only there and in ``folders``.

    Its statements have a function ``trimmed``.

    Args:
        spill: a folder of this one use; two engines must not share it.
        folders: what a statement may touch.
        memory: the limit, such as ``512MB``.
    """
    connection = duckdb.connect(
        config={
            "threads": THREADS,
            "memory_limit": memory,
            "temp_directory": str(spill),
            "max_temp_directory_size": _MOST_ON_DISK,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        allowed = ", ".join(text_literal(str(folder)) for folder in (spill, *folders))
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        connection.execute(define_trimmed())
        yield connection
    finally:
        connection.close()


def define_trimmed(signs: str = SPACE) -> str:
    """Return the statement that defines ``trimmed(text)``: a text without the space around it; NULL stays NULL.

    Looking for space at the ends costs a small part of trimming, and hardly any cell has it. Only space comes before
    ``!``.

    Args:
        signs: those of ``SPACE`` that can be there at all.
    """
    spaced = ["text < '!'", *(f"suffix(text, {text_literal(sign)})" for sign in signs)]
    if _NO_BREAK in signs:
        spaced.append(f"(text >= '{_NO_BREAK}' AND text < '{chr(ord(_NO_BREAK) + 1)}')")
    return (
        "CREATE OR REPLACE TEMPORARY MACRO trimmed(text) AS "
        f"CASE WHEN {' OR '.join(spaced)} THEN trim(text, {text_literal(SPACE)}) ELSE text END"
    )


def text_literal(text: str) -> str:
    """Return a text as a SQL literal, for the few places where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def fill(statement: str, **parts: str) -> str:
    """Put our own SQL expressions into the ``{named}`` places of a statement. Never for values."""
    for name, part in parts.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


def identifier(name: str) -> str:
    """Return a column's name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
