"""One database per service, owned by a role that migrates it and used by a role that owns nothing.

No service may enter another's database: the right to connect is given to its own two roles alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from stickprov_local.postgres import Postgres

NO_LARGE_OBJECTS: Final = (
    "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC"
)
"""In each database, by a superuser: otherwise everybody may make large objects, which no right of a table limits."""
SERVICES: Final = ("sampler", "findings", "reporting")


@dataclass(frozen=True)
class ServiceDatabase:
    """How a service reaches its database: as itself, and as the owner for migrations."""

    url: str
    migration_url: str


async def ensure_databases(server: Postgres, services: Sequence[str] = SERVICES) -> dict[str, ServiceDatabase]:
    """Make the roles and databases that are missing, and return how each service reaches its own."""
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        for service in services:
            await _ensure_database(connection, _name(service), _owner(service))
            await _within(server, _name(service), NO_LARGE_OBJECTS)
    finally:
        await connection.close()
    return {
        service: ServiceDatabase(
            url=server.url(_name(service), _name(service)),
            migration_url=server.url(_owner(service), _name(service)),
        )
        for service in services
    }


async def _ensure_database(connection: asyncpg.Connection, name: str, owner: str) -> None:
    for role in (name, owner):
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await connection.execute(f"CREATE ROLE {role} LOGIN")
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
    # Repeated on every start, because a start may have been interrupted after the line above.
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {name}")


async def _within(server: Postgres, database: str, statement: str) -> None:
    connection = await asyncpg.connect(server.url(database=database))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _name(service: str) -> str:
    return f"stickprov_{service}"


def _owner(service: str) -> str:
    return f"stickprov_{service}_owner"
