"""Lets a consumer hear at once what comes, and rest while nothing does.

Kafka answers a fetch when there is something, or after ``fetch.max.wait.ms``. The local stack's broker answers at
once, and the client library asks again at once: thousands of fetches a second and a whole core, for nothing. Here
the answer is held back on the client's side instead. On Kafka itself nothing changes: its empty answers are not early.

And it does not sleep between polls, as FastStream does after one that found nothing: what came meanwhile would wait.
"""

import asyncio
import time
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest

_EARLY_SECONDS: Final = 0.05
_SHORTEST_SECONDS: Final = 0.002
_LONGEST_SECONDS: Final = 0.05
_STEP_SECONDS: Final = 0.00025
_POLL_MS: Final = 1_000


def pace(consumer: AIOKafkaConsumer) -> None:
    """Hold empty answers back that come early: 2 ms at first, up to 50 ms the longer nothing comes.

    Args:
        consumer: started.
    """
    client: Any = consumer._client  # noqa: SLF001 - there is no public place between the fetcher and the connection
    send = client.send
    hold = _SHORTEST_SECONDS

    async def send_paced(node_id: int, request: Any, **options: Any) -> Any:  # noqa: ANN401 - the library's own types
        nonlocal hold
        asked = time.monotonic()
        response = await send(node_id, request, **options)
        if isinstance(request, FetchRequest):
            if not _is_empty(response):
                hold = _SHORTEST_SECONDS
            elif time.monotonic() - asked < _EARLY_SECONDS:
                await asyncio.sleep(hold)
                hold = min(hold + _STEP_SECONDS, _LONGEST_SECONDS)
        return response

    client.send = send_paced


def wait_for_records(consumer: AIOKafkaConsumer) -> None:
    """Have a poll end when there is something, however short it is meant to be; cancelling or stopping ends it too.

    Args:
        consumer: started.
    """
    library: Any = consumer  # a method of it is replaced
    poll = library.getmany

    async def poll_until_found(
        *partitions: TopicPartition,
        timeout_ms: int = 0,  # noqa: ARG001 - the library's own signature
        max_records: int | None = None,
    ) -> Any:  # noqa: ANN401 - the library's own types
        while True:
            found = await poll(*partitions, timeout_ms=_POLL_MS, max_records=max_records)
            if found:
                return found

    library.getmany = poll_until_found


def _is_empty(response: Any) -> bool:  # noqa: ANN401 - the library's own types
    """Return whether an answer has neither records nor an error to react to."""
    return all(
        not error_code and not rest[-1] for _, partitions in response.topics for _, error_code, _, *rest in partitions
    )
