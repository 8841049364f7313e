"""`stickprov backup`: making, listing, checking and restoring backups. The work is that of ``stickprov_backup``."""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import DEFAULT_DATA

backup = typer.Typer(no_args_is_help=True, help="Backups of everything that must not be lost, and restoring them.")

Backup = Annotated[Path, typer.Argument(help="Folder of one backup.")]


@backup.command(epilog="Example: stickprov backup make --to /media/backups --keep-days 35")
def make(
    to: Annotated[Path, typer.Option("--to", help="Folder of the backups; a new folder is made in it.")],
    data: Annotated[Path, typer.Option("--data", help="Folder with a local stack's data.")] = DEFAULT_DATA,
    services: Annotated[
        bool, typer.Option("--services", help="Back up what the services' own settings (STICKPROV_...) name.")
    ] = False,
    with_keys: Annotated[
        Path | None, typer.Option("--with-keys", help="Copy all keys, too, into this empty folder apart from --to.")
    ] = None,
    keep_days: Annotated[
        int | None, typer.Option("--keep-days", min=1, help="Then remove backups that are older; the newest stays.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Back up databases, frames and vault while everything works; without the keys that open them."""
    words = ["make", "--to", str(to), "--data", str(data), *(["--services"] if services else [])]
    words += ["--with-keys", str(with_keys)] if with_keys is not None else []
    words += ["--keep-days", str(keep_days)] if keep_days is not None else []
    _become(words, as_json=as_json)


@backup.command("list", epilog="Example: stickprov backup list /media/backups")
def list_backups(
    folder: Annotated[Path, typer.Argument(help="Folder of the backups.")], as_json: AsJson = False
) -> None:
    """List backups, newest first: size, release, where the logs stood, the master keys that open them."""
    _become(["list", str(folder)], as_json=as_json)


@backup.command(epilog="Example: stickprov backup check /media/backups/2026-11-22T03-00-00Z")
def check(chosen: Backup, as_json: AsJson = False) -> None:
    """Read every byte of a backup; name the file that is not what it was."""
    _become(["check", str(chosen)], as_json=as_json)


@backup.command(
    epilog="Example: stickprov backup restore /media/backups/2026-11-22T03-00-00Z --data new --keys /safe/keys"
)
def restore(
    chosen: Backup,
    data: Annotated[Path | None, typer.Option("--data", help="A local stack's new folder.")] = None,
    keys: Annotated[Path | None, typer.Option("--keys", help="With --data: folder of the keys' own backup.")] = None,
    postgres: Annotated[
        list[Path] | None, typer.Option("--postgres", help="A PostgreSQL server's new data folder.")
    ] = None,
    frames: Annotated[Path | None, typer.Option("--frames", help="The new frame folder.")] = None,
    vault: Annotated[Path | None, typer.Option("--vault", help="The new vault folder.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="UID:GID that PostgreSQL's files shall have.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a backup, put it into empty folders, and say what must follow."""
    words = ["restore", str(chosen)]
    for option, value in (
        ("--data", data),
        ("--keys", keys),
        ("--frames", frames),
        ("--vault", vault),
        ("--owner", owner),
    ):
        words += [option, str(value)] if value is not None else []
    for folder in postgres or []:
        words += ["--postgres", str(folder)]
    _become(words, as_json=as_json)


def _become(words: list[str], *, as_json: bool) -> NoReturn:
    # -P: modules in the current folder must not shadow ours.
    program = [sys.executable, "-P", "-m", "stickprov_backup", *words, *(["--json"] if as_json else [])]
    sys.stdout.flush()
    os.execve(sys.executable, program, os.environ)  # noqa: S606 - becomes that program, no shell
