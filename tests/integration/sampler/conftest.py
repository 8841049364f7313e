"""A running sampler on a database of its own, asked through its HTTP API. There is no broker: it must do without."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.adapters.draws.sampling import Identity
from stickprov_sampler.adapters.sql.vault import about_series_key, opened_identity
from stickprov_sampler.app import SAMPLER, create
from stickprov_sampler.settings import SamplerSettings
from support.master_keys import master_keys_file
from support.postgres import Database
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, Issuer, issuer
from support.waiting import eventually

POINT = {
    "number": "4",
    "year": 2021,
    "board": "AMF",
    "area": "Försörjningsstöd",
    "measure": "Att möten hålls",
    "unit_name": "ärende",
    "categories": [{"id": "no-meeting", "sv": "Inget möte", "en": "No meeting"}],
}


@dataclass
class Sampler:
    """A running sampler, and the ways a test talks to it."""

    client: httpx.AsyncClient
    issuer: Issuer
    database: Database
    settings: SamplerSettings
    app: FastAPI

    @property
    def frame_folder(self) -> Path:
        return self.settings.frame_folder

    @property
    def vault_folder(self) -> Path:
        return self.settings.vault_folder

    def headers(self, role: str = "coordinator", command_id: UUID | None = None) -> dict[str, str]:
        return self.issuer.bearer(f"{role}-01", role) | {COMMAND_ID: str(command_id or uuid4())}

    async def get(self, path: str, role: str = "coordinator") -> httpx.Response:
        return await self.client.get(path, headers=self.headers(role))

    async def define(self, control_point: str = "AMF-2021-4", **changes: object) -> httpx.Response:
        return await self.client.put(
            f"/v1/control-points/{control_point}", json=POINT | changes, headers=self.headers()
        )

    async def upload(
        self, content: str | bytes, *, to: str = "/v1/frames", command_id: UUID | None = None, **options: object
    ) -> httpx.Response:
        wanted = {"frame_name": "Möten", "control_point": "AMF-2021-4", "period": "2021-T1"} | options
        data = content.encode() if isinstance(content, str) else content
        return await self.client.post(
            to,
            files={"file": ("register.csv", data)},
            data={"options": json.dumps(wanted)},
            headers=self.headers(command_id=command_id),
        )

    async def freeze(self, content: str, **options: object) -> dict:
        response = await self.upload(content, **options)
        assert response.status_code == 201, response.text
        return response.json()["frame"]

    async def draw(self, *, command_id: UUID | None = None, **request: object) -> httpx.Response:
        return await self.client.post(
            "/v1/draws", json={"frame": "Möten"} | request, headers=self.headers(command_id=command_id)
        )

    async def drawn(self, **request: object) -> dict:
        response = await self.draw(**request)
        assert response.status_code == 201, response.text
        return response.json()

    async def cases(self, draw: str) -> list[dict]:
        return (await self.get(f"/v1/draws/{draw}/cases")).json()

    async def sequenced(self) -> None:
        """Return when every event has its place in the log."""

        async def done() -> bool:
            return not await self.rows("SELECT FROM event WHERE NOT EXISTS (SELECT FROM ledger WHERE event_id = id)")

        await eventually(done, what="a place in the log for every event")

    async def verification(self, draw: str) -> dict:
        """Verify a draw once all of it has its place in the log."""
        await self.sequenced()
        return (await self.get(f"/v1/draws/{draw}/verification")).json()

    async def rows(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database behind the service's back."""
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def tamper(self, sql: str, *arguments: object) -> None:
        """Change the log as only a superuser can."""
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute("ALTER TABLE event DISABLE TRIGGER insert_only")
            await connection.execute(sql, *arguments)
        finally:
            await connection.close()

    async def identities(self) -> dict[str, Identity]:
        """Open what the vault knows of drawn cases; by the register's unit ids, which are one series' here."""
        rows = await self.rows("SELECT * FROM vault.identity")
        known = [opened_identity(self.settings.sealing, row) for row in rows]
        return {one.unit_id: one for one in known}

    async def series_keys(self) -> dict[UUID, bytes]:
        """Open the keys of the series."""
        rows = await self.rows("SELECT * FROM vault.series_key")
        return {row["series"]: self.settings.sealing.open_row(row, about_series_key(row["series"])) for row in rows}

    async def identity_file(self, frame: str) -> Path:
        """Return where a frame's sealed identities lie."""
        ((name,),) = await self.rows("SELECT file FROM vault.frame_key WHERE frame = $1", UUID(frame))
        return self.vault_folder / name

    async def counts(self) -> tuple[int, int]:
        """Return how many events and files there are."""
        (row,) = await self.rows("SELECT count(*) FROM event")
        return row["count"], len(self.files())

    def files(self) -> list[Path]:
        return [
            path for folder in (self.frame_folder, self.vault_folder) for path in folder.rglob("*") if path.is_file()
        ]


@pytest.fixture
def sampler_at(tmp_path: Path, free_port: Callable[[], int]):
    """Return a way to run a sampler on a given database for as long as a block runs."""
    signer = issuer()

    @asynccontextmanager
    async def run(database: Database, **settings_too: object) -> AsyncIterator[Sampler]:
        settings = SamplerSettings(
            database_url=database.service_url,
            migration_database_url=database.owner_url,
            service_role=database.service_role,
            kafka_bootstrap=f"127.0.0.1:{free_port()}",
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            token_keys=signer.keys_file(tmp_path),
            staff_key=STAFF_KEY.hex(),
            frame_folder=tmp_path / "frames",
            vault_folder=tmp_path / "vault",
            upload_limit=2_000_000,
            **{"master_keys": master_keys_file(tmp_path)} | settings_too,
        )
        await database.migrated([LOG, SAMPLER])
        app = create(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sampler") as client,
        ):
            yield Sampler(client, signer, database, settings, app)

    return run


@pytest.fixture
async def sampler(sampler_at, new_database: Callable[[], Awaitable[Database]]) -> AsyncIterator[Sampler]:
    """Return a running sampler with one control point."""
    async with sampler_at(await new_database(LOG, SAMPLER)) as running:
        assert (await running.define()).status_code == 200
        yield running
