"""Keeps the stack's processes running, and takes them down in order.

A process that dies is started again after a wait that grows; one that dies more than five times in a minute, or that
says its settings are wrong, ends the whole stack, because going on would hide the fault.
"""

import asyncio
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn

from stickprov_local.errors import ChildFailedError
from stickprov_local.processes import Program, describe_end, last_lines, spawn, stop
from stickprov_local.warden import Warden

_POLL_SECONDS: Final = 0.05
# 12 s of waiting before the sixth death: as long as PostgreSQL may take to recover under a service that needs it.
_FIRST_WAIT_SECONDS: Final = 0.1
_WAIT_FACTOR: Final = 3
_DEATHS_ALLOWED: Final = 5
_WITHIN_SECONDS: Final = 60.0
_WRONG_SETTINGS: Final = 2
_PATIENCE_SECONDS: Final = 10.0


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    restart_at: float = 0.0
    deaths: deque[float] = field(default_factory=deque)


class Supervisor:
    """The children of the stack. Must live in the main thread.

    Args:
        say: tells people a line.
        changed: called after a child was started or started again.
        warden: ends the children when we are killed, where the kernel does not.
    """

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None], warden: Warden | None = None) -> None:
        self._say = say
        self._changed = changed
        self._warden = warden
        self._children: dict[str, _Child] = {}

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        self._children[program.name] = _Child(program, self._spawn(program))
        self._changed()

    async def run_once(self, program: Program) -> int:
        """Run a program that ends by itself, and return its exit code; when cancelled, the program is stopped too."""
        process = self._spawn(program)
        try:
            while process.poll() is None:  # noqa: ASYNC110 - a child's end is no event of asyncio's
                await asyncio.sleep(_POLL_SECONDS)
        finally:
            stop(process, program.stop_signal)
            self._release(process)
        return process.returncode

    def pids(self) -> dict[str, int]:
        """Return the process id of each child that runs now."""
        return {name: child.process.pid for name, child in self._children.items() if child.process is not None}

    async def watch(self) -> NoReturn:
        """Restart what dies, until cancelled.

        Raises:
            ChildFailedError: one died too often, or refused its settings; quotes the end of its log.
        """
        while True:
            for child in self._children.values():
                self._look_after(child)
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self, names: Iterable[str]) -> None:
        """Ask these children to end, all at once; kill what has not ended after ten seconds."""
        ending = [child for name in names if (child := self._children.pop(name, None)) is not None]
        running = [(child.program, child.process) for child in ending if child.process is not None]
        for program, process in running:
            if process.poll() is None:
                process.send_signal(program.stop_signal)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while any(process.poll() is None for _, process in running):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(_POLL_SECONDS)
        for program, process in running:
            if process.poll() is None:
                self._say(f"{program.name} did not stop within {_PATIENCE_SECONDS:.0f} s and was killed")
                process.kill()
            process.wait()
            self._release(process)

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        process = spawn(program)
        if self._warden is not None:
            self._warden.guard(process.pid, program.stop_signal)
        return process

    def _release(self, process: subprocess.Popen[bytes]) -> None:
        if self._warden is not None:
            self._warden.release(process.pid)

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.restart_at:
                child.process = self._spawn(child.program)
                self._changed()
            return
        code = child.process.poll()
        if code is None:
            return
        self._release(child.process)
        child.process = None
        self._count_death(child, code, now)
        wait = _FIRST_WAIT_SECONDS * _WAIT_FACTOR ** (len(child.deaths) - 1)
        child.restart_at = now + wait
        self._say(f"{child.program.name} {describe_end(code)}; starting it again in {wait:.1f} s")

    def _count_death(self, child: _Child, code: int, now: float) -> None:
        child.deaths.append(now)
        while child.deaths[0] < now - _WITHIN_SECONDS:
            child.deaths.popleft()
        program = child.program
        if code == _WRONG_SETTINGS:
            reason = f"{program.name} refused its settings"
        elif len(child.deaths) > _DEATHS_ALLOWED:
            reason = f"{program.name} {describe_end(code)}, the {len(child.deaths)}th time in a minute"
        else:
            return
        raise ChildFailedError(f"{reason}. The end of {program.log}:\n{last_lines(program.log)}")
