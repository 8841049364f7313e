"""What every event store promises, run over the one in memory and the one on PostgreSQL alike."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from stickprov_contracts.events import NoteReference
from stickprov_contracts.events.follow_ups import ActionProposed
from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.errors import CommandReusedError, VersionConflictError
from stickprov_kernel.log.lasting import PersonalNumberInLogError
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import PendingEvent, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from support.log import append, command, finding, open_log

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(params=["memory", "postgres"])
async def store(request, new_database):
    if request.param == "memory":
        yield MemoryStore("findings")
        return
    async with open_log(await new_database(LOG)) as log:
        yield log.store


async def test_an_unknown_stream_has_no_events(store: EventStore):
    history = await store.load("review/none")

    assert history.version == 0
    assert history.events == ()


async def test_events_come_back_as_they_were_appended(store: EventStore):
    context = command()
    pending = [PendingEvent(uuid4(), finding(1)), PendingEvent(uuid4(), finding(1, remark=True))]

    await store.commit(context, [StreamAppend("s", 0, pending)], b"done")

    history = await store.load("s")
    assert [recorded.event for recorded in history.events] == [finding(1), finding(1, remark=True)]
    assert [recorded.id for recorded in history.events] == [pending[0].id, pending[1].id]
    assert [recorded.version for recorded in history.events] == [1, 2]
    assert {recorded.time for recorded in history.events} == {context.time}
    assert {recorded.actor for recorded in history.events} == {"p1"}
    assert {recorded.correlation_id for recorded in history.events} == {context.correlation_id}


async def test_a_trace_context_stays_with_the_events_of_its_command_and_out_of_their_hashes(new_database):
    traced = replace(command(), traceparent=TRACEPARENT)
    async with open_log(await new_database(LOG)) as log:
        for store in (log.store, memory := MemoryStore("findings")):
            await store.commit(command(), [append("a", 0, finding(1))], b"")
            await store.commit(traced, [append("b", 0, finding(2), finding(3))], b"")
        await log.sequence_all()

        for reader in (log.reader, memory):
            entries = await reader.read(0, 10)
            assert [entry.traceparent for entry in entries] == [None, TRACEPARENT, TRACEPARENT]
            assert all(TRACEPARENT.encode() not in entry.envelope for entry in entries)


async def test_streams_do_not_mix(store: EventStore):
    await store.commit(command(), [append("a", 0, finding(1)), append("b", 0, finding(2), finding(3))], b"")

    assert [recorded.event for recorded in (await store.load("a")).events] == [finding(1)]
    assert [recorded.event for recorded in (await store.load("b")).events] == [finding(2), finding(3)]


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_a_version_that_is_not_the_newest_is_refused_and_stores_nothing(store: EventStore, expected: int):
    await store.commit(command(), [append("s", 0, finding(1))], b"")
    late = command()

    with pytest.raises(VersionConflictError) as refused:
        await store.commit(late, [append("other", 0, finding(2)), append("s", expected, finding(3))], b"late")

    assert (refused.value.stream, refused.value.expected, refused.value.actual) == ("s", expected, 1)
    assert refused.value.current_version == 1
    assert (await store.load("s")).version == 1
    assert (await store.load("other")).version == 0
    assert await store.answer_to(late) is None


async def test_a_text_with_a_personal_number_is_refused_by_field_and_nothing_of_its_command_is_stored(
    store: EventStore,
):
    asked = command()
    text = NoteReference(note=UUID(int=2), digest="a" * 64)
    told = ActionProposed(action=UUID(int=1), description=text, responsible="Chef, 121212-1212", status="proposed")

    with pytest.raises(PersonalNumberInLogError) as refused:
        await store.commit(asked, [append("a", 0, finding(1)), append("b", 0, finding(2), told)], b"")

    assert [problem.field for problem in refused.value.errors] == ["responsible"]
    assert "1212" not in str(refused.value)
    assert (await store.load("a")).version == 0
    assert (await store.load("b")).version == 0
    assert await store.answer_to(asked) is None


async def test_a_repeated_command_stores_nothing_and_gets_the_first_answer(store: EventStore):
    context = command()
    first = await store.commit(context, [append("s", 0, finding(1))], b"first")

    again = await store.commit(context, [append("s", 0, finding(1))], b"second")
    later = await store.commit(context, [append("s", 1, finding(1))], b"third")

    assert (first.answer, first.repeated) == (b"first", False)
    assert (again.answer, again.repeated) == (b"first", True)
    assert (later.answer, later.repeated) == (b"first", True)
    assert (await store.load("s")).version == 1
    assert await store.answer_to(context) == b"first"


@pytest.mark.parametrize("other", [{"actor": "p2"}, {"request": b"another request"}])
async def test_a_command_id_never_stands_for_two_requests(store: EventStore, other: dict[str, str]):
    context = command()
    await store.commit(context, [append("s", 0, finding(1))], b"first")
    impostor = command(context.command_id, **other)

    with pytest.raises(CommandReusedError):
        await store.commit(impostor, [append("t", 0, finding(2))], b"second")
    with pytest.raises(CommandReusedError):
        await store.answer_to(impostor)

    assert (await store.load("t")).version == 0


async def test_a_command_may_lead_to_no_event(store: EventStore):
    context = command()

    receipt = await store.commit(context, [], b"nothing changed")

    assert receipt.answer == b"nothing changed"
    assert await store.answer_to(context) == b"nothing changed"


async def test_of_many_writers_at_one_version_exactly_one_wins(store: EventStore):
    await store.commit(command(), [append("s", 0, finding(0))], b"")

    outcomes = await asyncio.gather(
        *(store.commit(command(), [append("s", 1, finding(number))], b"") for number in range(1, 13)),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, VersionConflictError)]
    assert len(refused) == 11
    assert {outcome.actual for outcome in refused} == {2}
    assert (await store.load("s")).version == 2


async def test_one_command_sent_many_times_at_once_is_carried_out_once(store: EventStore):
    context = command()

    receipts = await asyncio.gather(
        *(store.commit(context, [append("s", 0, finding(1))], b"%d" % number) for number in range(12))
    )

    assert len({receipt.answer for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert (await store.load("s")).version == 1


async def test_side_statements_stand_or_fall_with_the_events(new_database):
    database = await new_database()
    async with open_log(database) as log:
        relay = SideStatement("INSERT INTO relay (log, position) VALUES ($1, 7)", ("kept",))
        await log.store.commit(command(), [append("s", 0, finding(1))], b"", also=[relay])

        lost = SideStatement("INSERT INTO relay (log, position) VALUES ($1, 7)", ("lost",))
        with pytest.raises(VersionConflictError):
            await log.store.commit(command(), [append("s", 0, finding(2))], b"", also=[lost])

        assert [row["log"] for row in await log.pool.fetch("SELECT log FROM relay")] == ["kept"]


async def test_a_failing_side_statement_takes_the_events_with_it(new_database):
    async with open_log(await new_database(LOG)) as log:
        context = command()
        wrong = SideStatement("INSERT INTO relay (log, position) VALUES ('x', -1)")

        with pytest.raises(Exception, match="relay_position_check"):
            await log.store.commit(context, [append("s", 0, finding(1))], b"", also=[wrong])

        assert (await log.store.load("s")).version == 0
        assert await log.store.answer_to(context) is None
