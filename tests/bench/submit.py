"""Submitting a finding over HTTP, against the same handler without the domain, in the same run.

Both are served by uvicorn and the real edge (sign-in, body model, metrics) to 16 kept connections in this
process. The peer parses the request and inserts one row. Ours also reads and checks the case, who may review it, its
categories or its questionnaire, what happened to it and the command's id, and stores command, answer and event, while
it sequences and publishes what was stored. The client is plain sockets, because a comfortable one would cost more
than either server.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
import uvloop
from fastapi import APIRouter, Depends, FastAPI, Response
from prometheus_client import CollectorRegistry

from bench.servers import BenchDatabase, Servers
from bench.table import Row
from stickprov_contracts.http.findings import RecordFinding
from stickprov_contracts.questionnaires import Question, Questionnaire, RemarkRule
from stickprov_contracts.serving.allowance import Allowance
from stickprov_findings.app import create, migrate_database
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.health import Health
from stickprov_kernel.http.rate_limit import Allowances
from stickprov_kernel.log.records import CommandContext
from stickprov_kernel.logging import configure
from stickprov_local.ports import free_port
from support.master_keys import master_keys_file
from support.protections import told_protections
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, Issuer, issuer

CONNECTIONS = 16
UNBOUNDED = Allowance(1_000_000, 1_000_000)
SUBMITS = 3_000
ROUNDS = 3
DRAW = UUID("0190a000-0000-7000-8000-000000000001")
POINT = "AMF-2021-3"
PATH = f"/v1/reviews/{DRAW}/{POINT}/{{case}}/finding"
FINDING = {"remark": True, "categories": ["swish"]}
COMMENTED = FINDING | {"comment": "a deposit of 500 on the 14th"}
QUESTIONS = [f"q{number}" for number in range(8)]
ANSWERED = {"answers": dict.fromkeys(QUESTIONS, "yes") | {"q0": "no"}, "questionnaire_number": 1}

DRAWN = """
WITH point AS (
    INSERT INTO control_point VALUES ($1, 1, '[{"id": "deposit"}, {"id": "swish"}]')
)
INSERT INTO drawn_case
SELECT $1::text, $2::uuid, id, 'review/' || $2 || '/' || $1 || '/' || id,
       '2021-01-01', '2021-02-01', '2021-01', '', place, ''
FROM unnest($3::text[]) WITH ORDINALITY AS drawn (id, place)
"""

ASKED = """
WITH asked AS (INSERT INTO questionnaire_version VALUES ('eight', 1, $1))
UPDATE control_point SET questionnaire = 'eight'
"""


def run() -> list[Row]:
    """Return the rows on submitting."""
    configure("findings", "error", "json")
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        ours, commented, answered, bare = uvloop.run(_submitting(servers, Path(folder)))
    against = "the handler without the domain"
    return [
        Row("submit a finding by HTTP, 16 connections", against, "requests/s", ours, bare, "submit"),
        Row("the same, with a comment", against, "requests/s", commented, bare),
        Row("the same, with 8 answers", against, "requests/s", answered, bare),
    ]


async def _submitting(servers: Servers, folder: Path) -> tuple[list[float], ...]:
    """Return submits a second: ours, with a comment, with 8 answers, bare; of each round."""
    signer, broker = issuer(), servers.broker()
    ours, commented, answered, bare = list[float](), list[float](), list[float](), list[float]()
    rounds = ((ours, FINDING), (commented, COMMENTED), (answered, ANSWERED))
    for _ in range(ROUNDS):
        for rates, body in rounds:
            # A topic with another database's log would halt this one's.
            broker.kill()
            broker.wipe()
            broker.start()
            rates.append(await _ours(await servers.database(), folder, broker.bootstrap, signer, body))
        bare.append(await _bare(await servers.database(), signer))
    return ours, commented, answered, bare


async def _ours(database: BenchDatabase, folder: Path, bootstrap: str, signer: Issuer, body: dict[str, Any]) -> float:
    token = folder / "service.jwt"
    token.write_text(signer.token("service", "service"), encoding="utf-8")
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
        sampler_url=told_protections().url,
        service_token=token,
        requests_per_second=UNBOUNDED.per_second,  # one reviewer submits for a whole town; each request is counted
        log_level="error",
    )
    await migrate_database(settings)
    connection = await asyncpg.connect(database.service_url)
    await connection.execute(DRAWN, POINT, DRAW, list(_cases()))
    if "answers" in body:
        await connection.execute(ASKED, _questionnaire())
    rate = await _measure(create(settings), signer, body)
    stored = await connection.fetchval("SELECT count(*) FROM event")
    await connection.close()
    if stored != SUBMITS:
        raise RuntimeError(f"{stored} findings were stored, not {SUBMITS}")
    return rate


async def _bare(database: BenchDatabase, signer: Issuer) -> float:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(
        f"CREATE TABLE bare (id uuid PRIMARY KEY, body text); GRANT INSERT ON bare TO {database.service_role}"
    )
    await owner.close()
    pools: list[asyncpg.Pool] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        pools.append(await open_pool(database.service_url, maximum=20))
        yield
        await pools[0].close()

    router = APIRouter()

    @router.post("/v1/reviews/{draw}/{control_point}/{case}/finding")
    async def insert(
        draw: UUID,
        control_point: str,
        case: str,
        context: Annotated[CommandContext, Depends(command("reviewer"))],
        body: RecordFinding,
    ) -> Response:
        text = f"{draw}/{control_point}/{case} {body.model_dump_json()}"
        await pools[0].execute("INSERT INTO bare VALUES ($1, $2)", context.command_id, text)
        return Response(b"{}", status_code=201, media_type="application/json")

    app = create_api(
        service="bare",
        title="Bare",
        routers=[router],
        lifespan=lifespan,
        authenticator=signer.authenticator(),
        health=Health(),
        registry=CollectorRegistry(),
        allowances=Allowances(UNBOUNDED, UNBOUNDED),
    )
    return await _measure(app, signer, FINDING)


def _questionnaire() -> str:
    """Return eight questions; "no" to any of them is a remark."""
    questions = [
        Question(id=name, sv=name, en=name, type="yes_no", remarks=[RemarkRule(answers=["no"], category="swish")])
        for name in QUESTIONS
    ]
    return Questionnaire(sv="Åtta", en="Eight", questions=questions).model_dump_json(exclude_defaults=True)


def _cases() -> Iterator[str]:
    return (f"{number:064x}" for number in range(SUBMITS))


async def _measure(app: FastAPI, signer: Issuer, body: dict[str, Any]) -> float:
    """Serve the application, submit for every case, and return submits a second."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http="httptools", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.01)
    cases = _cases()
    bearer = signer.bearer("reviewer-01", "reviewer")["Authorization"]
    content = json.dumps(body).encode()

    async def submit() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for case in cases:
            writer.write(_request(PATH.format(case=case), bearer, content))
            await _created(reader)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(submit() for _ in range(CONNECTIONS)))
    rate = SUBMITS / (time.perf_counter() - started)
    server.should_exit = True
    await serving
    return rate


def _request(path: str, bearer: str, content: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {bearer}\r\nIdempotency-Key: {uuid4()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _created(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    answer = await reader.readexactly(length)
    if not head.startswith(b"http/1.1 201"):
        raise RuntimeError(f"submitting was refused: {answer.decode()}")
