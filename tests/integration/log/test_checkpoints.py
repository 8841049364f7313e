"""Checkpoints on PostgreSQL: one per size, always larger, signed by the newest key alone, whoever makes them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from stickprov_kernel.log.checkpoint_note import TreeHead, read_handover, trusted_head, trusted_with
from stickprov_kernel.log.checkpoints import Checkpoints, LogEmptyError, NotSigningError
from stickprov_kernel.log.notes import NoteError, read_key, read_note, signers
from support.log import OpenLog, append, command, finding, open_log
from support.logs import logging_to_memory
from support.notes import signing_key

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = (signing_key(number=number) for number in (1, 2, 3))


@pytest.fixture
async def log(new_database) -> AsyncIterator[OpenLog]:
    async with open_log(await new_database()) as opened:
        yield opened


@pytest.fixture
def checkpoints(log: OpenLog) -> Checkpoints:
    return Checkpoints(log.pool)


async def grow(log: OpenLog, events: int) -> None:
    await log.store.commit(
        command(), [append(f"s{i}{command().command_id}", 0, finding(i)) for i in range(events)], b""
    )
    await log.sequence_all()


async def test_a_checkpoint_is_of_the_tree_and_signed(log: OpenLog, checkpoints: Checkpoints):
    await grow(log, 3)
    await checkpoints.adopt(FIRST, None, NOW)

    made, new = await checkpoints.make(FIRST, "asked", NOW)

    head = await log.reader.head()
    said = trusted_head(read_note(made.note), [FIRST.verifier])
    assert said == TreeHead("example.org/log", 3, head.root)
    assert (made.size, made.root, made.reason, new) == (3, head.root, "asked", True)


async def test_a_log_that_did_not_grow_keeps_the_checkpoint_that_it_has(log: OpenLog, checkpoints: Checkpoints):
    await grow(log, 3)
    await checkpoints.adopt(FIRST, None, NOW)
    first, _ = await checkpoints.make(FIRST, "interval", NOW)

    again, new = await checkpoints.make(FIRST, "asked", NOW + timedelta(hours=1))

    assert (again, new) == (first, False)


async def test_an_empty_log_has_nothing_to_sign(checkpoints: Checkpoints):
    await checkpoints.adopt(FIRST, None, NOW)

    with pytest.raises(LogEmptyError):
        await checkpoints.make(FIRST, "asked", NOW)


async def test_checkpoints_are_read_in_both_orders(log: OpenLog, checkpoints: Checkpoints):
    await checkpoints.adopt(FIRST, None, NOW)
    for _ in range(4):
        await grow(log, 2)
        await checkpoints.make(FIRST, "interval", NOW)

    oldest = [one.size for one in await checkpoints.page(2, 2)]
    newest = [one.size for one in await checkpoints.page(None, 3, newest_first=True)]

    assert (oldest, newest) == ([4, 6], [8, 6, 4])
    assert [one.size for one in await checkpoints.page(6, 9, newest_first=True)] == [4, 2]


async def test_many_who_make_a_checkpoint_at_once_make_one(log: OpenLog, checkpoints: Checkpoints):
    await grow(log, 5)
    await checkpoints.adopt(FIRST, None, NOW)
    others = [Checkpoints(log.pool) for _ in range(6)]

    made = await asyncio.gather(*(one.make(FIRST, "asked", NOW) for one in others))

    assert len({checkpoint.note for checkpoint, _ in made}) == 1
    assert [new for _, new in made].count(True) == 1


async def test_many_who_adopt_a_key_at_once_adopt_it_once(checkpoints: Checkpoints):
    await asyncio.gather(*(checkpoints.adopt(FIRST, None, NOW) for _ in range(6)))

    assert [key.verifier_key for key in await checkpoints.keys()] == [FIRST.verifier.text]


async def test_a_key_is_handed_over_to_the_next_with_both_signatures(log: OpenLog, checkpoints: Checkpoints):
    await grow(log, 3)
    await checkpoints.adopt(FIRST, None, NOW)
    await checkpoints.adopt(SECOND, FIRST, NOW + timedelta(days=1))

    first, second = await checkpoints.keys()
    assert first.handover is None
    assert second.handover is not None
    note = read_note(second.handover)
    said = read_handover(note)
    assert (said.key, said.size, said.time) == (SECOND.verifier, 3, "2026-03-02T12:00:00.000000Z")
    assert signers(note, [FIRST.verifier, SECOND.verifier]) == [FIRST.verifier, SECOND.verifier]


async def test_who_trusts_the_first_key_can_follow_every_change_of_keys(log: OpenLog, checkpoints: Checkpoints):
    for former, key in [(None, FIRST), (FIRST, SECOND), (SECOND, THIRD)]:
        await checkpoints.adopt(key, former, NOW)
        await grow(log, 2)
        await checkpoints.make(key, "interval", NOW)

    handovers = [read_note(key.handover) for key in await checkpoints.keys() if key.handover is not None]
    trusted = trusted_with([read_key(FIRST.verifier.text)], handovers)

    said = [trusted_head(read_note(one.note), trusted).size for one in await checkpoints.page(None, 9)]
    assert said == [2, 4, 6]


async def test_a_key_whose_former_one_is_lost_is_adopted_with_a_warning(log: OpenLog, checkpoints: Checkpoints):
    await checkpoints.adopt(FIRST, None, NOW)

    with logging_to_memory() as logged:
        await checkpoints.adopt(SECOND, None, NOW)
        await checkpoints.adopt(THIRD, FIRST, NOW)

    assert [key.handover for key in await checkpoints.keys()] == [None, None, None]
    assert [line["former"] for line in logged.lines("checkpoint-key-without-handover")] == [
        FIRST.verifier.text,
        SECOND.verifier.text,
    ]


async def test_only_the_newest_key_signs(log: OpenLog, checkpoints: Checkpoints):
    await grow(log, 1)
    await checkpoints.adopt(FIRST, None, NOW)
    await checkpoints.adopt(SECOND, FIRST, NOW)

    with pytest.raises(NotSigningError, match="newer checkpoint key"):
        await checkpoints.make(FIRST, "asked", NOW)
    made, _ = await checkpoints.make(SECOND, "asked", NOW)

    with pytest.raises(NoteError):
        trusted_head(read_note(made.note), [FIRST.verifier])


async def test_a_key_that_was_replaced_does_not_come_back(checkpoints: Checkpoints):
    await checkpoints.adopt(FIRST, None, NOW)
    await checkpoints.adopt(SECOND, FIRST, NOW)

    with pytest.raises(NotSigningError, match="was replaced"):
        await checkpoints.adopt(FIRST, SECOND, NOW)
