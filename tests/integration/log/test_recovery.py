"""A log that was restored from an older backup gets its lost end again from a copy, with the old places."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import asyncpg
import pytest

from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.leadership import SEQUENCER_LOCK, Leadership
from stickprov_kernel.log.records import Head, Sequenced
from stickprov_kernel.log.recovery import CannotRecoverError, Recovered, recover
from stickprov_kernel.log.verifying import TableVerification
from support.backups import back_up, restore
from support.inbox import findings_log
from support.kept_copy import Copy, tree_of
from support.log import OpenLog, append, command, finding, open_log


async def nothing_beside(_connection: asyncpg.Connection, _after: int) -> Sequence[str]:
    return ["nothing beside it"]


@dataclass
class Restored:
    """A log of twelve events that was restored from a backup with seven, of which two had no position there."""

    log: OpenLog
    before: Sequence[Sequenced]
    head: Head
    copy: Copy

    async def recover(self) -> Recovered:
        return await recover(self.log.database.service_url, self.copy, nothing_beside)

    async def entries(self) -> list[Sequenced]:
        return await self.log.reader.read(0, 100)


async def record(log: OpenLog, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await log.store.commit(command(), [append(f"s{number % 4}", (number - 1) // 4, finding(number))], b"")


@pytest.fixture
async def restored(new_database, postgres_server) -> AsyncIterator[Restored]:
    async with open_log(await new_database()) as log:
        await record(log, 1, 5)
        await log.sequence_all()
        await record(log, 6, 7)
        backup = await back_up(postgres_server, log.database.name)
        await record(log, 8, 12)
        await log.sequence_all()
        before, head = await log.reader.read(0, 100), await log.reader.head()
        await restore(postgres_server, log.database.name, backup)
        yield Restored(log, before, head, Copy(before, head.root))


async def test_everything_the_copy_has_comes_back_in_its_old_place(restored: Restored):
    done = await restored.recover()

    assert done == Recovered(before=5, after=12, unplaced=0, lost=["nothing beside it"])
    assert await restored.entries() == restored.before
    assert await restored.log.reader.head() == restored.head


async def test_the_log_goes_on_behind_what_came_back(restored: Restored):
    await restored.recover()

    await record(restored.log, 13, 14)
    await restored.log.sequence_all()

    entries = await restored.entries()
    assert entries[:12] == restored.before
    assert [entry.position for entry in entries] == list(range(1, 15))
    assert (await restored.log.store.load("s1")).version == 4


async def test_columns_are_what_the_envelope_says(restored: Restored):
    await restored.recover()

    row = await restored.log.pool.fetchrow("SELECT * FROM event WHERE stream = 's0' AND version = 3")
    told = decode(row["envelope"])
    assert (str(row["id"]), row["type"], row["schema_version"], row["actor"]) == (told.id, told.type, 1, told.actor)
    assert row["time"].strftime("%Y-%m-%dT%H:%M:%S.%fZ") == told.time
    assert (str(row["correlation_id"]), row["causation_id"]) == (told.correlationid, None)


async def test_what_came_back_is_whole_for_whoever_reads_the_tables_again(restored: Restored):
    await restored.recover()
    await record(restored.log, 13, 14)
    await restored.log.sequence_all()

    outcome = await TableVerification(restored.log.pool, "findings").run(lambda _stage: None)

    assert (outcome.verdict, outcome.events, outcome.first_difference) == ("verified", 14, None)


async def test_recovering_again_changes_nothing(restored: Restored):
    await restored.recover()

    assert await restored.recover() == Recovered(before=12, after=12, unplaced=0, lost=["nothing beside it"])


async def test_an_interrupted_recovery_goes_on_where_it_stopped(restored: Restored, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("stickprov_kernel.log.recovery._PAGE", 2)
    restored.copy.fails_after = 3
    with pytest.raises(FeedUnavailableError):
        await restored.recover()
    assert (await restored.log.reader.head()).position == 9

    restored.copy.fails_after = 1_000_000
    done = await restored.recover()

    assert (done.before, done.after) == (9, 12)
    assert await restored.entries() == restored.before


async def test_an_event_that_the_copy_has_not_is_placed_behind_what_came_back(restored: Restored):
    restored.copy.entries = restored.before[:6]
    restored.copy.root = tree_of(restored.before[:6])

    done = await restored.recover()
    await restored.log.sequence_all()

    assert (done.before, done.after, done.unplaced) == (5, 6, 1)
    assert [entry.data for entry in await restored.entries()] == [entry.data for entry in restored.before[:7]]


async def test_a_log_that_a_service_runs_on_is_left_alone(restored: Restored):
    async with Leadership(restored.log.database.service_url, SEQUENCER_LOCK).held():
        with pytest.raises(CannotRecoverError, match="Stop every instance"):
            await restored.recover()

    assert (await restored.log.reader.head()).position == 5


async def test_a_copy_of_another_history_is_refused(restored: Restored):
    other = await findings_log(12)
    restored.copy = Copy(await other.read(0, 12), (await other.head()).root)

    with pytest.raises(CannotRecoverError, match="another history: its event at position 5"):
        await restored.recover()

    assert (await restored.log.reader.head()).position == 5


async def test_a_copy_that_ends_before_the_log_is_refused(restored: Restored):
    restored.copy.entries = restored.before[:3]

    with pytest.raises(CannotRecoverError, match="ends at 3, and the log at 5"):
        await restored.recover()


@pytest.mark.parametrize("number", [5, 8, 11])
async def test_a_copy_that_was_tampered_with_is_refused(restored: Restored, number: int):
    entries = list(restored.before)
    entries[number] = replace(entries[number], data=entries[number].data.replace(b"false", b"true "))
    restored.copy.entries = entries

    with pytest.raises(CannotRecoverError, match=f"entry at position {number + 1} does not fit"):
        await restored.recover()

    assert (await restored.log.reader.head()).position == 5


async def test_a_copy_whose_tree_is_another_is_refused(restored: Restored):
    restored.copy.root = bytes(32)

    with pytest.raises(CannotRecoverError, match="another root"):
        await restored.recover()

    assert (await restored.log.reader.head()).position == 5


async def test_a_log_that_lost_everything_is_recovered_from_its_first_event_on(new_database, restored: Restored):
    async with open_log(await new_database()) as empty:
        done = await recover(empty.database.service_url, restored.copy, nothing_beside)

        assert (done.before, done.after) == (0, 12)
        assert await empty.reader.read(0, 100) == restored.before


async def test_a_log_that_took_commands_after_it_was_restored_is_left_alone(restored: Restored):
    await restored.log.store.commit(command(), [append("s3", 2, finding(99))], b"")

    with pytest.raises(CannotRecoverError, match="took commands after it was restored"):
        await restored.recover()

    assert (await restored.log.reader.head()).position == 5
