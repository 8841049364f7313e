"""`stickprov up` and `login`: starting a stack here, and being somebody in it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.cli.console import stdout
from stickprov_client.cli.session import DEFAULT_DATA, DEFAULT_PORT, read_token, remember, session_of

Data = Annotated[Path, typer.Option("--data", help="Folder with the stack's data.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the one address.")]


def up(context: typer.Context, data: Data = DEFAULT_DATA, port: Port = DEFAULT_PORT) -> None:
    """Start everything on this machine, until Ctrl-C. Further options go to the launcher."""
    # -P: modules in the current folder must not shadow ours.
    program = [sys.executable, "-P", "-m", "stickprov_local", "up", "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "STICKPROV_LANG": session_of(context).language}
    os.execve(sys.executable, [*program, *context.args], environment)  # noqa: S606 - becomes the launcher, no shell


def login(
    context: typer.Context,
    name: Annotated[str, typer.Option("--as", help="coordinator, reviewer-01 to reviewer-12, board, auditor or ops.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Be somebody in the stack on this machine, from now on."""
    session = session_of(context)
    token_file = (data / "tokens" / f"{name}.jwt").absolute()
    read_token(token_file)
    remember(name, token_file)
    stdout().print(escape(session.say("You are now {name}.").format(name=name)))
