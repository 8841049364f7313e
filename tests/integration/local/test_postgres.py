"""The stack's own PostgreSQL and its databases."""

import asyncpg
import pytest

from stickprov_local.databases import ensure_databases
from stickprov_local.postgres import Postgres
from stickprov_local.processes import spawn, stop
from support.waiting import wait_until


@pytest.fixture
def postgres(short_folder):
    server = Postgres(short_folder / "postgres", short_folder / "postgres.log")
    server.prepare()
    assert spawn(server.initialisation()).wait() == 0
    server.initialised()
    return server


@pytest.fixture
def running(postgres):
    program = postgres.program()
    child = spawn(program)
    wait_until(lambda: postgres.is_ready(child.pid), what="PostgreSQL's start")
    yield child
    stop(child, program.stop_signal)


async def test_a_service_enters_its_own_database_and_no_other(postgres, running):
    databases = await ensure_databases(postgres)

    own = await asyncpg.connect(databases["sampler"].url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await own.execute("CREATE TABLE mine ()")
    for made in ("lo_creat(0)", "lo_create(0)", "lo_from_bytea(0, 'x')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await own.execute(f"SELECT {made}")
    await own.close()
    other = databases["findings"].url.replace("stickprov_findings@", "stickprov_sampler@")
    for url in (other, postgres.url("stickprov_sampler")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(url)


async def test_the_stack_keeps_postgres_as_durable_as_it_comes(postgres, running):
    connection = await asyncpg.connect(postgres.url())
    settings = {
        name: await connection.fetchval(f"SHOW {name}")
        for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses")
    }
    await connection.close()

    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": ""}


async def test_a_second_start_finds_the_databases_with_what_is_in_them(postgres, running):
    first = await ensure_databases(postgres)
    owner = await asyncpg.connect(first["reporting"].migration_url)
    await owner.execute("CREATE TABLE kept ()")
    await owner.close()

    second = await ensure_databases(postgres)

    again = await asyncpg.connect(second["reporting"].migration_url)
    found = await again.fetchval("SELECT to_regclass('kept')::text")
    await again.close()
    assert second == first
    assert found == "kept"
    assert postgres.initialisation() is None


def test_a_killed_server_is_not_taken_for_a_ready_one_and_comes_back(postgres, running):
    running.kill()
    running.wait()
    assert not postgres.is_ready(0)

    again = spawn(postgres.program())
    wait_until(lambda: postgres.is_ready(again.pid), what="PostgreSQL's second start")
    stop(again, postgres.program().stop_signal)


def test_half_made_data_are_made_again(short_folder):
    server = Postgres(short_folder / "postgres", short_folder / "postgres.log")
    server.prepare()
    unfinished = short_folder / "postgres" / "unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")

    program = server.initialisation()

    assert program is not None
    assert not unfinished.exists()


def test_data_in_a_deep_folder_get_a_socket_where_its_path_is_short_enough(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    server = Postgres(deep, tmp_path / "postgres.log")

    assert len(str(server.socket_folder)) < 85
    assert server.socket_folder != Postgres(tmp_path / "other", tmp_path / "postgres.log").socket_folder
