"""DuckDB as our engine for register files: bounded in memory and threads, and locked into the folders it is given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

THREADS = 2


@contextmanager
def engine(spill: Path, folders: Sequence[Path], *, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database that may spill to ``spill`` and read and write only there and in ``folders``.

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
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        allowed = ", ".join(text_literal(str(folder)) for folder in (spill, *folders))
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


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
