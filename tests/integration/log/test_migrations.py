"""Migrations run once, in order, in turns, and never change under a database's feet."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from stickprov_kernel.database.migrations import LOG, MigrationChangedError, MigrationFolder, migrate


def step(folder: Path, name: str, text: str) -> MigrationFolder:
    folder.joinpath(name).write_text(text, encoding="utf-8")
    return MigrationFolder("test", folder)


async def test_steps_run_once_and_in_order(new_database, tmp_path: Path):
    database = await new_database()
    step(tmp_path, "0002_second.sql", "ALTER TABLE thing ADD COLUMN b int; GRANT SELECT ON thing TO {service_role}")
    folder = step(tmp_path, "0001_first.sql", "CREATE TABLE thing (a int)")

    first = await migrate(database.owner_url, database.service_role, [folder])
    again = await migrate(database.owner_url, database.service_role, [folder])

    assert first == ["test/0001_first.sql", "test/0002_second.sql"]
    assert again == []


async def test_an_edited_step_is_refused(new_database, tmp_path: Path):
    database = await new_database()
    await migrate(database.owner_url, database.service_role, [step(tmp_path, "0001_a.sql", "CREATE TABLE a ()")])
    edited = step(tmp_path, "0001_a.sql", "CREATE TABLE a (b int)")

    with pytest.raises(MigrationChangedError, match=r"0001_a\.sql was edited"):
        await migrate(database.owner_url, database.service_role, [edited])


async def test_a_failing_step_leaves_nothing_behind(new_database, tmp_path: Path):
    database = await new_database()
    broken = step(tmp_path, "0001_a.sql", "CREATE TABLE a (); SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database.owner_url, database.service_role, [broken])

    mended = step(tmp_path, "0001_a.sql", "CREATE TABLE a ()")
    assert await migrate(database.owner_url, database.service_role, [mended]) == ["test/0001_a.sql"]


async def test_processes_that_migrate_at_the_same_time_take_turns(new_database):
    database = await new_database()

    runs = await asyncio.gather(*(migrate(database.owner_url, database.service_role, [LOG]) for _ in range(4)))

    assert sorted(runs) == [
        [],
        [],
        [],
        [
            "log/0001_log.sql",
            "log/0002_traceparent.sql",
            "log/0003_checkpoints.sql",
            "log/0004_keyed_request_hashes.sql",
        ],
    ]


async def test_hashes_of_requests_from_before_they_were_keyed_are_forgotten_and_nothing_else(
    new_database, tmp_path: Path
):
    database = await new_database()
    for name in ("0001_log.sql", "0002_traceparent.sql", "0003_checkpoints.sql"):
        (tmp_path / name).write_text(LOG.folder.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
    await migrate(database.owner_url, database.service_role, [MigrationFolder("log", tmp_path)])
    connection = await asyncpg.connect(database.service_url)
    plain, answer, same = b"p" * 32, b"answer", uuid4()
    insert = "INSERT INTO command (id, actor, request_hash, answer, time) VALUES ($1, 'p', $2, $3, now())"
    await connection.executemany(insert, [(same, plain, answer), (uuid4(), plain, answer)])
    await connection.close()

    await migrate(database.owner_url, database.service_role, [LOG])

    connection = await asyncpg.connect(database.service_url)
    rows = await connection.fetch("SELECT * FROM command")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE command SET request_hash = request_hash")
    await connection.close()
    hashes = {row["request_hash"] for row in rows}
    assert same in {row["id"] for row in rows}
    assert {row["answer"] for row in rows} == {answer}
    assert len(hashes) == 2
    assert {len(one) for one in hashes} == {32}
    assert plain not in hashes
