"""Child processes that never outlive us.

Every child gets a session of its own (Ctrl-C in a terminal reaches the launcher alone, which stops the others in
order) and the kernel's promise of a signal when its parent dies, so that even a SIGKILL of the launcher leaves nothing.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PARENT_PID: Final = "STICKPROV_PARENT_PID"
"""Environment variable that tells a service whose death means its own."""

_PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how to stop it.

    Attributes:
        name: what people call it; names its log file too.
        arguments: the program and its arguments.
        log: file that gets both output streams, appended.
        environment: variables on top of our own.
        stop_signal: asks the program to end in good order; also sent by the kernel when we die.
        user: system user to run as (id of user and group); ours when not given.
        keep_open: file descriptors the child keeps.
    """

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None
    keep_open: Sequence[int] = ()


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start a program as a child that ends when we end, however we end. Must be called from the main thread.

    Raises:
        OSError: it cannot be run.
    """
    user, group = program.user or (None, None)
    with program.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the programs are ours
            program.arguments,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **program.environment, PARENT_PID: str(os.getpid())},
            # "python -m" looks for modules in the current folder first; the user's must not shadow any.
            cwd="/",
            start_new_session=True,
            pass_fds=tuple(program.keep_open),
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            preexec_fn=_end_with_parent(program.stop_signal),  # noqa: PLW1509 - one thread, and one system call in the child
        )


def stop(child: subprocess.Popen[bytes], stop_signal: signal.Signals, patience: float = 10.0) -> None:
    """Ask a child to end, wait at most ``patience`` seconds, then kill it."""
    if child.poll() is None:
        child.send_signal(stop_signal)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def describe_end(code: int) -> str:
    """Say in words how a process ended, from its return code."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def last_lines(log: Path, count: int = 20) -> str:
    """Return the end of a log file, empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


def _end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    # Looked up before the fork: the child must not load libraries.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child
