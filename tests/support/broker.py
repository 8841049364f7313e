"""Kafka-protocol brokers: one for a session, or one that a test may kill."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_local import broker, processes
from stickprov_local.ports import LOOPBACK, free_port
from support.waiting import wait_until


class Broker:
    """A noida-db broker with a port and a data folder that outlive its process."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "broker.log"
        self._port = free_port()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def access(self) -> KafkaAccess:
        """How our own clients reach it."""
        return KafkaAccess(self.bootstrap)

    @property
    def bootstrap(self) -> str:
        """Address for clients, the same over all restarts."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int:
        """Process id of the running broker."""
        return self._running().pid

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        if self._child is not None:
            raise RuntimeError("the broker runs already")
        self._child = processes.spawn(broker.program(self._data, self._port, self._log))
        wait_until(self._answers, what="the broker's start")

    def stop(self) -> None:
        """End it in good order: it keeps its data."""
        processes.stop(self._running(), signal.SIGTERM)
        self._child = None

    def kill(self) -> None:
        """End it with SIGKILL: it may lose what it acknowledged."""
        child = self._running()
        child.kill()
        child.wait()
        self._child = None

    def wipe(self) -> None:
        """Remove everything it ever held; it must not be running."""
        if self._child is not None:
            raise RuntimeError("kill or stop the broker before wiping its data")
        shutil.rmtree(self._data, ignore_errors=True)

    def close(self) -> None:
        """End it if it runs."""
        if self._child is not None:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise RuntimeError("the broker is not running")
        return self._child

    def _answers(self) -> bool:
        if self._running().poll() is not None:
            raise RuntimeError(f"the broker ended at once:\n{processes.last_lines(self._log)}")
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            return probe.connect_ex((LOOPBACK, self._port)) == 0
