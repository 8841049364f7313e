"""The door that counts what goes to a database."""

import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.database.pool import short_lived_pool
from support.wire import counting_door


@pytest.fixture
async def door(new_database, short_folder):
    async with counting_door(await new_database(LOG), short_folder) as opened:
        yield opened


async def test_a_statement_is_one_round_trip(door):
    async with short_lived_pool(door.database.service_url) as pool:
        await pool.fetchval("SELECT 1")
        async with door.counting() as wire:
            assert await pool.fetchval("SELECT 1") == 1
    assert (wire.statements, wire.round_trips) == (["SELECT 1"], 1)


async def test_preparing_a_statement_is_not_counted(door):
    async with short_lived_pool(door.database.service_url) as pool:
        await pool.fetchval("SELECT 1")
        async with door.counting() as wire:
            assert await pool.fetchval("SELECT $1::int", 7) == 7
    assert (wire.statements, wire.round_trips) == (["SELECT $1::int"], 1)


async def test_a_transactions_begin_and_end_are_round_trips_but_no_statements(door):
    async with (
        short_lived_pool(door.database.service_url) as pool,
        pool.acquire() as connection,
        door.counting() as wire,
        connection.transaction(),
    ):
        await connection.execute("SELECT 1")
        await connection.execute("SELECT 2")
    assert (wire.statements, wire.round_trips) == (["SELECT 1", "SELECT 2"], 4)


async def test_statements_that_are_sent_together_share_a_round_trip(door):
    async with short_lived_pool(door.database.service_url) as pool, pool.acquire() as connection:
        await connection.executemany("SELECT $1::int", [(1,)])
        async with door.counting() as wire:
            await connection.executemany("SELECT $1::int", [(number,) for number in range(5)])
    assert wire.statements == ["SELECT $1::int"] * 5
    assert wire.round_trips < 5


async def test_connections_beside_the_pool_are_not_counted(door):
    import asyncpg

    connection = await asyncpg.connect(door.database.service_url)
    async with door.counting() as wire:
        await connection.execute("SELECT 1")
    await connection.close()
    assert (wire.statements, wire.round_trips) == ([], 0)
