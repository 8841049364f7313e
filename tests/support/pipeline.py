"""A findings log that is relayed to a broker of the test's own, and an inbox of another database that hears it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.guard import TopicGuard
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.messaging.access import KafkaAccess
from support.broker import Broker
from support.inbox import OpenInbox
from support.log import OpenLog, append, command, finding
from support.waiting import eventually


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    """Run something in the background for as long as the block runs."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@dataclass
class Pipeline:
    """Both ends of the way, and the broker in between."""

    broker: Broker
    log: OpenLog
    heard: OpenInbox
    access: KafkaAccess | None = None
    """How relay and consumer are let in, when not as everybody is."""

    async def record(self, count: int) -> int:
        """Append and sequence so many events; return the log's last position."""
        first = (await self.log.reader.head()).position + 1
        for number in range(first, first + count):
            await self.log.store.commit(command(), [append(f"s{number}", 0, finding(number))], b"")
        await self.log.sequence_all()
        self.log.signal.sequenced()
        return first + count - 1

    def relay(self, batch: int = 500, guard: TopicGuard | None = None) -> Relay:
        metrics = RelayMetrics("test", CollectorRegistry())
        log = self.log
        return Relay(
            log.database.service_url,
            "findings",
            log.reader,
            log.signal,
            self.access or self.broker.access,
            metrics=metrics,
            batch=batch,
            guard=guard,
        )

    def consumer(self, *, reconcile_seconds: float = 3600.0, watchdog_seconds: float = 3600.0) -> LogConsumer:
        """Return a consumer that reconciles once at start and then as often as asked for."""
        return LogConsumer(
            self.access or self.broker.access,
            "test",
            {"findings": self.heard.inbox},
            InboxMetrics("consumer", CollectorRegistry()),
            reconcile_seconds=reconcile_seconds,
            watchdog_seconds=watchdog_seconds,
        )

    async def published(self, position: int) -> None:
        """Wait until the relay has published that far."""

        async def there() -> bool:
            found = await self.log.pool.fetchval("SELECT position FROM relay WHERE log = 'findings'")
            return found is not None and found >= position

        await eventually(there, what=f"publishing {position}")

    async def applied(self, position: int, *, bound: float = 30.0) -> None:
        """Wait until the inbox has applied that far, then compare everything with the log."""

        async def there() -> bool:
            return (await self.heard.inbox.state()).position >= position

        await eventually(there, what=f"applying {position}", bound=bound)
        assert await self.heard.applied() == list(range(1, position + 1))
        assert await self.heard.copy() == await self.log.reader.read(0, position)
