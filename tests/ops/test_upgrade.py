"""An older release is migrated and replaced while its services take submits; nothing is lost, and the audit holds."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from uuid import uuid4

import pytest

from chaos.world import Server
from stickprov_backup.postgres_tools import program
from stickprov_client.api import Addresses, Services, open_services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.reporting import Positions
from stickprov_client.api.retrying import Retry
from stickprov_contracts.http.findings import QueueItem, RecordFinding
from stickprov_kernel.database.migrations import MigrationFolder, migrate
from stickprov_local import keys, processes
from stickprov_local.databases import SERVICES, ensure_databases
from stickprov_local.folders import DataFolder
from stickprov_local.ports import free_port
from stickprov_local.services import Surroundings
from support.broker import Broker
from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.old_release import AFTER_SEALING, BEFORE_SEALING, Release, unpack
from support.postgres import Database, PostgresServer
from support.privileges import COMPONENTS

DRAWN = 60
STEP = 20
ORDER = ("reporting", "sampler", "findings")
"""Who hears comes before whom it hears, but for findings, which asks the sampler what an older one cannot answer."""
PATIENT = Retry(attempts=120, first_wait=0.05, longest_wait=0.5)


@dataclass
class Site:
    """An installation.

    Attributes:
        migrates_apart: whether a step of its own migrates, before any service is replaced; else each does at its start.
        settings: by service, as the release on trial knows them. running: the services' processes.
    """

    migrates_apart: bool
    old: Release
    new: Release
    settings: dict[str, dict[str, str]]
    addresses: Addresses
    tokens: Path
    running: dict[str, "Popen[bytes]"] = field(default_factory=dict)

    def token(self, name: str) -> str:
        return (self.tokens / f"{name}.jwt").read_text()

    def settings_of(self, service: str) -> dict[str, str]:
        """Return a service's settings: those to migrate with are not among them where that is a step of its own."""
        given = self.settings[service].items()
        return {name: value for name, value in given if not (self.migrates_apart and "MIGRATION" in name)}

    def start_old(self) -> None:
        for service in SERVICES:
            self.running[service] = self.old.start(service, self.settings[service])

    def migrate(self) -> None:
        for service in SERVICES:
            self.new.ran(service, "migrate", self.settings[service])

    def replace(self, service: str) -> None:
        self.stop(service)
        self.running[service] = self.new.start(service, self.settings_of(service))

    def stop(self, service: str) -> None:
        processes.stop(self.running.pop(service), signal.SIGTERM)


@pytest.fixture(params=[AFTER_SEALING, BEFORE_SEALING], ids=["after-sealing", "before-sealing"])
async def site(request: pytest.FixtureRequest, short_folder: Path) -> AsyncIterator[Site]:
    data = DataFolder(short_folder / "data")
    data.make()
    (short_folder / "broker").mkdir()
    old = Release(data.logs, unpack(request.param, _made(short_folder / "old")))
    server = Server(short_folder / "postgres")
    with closing(Broker(short_folder / "broker")) as broker:
        broker.start()
        surroundings = Surroundings(
            folder=data,
            keys=keys.prepare(data, datetime.now(UTC)),
            kafka_bootstrap=broker.bootstrap,
            databases=await ensure_databases(server.postgres),
            ports={name: free_port() for name in (*SERVICES, "web")},
        )
        settings = {program.name: dict(program.environment) for program in surroundings.programs()}
        addresses = Addresses(version="", **{name: surroundings.url(name) for name in SERVICES})
        site = Site(request.param == AFTER_SEALING, old, Release(data.logs), settings, addresses, data.tokens)
        try:
            yield site
        finally:
            for service in list(site.running):
                site.stop(service)
            server.stop()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@asynccontextmanager
async def signed_in(site: Site, name: str) -> AsyncIterator[Services]:
    async with open_services(site.addresses, lambda: site.token(name), retry=PATIENT) as services:
        yield services


class Reviewer:
    """Records one case after another, whatever happens to the services."""

    def __init__(self, services: Services, items: list[QueueItem]) -> None:
        self._services = services
        self._items = list(reversed(items))

    async def record(self, count: int) -> None:
        for _ in range(count):
            await review(self._services, self._items.pop(), uuid4())

    async def rest(self) -> None:
        await self.record(len(self._items))

    async def during(self, work: Callable[..., None], *words: str) -> None:
        """Record some cases while the work goes on."""
        going_on = asyncio.ensure_future(asyncio.to_thread(work, *words))
        await self.record(STEP)
        await going_on


async def told_so(reviewer: Services, item: QueueItem, text: str) -> None:
    """Record a finding with a free text."""
    remark = item.order % 5 == 0
    finding = RecordFinding(remark=remark, categories=["deposits"] if remark else [], comment=text)
    await reviewer.findings.record(ReviewKey(item.draw, item.control_point, item.case), finding)


async def comment_of(reviewer: Services, item: QueueItem) -> str | None:
    shown = await reviewer.findings.review(ReviewKey(item.draw, item.control_point, item.case))
    return shown.comment


async def test_an_older_release_is_migrated_and_replaced_while_it_takes_submits(site: Site, tmp_path: Path):
    site.start_old()
    async with signed_in(site, "coordinator") as services:

        def as_who(name: str) -> Services:
            return services.signed_in_with(lambda: site.token(name))

        await prepare(services, tmp_path, size=200, drawn=DRAWN)
        items = await queue_of(services, 2 * DRAWN)
        reviewer, writer = Reviewer(as_who("reviewer-01"), items[2:]), as_who("reviewer-02")
        await told_so(writer, items[0], "Written before")
        await reviewer.record(STEP)
        before = await statistics_of(services, STEP + 1)
        positions = {source: (await services.own_log(source).head()).position for source in ("sampler", "findings")}

        if site.migrates_apart:
            await reviewer.during(site.migrate)
        await told_so(writer, items[1], "Written between")
        for service in ORDER:
            await reviewer.during(site.replace, service)
        await reviewer.rest()

        now = await statistics_of(services, 2 * DRAWN)
        then = await services.reporting.statistics(CONTROL_POINT, START, END, positions=Positions(**positions))
        replay = await as_who("auditor").reporting.replays(START, END, [CONTROL_POINT])
        heard = [*await as_who("ops").reporting.logs(), *await as_who("ops").findings.logs()]
        comments = [await comment_of(writer, item) for item in items[:2]]

    # Not one submit was refused, and none was lost.
    assert comments == ["Written before", "Written between"]
    assert (now.total.drawn, now.total.reviewed) == (2 * DRAWN, 2 * DRAWN)
    assert then == before
    assert (replay.verdict, replay.differences) == ("verified", [])
    assert [(log.verdict, log.own) for log in replay.logs] == [("verified", "verified")] * 2
    assert [(log.state, log.quarantined) for log in heard] == [("following", 0)] * 3
    # Nobody vouches for the records of the older release: the newer one reads those events at their source.
    assert sum(log.healed for log in heard) > 0


async def test_a_database_of_an_older_release_is_migrated_to_the_schema_of_a_new_one(
    postgres_server: PostgresServer, tmp_path: Path
):
    old = unpack(BEFORE_SEALING, tmp_path)
    for service, components in COMPONENTS.items():
        migrated, fresh = [await postgres_server.create_database() for _ in range(2)]
        older = [MigrationFolder(one.component, _steps_in(old, service, one.component)) for one in components]
        done = await migrate(migrated.owner_url, migrated.service_role, older)
        rest = await migrate(migrated.owner_url, migrated.service_role, components)
        await migrate(fresh.owner_url, fresh.service_role, components)

        assert done
        assert rest or service == "reporting"
        assert _schema(migrated) == _schema(fresh)


def _steps_in(tree: Path, service: str, component: str) -> Path:
    """Return where an older release has a component's steps."""
    if component == service:
        return tree / f"services/{service}/stickprov_{service}/adapters/sql/migrations"
    return tree / f"kernel/stickprov_kernel/database/migrations/{component}"


def _schema(database: Database) -> str:
    """Return all that makes up a database's schema, rights included."""
    dumped = subprocess.run(
        [program("pg_dump"), "--schema-only", "--no-comments", "--dbname", database.superuser_url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # Lines that psql reads have a word that is new in each dump.
    return "\n".join(line for line in dumped.splitlines() if not line.startswith(("\\", "--")))
