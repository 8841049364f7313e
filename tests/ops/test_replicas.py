"""Two replicas of each service at work at once, as a cluster runs them: one is killed, one is stopped in good order."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from stickprov_client.api import open_services
from stickprov_client.api.retrying import Retry
from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.second_replicas import SERVICES, SecondReplicas
from support.stack import LocalStack
from support.waiting import eventually

DRAWN = 60
BOTH = 2 * DRAWN
PATIENT = Retry(attempts=120, first_wait=0.05, longest_wait=0.5)


@pytest.fixture
def second(stack: LocalStack, tmp_path) -> Iterator[SecondReplicas]:
    replicas = SecondReplicas(stack, tmp_path)
    with closing(replicas):
        for name in SERVICES:
            replicas.start(name)
        yield replicas


async def test_every_finding_is_counted_once_whichever_replica_took_it(stack, second, tmp_path):
    acknowledged: list[str] = []

    async def submit(reviewer, items):
        for item in items:
            await review(reviewer, item, uuid4())
            acknowledged.append(item.case)

    async def reaches(count: int) -> None:
        async def reached() -> bool:
            return len(acknowledged) >= count

        await eventually(reached, bound=90, what=f"the acknowledgement of {count} findings")

    seconds = open_services(second.addresses, lambda: stack.token("coordinator"), retry=PATIENT)
    async with stack.services() as first, seconds as other:
        # Frozen and drawn at one; the other finds the files.
        draws = await prepare(other, tmp_path, size=400, drawn=DRAWN)
        verified = [await first.sampler.verify(draw.draw) for draw in draws]
        items = await queue_of(first, BOTH)
        reviewers = [
            stack.signed_in_as(at, f"reviewer-{number:02}") for number, at in enumerate([first, other, first, other], 1)
        ]
        running = asyncio.gather(*(submit(one, items[at::4]) for at, one in enumerate(reviewers)))
        await reaches(BOTH // 4)
        await asyncio.to_thread(stack.kill, "findings")
        await reaches(BOTH // 2)
        stopped = await asyncio.to_thread(second.stop, "findings")
        # Not in a thread: a child ends with the thread that started it.
        second.start("findings")
        await asyncio.to_thread(stack.kill, "reporting")
        await running

        told = [await statistics_of(at, BOTH) for at in (first, other)]
        replay = await stack.signed_in_as(other, "auditor").reporting.replay(CONTROL_POINT, START, END)

    assert [one.verdict for one in verified] == ["verified", "verified"]
    assert stopped == 0
    assert sorted(acknowledged) == sorted({item.case for item in items})
    assert [(one.total.drawn, one.total.reviewed, one.total.waiting) for one in told] == [(BOTH, BOTH, 0)] * 2
    assert told[0] == told[1]
    assert (replay.verdict, replay.differences) == ("verified", [])
