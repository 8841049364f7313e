"""A second replica of each service beside a local stack: the same settings, databases and folders, another port."""

import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

import psutil

from stickprov_client.api import Addresses
from stickprov_local import processes
from stickprov_local.ports import LOOPBACK, free_port
from support.stack import LocalStack
from support.waiting import wait_until

SERVICES = ("sampler", "findings", "reporting")


class SecondReplicas:
    """The second of each service. Starting one again gives it its port again.

    Args:
        stack: what they stand beside; it runs.
        folder: where their logs go.
    """

    def __init__(self, stack: LocalStack, folder: Path) -> None:
        self._settings = {name: _settings_of(stack.pid(name)) for name in SERVICES}
        self._ports = {name: free_port() for name in SERVICES}
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def addresses(self) -> Addresses:
        """Where they are."""
        urls = {name: f"http://{LOOPBACK}:{port}" for name, port in self._ports.items()}
        return Addresses(**urls, version="second")

    def start(self, name: str) -> None:
        """Start one and wait until it serves."""
        arguments, settings = self._settings[name]
        port = self._ports[name]
        self._running[name] = processes.spawn(
            processes.Program(
                name=name,
                arguments=arguments,
                log=self._folder / f"second-{name}.log",
                environment=settings | {f"STICKPROV_{name.upper()}_HTTP_PORT": str(port)},
            )
        )
        wait_until(lambda: self._serves(name), bound=60, what=f"the start of a second {name}")

    def stop(self, name: str) -> int:
        """Stop one in good order and return its exit code."""
        child = self._running.pop(name)
        child.send_signal(signal.SIGTERM)
        return child.wait(60)

    def close(self) -> None:
        """End those that run."""
        for child in self._running.values():
            processes.stop(child, signal.SIGTERM, patience=60)

    def _serves(self, name: str) -> bool:
        if self._running[name].poll() is not None:
            raise RuntimeError(processes.last_lines(self._folder / f"second-{name}.log"))
        try:
            with urlopen(f"http://{LOOPBACK}:{self._ports[name]}/health/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _settings_of(pid: int) -> tuple[list[str], dict[str, str]]:
    """Return how a service was started, and with which settings."""
    process = psutil.Process(pid)
    ours = {name: value for name, value in process.environ().items() if name.startswith("STICKPROV_")}
    ours.pop(processes.PARENT_PID, None)
    return process.cmdline(), ours
