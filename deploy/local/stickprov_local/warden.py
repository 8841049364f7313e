"""Ends the stack's processes when the launcher was killed, on systems whose kernel does not do it (macOS).

A process of its own that reads a pipe only the launcher writes to. However the launcher dies, the pipe ends; then the
processes it had not yet taken back get their stop signals. Standard library alone, so that it starts at once.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress


class Warden:
    """The launcher's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stickprov_local.warden"], stdin=subprocess.PIPE, cwd="/", start_new_session=True
        )

    def guard(self, pid: int, stop_signal: signal.Signals) -> None:
        """Have this process ended with this signal should we die."""
        self._tell(f"{pid} {int(stop_signal)}\n")

    def release(self, pid: int) -> None:
        """Forget a process that has ended."""
        self._tell(f"{pid} 0\n")

    def close(self) -> None:
        """End the warden; whatever is still guarded gets its signal."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()


def watch(lines: Iterable[str]) -> None:
    """Follow what the launcher says until it says no more, then end what it left."""
    guarded: dict[int, int] = {}
    for line in lines:
        pid, stop_signal = map(int, line.split())
        if stop_signal:
            guarded[pid] = stop_signal
        else:
            guarded.pop(pid, None)
    for pid, stop_signal in guarded.items():
        with suppress(ProcessLookupError):
            os.kill(pid, stop_signal)


if __name__ == "__main__":
    watch(sys.stdin)
