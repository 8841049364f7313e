r"""A frame's listing: its units as a text that anybody can read, hash and draw from again without our engine.

What must not break, for ever: the text of units that are frozen, because ``FrameFrozen.listing_hash`` is its SHA-256.
UTF-8, lines end in a line feed, cells are parted by tabs. Line 1 names the columns, line 2 their types (``text``,
``integer``, ``decimal``, ``date``, ``boolean``, ``texts``), then a line a unit follows in the order of ``case_id``.
``\N`` is no value; in a text a backslash, tab, line feed and carriage return are ``\\``, ``\t``, ``\n``, ``\r``.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import duckdb

from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import engine, fill, identifier, text_literal
from stickprov_sampler.adapters.workspace import workspace

SQL: Final = load_queries(__package__, "listing.sql")

_TYPES: Final = {
    "VARCHAR": "text",
    "VARCHAR[]": "texts",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DATE": "date",
    "BOOLEAN": "boolean",
}
_CHUNK: Final = 1 << 20


def listing_hash(connection: duckdb.DuckDBPyConnection, frame_file: Path, work: Path) -> str:
    """Return the SHA-256 of a frame file's listing, hex.

    Args:
        connection: an engine that may touch both places.
        frame_file: the Parquet file.
        work: a folder for what is written on the way.
    """
    digest = sha256()
    for chunk in _listed(connection, frame_file, work / "listing.tsv"):
        digest.update(chunk)
    return digest.hexdigest()


def listing(frame_file: Path, folder: Path, *, memory: str) -> Iterator[bytes]:
    """Yield a frame file's listing in chunks. Blocks between them.

    Args:
        frame_file: the Parquet file.
        folder: in which a workspace is made for as long as it takes.
        memory: the engine's limit.
    """
    with workspace(folder) as work:
        with engine(work, [frame_file.parent], memory=memory) as connection:
            chunks = _listed(connection, frame_file, work / "listing.tsv")
            head = next(chunks)
        yield head
        yield from chunks


def _listed(connection: duckdb.DuckDBPyConnection, frame_file: Path, target: Path) -> Iterator[bytes]:
    """Write the units to a file, then yield the two first lines, then the file's chunks; the file goes at the end."""
    frame = text_literal(str(frame_file))
    columns = connection.execute(fill(SQL["listed_columns"], frame=frame)).fetchall()
    kinds = [_kind(type_) for _, type_ in columns]
    cells = ", chr(9), ".join(_cell(name, kind) for (name, _), kind in zip(columns, kinds, strict=True))
    connection.execute(fill(SQL["write_units"], line=cells, frame=frame, path=text_literal(str(target))))
    try:
        yield ("\t".join(_escaped(name) for name, _ in columns) + "\n" + "\t".join(kinds) + "\n").encode()
        with target.open("rb") as units:
            while chunk := units.read(_CHUNK):
                yield chunk
    finally:
        target.unlink(missing_ok=True)


def _kind(type_: str) -> str:
    return "decimal" if type_.startswith("DECIMAL") else _TYPES[type_]


def _cell(name: str, kind: str) -> str:
    written = SQL[kind if kind in SQL else "plain"]
    return f"coalesce({fill(written, column=identifier(name))}, '\\N')"


def _escaped(name: str) -> str:
    for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        name = name.replace(sign, written)
    return name
