"""Connections to a service's own database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"
"""A connection, one's own or lent by a pool."""


async def open_pool(dsn: str, *, minimum: int = 1, maximum: int = 10) -> asyncpg.Pool:
    """Open a connection pool.

    Two planner settings fit short statements that are run over and over: no just-in-time compiler, which costs more
    than it saves, and one generic plan per statement, because planning a commit anew costs more than running it.
    A statement that waits longer than a minute is a fault that should show.
    """
    pool = await asyncpg.create_pool(
        dsn,
        min_size=minimum,
        max_size=maximum,
        command_timeout=60,
        reset=_keep_session,
        server_settings={
            "jit": "off",
            "plan_cache_mode": "force_generic_plan",
            "timezone": "UTC",
            "application_name": "stickprov",
        },
    )
    if pool is None:  # pragma: no cover - asyncpg returns None only inside its own constructor protocol
        raise RuntimeError("asyncpg made no pool")
    return pool


@asynccontextmanager
async def short_lived_pool(dsn: str) -> AsyncIterator[asyncpg.Pool]:
    """Open a connection pool for as long as the block runs."""
    pool = await open_pool(dsn, maximum=4)
    try:
        yield pool
    finally:
        await pool.close()


async def _keep_session(_connection: asyncpg.Connection) -> None:
    """Leave a connection as it is when it goes back: nobody sets session state, and resetting is a round trip."""
