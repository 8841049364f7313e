"""Carrying a command out when others are at the same stream."""

import pytest

from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.attempts import ATTEMPTS, carry_out, until_undisturbed
from stickprov_kernel.log.memory import MemoryStore
from support.log import append, command, finding


class Busy:
    """A stream to which others append whenever somebody has read it, so many times."""

    def __init__(self, disturbances):
        self.store = MemoryStore("findings")
        self.left = disturbances
        self.read = []

    async def attempt(self, context):
        version = (await self.store.load("review/1")).version
        self.read.append(version)
        if self.left:
            self.left -= 1
            await self.store.commit(command(), [append("review/1", version, finding(version))], b"theirs")
        return await self.store.commit(context, [append("review/1", version, finding(99))], b"ours")

    async def carry_out(self, context, **options):
        return await carry_out(self.store, context, lambda: self.attempt(context), **options)


async def test_whoever_was_disturbed_reads_and_decides_again():
    busy = Busy(ATTEMPTS - 1)
    receipt = await busy.carry_out(command())
    assert (receipt.answer, receipt.repeated, busy.read) == (b"ours", False, [0, 1, 2, 3, 4])


async def test_whoever_is_disturbed_every_time_is_told_so():
    busy = Busy(ATTEMPTS)
    with pytest.raises(VersionConflictError):
        await busy.carry_out(command())
    assert (await busy.store.load("review/1")).version == ATTEMPTS


async def test_one_attempt_is_one_attempt():
    busy = Busy(1)
    with pytest.raises(VersionConflictError):
        await busy.carry_out(command(), attempts=1)
    assert busy.read == [0]


async def test_a_command_that_was_carried_out_is_not_attempted_again():
    busy, context = Busy(0), command()
    await busy.carry_out(context)
    again = await busy.carry_out(context)
    assert (again.answer, again.repeated, busy.read) == (b"ours", True, [0])


async def test_a_conflict_that_is_for_the_caller_to_see_is_not_tried_again():
    busy, context = Busy(1), command()
    with pytest.raises(VersionConflictError):
        await until_undisturbed(lambda: busy.attempt(context), unless=lambda error: error.stream == "review/1")
    assert busy.read == [0]
