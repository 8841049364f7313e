"""`stickprov audit checkpoint`: what a log was, signed; and whether it is still what a kept checkpoint says."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.checking.fingerprints import fingerprint_of
from stickprov_client.checking.proving import still_as_it_was
from stickprov_client.checking.trust import log_of, trust_in
from stickprov_client.cli.calling import call
from stickprov_client.cli.checked import Checked, end_with, grown, outcome
from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.cli.trusted_keys import GivenKeys, Replace, given_keys, keep, must_be_free, note_in
from stickprov_client.language.checkpoints import reason_name
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import whole
from stickprov_contracts.http.checkpoints import Checkpoint, Checkpoints
from stickprov_contracts.topics import SOURCES, Source

_SHOWN: Final = 20
_ROOT_SHOWN: Final = 16

Log = Annotated[Source | None, typer.Argument(help="Whose log: sampler or findings.")]


def checkpoint(
    context: typer.Context,
    source: Log = None,
    make: Annotated[bool, typer.Option("--make", help="Have the log signed as it is now.")] = False,
    size: Annotated[int | None, typer.Option("--size", min=1, help="Show the checkpoint of so many events.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep the signed note in this file.")] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="A note that you kept: is the log still what it was then?")
    ] = None,
    key: GivenKeys = None,
    force: Replace = False,
    as_json: AsJson = False,
) -> None:
    """List a log's newest checkpoints; make, show and keep one; or hold one that you kept against the log of today."""
    session = session_of(context)
    wants_one = make or size is not None or save is not None
    must_be_free(save, force=force)
    if verify is not None:
        if source or wants_one:
            raise BadInput("This stands alone, or with --key.", "--verify")
        _hold_against_today(session, verify, key, as_json=as_json)
    elif key:
        raise BadInput("This goes with --verify.", "--key")
    elif wants_one:
        if source is None:
            raise BadInput("Say whose checkpoint: stickprov audit checkpoint sampler, or findings.")
        made = call(session, lambda services: _one(services, source, size, make=make))
        if save is not None:
            keep(save, made.note.encode(), force=force)
        _show(session, made, save, as_json=as_json)
    else:
        _list(session, call(session, lambda services: _newest(services, source)), as_json=as_json)


def _hold_against_today(session: Session, file: Path, key: list[str] | None, *, as_json: bool) -> None:
    keys = given_keys(key)
    note, head = note_in(file)

    async def check(services: Services) -> Checked:
        source, told = await log_of(services, head.origin)
        trust = trust_in(keys, told)
        return grown(await still_as_it_was(services.own_log(source), note, trust), trust)

    end_with(call(session, lambda services: outcome(check(services))), session, as_json=as_json)


async def _one(services: Services, source: Source, size: int | None, *, make: bool) -> Checkpoint:
    log = services.own_log(source)
    if make:
        return await log.make_checkpoint()
    if size is not None:
        found = (await log.checkpoints(size - 1, 1)).checkpoints
        if not found or found[0].size != size:
            raise BadInput(f"There is no checkpoint of {size} events. List them with: stickprov audit checkpoint")
        return found[0]
    newest = (await log.checkpoints(limit=1, newest_first=True)).checkpoints
    if not newest:
        raise BadInput("There is no checkpoint yet. Make one with --make.")
    return newest[0]


async def _newest(services: Services, source: Source | None) -> list[Checkpoints]:
    sources = [source] if source else list(SOURCES)
    return list(
        await asyncio.gather(*(services.own_log(one).checkpoints(limit=_SHOWN, newest_first=True) for one in sources))
    )


def _show(session: Session, made: Checkpoint, save: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(made)
    elif save is not None:
        kept = session.say("Kept in {file}: {origin}, {count} events").format(
            file=save, origin=made.origin, count=whole(made.size, session.language)
        )
        stderr().print(escape(kept))
    else:
        # The note as it was signed: what is copied from here can be verified.
        stdout().print(escape(made.note), end="", soft_wrap=True)


def _list(session: Session, logs: list[Checkpoints], *, as_json: bool) -> None:
    if as_json:
        print_json(logs)
        return
    say, language = session.say, session.language
    for log in logs:
        stdout().print(f"[bold]{escape(log.origin)}[/]")
        for key in log.keys:
            told = say("signed by {key} since {time}").format(key=key.verifier_key, time=moment(key.adopted, language))
            stdout().print(escape(f"  {told}"), soft_wrap=True)
            stdout().print(f"    {escape(say('Fingerprint (SHA-256)'))}: {fingerprint_of(key.verifier_key) or '–'}")
        if not log.checkpoints:
            stdout().print(escape(f"  {say('There is no checkpoint yet.')}"))
            continue
        rows = [
            (
                whole(one.size, language),
                f"{one.root[:_ROOT_SHOWN]}…",
                moment(one.time, language),
                reason_name(one.reason, language),
            )
            for one in log.checkpoints
        ]
        print_columns((say("Events"), say("Root"), say("Signed"), say("Why")), rows)
