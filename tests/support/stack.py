"""The whole local stack as a child of a test, which may kill its parts."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

from stickprov_client.api import Services, discover, open_services
from stickprov_client.api.retrying import Retry
from stickprov_local import processes
from stickprov_local.ports import LOOPBACK, free_port
from support.apache_kafka import ApacheKafka
from support.waiting import wait_until

_START_SECONDS = 90.0
_PATIENT = Retry(attempts=120, first_wait=0.05, longest_wait=0.5)


class LocalStack:
    """The launcher's process with everything it started. Starting again finds the same data at the same address.

    Args:
        folder: where its data and its log go.
        kafka: the broker to use; one of its own when left out.
        run_by: a command that runs the launcher, as another user for example.
        launcher: what Python runs as the launcher.
    """

    def __init__(
        self,
        folder: Path,
        kafka: ApacheKafka | None = None,
        run_by: Sequence[str] = (),
        launcher: Sequence[str] = ("-m", "stickprov_local"),
    ) -> None:
        self.data = folder / "data"
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self._log = folder / "launcher.log"
        self._kafka = kafka
        self._run_by = run_by
        self._launcher = launcher
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def launcher(self) -> subprocess.Popen[bytes]:
        """The launcher's own process."""
        if self._child is None:
            raise RuntimeError("the stack was not started")
        return self._child

    def begin(self) -> None:
        """Start the launcher and do not wait."""
        options = ["--data", str(self.data), "--port", self.url.rpartition(":")[2]]
        if self._kafka is not None:
            options += ["--kafka-bootstrap", self._kafka.bootstrap]
        self._child = processes.spawn(
            processes.Program(
                name="launcher",
                arguments=[*self._run_by, sys.executable, *self._launcher, "up", *options],
                log=self._log,
                # What it says is read here, whatever language the tests are run in.
                environment={"STICKPROV_LANG": "en"},
            )
        )

    def start(self) -> None:
        """Start the launcher and wait until everything is ready."""
        self._log.unlink(missing_ok=True)
        self.begin()
        wait_until(lambda: "is ready" in self._told(), bound=_START_SECONDS, what="the stack's start")

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Tell the launcher to stop, wait until it has ended, and return its exit code."""
        self.launcher.send_signal(with_signal)
        return self.launcher.wait(60)

    def close(self) -> None:
        """End it if it runs."""
        if self._child is not None:
            processes.stop(self._child, signal.SIGTERM, patience=60)

    def token(self, name: str) -> str:
        return (self.data / "tokens" / f"{name}.jwt").read_text()

    def pid(self, name: str) -> int:
        """Return the process id of a part that runs now, 0 while it does not."""
        return int(json.loads((self.data / "stack.json").read_text())["pids"].get(name, 0))

    def kill(self, name: str) -> None:
        """End a part with SIGKILL and wait until the launcher has started it again."""
        killed = self.pid(name)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: self.pid(name) not in {0, killed}, what=f"the restart of {name}")

    def lose_the_broker(self) -> None:
        """End the broker with SIGKILL, and have it start again without anything it ever held."""
        if self._kafka is not None:
            self._kafka.kill()
            self._kafka.wipe()
            self._kafka.start()
            return
        # Taken away while it runs, so that the one started next cannot find anything.
        (self.data / "broker").rename(self.data / f"lost-{self.pid('broker')}")
        self.kill("broker")

    def left_running(self) -> list[str]:
        """Return every process that knows the data folder, by its arguments or its environment, but the launcher."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                words = [*process.cmdline(), *process.environ().values()]
                if process.pid not in {os.getpid(), self.launcher.pid} and any(
                    str(self.data) in word for word in words
                ):
                    found.append(f"{process.pid} {' '.join(process.cmdline())}")
        return found

    def is_deserted(self) -> bool:
        """Tell whether no process at all holds the data folder's lock, which every part keeps open."""
        with (self.data / "lock").open("rb+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return not self.left_running()

    @asynccontextmanager
    async def services(self, name: str = "coordinator") -> AsyncIterator[Services]:
        """Give the three services as somebody may use them, with the patience to outlast a restart."""
        async with open_services(await discover(self.url), lambda: self.token(name), retry=_PATIENT) as services:
            yield services

    def signed_in_as(self, services: Services, name: str) -> Services:
        """Return the same connections used by somebody else."""
        return services.signed_in_with(lambda: self.token(name))

    def _told(self) -> str:
        if self.launcher.poll() is not None:
            raise RuntimeError(f"the launcher ended:\n{processes.last_lines(self._log)}")
        return self._log.read_text()
