"""One PostgreSQL for a test session, and fresh databases in it with roles of their own."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Protocol

import asyncpg

from stickprov_kernel.database.migrations import MigrationFolder, migrate
from stickprov_local import processes
from stickprov_local.postgres import Postgres
from support.cleaning import Pattern, catalog_of, cleaned, pattern_of
from support.waiting import wait_until

_OWNER, _SERVICE = "test_owner", "test_service"


@dataclass(frozen=True)
class Database:
    """A database of a test's own.

    Attributes:
        owner_url: connection string of the role that owns it: runs migrations.
        service_url: connection string of the role a service works as; owns nothing.
        service_role: that role's name.
        superuser_url: connection string that may do everything, for what a test does behind the service's back.
        name: the database's name.
        components: whose steps it was made with.
    """

    owner_url: str
    service_url: str
    service_role: str
    superuser_url: str
    name: str
    components: frozenset[str] = frozenset()

    async def migrated(self, components: Sequence[MigrationFolder]) -> None:
        """Bring it to this release, unless it was made so."""
        if not self.components.issuperset(component.component for component in components):
            await migrate(self.owner_url, self.service_role, components)


class Reachable(Protocol):
    """Knows how to reach a running PostgreSQL."""

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        """Return the connection string of a role to a database."""


class PostgresServer:
    """A running PostgreSQL; makes and drops databases."""

    def __init__(self, server: Reachable) -> None:
        self._server = server
        self._numbers = count(1)
        self._migrated: dict[tuple[str, ...], str] = {}
        self._patterns: dict[str, Pattern] = {}
        self._made_of: dict[str, tuple[str, str]] = {}
        self._unused: dict[str, list[Database]] = {}
        self._backups: dict[str, list[str]] = {}

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        return self._server.url(role, database)

    async def create_database(self, *components: MigrationFolder) -> Database:
        """Return a fresh database: empty, or as after the steps of some components.

        Every database has the same two roles; what one of them may do in one says nothing of another. One that an
        earlier test has given back serves again, cleaned.
        """
        template = await self._template(components) if components else "template1"
        if self._unused.get(template):
            return self._unused[template].pop()
        made_with = frozenset(component.component for component in components)
        database = replace(self._named(f"test_{next(self._numbers)}"), components=made_with)
        await self._create(database, template)
        if template in self._patterns:
            self._made_of[database.name] = template, await catalog_of(database.superuser_url)
        return database

    async def back_up(self, database: Database) -> str:
        """Copy a database as it is now, byte for byte; whoever is connected to it loses the connection."""
        backup = f"{database.name}_backup_{next(self._numbers)}"
        await self._copy(database.name, backup)
        self._backups.setdefault(database.name, []).append(backup)
        return backup

    async def restore(self, database: Database, backup: str) -> None:
        """Put a backup in a database's place, under whoever uses it."""
        await self._drop(database.name)
        await self._copy(backup, database.name)

    async def drop_database(self, database: Database) -> None:
        """Take a database back; it is dropped unless the next test may have it."""
        backups = self._backups.pop(database.name, [])
        template, catalog = self._made_of.pop(database.name, (None, ""))
        if template and not backups:
            again = await cleaned(database.superuser_url, self._patterns[template], catalog)
            if again is not None:
                self._made_of[database.name] = template, again
                self._unused.setdefault(template, []).append(database)
                return
        await self._drop(database.name, *backups)

    async def _drop(self, *names: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            for name in names:
                await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await connection.close()

    async def _copy(self, name: str, copy: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await connection.execute(f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY file_copy")
            await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        finally:
            await connection.close()

    async def _template(self, components: Sequence[MigrationFolder]) -> str:
        """Return the database to copy for these components; it is made when it is first wanted."""
        wanted = tuple(component.component for component in components)
        if wanted not in self._migrated:
            made = self._named(f"migrated_{len(self._migrated)}")
            await self._create(made, "template1")
            await migrate(made.owner_url, made.service_role, components)
            self._patterns[made.name] = await pattern_of(made.superuser_url)
            self._migrated[wanted] = made.name
        return self._migrated[wanted]

    async def _create(self, database: Database, template: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", _OWNER):
                await connection.execute(f"CREATE ROLE {_OWNER} LOGIN; CREATE ROLE {_SERVICE} LOGIN")
            # A statement of its own: it may not run inside a transaction. Copying files beats logging every page.
            await connection.execute(
                f"CREATE DATABASE {database.name} OWNER {_OWNER} TEMPLATE {template} STRATEGY file_copy"
            )
        finally:
            await connection.close()

    def _named(self, name: str) -> Database:
        return Database(
            owner_url=self.url(_OWNER, name),
            service_url=self.url(_SERVICE, name),
            service_role=_SERVICE,
            superuser_url=self.url("postgres", name),
            name=name,
        )


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
