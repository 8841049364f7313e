"""Whoever stops a task of their own ends with it, and is not kept when they are told to stop themselves."""

import asyncio

import pytest

from stickprov_kernel.stopping import stopped


async def lasting(ended: list[str]) -> None:
    """Take a moment to end."""
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.05)
        ended.append("ended")


async def begun(work):
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    return task


async def test_a_task_has_ended_when_it_is_stopped():
    ended: list[str] = []
    await stopped(await begun(lasting(ended)))

    assert ended == ["ended"]


async def test_a_cancellation_of_the_caller_is_the_callers_own():
    ended: list[str] = []
    caller = await begun(stopped(await begun(lasting(ended))))
    caller.cancel()
    await asyncio.wait({caller})

    assert caller.cancelled()
    assert ended == ["ended"]


async def test_a_task_that_had_failed_says_so():
    async def failing() -> None:
        raise ConnectionError("gone")

    task = await begun(failing())
    with pytest.raises(ConnectionError, match="gone"):
        await stopped(task)
