"""Ends this process with SIGKILL at a named point: wraps kernel functions in the process of a service.

What must not break: nothing runs after the kill, not even a ``finally``; a point is counted only while it is armed.
"""

import functools
import mmap
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer

from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.log.checkpointing import Checkpointing
from stickprov_kernel.log.group_commit import GroupCommit
from stickprov_kernel.log.relay import Relay
from stickprov_kernel.log.sequencer import SequencingRun

_STEPS: tuple[tuple[type, str, str], ...] = (
    (GroupCommit, "run", "commit"),
    (GroupCommit, "run_with", "commit"),
    (SequencingRun, "_write", "sequence"),
    (Relay, "_publish", "publish"),
    (Relay, "_advance", "advance"),
    (Checkpointing, "make", "checkpoint"),
    (AIOKafkaConsumer, "commit", "offset"),
)


class Crash:
    """Counts how often a point is reached, and kills this process at the last time.

    Args:
        point: which one.
        reach: at which reach of it, from 1.
        armed: file of one byte, shared with who gave the order; points count while it is not zero.
    """

    def __init__(self, point: str, reach: int, armed: Path) -> None:
        self._point = point
        self._left = reach
        with armed.open("r+b") as file:
            self._armed = mmap.mmap(file.fileno(), 1)

    def at(self, point: str) -> None:
        """Say that a point is reached now."""
        if point != self._point or not self._armed[0]:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def prepare(self) -> None:
        """Wrap the functions that have points."""
        for owner, name, step in _STEPS:
            setattr(owner, name, self._around(getattr(owner, name), step))
        Inbox._transaction = self._around_transaction(Inbox._transaction)  # type: ignore[method-assign]

    def _around(self, original: Callable[..., Awaitable[Any]], step: str) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(original)
        async def wrapped(*arguments: Any, **options: Any) -> Any:
            self.at(f"before {step}")
            outcome = await original(*arguments, **options)
            self.at(f"after {step}")
            return outcome

        return wrapped

    def _around_transaction(
        self, original: Callable[[Inbox], AbstractAsyncContextManager[asyncpg.Connection]]
    ) -> Callable[[Inbox], AbstractAsyncContextManager[asyncpg.Connection]]:
        @asynccontextmanager
        async def wrapped(inbox: Inbox) -> AsyncIterator[asyncpg.Connection]:
            async with original(inbox) as connection:
                yield connection
                self.at("before apply")
            self.at("after apply")

        return wrapped
