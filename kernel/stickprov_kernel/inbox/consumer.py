"""Keeps a service's inboxes fed: listens to Kafka, compares with the feeds, heals from them.

What must not break: starting never fails because a broker, a source or the database is away; whatever Kafka does,
an event that a source has sequenced is applied here sooner or later.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

import structlog

from stickprov_contracts.topics import Source
from stickprov_kernel.http.health import Check, Condition
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.subscription import Subscription
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.faults import describe

_SECOND_LOOK_SECONDS: Final = 1.0
_FRESH_ROUNDS: Final = 3

_log = structlog.get_logger(__name__)


class LogConsumer:
    """Consumes the logs of some sources into their inboxes."""

    def __init__(
        self,
        kafka: KafkaAccess,
        group: str,
        inboxes: Mapping[Source, Inbox],
        metrics: InboxMetrics,
        *,
        reconcile_seconds: float = 10.0,
        watchdog_seconds: float = 30.0,
        max_records: int = 1000,
        instance: str | None = None,
        traced: bool = False,
    ) -> None:
        """Make a consumer.

        Args:
            kafka: where the brokers are and how to be let in.
            group: name of the service's consumer groups, the same in all its replicas.
            inboxes: where each source's log goes.
            metrics: the inboxes' instruments.
            reconcile_seconds: time between two comparisons with a source's feed.
            watchdog_seconds: how long records may wait while nothing moves.
            max_records: how many records make a batch at most.
            instance: name of this replica, the same over its restarts and no other's. With it, one that was killed
                takes its place in the groups again at once; without, they wait until the killed one's session ends.
            traced: whether the inboxes are told which traces events belong to.
        """
        self._subscriptions = {
            source: Subscription(
                *(kafka, group, source, inbox, metrics),
                watchdog_seconds=watchdog_seconds,
                max_records=max_records,
                instance=instance,
                traced=traced,
            )
            for source, inbox in inboxes.items()
        }
        self._reconcile_seconds = reconcile_seconds

    def connected(self, source: Source) -> bool:
        """Return whether the source's topic is listened to."""
        return self._subscriptions[source].connected

    def readiness(self, source: Source, most_behind: int) -> Check:
        """Return a condition for ``Health``: this source's log is applied, and not far behind.

        A broker that is away does not make a service unready as long as the source's feed answers, which brings
        everything too; but the text says so.

        Args:
            source: whose log.
            most_behind: how many events may wait to be applied.
        """
        subscription = self._subscriptions[source]

        async def check() -> Condition:
            state = await subscription.inbox.state()
            if state.state == "halted":
                return Condition(ok=False, detail=f"halted at position {state.position}: {state.reason}")
            behind = subscription.inbox.lag()
            compared = time.monotonic() - subscription.compared_at < _FRESH_ROUNDS * self._reconcile_seconds
            away = [name for name, there in (("Kafka", subscription.connected), ("the feed", compared)) if not there]
            text = f"at position {state.position}, {behind} events behind"
            known = subscription.connected or compared
            return Condition(
                ok=known and behind <= most_behind, detail=f"{text}; away: {', '.join(away)}" if away else text
            )

        return check

    async def run(self) -> None:
        """Consume until cancelled; a batch that is being applied is finished first."""
        async with asyncio.TaskGroup() as tasks:
            for subscription in self._subscriptions.values():
                tasks.create_task(self._follow(subscription), name=f"consume-{subscription.source}")

    async def _follow(self, subscription: Subscription) -> None:
        backoff = Backoff()
        while True:
            try:
                await subscription.inbox.prepare()
                break
            except Exception as error:  # noqa: BLE001 - starting never fails because something is away
                _log.warning("inbox-not-prepared", source=subscription.source, reason=describe(error))
                await asyncio.sleep(backoff.next())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(subscription.run())
            tasks.create_task(self._reconcile(subscription))

    async def _reconcile(self, subscription: Subscription) -> None:
        inbox = subscription.inbox
        backoff = Backoff(longest=self._reconcile_seconds)
        missing_at: int | None = None
        while True:
            try:
                position = (await inbox.state()).position
                # Kafka gets a second to bring what the source has more of, unless it cannot bring anything.
                nothing_arrives = not subscription.connected or position == missing_at
                position = (await inbox.reconcile(heal=nothing_arrives)).position
                missing_at = position if inbox.lag() else None
            except Exception as error:  # noqa: BLE001 - the next round is the remedy
                _log.warning("feed-not-compared", source=subscription.source, reason=describe(error))
                wait = backoff.next()
            else:
                backoff.reset()
                subscription.compared_at = time.monotonic()
                wait = self._reconcile_seconds if missing_at is None else _SECOND_LOOK_SECONDS
            await asyncio.sleep(min(wait, self._reconcile_seconds))
