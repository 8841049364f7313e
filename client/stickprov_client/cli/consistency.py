"""`stickprov audit consistency`: does a newer checkpoint continue an older one? A kept proof needs no server."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.bundle.verifying.notes import NoteError
from stickprov_client.checking.proving import check_consistency, consistency_file
from stickprov_client.checking.trust import NotProvedError, log_of, sentence, trust_in
from stickprov_client.cli.calling import call
from stickprov_client.cli.checked import Checked, end_with, grown
from stickprov_client.cli.console import stderr
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
from stickprov_client.documents.proof_file import ConsistencyFile, read_consistency
from stickprov_contracts.http.checkpoints import Checkpoints

Kept = tuple[ConsistencyFile, Checkpoints | None]


def consistency(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(help="The older checkpoint, kept in a file.")],
    new: Annotated[Path, typer.Argument(help="The newer checkpoint, kept in a file.")],
    proof: Annotated[
        Path | None, typer.Option("--proof", help="A kept proof; no server is asked then, and --key is needed.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep the proof in this file.")] = None,
    key: GivenKeys = None,
    handovers: KeptHandovers = None,
    force: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Check that the log of a newer checkpoint begins with all the events of an older one."""
    session = session_of(context)
    keys = given_keys(key)
    if proof is not None and not keys:
        raise BadInput("Without a server, say whom to believe: give the log's public key.", "--key")
    must_be_free(save, force=force)
    (older, earlier), (newer, later) = note_in(old), note_in(new)
    if earlier.origin != later.origin:
        raise BadInput(
            f"The files are checkpoints of two different logs: {old} of “{earlier.origin}”, {new} of “{later.origin}”. "
            "Give two of the same log."
        )
    try:
        found, told = _kept(proof, handovers) if proof is not None else _asked(session, old, new)
        if save is not None:
            keep(save, found.text.encode(), force=force)
            stderr().print(escape(session.say("The proof is kept in {file}").format(file=save)))
        trust = trust_in(keys, told)
        checked = grown(check_consistency(older, newer, found, trust), trust)
    except NotProvedError as error:
        checked = Checked(verdict="different", first_difference=str(error))
    end_with(checked, session, as_json=as_json)


def _kept(path: Path, handovers: Path | None) -> Kept:
    try:
        return read_consistency(read_kept(path)), kept_handovers(handovers)
    except NoteError as error:
        raise BadInput(f"{path} is no proof that a log only grew. {sentence(error)}", "--proof") from None


def _asked(session: Session, old: Path, new: Path) -> Kept:
    (_, earlier), (_, later) = note_in(old), note_in(new)
    if earlier.size > later.size:
        raise BadInput(f"{old} is of {earlier.size} events, and {new} of {later.size}. Give the older one first.")

    async def ask(services: Services) -> Kept:
        source, told = await log_of(services, later.origin)
        return await consistency_file(services.own_log(source), earlier, later, read_kept(new)), told

    return call(session, ask)
