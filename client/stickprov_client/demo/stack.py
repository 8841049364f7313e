"""The demonstration's own stack: the local launcher as a child, stopped whatever happens."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_STOP_SECONDS: Final = 30.0
_LAST_LINES: Final = 25


class StackFailed(Exception):  # noqa: N818 - says the situation
    """The stack did not start, or ended by itself; the message holds the last lines it wrote."""


@dataclass(frozen=True)
class RunningStack:
    """A stack that is ready.

    Attributes:
        url: its one address. data: its folder.
    """

    url: str
    data: Path
    ended: asyncio.Task[int]
    output: IO[bytes]

    def token(self, name: str) -> str:
        """Return the bearer token of one of the stack's people."""
        return (self.data / "tokens" / f"{name}.jwt").read_text(encoding="ascii").strip()

    def last_lines(self) -> str:
        """Return the end of what the launcher wrote."""
        return _last_lines(self.output)


@asynccontextmanager
async def running_stack(data: Path, port: int) -> AsyncIterator[RunningStack]:
    """Start a stack and stop it at the end, also when this task is cancelled.

    Raises:
        StackFailed: it ended before it was ready.
    """
    listen, tell = os.pipe()
    with tempfile.TemporaryFile() as output, os.fdopen(listen, encoding="utf-8") as listener:
        try:
            launcher = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "stickprov_local", "up"),
                *("--data", str(data), "--port", str(port), "--ready-json", str(tell)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C in a terminal reaches us alone; we stop the launcher, and it stops the others in order.
                start_new_session=True,
                pass_fds=(tell,),
                # The launcher ends when this process does, even by SIGKILL.
                env={**os.environ, "STICKPROV_PARENT_PID": str(os.getpid())},
            )
        finally:
            os.close(tell)
        ended = asyncio.create_task(launcher.wait())
        try:
            line = await asyncio.to_thread(listener.readline)
            if not line:
                code = await ended
                raise StackFailed(f"The stack did not start (exit code {code}):\n{_last_lines(output)}")
            ready = json.loads(line)
            yield RunningStack(url=ready["urls"]["web"], data=Path(ready["data"]), ended=ended, output=output)
        finally:
            await _stop(launcher, ended)


async def _stop(launcher: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
    if launcher.returncode is None:
        launcher.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await asyncio.shield(ended)
    except TimeoutError:
        # Its children end with it: the launcher sees to that.
        launcher.kill()
        await ended


def _last_lines(output: IO[bytes]) -> str:
    output.seek(0)
    return "\n".join(output.read().decode(errors="replace").splitlines()[-_LAST_LINES:])
