"""Numbered steps that bring a database from any earlier release to this one, forward only.

What must not break: a step that has run anywhere is never edited (its SHA-256 is on record and compared), each
step runs in one transaction, and two processes that migrate at the same time take turns.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import asyncpg

from stickprov_kernel.database.queries import load_queries

SQL: Final = load_queries(__name__, "closing.sql")

_STEP = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
_TURN: Final = 0x5374_6D69_67  # advisory lock key: "Stmig"


@dataclass(frozen=True, slots=True)
class MigrationFolder:
    """The steps of one component; a database may hold several components."""

    component: str
    folder: Traversable


LOG: Final = MigrationFolder("log", files(__name__).joinpath("log"))
INBOX: Final = MigrationFolder("inbox", files(__name__).joinpath("inbox"))


class MigrationChangedError(Exception):
    """A step that has already run on this database has another text now."""


async def migrate(dsn: str, service_role: str, folders: Sequence[MigrationFolder]) -> list[str]:
    """Run every step that has not run yet, as the owner of the database; return their names.

    Afterwards nobody but owner, superusers and the service's role may enter the database or do anything in it.
    In a step, ``{service_role}`` stands for the (quoted) role that the service itself uses.

    Raises:
        MigrationChangedError: a step on record has been edited; nothing further was run.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _TURN)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migration ("
            " component text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (component, number))"
        )
        role = await connection.fetchval("SELECT quote_ident($1)", service_role)
        done: list[str] = []
        for folder in folders:
            done += await _run(connection, folder, role)
        await _close_to_others(connection, service_role, role)
        return done
    finally:
        await connection.close()


async def _close_to_others(connection: asyncpg.Connection, service_role: str, quoted: str) -> None:
    literal = await connection.fetchval("SELECT quote_literal($1)", service_role)
    statement = SQL["close_to_others"].replace("{service_role}", quoted).replace("{service_literal}", literal)
    async with connection.transaction():
        await connection.execute(statement)


async def _run(connection: asyncpg.Connection, folder: MigrationFolder, role: str) -> list[str]:
    recorded = {
        row["number"]: row["sha256"]
        for row in await connection.fetch(
            "SELECT number, sha256 FROM schema_migration WHERE component = $1", folder.component
        )
    }
    done = []
    for number, name, text in _steps(folder.folder):
        digest = hashlib.sha256(text.encode()).hexdigest()
        if number in recorded:
            if recorded[number] != digest:
                raise MigrationChangedError(f"{folder.component}/{name} was edited after it had run; add a new step")
            continue
        async with connection.transaction():
            await connection.execute(text.replace("{service_role}", role))
            await connection.execute(
                "INSERT INTO schema_migration (component, number, name, sha256) VALUES ($1, $2, $3, $4)",
                folder.component,
                number,
                name,
                digest,
            )
        done.append(f"{folder.component}/{name}")
    return done


def _steps(folder: Traversable) -> list[tuple[int, str, str]]:
    found = [(match, entry) for entry in folder.iterdir() if (match := _STEP.match(entry.name))]
    return sorted((int(match[1]), entry.name, entry.read_text(encoding="utf-8")) for match, entry in found)
