"""Runs the command ``stickprov`` over and over in processes of their own that need not import it each time.

One process has everything imported and forks for each command, so a command is a process with its own arguments,
environment, folder and output as ever, and costs a tenth. It reads a request a line and answers with the exit code.
"""

import gc
import json
import os
import sys
import traceback
from typing import Any, NoReturn

from stickprov_client.cli.main import run


def serve() -> None:
    """Carry out one request after another until there are no more."""
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _carry_out(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _carry_out(asked: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        _become(asked)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as an interpreter would
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _become(asked: dict[str, Any]) -> None:
    """Take on the arguments, the environment, the folder and the files that a process of its own would have had."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["stickprov", *asked["words"]]
    for number, (path, flags) in enumerate(
        (
            (os.devnull, os.O_RDONLY),
            (asked["stdout"], os.O_WRONLY),
            (asked["stderr"], os.O_WRONLY),
        )
    ):
        os.dup2(os.open(path, flags), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    serve()
