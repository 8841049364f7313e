"""`stickprov up`: starting a stack here."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from stickprov_client.cli.session import DEFAULT_DATA, DEFAULT_PORT, session_of

Data = Annotated[Path, typer.Option("--data", help="Folder with the stack's data.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the one address.")]


def up(context: typer.Context, data: Data = DEFAULT_DATA, port: Port = DEFAULT_PORT) -> None:
    """Start everything on this machine, until Ctrl-C. Further options go to the launcher."""
    # -P: modules in the current folder must not shadow ours.
    program = [sys.executable, "-P", "-m", "stickprov_local", "up", "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "STICKPROV_LANG": session_of(context).language}
    os.execve(sys.executable, [*program, *context.args], environment)  # noqa: S606 - becomes the launcher, no shell
