"""Every place to which a running stack writes, for a test that looks for what must stand in none of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from stickprov_client.api.reporting import ReportRequest
from stickprov_contracts.http.reports import ReportFormat
from stickprov_contracts.topics import CHECKPOINTS, FINDINGS_LOG, SAMPLER_LOG
from stickprov_local.postgres import Postgres
from support.stack import LocalStack

DATABASES: Final = ("stickprov_sampler", "stickprov_findings", "stickprov_reporting")
FORMATS: Final[tuple[ReportFormat, ...]] = ("html", "pdf", "docx", "xlsx", "csv", "json")
_SERVICES: Final = ("sampler", "findings", "reporting")
_NOT_OURS: Final = ("pg_catalog", "information_schema")


@dataclass(frozen=True)
class Place:
    """A place and what stands there; ``raw`` for bytes as they lie on disk."""

    name: str
    content: bytes
    raw: bool = False


def files_below(folder: Path, what: str) -> Iterator[Place]:
    """Yield every file below a folder by its bytes, those that come and go meanwhile excepted."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and not path.is_symlink():
                yield Place(f"{what}: {path.relative_to(folder)}", path.read_bytes(), raw=True)
        except FileNotFoundError:
            continue


async def tables_of(data: Path, database: str) -> AsyncIterator[Place]:
    """Yield every table of one of a stack's databases as a dump has it."""
    server = Postgres(data / "postgres", data / "unused.log")
    connection = await asyncpg.connect(server.url(database=database))
    try:
        names = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname <> ALL ($1::text[])",
            list(_NOT_OURS),
        )
        for row in names:
            rows = await connection.fetch(f"SELECT one::text AS line FROM {row['name']} AS one")
            yield Place(f"table: {database} {row['name']}", "\n".join(line["line"] for line in rows).encode())
    finally:
        await connection.close()


async def topics_at(bootstrap: str) -> AsyncIterator[Place]:
    """Yield every record of every topic of ours: key, headers and value."""
    for topic in (SAMPLER_LOG, FINDINGS_LOG, CHECKPOINTS):
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            partition = TopicPartition(topic, 0)
            end = (await consumer.end_offsets([partition]))[partition]
            consumer.assign([partition])
            await consumer.seek_to_beginning(partition)
            parts: list[bytes] = []
            while end and await consumer.position(partition) < end:
                for records in (await consumer.getmany(timeout_ms=1000)).values():
                    for record in records:
                        heads = [name.encode() + b"=" + value for name, value in record.headers]
                        parts += [record.key or b"", *heads, record.value or b""]
            yield Place(f"topic: {topic}", b"\n".join(parts))
        finally:
            await consumer.stop()


async def answers_of(stack: LocalStack, control_point: str, start: date, end: date) -> AsyncIterator[Place]:
    """Yield what the services tell those who are shown nobody: metrics, health, figures, trails, replays, reports."""
    async with httpx.AsyncClient(timeout=60) as client:
        addresses = (await client.get(f"{stack.url}/.well-known/stickprov")).json()
        for name, base in {**{name: addresses[name] for name in _SERVICES}, "web": stack.url}.items():
            for path in ("/metrics", "/health/ready", "/openapi.json"):
                answer = await client.get(f"{base}{path}")
                yield Place(f"answer: {name} {path}", answer.content)
        auditor = {"Authorization": f"Bearer {stack.token('auditor')}"}
        days = f"from={start}&to={end}"
        for path in (
            f"/v1/statistics/{control_point}?{days}",
            f"/v1/audit/trail?control_point={control_point}&limit=500",
            f"/v1/audit/replays?control_point={control_point}&{days}",
            "/v1/copies/sampler?after=0&limit=1000",
            "/v1/copies/findings?after=0&limit=1000",
        ):
            answer = await client.get(f"{addresses['reporting']}{path}", headers=auditor)
            yield Place(f"answer: reporting {path.partition('?')[0]} ({answer.status_code})", answer.content)
    async with stack.services("auditor") as services:
        for kind in FORMATS:
            wanted = ReportRequest(
                kind="standard-form", control_points=[control_point], start=start, end=end, format=kind
            )
            async with asyncio.timeout(60), services.reporting.report(wanted) as response:
                yield Place(f"report: standard-form.{kind}", await response.aread())
