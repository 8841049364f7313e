"""A running findings service on a database of its own, asked through its HTTP API."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_contracts.events import Event
from stickprov_contracts.events.identities import ProtectionsChanged
from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from stickprov_findings.adapters.hearing_erasures import HearingErasures
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_findings.app import create
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.notes.keeping import opened
from stickprov_kernel.notes.note import Note
from stickprov_kernel.sealing.sealing import Sealing
from support.master_keys import master_keys_file
from support.postgres import Database
from support.protections import ToldProtections, told_protections
from support.reviews import CASE, DRAW, POINT, Sampler
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, Issuer, issuer

_NEW = UUID(int=0)


@dataclass
class FindingsService:
    """The service, and the ways a test talks to it: over HTTP, and as the sampler whose log it hears."""

    app: FastAPI
    client: httpx.AsyncClient
    issuer: Issuer
    pool: asyncpg.Pool
    sampler: Sampler
    inbox: Inbox
    protections: ToldProtections
    sealing: Sealing

    async def notes(self) -> list[Note]:
        """Open the free texts that are kept."""
        return [opened(self.sealing, row) for row in await self.pool.fetch("SELECT * FROM note ORDER BY note")]

    async def hear(self, *events: Event) -> None:
        """Let the sampler say something, and apply it."""
        said = await self.sampler.say(*events)
        self.protections.position = (await self.sampler.log.head()).position
        await self.inbox.receive(said)

    async def protect(self, *cases: str) -> None:
        """Let these be the cases whose identity is protected, and have it heard that they changed."""
        self.protections.cases = set(cases)
        await self.hear(ProtectionsChanged())

    def actor(self, who: str) -> str:
        """Return the pseudonym of somebody who signs in."""
        return self.issuer.actor(who)

    def signed_in(self, who: str | None) -> dict[str, str]:
        """Return the header of ``reviewer-01``, ``coordinator`` and so on; of nobody for None."""
        role = "protected-reviewer" if who == "protected-reviewer" else (who or "").partition("-")[0]
        return self.issuer.bearer(who, role) if who else {}

    async def post(
        self,
        what: str,
        body: dict[str, Any] | bytes,
        *,
        command_id: UUID | None = _NEW,
        seen: int | None = None,
        case: str = CASE,
        who: str | None = "reviewer-01",
        path: str = "reviews",
    ) -> httpx.Response:
        """Give a review command; with a new command id unless one, or None, is given."""
        headers = self.signed_in(who) | {"Content-Type": "application/json"}
        if command_id is not None:
            headers[COMMAND_ID] = str(uuid4() if command_id == _NEW else command_id)
        if seen is not None:
            headers[IF_MATCH] = f'"{seen}"'
        content = body if isinstance(body, bytes) else json.dumps(body)
        return await self.client.post(f"/v1/{path}/{DRAW}/{POINT}/{case}/{what}", content=content, headers=headers)

    async def get(self, path: str, *, who: str | None = "reviewer-01", **query: object) -> httpx.Response:
        return await self.client.get(path, params=query, headers=self.signed_in(who))

    async def get_review(
        self, *, case: str = CASE, who: str | None = "reviewer-01", path: str = "reviews"
    ) -> httpx.Response:
        return await self.get(f"/v1/{path}/{DRAW}/{POINT}/{case}", who=who)

    async def review(self, *, who: str = "reviewer-01", path: str = "reviews") -> dict[str, Any]:
        """Return the review of the one case as it stands."""
        answer = await self.get_review(who=who, path=path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def save_draft(
        self, fields: dict[str, list[str]], *, seen: int | None, review_version: int = 0, who: str = "reviewer-01"
    ) -> httpx.Response:
        headers = self.signed_in(who) | ({} if seen is None else {IF_MATCH: f'"{seen}"'})
        body = {"fields": fields, "review_version": review_version}
        return await self.client.put(f"/v1/reviews/{DRAW}/{POINT}/{CASE}/draft", json=body, headers=headers)

    async def draft(self, *, who: str = "reviewer-01") -> httpx.Response:
        return await self.get(f"/v1/reviews/{DRAW}/{POINT}/{CASE}/draft", who=who)

    async def give(self, who: str, *, purpose: str = "review", case: str = CASE) -> None:
        """Assign a case, as the table of assignments has it."""
        await self.pool.execute(
            "INSERT INTO assignment (control_point, draw, case_id, purpose, reviewer, rule, version)"
            " VALUES ($1, $2, $3, $4, $5, 'by_hand', 1)"
            " ON CONFLICT (control_point, draw, case_id, purpose) DO UPDATE SET reviewer = excluded.reviewer",
            *(POINT, DRAW, case, purpose, self.actor(who)),
        )

    async def stored(self) -> dict[str, int]:
        """Return how many events, commands and notes there are."""
        return {
            table: await self.pool.fetchval(f"SELECT count(*) FROM {table}") for table in ("event", "command", "note")
        }


@asynccontextmanager
async def running_findings(
    database: Database,
    folder: Path,
    bootstrap: str,
    *,
    signer: Issuer | None = None,
    sampler_url: str | None = None,
    **settings_too: Any,
) -> AsyncIterator[FindingsService]:
    """Run the service for as long as the block runs. The usual sampler tells protections alone; it is heard by hand."""
    signer = signer or issuer()
    protections = told_protections()
    settings = FindingsSettings(
        database_url=database.service_url,
        migration_database_url=database.owner_url,
        service_role=database.service_role,
        kafka_bootstrap=bootstrap,
        token_issuer=ISSUER,
        token_audience=AUDIENCE,
        token_keys=signer.keys_file(folder),
        staff_key=STAFF_KEY.hex(),
        master_keys=master_keys_file(folder),
        sampler_url=sampler_url or protections.url,
        service_token=_token_file(signer, folder),
        **settings_too,
    )
    await database.migrated(FOLDERS)
    pool = await open_pool(database.service_url)
    sampler = Sampler()
    inbox = Inbox(
        pool,
        "sampler",
        HearingErasures(DrawnCases(), PostgresStore(pool, "findings", LogSignal())),
        sampler.feed,
        InboxMetrics("test", CollectorRegistry()),
    )
    await inbox.prepare()
    app = create(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://findings") as client,
    ):
        yield FindingsService(app, client, signer, pool, sampler, inbox, protections, settings.sealing)
    await pool.close()


def _token_file(signer: Issuer, folder: Path) -> Path:
    path = folder / "service.jwt"
    path.write_text(signer.token("service", "service"), encoding="utf-8")
    return path
