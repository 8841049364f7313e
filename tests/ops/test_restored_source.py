"""A source restored from an older backup is noticed, recovered by a command, and goes on with one history."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from chaos.copies import read_logs
from chaos.lives import Order, Seat
from chaos.options import Options
from chaos.world import World, new_world
from stickprov_client.api import Addresses, ApiProblem, Services, open_services
from stickprov_client.api.retrying import Retry
from stickprov_contracts.http.findings import QueueItem
from support.backups import back_up, restore
from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.waiting import eventually

DRAWN = 15
DATABASE = "stickprov_findings"


@pytest.fixture
async def world(short_folder: Path) -> AsyncIterator[World]:
    async with new_world(short_folder, Options(seed=0, kills=1, broker="noida")) as world:
        await asyncio.gather(*(seat.start(Order()) for seat in world.seats.values()))
        await asyncio.gather(*(seat.ready.wait() for seat in world.seats.values()))
        yield world


@asynccontextmanager
async def services_of(world: World) -> AsyncIterator[Callable[[str], Services]]:
    """Give the services as anybody may use them."""
    addresses = Addresses(version="", **{name: seat.url for name, seat in world.seats.items()})
    patient = Retry(attempts=60, first_wait=0.05, longest_wait=0.5)
    async with open_services(addresses, lambda: None, retry=patient) as services:
        yield lambda who: services.signed_in_with(lambda: world.tokens[who])


async def condition(seat: Seat, name: str) -> tuple[bool, str]:
    async with httpx.AsyncClient(base_url=seat.url) as client:
        told = (await client.get("/health/ready")).json()["conditions"]
    return next((one["ok"], one["detail"]) for one in told if one["name"] == name)


async def metric(seat: Seat, name: str) -> float:
    async with httpx.AsyncClient(base_url=seat.url) as client:
        lines = (await client.get("/metrics")).text.splitlines()
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(name)))


async def recovered(world: World) -> str:
    """Run the command as an operator does, and return what it tells."""
    seat = world.seats["findings"]
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "stickprov_findings", "recover", "--from", world.seats["reporting"].url],
        env={**os.environ, **seat.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


async def halted(services: Services) -> str | None:
    """Return why reporting does not apply the log of findings, if so."""
    return next(log.reason for log in await services.reporting.logs() if log.source == "findings")


async def record(as_who: Callable[[str], Services], items: list[QueueItem]) -> None:
    for item in items:
        await review(as_who("reviewer-01"), item, uuid4())


async def test_a_restored_source_is_noticed_recovered_and_goes_on_with_one_history(world: World, tmp_path: Path):
    findings = world.seats["findings"]
    async with services_of(world) as as_who:
        coordinator, operator = as_who("coordinator"), as_who("ops")
        await prepare(coordinator, tmp_path, size=100, drawn=DRAWN)
        items = await queue_of(coordinator, 2 * DRAWN)
        await record(as_who, items[:10])
        backup = await back_up(world.server.postgres, DATABASE)
        await record(as_who, items[10:20])
        await statistics_of(coordinator, 20)

        await findings.end()
        await restore(world.server.postgres, DATABASE, backup)
        await findings.start(Order())

        async def noticed() -> bool:
            try:
                return not (await condition(findings, "log"))[0] and await halted(operator) is not None
            except httpx.HTTPError:
                return False

        await eventually(noticed, bound=60, what="that everybody notices")
        assert (await condition(findings, "log"))[1].startswith("the log ends at 10, but its topic goes on to 20")
        assert await metric(findings, "stickprov_findings_log_behind") == 1
        assert "restored from an older backup" in (await halted(operator) or "")
        async with services_of(world) as impatient:
            with pytest.raises(ApiProblem) as refused:
                await asyncio.wait_for(_once(impatient("reviewer-01"), items[20]), 30)
        assert refused.value.problem.code == "log-behind"

        await findings.end()
        told = await recovered(world)
        await findings.start(Order())
        await findings.ready.wait()
        await operator.reporting.resume("findings")
        await record(as_who, items[20:])

        statistics = await statistics_of(coordinator, 2 * DRAWN)
        replay = await as_who("auditor").reporting.replay(CONTROL_POINT, START, END)
        logs = await read_logs(world)
    assert "ended at 10 and ends at 20 now: 10 events were recovered" in told
    assert (statistics.total.drawn, statistics.total.reviewed) == (30, 30)
    assert (replay.verdict, replay.differences) == ("verified", [])
    assert [(log.forks, log.unplaced, log.behind) for log in logs] == [([], 0, 0), ([], 0, 0)]


async def _once(services: Services, item: QueueItem) -> None:
    """Give a command without patience."""
    transport = services.findings.transport
    transport._retry = Retry(attempts=1)
    await review(services, item, uuid4())
