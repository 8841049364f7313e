"""``python -m stickprov_backup make | list | check | restore``: what ``stickprov backup`` runs.

Exit codes: 0 done; 1 something failed, or a backup is not what it was; 2 what was asked for is wrong.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import asyncpg

from stickprov_backup import keys, listing, manifest, telling
from stickprov_backup.checking import check
from stickprov_backup.errors import BackupError, BackupRefusedError
from stickprov_backup.local import local_places
from stickprov_backup.making import make
from stickprov_backup.places import Places, service_places
from stickprov_backup.restoring import Targets, restore_local, restore_parts
from stickprov_local import folders
from stickprov_local.errors import StackError

Work: TypeAlias = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)
    try:
        options.work(options)
    except (BackupError, StackError) as error:
        return _failed(str(error), error.exit_code)
    except (OSError, asyncpg.PostgresError) as error:
        return _failed(str(error), BackupError.exit_code)
    return 0


def _make(options: argparse.Namespace) -> None:
    if options.with_keys is not None:
        keys.refuse_beside(options.with_keys, options.to)
    if options.services:
        _made(options, service_places(os.environ))
    else:
        with local_places(options.data) as places:
            _made(options, places)


def _made(options: argparse.Namespace, places: Places) -> None:
    backup = make(places, options.to, _progress)
    found = manifest.read(backup)
    if options.json:
        _print(found.model_dump_json(indent=2))
    else:
        _print("\n".join(telling.made(found, backup)))
    if options.with_keys is not None:
        count = keys.save(places, options.with_keys)
        _progress(f"{count} keys copied to {options.with_keys}. Whoever has them and the backup can read everything.")
    if options.keep_days is not None:
        for name in listing.forget_older(options.to, options.keep_days, datetime.now(UTC)):
            _progress(f"{name} is older than {options.keep_days} days and was removed.")


def _list(options: argparse.Namespace) -> None:
    found, faults = listing.backups(options.folder)
    if options.json:
        _print(json.dumps([one.model_dump(mode="json", exclude={"files"}) for one in found], indent=2))
    else:
        _print("\n".join(telling.line(one) for one in found) or "There is no backup here.")
    if faults:
        raise BackupError("\n".join(faults))


def _check(options: argparse.Namespace) -> None:
    found = check(options.backup)
    if options.json:
        _print(found.model_dump_json(indent=2))
    else:
        _print(f"Every file is what it was.\n{telling.line(found)}")


def _restore(options: argparse.Namespace) -> None:
    parts = {"frames": options.frames, "vault": options.vault}
    if options.data is not None:
        if options.postgres or any(parts.values()) or options.owner:
            raise BackupRefusedError("--data is for a local stack; give it, or --postgres, --frames and --vault.")
        found = restore_local(options.backup, options.data, options.keys, _progress)
    else:
        missing = [f"--{name}" for name, path in parts.items() if path is None]
        if not options.postgres or missing:
            raise BackupRefusedError("Give --data for a local stack, or all of --postgres, --frames and --vault.")
        found = restore_parts(options.backup, Targets(options.postgres, parts, options.owner), _progress)
    if options.json:
        _print(found.model_dump_json(indent=2))
    else:
        _print("\n".join(telling.restored(found, data=options.data, with_keys=options.keys is not None)))


def _owner(text: str) -> tuple[int, int]:
    user, _, group = text.partition(":")
    if not (user.isdecimal() and group.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is not two numbers such as 999:999")
    return int(user), int(group)


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _failed(text: str, code: int) -> int:
    sys.stderr.write(f"stickprov: {text}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stickprov backup", description="Backups of everything that must not be lost."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    making = _command(commands, "make", _make, "back up while everything works")
    making.add_argument("--to", type=Path, required=True, help="folder of the backups; a new folder is made in it")
    making.add_argument("--data", type=Path, default=folders.DEFAULT, help="data folder of a local stack")
    making.add_argument("--services", action="store_true", help="the services that the settings of this process name")
    making.add_argument("--with-keys", type=Path, metavar="FOLDER", help="copy the keys, too, to a folder apart")
    making.add_argument("--keep-days", type=int, metavar="N", help="afterwards remove backups older than that")
    listed = _command(commands, "list", _list, "the backups of a folder")
    listed.add_argument("folder", type=Path)
    checked = _command(commands, "check", _check, "read every byte of a backup")
    checked.add_argument("backup", type=Path)
    restored = _command(commands, "restore", _restore, "restore a backup into empty folders")
    restored.add_argument("backup", type=Path)
    restored.add_argument("--data", type=Path, help="a local stack's new data folder")
    restored.add_argument("--keys", type=Path, metavar="FOLDER", help="with --data: the keys' own backup")
    restored.add_argument("--postgres", type=Path, action="append", default=[], help="a server's new data folder")
    restored.add_argument("--frames", type=Path, help="the new frame folder")
    restored.add_argument("--vault", type=Path, help="the new vault folder")
    restored.add_argument("--owner", type=_owner, metavar="UID:GID", help="whom PostgreSQL's files belong to")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, work: Work, text: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=text)
    made.add_argument("--json", action="store_true", help="print JSON")
    made.set_defaults(work=work)
    return made


if __name__ == "__main__":
    sys.exit(main())
