"""One question to reporting for all open pages, and none when nobody looks."""

import asyncio
from contextlib import aclosing

import pytest

from stickprov_client.api import ApiProblem, Unreachable
from stickprov_client.web.reporting.live import Changes, positions_of
from stickprov_contracts.http.dashboard import Changed
from stickprov_contracts.http.statistics import AsOf
from stickprov_contracts.problems import Problem


class Reporting:
    """Answers the long poll whenever a log moves."""

    def __init__(self):
        self.position = 1
        self.asked: list[str | None] = []
        self.faults: list[Exception] = []
        self.moved = asyncio.Event()

    def move(self):
        self.position += 1
        self.moved.set()

    async def changes(self, after):
        self.asked.append(after)
        if self.faults:
            raise self.faults.pop(0)
        if after == str(self.position):
            self.moved.clear()
            await self.moved.wait()
        as_of = {"findings": AsOf(position=self.position, chain_hash="00")}
        return Changed(mark=str(self.position), changed=True, as_of=as_of)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr("stickprov_client.web.reporting.live._PACE", 0.0)


async def next_of(heard):
    return await asyncio.wait_for(anext(heard), 10)


async def test_a_page_hears_where_the_logs_are_and_then_that_they_moved():
    reporting = Reporting()
    changes = Changes(reporting.changes)

    async with aclosing(changes.heard()) as heard:
        assert await next_of(heard) == "findings:1"
        reporting.move()
        assert await next_of(heard) == "findings:2"


async def test_many_pages_are_one_question():
    reporting = Reporting()
    changes = Changes(reporting.changes)

    async with aclosing(changes.heard()) as first, aclosing(changes.heard()) as second:
        assert await next_of(first) == await next_of(second) == "findings:1"
        reporting.move()
        assert await next_of(first) == await next_of(second) == "findings:2"

    assert reporting.asked[:2] == [None, "1"]
    assert len(reporting.asked) <= 3


async def test_when_the_last_page_has_gone_nobody_asks_any_more():
    reporting = Reporting()
    changes = Changes(reporting.changes)
    async with aclosing(changes.heard()) as heard:
        await next_of(heard)

    asked = len(reporting.asked)
    reporting.move()
    await asyncio.sleep(0)

    assert len(reporting.asked) == asked


async def test_a_service_that_is_away_is_asked_again():
    reporting = Reporting()
    reporting.faults = [Unreachable("reporting", "http://127.0.0.1:1", "away")]
    changes = Changes(reporting.changes)

    async with aclosing(changes.heard()) as heard:
        assert await next_of(heard) == "findings:1"


async def test_where_the_board_may_not_ask_streams_end_and_pages_stay_as_they_are():
    reporting = Reporting()
    problem = Problem(type="about:blank", title="Not allowed", status=403, detail="no", code="forbidden")
    reporting.faults = [ApiProblem(problem, service="reporting")]
    changes = Changes(reporting.changes)

    async with aclosing(changes.heard()) as heard:
        assert [one async for one in heard] == []
    assert changes.is_full


async def test_streams_end_when_the_application_does():
    changes = Changes(Reporting().changes)

    async with aclosing(changes.heard()) as heard:
        await next_of(heard)
        await changes.close()
        with pytest.raises(StopAsyncIteration):
            await next_of(heard)


def test_positions_are_written_in_one_order_whatever_came_first():
    at = {name: AsOf(position=place, chain_hash="00") for place, name in enumerate(("sampler", "findings"))}

    assert positions_of(at) == "findings:1 sampler:0"
