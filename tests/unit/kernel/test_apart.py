"""What starts and stops Kafka clients: whoever is cancelled ends, whatever the library does with the cancellation."""

import asyncio
from contextlib import suppress

import pytest

from stickprov_kernel.messaging.apart import ended, started


async def begun(work):
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


async def swallowing(done: list[str]) -> None:
    """Stop as aiokafka does: cancel a task of one's own, wait for it, take any cancellation for its."""
    own = asyncio.create_task(asyncio.sleep(60))
    with suppress(asyncio.CancelledError):
        await asyncio.wait({own}, timeout=0.05)
    own.cancel()
    with suppress(asyncio.CancelledError):
        await own
    done.append("stopped")


async def test_a_cancellation_is_not_lost_in_a_client_that_stops():
    done: list[str] = []
    caller = await begun(ended(swallowing(done), 5))
    caller.cancel()
    await asyncio.wait({caller})

    assert caller.cancelled()
    assert done == ["stopped"]


async def test_a_client_that_does_not_stop_is_given_up():
    never = asyncio.Event()
    assert not await ended(never.wait(), 0.01)


async def test_whoever_is_cancelled_gives_a_client_that_does_not_stop_up_too():
    never = asyncio.Event()
    caller = await begun(ended(never.wait(), 0.01))
    caller.cancel()
    await asyncio.wait({caller})
    assert caller.cancelled()


async def test_a_stop_that_fails_is_told():
    async def failing() -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        await ended(failing(), 5)


async def test_a_start_is_given_a_moment_to_finish_connecting():
    connected = asyncio.Event()

    async def connecting() -> None:
        await asyncio.sleep(0.02)
        connected.set()

    caller = await begun(started(connecting()))
    caller.cancel()
    await asyncio.wait({caller})

    assert caller.cancelled()
    assert connected.is_set()


async def test_a_start_says_what_came_of_it():
    async def connecting() -> str:
        return "connected"

    async def refused() -> None:
        raise ConnectionError("refused")

    assert await started(connecting()) == "connected"
    with pytest.raises(ConnectionError, match="refused"):
        await started(refused())


async def test_a_timeout_around_a_start_is_a_timeout():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await started(asyncio.Event().wait())
