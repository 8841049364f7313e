"""One source's log on PostgreSQL: each event once, in order, whatever the way does to it."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from stickprov_contracts.events import EVENT_TYPES
from stickprov_kernel.database.migrations import INBOX
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import Incoming
from support.inbox import OpenInbox, deliveries, extend, findings_log, open_inbox
from support.log import append, command, finding

TYPE = "stickprov.findings.finding-recorded.v1"


@pytest.fixture
async def source() -> MemoryStore:
    return await findings_log(10)


@pytest.fixture
async def opened(new_database, source: MemoryStore):
    async with open_inbox(await new_database(INBOX), source) as opened:
        yield opened


async def entries(source: MemoryStore, first: int = 1, last: int = 10):
    return deliveries(await source.read(first - 1, last - first + 1))


async def assert_complete(opened: OpenInbox, source: MemoryStore, count: int) -> None:
    state = await opened.inbox.state()
    assert await opened.applied() == list(range(1, count + 1))
    assert await opened.copy() == await source.read(0, count)
    assert state.position == count
    assert state.chain_hash == (await source.read(count - 1, 1))[0].chain_hash
    assert (state.state, state.reason) == ("running", None)


async def test_what_arrives_in_order_is_applied_in_one_batch_and_copied(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source))

    await assert_complete(opened, source, 10)
    assert opened.projection.batches == [10]
    assert opened.feed.reads == []


async def test_duplicates_and_disorder_change_nothing(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)

    await opened.inbox.receive([log[2], log[0], log[1], log[0]])
    await opened.inbox.receive(log[:3])
    await opened.inbox.receive([*reversed(log[3:]), log[4]])

    await assert_complete(opened, source, 10)
    assert opened.feed.reads == []


async def test_a_gap_is_read_from_the_feed_and_what_came_behind_it_is_not(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)

    await opened.inbox.receive([log[0], log[5], log[8]])

    await assert_complete(opened, source, 9)
    assert opened.feed.reads == [(1, 4), (6, 2)]
    assert (await opened.inbox.state()).healed == 6


async def test_a_gap_larger_than_a_page_is_read_in_pages(opened: OpenInbox, source: MemoryStore):
    await extend(source, 1_190)

    await opened.inbox.receive(await entries(source, 1_200, 1_200))

    await assert_complete(opened, source, 1_200)
    assert [limit for _, limit in opened.feed.reads] == [500, 500, 199]


async def test_a_record_damaged_on_the_way_is_read_from_the_feed(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)
    log[4] = replace(log[4], data=log[4].data.replace(b"false", b"true "))

    await opened.inbox.receive(log)

    await assert_complete(opened, source, 10)
    assert opened.feed.reads == [(4, 1)]


async def test_a_feed_that_is_away_leaves_the_gap_for_later(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)
    opened.feed.away = True
    with pytest.raises(FeedUnavailableError):
        await opened.inbox.receive([log[0], log[9]])
    assert await opened.applied() == [1]

    opened.feed.away = False
    await opened.inbox.receive([log[0], log[9]])

    await assert_complete(opened, source, 10)


async def test_an_altered_hash_of_an_applied_position_is_not_believed_against_the_feed(
    opened: OpenInbox, source: MemoryStore
):
    log = await entries(source)
    await opened.inbox.receive(log[:5])

    await opened.inbox.receive([replace(log[2], chain_hash=bytes(32)), log[5]])
    await opened.inbox.receive(log[6:])

    await assert_complete(opened, source, 10)


async def test_an_applied_position_that_the_feed_has_otherwise_too_halts(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)
    await opened.inbox.receive(log[:5])
    opened.feed.reader = other = await findings_log(10)

    await opened.inbox.receive((await entries(other))[2:3])
    await opened.inbox.receive(log[5:])

    state = await opened.inbox.state()
    assert state.state == "halted"
    assert state.reason == "the source's log has another chain hash at position 5 than what was applied"
    assert await opened.applied() == [1, 2, 3, 4, 5]
    assert await opened.copy() == await source.read(0, 5)


async def test_an_altered_hash_waits_for_the_feed_to_be_judged(opened: OpenInbox, source: MemoryStore):
    log = await entries(source)
    await opened.inbox.receive(log[:5])
    opened.feed.away = True

    with pytest.raises(FeedUnavailableError):
        await opened.inbox.receive([replace(log[2], chain_hash=bytes(32))])

    assert (await opened.inbox.state()).state == "running"


async def test_a_feed_that_does_not_continue_what_was_applied_halts(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source, 1, 3))
    opened.feed.reader = other = await findings_log(10)

    await opened.inbox.receive(await entries(other, 8, 8))

    state = await opened.inbox.state()
    assert state.reason == "the source's feed does not continue what was applied: position 4 does not fit"
    assert await opened.applied() == [1, 2, 3]


async def test_entries_that_the_source_has_lost_halt(opened: OpenInbox, source: MemoryStore):
    longer = await findings_log(14)

    await opened.inbox.receive(deliveries(await longer.read(12, 2)))

    state = await opened.inbox.state()
    assert state.state == "halted"
    assert state.reason is not None
    assert "position 12 was announced but the source's log ends at 10" in state.reason


async def test_a_single_record_of_a_position_that_the_source_does_not_have_is_not_believed(
    opened: OpenInbox, source: MemoryStore
):
    log = await entries(source)

    await opened.inbox.receive([*log[:4], replace(log[4], position=5_000), *log[5:]])

    await assert_complete(opened, source, 10)
    assert opened.inbox.lag() == 0


async def test_an_event_of_an_unknown_type_waits_until_the_type_is_known(
    opened: OpenInbox, source: MemoryStore, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as before_the_upgrade:
        before_the_upgrade.delitem(EVENT_TYPES, TYPE)
        await opened.inbox.receive(await entries(source, 1, 3))
    await opened.inbox.receive(await entries(source, 4, 5))
    assert await opened.applied() == [4, 5]
    assert await opened.waiting() == [(n, TYPE, f"unknown event type {TYPE}") for n in (1, 2, 3)]
    assert (await opened.inbox.state()).quarantined == 3

    applied = await opened.inbox.requeue()

    assert applied == 3
    assert await opened.applied() == [4, 5, 1, 2, 3]
    assert await opened.waiting() == []
    assert await opened.inbox.requeue() == 0
    assert await opened.copy() == await source.read(0, 5)


async def test_one_position_can_be_requeued_alone(
    opened: OpenInbox, source: MemoryStore, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as before_the_upgrade:
        before_the_upgrade.delitem(EVENT_TYPES, TYPE)
        await opened.inbox.receive(await entries(source, 1, 3))

    assert await opened.inbox.requeue(2) == 1

    assert await opened.applied() == [2]
    assert [position for position, _, _ in await opened.waiting()] == [1, 3]


async def test_data_that_does_not_fit_its_schema_is_put_aside_without_its_values(opened: OpenInbox):
    class Loose(type(finding())):
        remark: str

    bad = MemoryStore("findings")
    secret = Loose.model_construct(**{**finding().__dict__, "remark": "somebody"})
    await bad.commit(command(), [append("s1", 0, secret), append("s2", 0, finding(2))], b"")
    opened.feed.reader = bad

    await opened.inbox.receive(deliveries(await bad.read(0, 2)))

    assert await opened.applied() == [2]
    assert await opened.waiting() == [(1, TYPE, f"{TYPE} does not fit its schema (remark: bool_parsing)")]


async def test_the_event_that_a_projection_refuses_is_put_aside_and_no_other(opened: OpenInbox, source: MemoryStore):
    async def refuse(connection: asyncpg.Connection, event: Incoming) -> None:
        if event.position in (3, 7):
            await connection.execute("SELECT 1 / 0")

    opened.projection.before = refuse

    await opened.inbox.receive(await entries(source))

    assert await opened.applied() == [1, 2, 4, 5, 6, 8, 9, 10]
    assert await opened.waiting() == [(n, TYPE, "DivisionByZeroError: division by zero") for n in (3, 7)]
    assert (await opened.inbox.state()).position == 10


async def test_a_requeued_event_that_is_refused_again_stays_with_its_new_reason(opened: OpenInbox, source: MemoryStore):
    async def refuse(_connection: asyncpg.Connection, event: Incoming) -> None:
        if event.position == 2:
            raise ValueError(reason)

    opened.projection.before = refuse
    reason = "first"
    await opened.inbox.receive(await entries(source, 1, 3))
    reason = "second"

    assert await opened.inbox.requeue() == 0

    assert await opened.waiting() == [(2, TYPE, "ValueError: second")]
    opened.projection.before = None
    assert await opened.inbox.requeue() == 1
    assert await opened.applied() == [1, 3, 2]


async def test_a_fault_of_the_infrastructure_leaves_everything_as_it_was(opened: OpenInbox, source: MemoryStore):
    async def lose_the_server(connection: asyncpg.Connection, event: Incoming) -> None:
        if event.position == 2:
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    opened.projection.before = lose_the_server
    with pytest.raises(ConnectionResetError):
        await opened.inbox.receive(await entries(source))
    assert (await opened.inbox.state()).position == 0
    assert await opened.waiting() == []

    opened.projection.before = None
    await opened.inbox.receive(await entries(source))

    await assert_complete(opened, source, 10)


async def test_two_replicas_at_once_apply_each_event_once(opened: OpenInbox, source: MemoryStore):
    await extend(source, 190)
    log = await entries(source, 1, 200)
    async with open_inbox(opened.database, source, fresh=False) as second:
        await asyncio.gather(
            *(opened.inbox.receive(log[start : start + 7]) for start in range(0, 200, 7)),
            *(second.inbox.receive(log[start : start + 11]) for start in range(0, 200, 11)),
        )

        assert (await second.inbox.state()).position == 200
    await assert_complete(opened, source, 200)


async def test_two_sources_do_not_touch_each_other(opened: OpenInbox, source: MemoryStore):
    other = MemoryStore("sampler")
    await extend(other, 4)
    async with open_inbox(opened.database, other, "sampler", fresh=False) as sampler:
        await sampler.inbox.receive(deliveries(await other.read(0, 4)))
        await opened.inbox.receive(await entries(source, 1, 2))

        assert await sampler.applied() == [1, 2, 3, 4]
    await assert_complete(opened, source, 2)


async def test_reconciling_reads_what_the_source_has_more_of(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source, 1, 4))

    state = await opened.inbox.reconcile()

    assert (state.position, state.healed) == (10, 6)
    assert opened.inbox.lag() == 0
    await assert_complete(opened, source, 10)


async def test_reconciling_without_healing_only_says_how_far_behind_it_is(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source, 1, 4))

    state = await opened.inbox.reconcile(heal=False)

    assert state.position == 4
    assert opened.inbox.lag() == 6


async def test_an_empty_inbox_reconciles_from_the_first_event_on(opened: OpenInbox, source: MemoryStore):
    assert (await opened.inbox.reconcile()).position == 10

    await assert_complete(opened, source, 10)


async def test_a_source_restored_from_an_older_backup_halts(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source))
    opened.feed.reader = await findings_log(6)

    state = await opened.inbox.reconcile()

    assert state.state == "halted"
    assert state.reason is not None
    assert "ends at 6, but 10 was applied" in state.reason


async def test_a_source_with_another_history_halts_even_when_it_is_longer(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source))
    opened.feed.reader = await findings_log(20)

    state = await opened.inbox.reconcile()

    assert state.reason == "the source's log has another chain hash at position 10 than what was applied"
    assert await opened.applied() == list(range(1, 11))


async def test_a_halted_source_goes_on_only_when_its_feed_agrees_again(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source, 1, 5))
    opened.feed.reader = await findings_log(3)
    await opened.inbox.reconcile()
    disagreement = await opened.inbox.resume()
    assert disagreement is not None
    assert "ends at 3, but 5 was applied" in disagreement
    assert (await opened.inbox.state()).state == "halted"

    opened.feed.reader = source

    assert await opened.inbox.resume() is None
    assert (await opened.inbox.state()).state == "running"
    await opened.inbox.reconcile()
    await assert_complete(opened, source, 10)


async def test_a_restart_takes_up_where_it_stopped(opened: OpenInbox, source: MemoryStore):
    await opened.inbox.receive(await entries(source, 1, 6))
    async with open_inbox(opened.database, source, fresh=False) as restarted:
        await restarted.inbox.receive(await entries(source, 4, 10))

    await assert_complete(opened, source, 10)


async def test_an_inbox_that_was_not_prepared_says_so(opened: OpenInbox):
    inbox = Inbox(opened.pool, "sampler", opened.projection, opened.feed, InboxMetrics("test", CollectorRegistry()))

    with pytest.raises(RuntimeError, match="the inbox of sampler was not prepared"):
        await inbox.state()


@pytest.mark.parametrize(
    "statement", ["UPDATE inbox_event SET data = 'x'", "DELETE FROM inbox_event", "TRUNCATE inbox_event"]
)
async def test_nobody_changes_the_log_copy(opened: OpenInbox, source: MemoryStore, statement: str):
    await opened.inbox.receive(await entries(source))
    for url in (opened.database.service_url, opened.database.owner_url):
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
        await connection.close()

    assert await opened.copy() == await source.read(0, 10)
