"""The bell that wakes a log's workers."""

import asyncio

import pytest

from stickprov_kernel.log.signal import Bell


@pytest.mark.parametrize("turns", range(4))
async def test_who_is_cancelled_while_it_rings_ends(turns):
    bell = Bell()

    async def waiting() -> None:
        while True:
            await bell.wait(60)

    task = asyncio.create_task(waiting())
    for _ in range(5):
        await asyncio.sleep(0)
    bell.ring()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=5)

    assert task.cancelled()


async def test_it_rings_for_everybody_and_is_remembered_by_who_was_away():
    bell = Bell()

    async def hears() -> list[bool]:
        first = await bell.wait(5)
        await asyncio.sleep(0.01)
        return [first, await bell.wait(5), await bell.wait(0.01)]

    tasks = [asyncio.create_task(hears()) for _ in range(2)]
    bell.ring()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    bell.ring()

    assert await asyncio.gather(*tasks) == [[True, True, False]] * 2
