"""A running reporting service on a database of its own, asked through its HTTP API; the two logs' feeds are served."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
from fastapi import APIRouter, FastAPI

from stickprov_contracts.events import Event
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.http.identity import require
from stickprov_kernel.log.feed import feed_router
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.app import create
from stickprov_reporting.settings import ReportingSettings
from support.api import Api
from support.postgres import Database
from support.reporting import TwoLogs
from support.serving import serving
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, Issuer, issuer
from support.waiting import eventually

NOBODY = "http://127.0.0.1:9"


@dataclass
class ReportingService:
    """The service, and the logs that it hears by their feeds unless somebody relays them."""

    client: httpx.AsyncClient
    issuer: Issuer
    logs: TwoLogs
    database: Database
    app: FastAPI

    async def get(self, path: str, *, who: str | None = "coordinator", **query: object) -> httpx.Response:
        return await self.client.get(path, params=query or None, headers=self.signed_in(who))

    async def post(self, path: str, *, who: str | None = "coordinator") -> httpx.Response:
        return await self.client.post(path, headers=self.signed_in(who))

    def signed_in(self, who: str | None) -> dict[str, str]:
        """Return the header of somebody who has the role of that name; of nobody for None."""
        return self.issuer.bearer(who, who) if who else {}

    async def hear(self, *events: Event) -> None:
        """Let the services say something, and wait until it is applied."""
        await self.logs.say(*events)
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until everything that was said is applied."""
        heads = {source: (await store.head()).position for source, store in self.logs.stores.items()}

        async def there() -> bool:
            states = (await self.get("/v1/logs")).json()
            return {state["source"]: state["applied"] for state in states} == heads

        await eventually(there, what="hearing everything")

    async def is_ready(self) -> bool:
        return (await self.client.get("/health/ready")).status_code == 200

    async def tamper(self, statement: str) -> None:
        """Change something behind the service's back."""
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def _routes(source: Source, logs: TwoLogs) -> APIRouter:
    """Return what reporting asks of a service: its log, and of findings the texts of reports."""
    router = APIRouter()
    router.include_router(feed_router(source, logs.stores[source], require))
    if source == "findings":
        router.include_router(logs.notes.router())
    return router


@asynccontextmanager
async def running_reporting(
    database: Database,
    folder: Path,
    bootstrap: str,
    *,
    logs: TwoLogs | None = None,
    away: Sequence[Source] = (),
    wait_ready: bool = True,
) -> AsyncIterator[ReportingService]:
    """Run the service, and the feeds of those that are not away, for as long as the block runs."""
    signer, logs = issuer(), logs or TwoLogs()
    token = folder / "service.jwt"
    token.write_text(signer.token("reporting", "service"), encoding="utf-8")
    async with AsyncExitStack() as stack:
        urls = {
            source: stack.enter_context(serving(Api(router=_routes(source, logs), issuer=signer).build()))
            for source in SOURCES
            if source not in away
        }
        settings = ReportingSettings(
            database_url=database.service_url,
            migration_database_url=database.owner_url,
            service_role=database.service_role,
            kafka_bootstrap=bootstrap,
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            token_keys=signer.keys_file(folder),
            staff_key=STAFF_KEY.hex(),
            sampler_url=urls.get("sampler", NOBODY),
            findings_url=urls.get("findings", NOBODY),
            service_token=token,
            reconcile_seconds=0.2,
        )
        await database.migrated(FOLDERS)
        app = create(settings)
        await stack.enter_async_context(app.router.lifespan_context(app))
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reporting")
        )
        service = ReportingService(client, signer, logs, database, app)
        if wait_ready:
            await eventually(service.is_ready, what="readiness")
        yield service
