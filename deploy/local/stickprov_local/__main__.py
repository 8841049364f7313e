"""``python -m stickprov_local up``: the whole of Stickprov on this machine, until it is told to stop.

Exit codes: 0 stopped when asked to; 1 a part failed; 2 could not start as asked.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stickprov_local import folders
from stickprov_local.errors import StackError, StackRefusedError
from stickprov_local.folders import DataFolder
from stickprov_local.occupancy import occupied
from stickprov_local.processes import PARENT_PID
from stickprov_local.stack import Choices, Stack
from stickprov_local.telling import told

_PORT: Final = 8800
_PARENT_POLL_SECONDS: Final = 0.2
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    choices = Choices(data=options.data.absolute(), port=options.port, kafka_bootstrap=options.kafka_bootstrap)
    os.umask(0o077)
    folder = DataFolder(choices.data)
    try:
        folder.make()
        with occupied(folder, choices.url) as lock:
            asyncio.run(_up(Stack(choices, lock, _say), options.ready_json))
    except StackError as error:
        sys.stderr.write(f"stickprov: {error}\n")
        return error.exit_code
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        sys.stderr.write(f"stickprov: {error}; choose another data folder with --data\n")
        return StackRefusedError.exit_code
    return 0


async def _up(stack: Stack, ready_json: int | None) -> None:
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stop_signal in _STOP_SIGNALS:
        loop.add_signal_handler(stop_signal, told_to_stop.set)
    jobs = [
        asyncio.create_task(job)
        for job in (_serve(stack, ready_json), stack.supervisor.watch(), told_to_stop.wait(), _parent_death())
    ]
    try:
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs)
        _say(told("stopping"))
        await stack.stop()
    for job in done:
        job.result()
    _say(told("stopped; nothing is left running"))


async def _serve(stack: Stack, ready_json: int | None) -> None:
    try:
        urls = await stack.start()
    except* StackError as errors:
        first = errors.exceptions[0]
        raise first from None
    _say(told("Stickprov is ready:  {url}", url=urls["web"]))
    _say(told("data and logs:       {folder}  ({logs})", folder=stack.folder.root, logs=stack.folder.logs))
    _say(told("Ctrl-C stops it; the next start finds its data again."))
    if ready_json is not None:
        with os.fdopen(ready_json, "w", encoding="utf-8") as listener:
            listener.write(json.dumps({"urls": urls, "data": str(stack.folder.root), "pid": os.getpid()}) + "\n")
    await asyncio.Event().wait()


async def _parent_death() -> None:
    # Only who asked for it by the variable: a shell that put us in the background may end and leave us running.
    expected = os.environ.get(PARENT_PID)
    while expected is None or os.getppid() == int(expected):  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(_PARENT_POLL_SECONDS)


def _say(line: str) -> None:
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever listened is gone; stopping in order matters more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_descriptor(text: str) -> int:
    try:
        os.fstat(int(text))
    except (ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"{text} is not an open file descriptor") from error
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stickprov_local", description="Stickprov on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start PostgreSQL, a broker, the services and the web client")
    up.add_argument("--data", type=Path, default=folders.DEFAULT, help="data folder (default: %(default)s)")
    up.add_argument("--port", type=int, default=_PORT, help="the web client's port (default: %(default)s)")
    up.add_argument("--kafka-bootstrap", metavar="HOST:PORT", help="use this broker instead of starting one")
    up.add_argument("--ready-json", type=_open_descriptor, metavar="FD", help="write one line of JSON here when ready")
    return parser


if __name__ == "__main__":
    sys.exit(main())
