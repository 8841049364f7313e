"""Commits that share a statement share nothing else."""

import asyncio

import asyncpg
import pytest

from stickprov_contracts.events import type_name
from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.group_commit import GroupCommit
from stickprov_kernel.log.postgres import PostgresStore
from support.log import OpenLog, append, command, finding, open_log
from support.waiting import eventually


@pytest.fixture
async def log(new_database):
    async with open_log(await new_database(LOG), connections=20) as opened:
        yield opened


async def at_once(log: OpenLog, *commits) -> list[object]:
    return await asyncio.gather(*(log.store.commit(*commit) for commit in commits), return_exceptions=True)


async def transactions(log: OpenLog) -> int:
    return await log.pool.fetchval("SELECT count(DISTINCT txid) FROM event")


async def test_commits_that_arrive_together_go_together(log: OpenLog):
    outcomes = await at_once(log, *((command(), [append(f"s{n}", 0, finding(n))], b"%d" % n) for n in range(50)))

    assert [outcome.answer for outcome in outcomes] == [b"%d" % n for n in range(50)]
    assert await log.pool.fetchval("SELECT count(*) FROM event") == 50
    assert await transactions(log) < 10


async def test_a_refused_command_takes_no_other_with_it(log: OpenLog):
    await log.store.commit(command(), [append("taken", 0, finding(0))], b"")
    refused = command()

    outcomes = await at_once(
        log,
        (command(), [append("a", 0, finding(1))], b"a"),
        (refused, [append("new", 0, finding(2)), append("taken", 0, finding(2))], b"refused"),
        (command(), [append("b", 0, finding(3))], b"b"),
    )

    assert isinstance(outcomes[1], VersionConflictError)
    assert [outcomes[0].answer, outcomes[2].answer] == [b"a", b"b"]
    assert [(await log.store.load(name)).version for name in ("a", "new", "taken", "b")] == [1, 0, 1, 1]
    assert await log.store.answer_to(refused) is None


async def test_a_key_that_another_process_took_hurts_only_the_command_that_wanted_it(log: OpenLog):
    async def round_of_writers(number: int) -> list[object]:
        """Two processes, each with a group of its own; both groups want stream ``same``."""
        other = PostgresStore(log.pool, "findings", log.signal)
        return await asyncio.gather(
            *(
                store.commit(command(), [append(name, 0, finding(number))], b"")
                for store in (log.store, other)
                for name in (f"same-{number}", *(f"{id(store)}-{number}-{n}" for n in range(5)))
            ),
            return_exceptions=True,
        )

    for number in range(20):
        outcomes = await round_of_writers(number)

        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert [type(outcome) for outcome in refused] == [VersionConflictError]
    assert await log.pool.fetchval("SELECT count(*) FROM event") == 20 * 11


async def test_a_group_that_loses_a_deadlock_against_another_process_is_tried_command_by_command(log: OpenLog):
    other = await asyncpg.connect(log.database.superuser_url)
    await other.execute("SET deadlock_timeout = '60s'")  # so that the group is the one that is sacrificed
    transaction = other.transaction()
    await transaction.start()
    await insert(other, "b")
    commits = [(command(), [append(name, 0, finding(1))], b"") for name in ("a", "b", "c")]
    group = asyncio.create_task(at_once(log, *commits))
    watcher = await asyncpg.connect(log.database.superuser_url)
    await eventually(lambda: somebody_waits_for_a_lock(watcher))

    await other.execute("LOCK TABLE event IN SHARE MODE")  # which the group is in the way of, while it waits for "b"
    await transaction.commit()
    outcomes = await group

    assert [type(outcome).__name__ for outcome in outcomes] == ["Receipt", "VersionConflictError", "Receipt"]
    assert [(await log.store.load(name)).version for name in ("a", "b", "c")] == [1, 1, 1]
    await other.close()
    await watcher.close()


async def insert(connection: asyncpg.Connection, stream: str) -> None:
    """Write the first event of a stream as another process would."""
    data = finding(1).model_dump_json().encode()
    await connection.execute(
        "INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, envelope, data)"
        " VALUES (gen_random_uuid(), $1, 1, $2, 1, now(), 'p1', gen_random_uuid(), 'envelope', $3)",
        stream,
        type_name(finding(1)),
        data,
    )


async def test_a_caller_who_gives_up_leaves_the_others_alone(log: OpenLog):
    calls = [asyncio.create_task(log.store.commit(command(), [append(f"s{n}", 0, finding(n))], b"")) for n in range(10)]
    await asyncio.sleep(0)
    calls[3].cancel()

    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)] == [3]
    assert [(await log.store.load(f"s{n}")).version for n in range(10) if n != 3] == [1] * 9


async def test_when_the_connection_is_lost_every_caller_hears_of_it(log: OpenLog):
    contexts = [command() for _ in range(8)]
    blocker = await asyncpg.connect(log.database.superuser_url)
    transaction = blocker.transaction()
    await transaction.start()
    await blocker.execute("LOCK TABLE command IN ACCESS EXCLUSIVE MODE")
    calls = [
        asyncio.create_task(log.store.commit(context, [append(f"s{n}", 0, finding(n))], b"%d" % n))
        for n, context in enumerate(contexts)
    ]
    await eventually(lambda: somebody_waits_for_a_lock(blocker))
    await blocker.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    )
    await transaction.rollback()
    await blocker.close()

    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    again = await at_once(
        log, *((context, [append(f"s{n}", 0, finding(n))], b"%d" % n) for n, context in enumerate(contexts))
    )

    assert any(isinstance(outcome, Exception) for outcome in outcomes)
    assert [outcome.answer for outcome in again] == [b"%d" % n for n in range(8)]
    assert await log.pool.fetchval("SELECT count(*) FROM event") == 8


async def somebody_waits_for_a_lock(connection) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return await connection.fetchval(waiting) > 0


async def test_while_the_database_is_away_every_caller_hears_of_it(log: OpenLog):
    await log.pool.close()

    outcomes = await at_once(log, *((command(), [append(f"s{n}", 0, finding(n))], b"") for n in range(80)))

    assert {type(outcome) for outcome in outcomes} == {asyncpg.InterfaceError}


async def test_commits_that_trickle_in_are_never_forgotten(log: OpenLog):
    async def trickle(writer: int) -> None:
        for version in range(60):
            await log.store.commit(command(), [append(f"w{writer}", version, finding(version))], b"")
            for _ in range((writer + version) % 4):
                await asyncio.sleep(0)

    async with asyncio.timeout(60):
        await asyncio.gather(*(trickle(writer) for writer in range(5)))

    assert await log.pool.fetchval("SELECT count(*) FROM event") == 300


def test_what_is_held_back_keeps_its_order():
    group = GroupCommit(pool=None)
    loop = asyncio.new_event_loop()
    for name in ("a", "a", "b", "a", "b"):
        group._waiting.append(commit_of(name, loop))

    groups = [[commit.streams[0][0] for commit in group._next_group()] for _ in range(4)]

    assert groups == [["a", "b"], ["a", "b"], ["a"], []]
    loop.close()


def test_a_stream_that_another_group_holds_waits_for_it():
    group = GroupCommit(pool=None)
    loop = asyncio.new_event_loop()
    for name in ("a", "b"):
        group._waiting.append(commit_of(name, loop))
    group._under_way.add("a")

    assert [commit.streams[0][0] for commit in group._next_group()] == ["b"]
    assert group._next_group() == []
    group._under_way.clear()
    assert [commit.streams[0][0] for commit in group._next_group()] == ["a"]
    loop.close()


def commit_of(stream: str, loop: asyncio.AbstractEventLoop):
    from stickprov_kernel.log.group_commit import Commit

    return Commit(command(), b"", [(stream, 0)], [], loop.create_future())
