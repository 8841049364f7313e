"""The Kafka-protocol broker of the local stack: noida-db's own binary, its Kafka part alone.

The wheel's command is a wrapper that leaves the server running when it is killed, so the binary is run directly. It may
forget acknowledged messages when killed; the log behind it heals that.
"""

import signal
import stat
from importlib.util import find_spec
from pathlib import Path

from stickprov_local.errors import StackRefusedError
from stickprov_local.ports import LOOPBACK
from stickprov_local.processes import Program


def binary() -> Path:
    """Return the path of the broker's binary, made executable if it was not and may be.

    Raises:
        StackRefusedError: not installed, or not executable and not ours to change.
    """
    found = find_spec("noida_db")
    if found is None or found.origin is None:
        raise StackRefusedError("the package noida-db is not installed; install requirements.lock")
    path = Path(found.origin).parent / "noida-db"
    try:
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            path.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except FileNotFoundError as error:
        raise StackRefusedError(f"{path} does not exist; reinstall the package noida-db") from error
    except PermissionError as error:
        raise StackRefusedError(f"{path} is not executable; run `chmod +x` on it as its owner") from error
    return path


def program(folder: Path, port: int, log: Path, keep_open: tuple[int, ...] = ()) -> Program:
    """Describe a broker that keeps its data in ``folder`` and listens on the loopback ``port``."""
    folder.mkdir(parents=True, exist_ok=True)
    return Program(
        name="broker",
        arguments=[
            str(binary()),
            "start",
            *("--only", "kafka", "--host", LOOPBACK, "--kafka-port", str(port), "--data-dir", str(folder)),
        ],
        log=log,
        environment={},
        stop_signal=signal.SIGTERM,
        keep_open=keep_open,
    )
