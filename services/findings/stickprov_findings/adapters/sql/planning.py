"""Statements that are planned for their arguments: those with many conditions, most of which are left out."""

from typing import Final

import asyncpg

_PLANNED: Final = "SET LOCAL plan_cache_mode = force_custom_plan"
"""The pool's connections keep one plan for every statement; with an argument left out it would be a bad one."""


async def fetch_planned(pool: asyncpg.Pool, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Run a reading statement with a plan of its own."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(_PLANNED)
        rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        return rows
