"""`stickprov audit proof`: one event, and that it is in the log as a checkpoint has it; kept, it needs no server."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.bundle.verifying.notes import NoteError, read_checkpoint, read_note
from stickprov_client.checking.proving import check_inclusion, event_in, inclusion_file
from stickprov_client.checking.trust import NotProvedError, Trust, sentence, trust_in
from stickprov_client.cli.calling import call
from stickprov_client.cli.checked import Checked, end_with
from stickprov_client.cli.console import stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.cli.trusted_keys import (
    GivenKeys,
    KeptHandovers,
    Replace,
    given_keys,
    keep,
    kept_handovers,
    must_be_free,
    note_in,
    read_kept,
)
from stickprov_client.documents.proof_file import InclusionFile, read_inclusion
from stickprov_contracts.http.checkpoints import Checkpoints
from stickprov_contracts.topics import Source

Kept = tuple[InclusionFile, Checkpoints | None]


def proof(
    context: typer.Context,
    source: Annotated[Source | None, typer.Argument(help="Whose log: sampler or findings.")] = None,
    position: Annotated[int | None, typer.Argument(min=1, help="The event's position in it.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="A checkpoint that you kept; else the newest is asked for.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep the proof, with the event, in this file.")] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="A proof that you kept; no server is asked, and --key is needed.")
    ] = None,
    key: GivenKeys = None,
    handovers: KeptHandovers = None,
    force: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Prove that an event is in the log, at its position and with just this content, as a checkpoint has it."""
    session = session_of(context)
    must_be_free(save, force=force)
    keys = given_keys(key)
    try:
        found, told = _found(session, source, position, checkpoint, verify)
        if verify is not None and not keys:
            raise BadInput("Without a server, say whom to believe: give the log's public key.", "--key")
        trust = trust_in(keys, told or kept_handovers(handovers))
        checked = _checked(found, trust)
    except NotProvedError as error:
        end_with(Checked(verdict="different", first_difference=str(error)), session, as_json=as_json)
        return
    if save is not None:
        keep(save, found.text.encode(), force=force)
        stderr().print(escape(session.say("The proof is kept in {file}").format(file=save)))
    if not as_json:
        _print(session, found, shown=save is None and verify is None)
    end_with(checked, session, as_json=as_json)


def _found(
    session: Session, source: Source | None, position: int | None, checkpoint: Path | None, verify: Path | None
) -> Kept:
    if verify is not None:
        if source or position or checkpoint:
            raise BadInput("This stands alone, with --key.", "--verify")
        try:
            return read_inclusion(read_kept(verify)), None
        except NoteError as error:
            raise BadInput(f"{verify} is no proof of an event. {sentence(error)}", "--verify") from None
    if source is None or position is None:
        raise BadInput("Say whose log and which event: stickprov audit proof findings 12")
    kept = read_kept(checkpoint) if checkpoint is not None else None
    head = note_in(checkpoint)[1] if checkpoint is not None else None

    async def ask(services: Services) -> Kept:
        log = services.own_log(source)
        told = await log.checkpoints(limit=1)
        if head is not None and head.origin != told.origin:
            raise BadInput(
                f"{checkpoint} is a checkpoint of the log “{head.origin}”, and the log of {source} is “{told.origin}”. "
                "Give a checkpoint of the same log.",
                "--checkpoint",
            )
        note = kept if kept is not None else await log.note()
        try:
            size = read_checkpoint(read_note(note)).size
        except NoteError as error:
            raise NotProvedError(sentence(error)) from None
        if position > size:
            raise BadInput(
                f"The checkpoint is of {size} events, so position {position} is not in it. "
                f"Make a newer one: stickprov audit checkpoint {source} --make"
            )
        return await inclusion_file(log, position, note, size), told

    return call(session, ask)


def _checked(found: InclusionFile, trust: Trust) -> Checked:
    head = check_inclusion(found, trust)
    return Checked(
        verdict="verified",
        origin=head.origin,
        size=head.size,
        root=head.root.hex(),
        position=found.position,
        keys=trust.vouched,
    )


def _print(session: Session, found: InclusionFile, *, shown: bool) -> None:
    """Print the event, and the proof where it is kept in no file."""
    envelope, data = event_in(found)
    kind, time, actor = envelope["type"], envelope["time"], envelope["actor"]
    heading = session.say("Position {position}: {kind}, {time}, by {actor}").format(
        position=found.position, kind=kind, time=time, actor=actor
    )
    stdout().print(f"[bold]{escape(heading)}[/]")
    stdout().print(escape(json.dumps(_plain(data), ensure_ascii=False, indent=2)), soft_wrap=True)
    if shown:
        stdout().print(escape(found.text), soft_wrap=True)


def _plain(data: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")
