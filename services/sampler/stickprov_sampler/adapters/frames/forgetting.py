"""Looking for people in sealed identity files, and writing a file anew without some of them.

What must not break: a file in clear lies in a workspace; the new file is sealed under a new key, complete and on disk
before anything names it. Everything here blocks: run it in a thread.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.sealing.sealed_files import seal_file
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.duck import engine, fill, text_literal
from stickprov_sampler.adapters.frames.files import new_identity_path, settle
from stickprov_sampler.adapters.frames.identity_files import IdentityFile, IdentityFiles
from stickprov_sampler.adapters.sql.vault import about_identity_file
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.erasure.spelling import Spellings

SQL: Final = load_queries(__package__, "forgetting.sql")

_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A frame's identities, written anew and not named by anything yet."""

    old: IdentityFile
    path: Path
    key: WrappedKey


@dataclass(frozen=True, slots=True)
class ForgettingFiles:
    """Looks through identity files.

    Attributes:
        memory: DuckDB's limit, such as ``512MB``.
    """

    files: IdentityFiles
    memory: str

    def present(self, file: IdentityFile, cases: Collection[str]) -> frozenset[str]:
        """Return those of some cases that a file holds."""
        with self._opened(file) as (connection, clear):
            rows = connection.execute(SQL["present"], {"identities": str(clear), "cases": list(cases)}).fetchall()
        return frozenset(case for (case,) in rows)

    def found(self, file: IdentityFile, spellings: Spellings) -> frozenset[str]:
        """Return the cases of a file whose unit's id, or any of its identity columns, is what was typed."""
        with self._opened(file) as (connection, clear):
            statement = fill(SQL["candidates"], columns=_columns(connection, clear))
            arguments = {"identities": str(clear), "needle": spellings.needle}
            rows = connection.execute(statement, arguments).fetchall()
        return frozenset(case for case, unit_id, fields in rows if any(map(spellings.match, _values(unit_id, fields))))

    def without(self, file: IdentityFile, cases: Collection[str]) -> Rewritten:
        """Write a file anew without some cases; nothing names it until it is committed."""
        sealing, folder = self.files.sealing, self.files.folder
        with self._opened(file) as (connection, clear):
            left = clear.with_name("left.parquet")
            connection.execute(
                fill(
                    SQL["without"],
                    identities=text_literal(str(clear)),
                    cases=", ".join(map(text_literal, sorted(cases))),
                    path=text_literal(str(left)),
                )
            )
            with workspace(folder) as work:
                part, final = work / "identity.sealed", new_identity_path(folder, file.frame)
                key = seal_file(sealing, left, part, about_identity_file(file.frame))
                settle(part, final, _OURS_ALONE)
        return Rewritten(file, final, key)

    @contextmanager
    def _opened(self, file: IdentityFile) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
        with (
            self.files.opened(file) as clear,
            engine(clear.parent / "spill", [clear.parent], memory=self.memory) as connection,
        ):
            yield connection, clear


def _columns(connection: duckdb.DuckDBPyConnection, clear: Path) -> str:
    """Return the expression for everything that a row says of who it is, in one text."""
    (fields,) = connection.execute("SELECT fields FROM read_parquet($file) LIMIT 0", {"file": str(clear)}).description
    kind: Any = fields[1]
    if getattr(kind, "id", "") == "struct":
        parts = [f"fields[{text_literal(name)}]" for name, _ in kind.children]
    else:
        parts = ["array_to_string(map_values(fields), chr(31))"]
    return f"concat_ws(chr(31), {', '.join(['unit_id', *parts])})"


def _values(unit_id: str, fields: dict[str, str | None]) -> Iterator[str]:
    yield unit_id
    yield from (value for value in fields.values() if value is not None)
