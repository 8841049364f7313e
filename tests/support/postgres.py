"""One PostgreSQL for a test session, and fresh databases in it with roles of their own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import asyncpg

from stickprov_local import processes
from stickprov_local.postgres import Postgres
from support.waiting import wait_until


@dataclass(frozen=True)
class Database:
    """A fresh, empty database.

    Attributes:
        owner_url: connection string of the role that owns it: runs migrations.
        service_url: connection string of the role a service works as; owns nothing.
        service_role: that role's name.
        superuser_url: connection string that may do everything, for what a test does behind the service's back.
        name: the database's name.
    """

    owner_url: str
    service_url: str
    service_role: str
    superuser_url: str
    name: str


class Reachable(Protocol):
    """Knows how to reach a running PostgreSQL."""

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        """Return the connection string of a role to a database."""


class PostgresServer:
    """A running PostgreSQL; makes and drops databases."""

    def __init__(self, server: Reachable) -> None:
        self._server = server
        self._numbers = count(1)
        self._backups: dict[str, list[str]] = {}

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        return self._server.url(role, database)

    async def create_database(self) -> Database:
        number = next(self._numbers)
        name, owner, service = f"test_{number}", f"test_{number}_owner", f"test_{number}_service"
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f"CREATE ROLE {owner} LOGIN; CREATE ROLE {service} LOGIN")
            # One statement each: neither may run inside a transaction. Copying files beats logging every page.
            await connection.execute(f"CREATE DATABASE {name} OWNER {owner} STRATEGY file_copy")
        finally:
            await connection.close()
        return Database(
            owner_url=self.url(owner, name),
            service_url=self.url(service, name),
            service_role=service,
            superuser_url=self.url("postgres", name),
            name=name,
        )

    async def back_up(self, database: Database) -> str:
        """Copy a database as it is now, byte for byte; whoever is connected to it loses the connection."""
        backup = f"{database.name}_backup_{next(self._numbers)}"
        await self._copy(database.name, backup)
        self._backups.setdefault(database.name, []).append(backup)
        return backup

    async def restore(self, database: Database, backup: str) -> None:
        """Put a backup in a database's place, under whoever uses it."""
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f"DROP DATABASE {database.name} WITH (FORCE)")
        finally:
            await connection.close()
        await self._copy(backup, database.name)

    async def _copy(self, name: str, copy: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await connection.execute(f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY file_copy")
            await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        finally:
            await connection.close()

    async def drop_database(self, database: Database) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            for name in (database.name, *self._backups.pop(database.name, [])):
                await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await connection.execute(f"DROP ROLE {database.service_role}, {database.name}_owner")
        finally:
            await connection.close()


# Tests kill processes, never the power: the operating system keeps what a killed server had written. Making and
# dropping a database for each test would wait for the disk most of the time.
_NOT_FOR_POWER_CUTS = {"fsync": "off", "full_page_writes": "off"}


@contextmanager
def running_postgres(folder: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a PostgreSQL with its data in ``folder``; every test of a session shares it. The bench wants it durable."""
    log = folder / "postgres.log"
    server = Postgres(folder, log, max_connections=400, options={} if durable else _NOT_FOR_POWER_CUTS)
    server.prepare()
    initialisation = server.initialisation()
    if initialisation is not None:
        _run(initialisation)
        server.initialised()
    program = server.program()
    child = processes.spawn(program)
    try:
        wait_until(lambda: _answers(child, server, log), what="PostgreSQL's start")
        yield PostgresServer(server)
    finally:
        processes.stop(child, program.stop_signal)


def _run(program: processes.Program) -> None:
    if processes.spawn(program).wait() != 0:
        raise RuntimeError(f"{program.name} failed:\n{processes.last_lines(program.log)}")


def _answers(child: subprocess.Popen[bytes], server: Postgres, log: Path) -> bool:
    if child.poll() is not None:
        raise RuntimeError(f"PostgreSQL ended at once:\n{processes.last_lines(log)}")
    return server.is_ready(child.pid)
