"""An acknowledged finding survives the killing of every part, and is counted once."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

from stickprov_client.api import Services
from stickprov_client.api.transport import Call
from stickprov_contracts.http.findings import QueueItem
from stickprov_contracts.log import LogHead
from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.stack import LocalStack
from support.waiting import eventually

SIZE, DRAWN = 1_000, 300
BOTH = 2 * DRAWN
REVIEWERS = 12


class Load:
    """Twelve reviewers who submit every case, again with the same command id when they got no answer."""

    def __init__(self, stack: LocalStack, services: Services, items: list[QueueItem]) -> None:
        self.acknowledged: list[str] = []
        self._reviewers = [stack.signed_in_as(services, f"reviewer-{number:02}") for number in range(1, REVIEWERS + 1)]
        self._left: Iterator[QueueItem] = iter(items)
        self._let_through = asyncio.Semaphore(0)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for reviewer in self._reviewers:
                group.create_task(self._submit(reviewer))

    def let_through(self, count: int) -> None:
        """Let so many more findings be submitted: the load must not be over before the last part was killed."""
        for _ in range(count):
            self._let_through.release()

    async def reaches(self, count: int) -> None:
        async def reached() -> bool:
            return len(self.acknowledged) >= count

        await eventually(reached, bound=90, what=f"the acknowledgement of {count} findings")

    async def _submit(self, reviewer: Services) -> None:
        for item in self._left:
            await self._let_through.acquire()
            await review(reviewer, item, uuid4())
            self.acknowledged.append(item.case)


async def test_every_acknowledged_finding_is_counted_once_whatever_is_killed(stack, tmp_path):
    parts = ["sampler", "findings", "reporting", "web", "the broker with its data", "postgres"]
    async with stack.services() as services:
        await prepare(services, tmp_path, size=SIZE, drawn=DRAWN)
        load = Load(stack, services, await queue_of(services, BOTH))
        running = asyncio.create_task(load.run())
        for number, part in enumerate(parts):
            load.let_through(BOTH // len(parts))
            await load.reaches(number * BOTH // len(parts) + 20)
            await asyncio.to_thread(_kill, stack, part)
        await running

        statistics = await statistics_of(services, BOTH)

        auditor = stack.signed_in_as(services, "auditor")
        replay = await auditor.reporting.replay(CONTROL_POINT, START, END)
        head = await auditor.findings.transport.fetch(LogHead, Call(path="/v1/log/head"))
        logs = await services.reporting.logs()
    assert sorted(load.acknowledged) == sorted(set(load.acknowledged))
    assert (statistics.total.drawn, statistics.total.reviewed, statistics.total.waiting) == (600, 600, 0)
    assert [(month.month, month.reviewed, month.remarks) for month in statistics.months] == [
        ("2021-01", 300, 60),
        ("2021-02", 300, 60),
    ]
    # One event for each case: a submit that was made again after a lost answer made no second one.
    assert head.position == 600
    assert (replay.verdict, replay.differences) == ("verified", [])
    assert {(log.source, log.state, log.quarantined) for log in logs} == {
        ("sampler", "following", 0),
        ("findings", "following", 0),
    }


def _kill(stack: LocalStack, part: str) -> None:
    if part == "the broker with its data":
        stack.lose_the_broker()
    else:
        stack.kill(part)
