"""``python -m chaos.nursery SERVICE``: lives of one service, each forked from a process that has imported it already.

A life is a process of its own that opens, serves and is killed as any other; only the seconds that importing takes are
spared. Orders come as lines of JSON on the standard input, what became of them goes out the same way. When the input
ends, so do all lives.
"""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

from chaos.crashing import Crash
from chaos.shim import Shim, Witness, watch
from stickprov_kernel import runtime

_PR_SET_PDEATHSIG: Final = 1
# What a service imports only once it serves.
_LATE: Final = ("uvicorn", "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl")


def main(service: str) -> None:
    """Take orders until there are no more."""
    began = time.monotonic()
    app = importlib.import_module(f"stickprov_{service}.app")
    settings = getattr(importlib.import_module(f"stickprov_{service}.settings"), f"{service.capitalize()}Settings")
    for name in _LATE:
        importlib.import_module(name)
    gc.freeze()
    prctl = ctypes.CDLL(None).prctl
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Only the thread that forks lives on in a child: what others hold would stay held for ever.
    if (threads := len(list(Path("/proc/self/task").iterdir()))) > 1:
        raise SystemExit(f"{threads} threads run after importing; nothing can be forked")
    tell({"imported": time.monotonic() - began})
    waiting = b""
    while True:
        ready, _, _ = select.select([0, wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            bury()
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                return
            *orders, waiting = (waiting + read).split(b"\n")
            for order in map(json.loads, orders):
                pid = os.fork()
                if pid == 0:
                    prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
                    live(order, service, app, settings)
                tell({"life": order["life"], "pid": pid})


def tell(what: dict[str, Any]) -> None:
    """Write a line to who gives the orders."""
    os.write(1, json.dumps(what).encode() + b"\n")


def bury() -> None:
    """Tell of every life that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def live(order: dict[str, Any], service: str, app: Any, settings: Any) -> None:
    """Be a service, in the process that was just forked, until its end."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _redirect(order["log"])
        os.environ.update(order["environment"])
        os.environ[runtime.PARENT_PID] = str(os.getppid())
        witness = Witness(Path(order["witness"]))
        watch(witness)
        if order["point"] is not None:
            Crash(order["point"], order["reach"], Path(order["armed"])).prepare()
        if order["share"]:
            Shim(order["seed"], order["share"], witness).prepare()
        runtime.run(service, settings, app.create, app.migrate_database, ["serve"])
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: str) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)


if __name__ == "__main__":
    main(sys.argv[1])
