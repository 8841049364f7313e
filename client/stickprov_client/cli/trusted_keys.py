"""Options of commands that check signatures: the keys that the caller has from elsewhere, and kept checkpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from stickprov_client.bundle.verifying.notes import (
    Note,
    NoteError,
    TreeHead,
    VerifierKey,
    read_checkpoint,
    read_keys,
    read_note,
)
from stickprov_client.checking.trust import sentence
from stickprov_client.cli.failure import BadInput
from stickprov_contracts.http.checkpoints import Checkpoints

_LOGS: Final = TypeAdapter(list[Checkpoints])

GivenKeys = Annotated[
    list[str] | None,
    typer.Option("--key", help="A public key of the log, or a file of them, that you have from elsewhere. Repeat it."),
]

KeptHandovers = Annotated[
    Path | None,
    typer.Option(
        "--handovers",
        help="What “stickprov audit checkpoint --json” printed: it leads from your key to newer ones.",
    ),
]


Replace = Annotated[bool, typer.Option("--force", help="Take the place of a file of that name.")]


def kept_handovers(path: Path | None) -> Checkpoints | None:
    """Read what a log's service told of its keys, kept in a file; only the handovers in it are ever used.

    Raises:
        BadInput: the file cannot be read, or is something else.
    """
    if path is None:
        return None
    try:
        logs = _LOGS.validate_json(read_kept(path))
    except ValidationError:
        raise BadInput(f"{path} is not what “stickprov audit checkpoint --json” prints.", "--handovers") from None
    return logs[0].model_copy(update={"keys": [key for log in logs for key in log.keys]}) if logs else None


def given_keys(given: Sequence[str] | None) -> list[VerifierKey]:
    """Read the keys of ``--key``: each a key itself, or a file of them.

    Raises:
        BadInput: one is neither.
    """
    found: list[VerifierKey] = []
    for one in given or ():
        try:
            path = Path(one)
            found += read_keys(path.read_text(encoding="utf-8") if path.is_file() else one)
        except (NoteError, OSError, UnicodeDecodeError):
            raise BadInput(f"“{one}” is no public key of a log, nor a file of them.", "--key") from None
    return found


def note_in(path: Path) -> tuple[Note, TreeHead]:
    """Read a kept checkpoint, of which nothing is believed yet.

    Raises:
        BadInput: the file is none, or cannot be read.
    """
    try:
        note = read_note(read_kept(path))
        return note, read_checkpoint(note)
    except NoteError as error:
        raise BadInput(f"{path} is no checkpoint. {sentence(error)}") from None


def read_kept(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}).") from None


def must_be_free(path: Path | None, *, force: bool, option: str = "--save") -> None:
    """See that a file of that name may be written, before anything is asked for it.

    Raises:
        BadInput: there is one, and it must not be replaced.
    """
    if path is not None and path.exists() and not force:
        raise BadInput("There is a file of that name. Choose another name, or replace it with --force.", option)


def keep(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file.

    Raises:
        BadInput: it cannot be written, or there is one that must not be replaced.
    """
    must_be_free(path, force=force)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}).") from None
