"""Backups of a whole database, byte for byte, and their restoration under whoever uses it."""

from uuid import uuid4

import asyncpg

from support.postgres import Reachable


async def back_up(server: Reachable, database: str) -> str:
    """Copy a database as it is now, and return the copy's name; whoever is connected loses the connection."""
    backup = f"{database}_{uuid4().hex[:8]}"
    await _copy(server, database, backup)
    return backup


async def restore(server: Reachable, database: str, backup: str) -> None:
    """Put a backup in a database's place."""
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(f"DROP DATABASE {database} WITH (FORCE)")
    finally:
        await connection.close()
    await _copy(server, backup, database)


async def _copy(server: Reachable, name: str, copy: str) -> None:
    connection = await asyncpg.connect(server.url())
    try:
        # Nobody may be connected to what is copied.
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        owner = await connection.fetchval("SELECT datdba::regrole FROM pg_database WHERE datname = $1", name)
        await connection.execute(f"CREATE DATABASE {copy} OWNER {owner} TEMPLATE {name} STRATEGY file_copy")
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    finally:
        await connection.close()
