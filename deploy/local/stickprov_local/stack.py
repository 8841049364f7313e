"""The local stack as one thing: started in order, kept running, stopped in the reverse order."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from stickprov_local import broker, keys, readiness
from stickprov_local.databases import SERVICES, ensure_databases
from stickprov_local.errors import ChildFailedError, StackRefusedError
from stickprov_local.folders import DataFolder, write_privately
from stickprov_local.ports import LOOPBACK, free_port, is_free
from stickprov_local.postgres import Postgres
from stickprov_local.processes import last_lines
from stickprov_local.services import WEB, Surroundings
from stickprov_local.supervisor import Supervisor
from stickprov_local.warden import Warden


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the caller of ``up`` may choose.

    Attributes:
        data: the data folder.
        port: the web client's loopback port, the one address people need.
        kafka_bootstrap: a broker that runs elsewhere; without it, one of our own.
    """

    data: Path
    port: int
    kafka_bootstrap: str | None = None

    @property
    def url(self) -> str:
        """The stack's one address."""
        return f"http://{LOOPBACK}:{self.port}"


class Stack:
    """PostgreSQL, a broker, three services and the web client.

    Args:
        choices: what the caller chose.
        lock: descriptor of the data folder's lock, which every process keeps open.
        say: tells people a line.

    Raises:
        StackRefusedError: the chosen port is in use.
    """

    def __init__(self, choices: Choices, lock: int, say: Callable[[str], None]) -> None:
        self.choices = choices
        self.folder = DataFolder(choices.data)
        self._lock = lock
        self._say = say
        self._ports = _choose_ports(choices.port)
        self._facts: dict[str, object] = {}
        self._warden = None if sys.platform == "linux" else Warden()
        self.supervisor = Supervisor(say, self._write_stack_file, self._warden)

    async def start(self) -> Mapping[str, str]:
        """Start everything and return the addresses by name, when all of it is ready.

        Raises:
            StackRefusedError: a package is missing, or a folder is somebody else's.
            ChildFailedError: a part did not come up within a minute.
        """
        postgres = Postgres(self.folder.postgres, self.folder.log("postgres"))
        keys.refuse_lost(self.folder)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._start_postgres(postgres))
            bootstrap = group.create_task(self._start_broker())
        surroundings = Surroundings(
            folder=self.folder,
            keys=keys.prepare(self.folder, datetime.now(UTC)),
            kafka_bootstrap=bootstrap.result(),
            databases=await ensure_databases(postgres),
            ports=self._ports,
            keep_open=(self._lock,),
        )
        urls = {name: surroundings.url(name) for name in (WEB, *SERVICES)}
        self._facts = {"urls": urls, "kafka_bootstrap": surroundings.kafka_bootstrap, "postgres": postgres.url()}
        for program in surroundings.programs():
            self.supervisor.start(program)
        await readiness.all_answer(
            {name: f"{urls[name]}/health/ready" for name in SERVICES} | {WEB: f"{urls[WEB]}/.well-known/stickprov"}
        )
        return urls

    async def stop(self) -> None:
        """Stop everything: first who uses, then who is used."""
        for names in ((WEB,), SERVICES, ("broker",), ("postgres",)):
            await self.supervisor.stop(names)
        if self._warden is not None:
            self._warden.close()
        self.folder.stack_file.unlink(missing_ok=True)

    async def _start_postgres(self, postgres: Postgres) -> None:
        for opened in postgres.prepare():
            if opened.is_relative_to(self.folder.root):
                continue
            self._say(f"made {opened} searchable, because PostgreSQL does not run as root and must reach its data")
        initialisation = postgres.initialisation()
        if initialisation is not None:
            code = await self.supervisor.run_once(initialisation)
            if code != 0:
                raise ChildFailedError(f"initdb failed:\n{last_lines(initialisation.log)}")
            postgres.initialised()
        self.supervisor.start(postgres.program((self._lock,)))
        await readiness.until(lambda: postgres.is_ready(self.supervisor.pids().get("postgres", 0)), "PostgreSQL")

    async def _start_broker(self) -> str:
        if self.choices.kafka_bootstrap is not None:
            return self.choices.kafka_bootstrap
        port = self._ports["broker"]
        self.supervisor.start(broker.program(self.folder.broker, port, self.folder.log("broker"), (self._lock,)))
        await readiness.takes_connections(port, LOOPBACK)
        return f"{LOOPBACK}:{port}"

    def _write_stack_file(self) -> None:
        facts = {
            "version": version("stickprov"),
            "pid": os.getpid(),
            "data": str(self.folder.root),
            "pids": self.supervisor.pids(),
            **self._facts,
        }
        write_privately(self.folder.stack_file, json.dumps(facts, indent=2).encode())


def _choose_ports(web: int) -> dict[str, int]:
    if not is_free(web):
        raise StackRefusedError(f"port {web} on {LOOPBACK} is in use; stop what uses it, or choose another with --port")
    return {WEB: web} | {name: free_port() for name in (*SERVICES, "broker")}
