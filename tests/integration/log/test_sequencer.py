"""One total order without holes, whatever writers, leaders and idle transactions do."""

import asyncio
from itertools import pairwise

import asyncpg
import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.group_commit import Commit, _execute
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.records import StreamAppend
from stickprov_kernel.log.sequencer import Sequencer, SequencingRun
from stickprov_kernel.log.tree import root_of
from support.log import OpenLog, append, command, finding, open_log
from support.waiting import eventually


@pytest.fixture
async def log(new_database):
    async with open_log(await new_database(LOG), connections=20) as opened:
        yield opened


async def entries(log: OpenLog):
    return await log.reader.read(0, 100_000)


async def assert_sound(log: OpenLog, count: int) -> None:
    """Contiguous, chained, rooted, and each stream's versions in order."""
    read = await entries(log)
    assert [entry.position for entry in read] == list(range(1, count + 1))
    chain, leaves = GENESIS, []
    versions: dict[str, int] = {}
    for entry in read:
        leaves.append(leaf_hash(entry.envelope, entry.data))
        chain = chain_hash(chain, leaves[-1])
        assert entry.chain_hash == chain
        envelope = decode(entry.envelope)
        assert int(envelope.streamversion) == versions.get(envelope.subject, 0) + 1
        versions[envelope.subject] = int(envelope.streamversion)
    head = await log.reader.head()
    assert (head.position, head.chain_hash, head.root) == (count, chain, root_of(leaves))


async def insert_late(connection: asyncpg.Connection, log: OpenLog, stream: str) -> None:
    """Insert an event on a connection whose transaction the test keeps open."""
    pending = append(stream, 0, finding(99))
    commit = Commit(command(), b"", [(stream, 0)], list(log.store._rows(command(), [pending])), asyncio.Future())
    assert await _execute(connection, [commit]) == {}


async def test_an_empty_log_has_the_head_of_nothing(log: OpenLog):
    head = await log.reader.head()

    assert (head.position, head.chain_hash) == (0, bytes(32))
    assert head.root.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


async def test_events_get_contiguous_positions_with_their_hashes(log: OpenLog):
    for number in range(7):
        await log.store.commit(command(), [append(f"s{number % 3}", number // 3, finding(number))], b"")

    assert await log.sequence_all(batch=3) == 7

    await assert_sound(log, 7)


async def test_a_late_commit_gets_a_later_position_and_nothing_waits_for_it(log: OpenLog):
    late = await asyncpg.connect(log.database.service_url)
    transaction = late.transaction()
    await transaction.start()
    await insert_late(late, log, "late")
    await log.store.commit(command(), [append("early", 0, finding(1))], b"")

    assert await log.sequence_all() == 1
    await transaction.commit()
    await late.close()
    assert await log.sequence_all() == 1

    assert [decode(entry.envelope).subject for entry in await entries(log)] == ["early", "late"]
    await assert_sound(log, 2)


async def test_the_search_bound_never_hides_a_late_commit_from_a_running_leader(log: OpenLog):
    leader = await asyncpg.connect(log.database.service_url)
    run = await SequencingRun.begin(leader, log.database.service_url, 500)
    late = await asyncpg.connect(log.database.service_url)
    transaction = late.transaction()
    await transaction.start()
    await insert_late(late, log, "late")
    for number in range(5):
        await log.store.commit(command(), [append(f"s{number}", 0, finding(number))], b"")
        assert await run.step() == 1
        assert await run.step() == 0

    await transaction.commit()

    assert await run.step() == 1
    await assert_sound(log, 6)
    await late.close()
    await leader.close()


async def test_an_idle_open_transaction_stalls_nothing(log: OpenLog):
    idle = await asyncpg.connect(log.database.service_url)
    transaction = idle.transaction()
    await transaction.start()
    await idle.execute("SELECT pg_current_xact_id()")
    sequencer = asyncio.create_task(Sequencer(log.database.service_url, log.signal).run())

    for number in range(20):
        await log.store.commit(command(), [append("s", number, finding(number))], b"")
    await eventually(lambda: at_position(log, 20))

    await assert_sound(log, 20)
    await transaction.rollback()
    await idle.close()
    await stop(sequencer)


async def test_two_sequencers_at_once_make_no_fork(log: OpenLog):
    leaders = [asyncio.create_task(Sequencer(log.database.service_url, log.signal, batch=7).run()) for _ in range(2)]

    async def write(writer: int) -> None:
        for version in range(40):
            await log.store.commit(command(), [append(f"w{writer}", version, finding(version))], b"")

    await asyncio.gather(*(write(writer) for writer in range(5)))
    await eventually(lambda: at_position(log, 200))

    await assert_sound(log, 200)
    await stop(*leaders)


async def test_a_leader_without_the_lock_is_refused_by_the_ledgers_key(log: OpenLog):
    first, second = [await asyncpg.connect(log.database.service_url) for _ in range(2)]
    runs = [await SequencingRun.begin(connection, log.database.service_url, 500) for connection in (first, second)]
    await log.store.commit(command(), [append("s", 0, finding(1))], b"")
    await runs[0].step()
    await log.store.commit(command(), [append("s", 1, finding(2))], b"")

    with pytest.raises(asyncpg.UniqueViolationError):
        await runs[1].step()

    assert (await log.reader.head()).position == 1
    assert await log.sequence_all() == 1
    await assert_sound(log, 2)
    await first.close()
    await second.close()


async def test_a_leader_whose_write_failed_gives_no_more_positions(log: OpenLog):
    leader = await asyncpg.connect(log.database.service_url)
    run = await SequencingRun.begin(leader, log.database.service_url, 5)
    await log.store.commit(command(), [append("s", 0, *map(finding, range(12)))], b"")
    await take_position(log, 1)

    with pytest.raises(asyncpg.UniqueViolationError):
        await run.step()
    with pytest.raises(RuntimeError, match="failed"):
        await run.step()

    assert await log.pool.fetchval("SELECT count(*) FROM ledger") == 1
    await run.close()
    await leader.close()


async def test_what_arrives_while_a_backlog_is_worked_off_comes_after_it_and_nothing_twice(log: OpenLog):
    leader = await asyncpg.connect(log.database.service_url)
    run = await SequencingRun.begin(leader, log.database.service_url, 10)
    assert await run.step() == 0
    late = await asyncpg.connect(log.database.service_url)
    transaction = late.transaction()
    await transaction.start()
    await insert_late(late, log, "late")
    backlog = 3_000  # more than one search and more than one page of a sweep
    await log.store.commit(command(), [append("draw", 0, *map(finding, range(backlog)))], b"")

    for step in range(backlog // 10):
        if step == 20:
            await transaction.commit()
        if step % 50 == 0:
            await log.store.commit(command(), [append(f"between{step}", 0, finding(step))], b"")
        assert await run.step() == 10
    rest = await finish(run)

    assert rest == 1 + backlog // 500
    await assert_sound(log, backlog + rest)
    await run.close()
    await late.close()
    await leader.close()


async def test_a_sweep_that_is_not_finished_leaves_no_connection_behind(log: OpenLog):
    await log.store.commit(command(), [append("draw", 0, *map(finding, range(8_000)))], b"")
    leader = await asyncpg.connect(log.database.service_url)
    run = await SequencingRun.begin(leader, log.database.service_url, 10)
    assert await run.step() == 10
    assert await leaders(log) == 1

    await run.close()

    await eventually(lambda: no_leaders(log))
    await leader.close()


async def test_a_sweep_that_loses_its_connection_is_an_interruption_that_passes(log: OpenLog):
    await log.store.commit(command(), [append("draw", 0, *map(finding, range(8_000)))], b"")
    leader = await asyncpg.connect(log.database.service_url)
    run = await SequencingRun.begin(leader, log.database.service_url, 10)
    await run.step()
    await log.pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stickprov leader'"
    )

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await finish(run)

    await leader.close()
    await log.sequence_all()
    await assert_sound(log, 8_000)


async def test_a_leader_that_loses_its_connection_takes_up_the_work_again(log: OpenLog):
    sequencer = asyncio.create_task(Sequencer(log.database.service_url, log.signal).run())
    await log.store.commit(command(), [append("s", 0, finding(1))], b"")
    await eventually(lambda: at_position(log, 1))

    await log.pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stickprov leader'"
    )
    await log.store.commit(command(), [append("s", 1, finding(2))], b"")
    await eventually(lambda: at_position(log, 2))

    await assert_sound(log, 2)
    await stop(sequencer)


async def test_concurrent_writers_on_the_same_streams_keep_each_streams_order(log: OpenLog):
    sequencer = asyncio.create_task(Sequencer(log.database.service_url, log.signal, batch=13).run())

    async def write(writer: int) -> int:
        written = 0
        while written < 25:
            stream = f"s{(writer + written) % 3}"
            version = (await log.store.load(stream)).version
            try:
                await log.store.commit(command(), [append(stream, version, finding(writer))], b"")
            except VersionConflictError:
                continue
            written += 1
        return written

    total = sum(await asyncio.gather(*(write(writer) for writer in range(8))))
    await eventually(lambda: at_position(log, total))

    await assert_sound(log, 200)
    await stop(sequencer)


async def test_events_of_one_commit_stay_in_their_order(log: OpenLog):
    many = [finding(number) for number in range(1_200)]
    appends: list[StreamAppend] = [append("draw/1", 0, *many)]

    await log.store.commit(command(), appends, b"")
    await log.sequence_all()

    read = await entries(log)
    versions = [int(decode(entry.envelope).streamversion) for entry in read]
    assert all(later == earlier + 1 for earlier, later in pairwise(versions))
    assert await log.reader.position_of(appends[0].events[1_199].id) == 1_200
    await assert_sound(log, 1_200)


async def test_waiting_counts_what_has_no_position_yet(log: OpenLog):
    await log.store.commit(command(), [append("s", 0, finding(1), finding(2))], b"")
    assert await log.reader.waiting() == 2

    await log.sequence_all()
    await log.store.commit(command(), [append("t", 0, finding(3))], b"")

    assert await log.reader.waiting() == 1


async def take_position(log: OpenLog, position: int) -> None:
    """Write a position as another leader would, one that should not be there."""
    await log.pool.execute(
        "INSERT INTO ledger (position, event_id, leaf_hash, chain_hash)"
        " VALUES ($1, gen_random_uuid(), sha256('leaf'), sha256('chain'))",
        position,
    )


async def finish(run: SequencingRun) -> int:
    """Let a run go on until nothing is left; return how many events that were."""
    total = 0
    while done := await run.step():
        total += done
    return total


async def leaders(log: OpenLog) -> int:
    """Count connections with the leader's name; the test's own leader has none."""
    return await log.pool.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stickprov leader'"
        " AND datname = current_database()"
    )


async def no_leaders(log: OpenLog) -> bool:
    return await leaders(log) == 0


async def at_position(log: OpenLog, position: int) -> bool:
    return (await log.reader.head()).position >= position


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
