"""PostgreSQL and Kafka as containers. Tests here are left out only where there is no Docker engine."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer

from support.inbox import open_inbox
from support.log import open_log
from support.pipeline import Pipeline
from support.postgres import PostgresServer

_POSTGRES_PORT = 5432
_START_SECONDS = 120


@dataclass(frozen=True)
class ContainerAddress:
    """Where a container's PostgreSQL listens."""

    host: str
    port: int

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        return f"postgresql://{role}@{self.host}:{self.port}/{database}"


@dataclass(frozen=True)
class ContainerBroker:
    """Where a container's Kafka listens."""

    bootstrap: str


@pytest.fixture(scope="session")
def engine() -> None:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("there is no Docker engine; `docker info` does not answer")


@pytest.fixture(scope="session")
def contained_postgres(engine: None) -> Iterator[PostgresServer]:
    container = PostgresContainer("postgres:18", username="postgres", dbname="postgres")
    with container.with_env("POSTGRES_HOST_AUTH_METHOD", "trust") as running:
        yield PostgresServer(
            ContainerAddress(running.get_container_host_ip(), int(running.get_exposed_port(_POSTGRES_PORT)))
        )


@pytest.fixture(scope="session")
def contained_broker(engine: None) -> Iterator[ContainerBroker]:
    container = KafkaContainer().with_kraft()
    container.start(timeout=_START_SECONDS)
    try:
        yield ContainerBroker(container.get_bootstrap_server())
    finally:
        container.stop()


@pytest.fixture
async def pipeline(contained_postgres: PostgresServer, contained_broker: ContainerBroker) -> AsyncIterator[Pipeline]:
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(await contained_postgres.create_database()))
        heard = await stack.enter_async_context(open_inbox(await contained_postgres.create_database(), log.reader))
        yield Pipeline(contained_broker, log, heard)
