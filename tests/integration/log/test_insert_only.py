"""Nobody changes the log: not the service's role, not even the owner of the tables."""

import asyncpg
import pytest

from stickprov_kernel.log.checkpoints import Checkpoints
from support.log import append, command, finding, open_log
from support.notes import signing_key

COLUMNS = {
    "event": "actor",
    "command": "actor",
    "ledger": "position",
    "tree": "size",
    "checkpoint_key": "number",
    "checkpoint": "size",
}


@pytest.fixture
async def database(new_database):
    fresh = await new_database()
    async with open_log(fresh) as log:
        await log.store.commit(command(), [append("s", 0, finding(1))], b"")
        await log.sequence_all()
        checkpoints = Checkpoints(log.pool)
        await checkpoints.adopt(signing_key(), None, command().time)
        await checkpoints.make(signing_key(), "asked", command().time)
    return fresh


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {column} = {column}"])
@pytest.mark.parametrize("who", ["service", "owner"])
async def test_the_log_is_insert_only(database, table: str, change: str, who: str):
    connection = await asyncpg.connect(database.service_url if who == "service" else database.owner_url)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(change.format(table, column=COLUMNS[table]))

    assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1
    await connection.close()


async def test_the_service_cannot_switch_the_triggers_off(database):
    connection = await asyncpg.connect(database.service_url)

    for attempt in ("ALTER TABLE event DISABLE TRIGGER insert_only", "SET session_replication_role = replica"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    await connection.close()


async def test_the_service_owns_nothing(database):
    connection = await asyncpg.connect(database.service_url)

    owned = await connection.fetchval("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")

    assert owned == 0
    await connection.close()
