"""`stickprov audit log`: each service reads its own tables again, from the first row to the last."""

import asyncio
from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.cli.audit_progress import reading_again
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import whole
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.topics import SOURCES, Source


def log(
    context: typer.Context,
    source: Annotated[Source | None, typer.Argument(help="Only this log: sampler or findings.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have the services read their own logs again: bytes, order, hashes, columns, checkpoints and their signatures."""
    session = session_of(context)
    outcomes = asyncio.run(_verifications(session, [source] if source else list(SOURCES)))
    if as_json:
        print_json(outcomes)
    else:
        for outcome in outcomes:
            print_verification(outcome, session)
    if any(outcome.verdict == "different" for outcome in outcomes):
        raise CheckFailed


def print_verification(outcome: LogVerification, session: Session) -> None:
    """Print what a service found in its own tables."""
    say, language = session.say, session.language
    whole_mark, bad_mark = "[green]✓[/]", "[bold red]✗[/]"
    counted = say("the log of {source}, {count} events").format(
        source=outcome.source, count=whole(outcome.events, language)
    )
    count = outcome.checkpoints
    signed = texts(language).ngettext("{count} signed checkpoint", "{count} signed checkpoints", count)
    signed = signed.format(count=whole(count, language))
    if outcome.first_difference is None:
        stdout().print(f"{whole_mark} {escape(counted)}, {escape(signed)}, {say('root')} {outcome.root}")
        return
    stdout().print(f"{bad_mark} {escape(counted)} {escape(say('are whole; then:'))}")
    stdout().print(f"  {escape(told(outcome.first_difference, language))}")


async def _verifications(session: Session, sources: list[Source]) -> list[LogVerification]:
    with reading_again(session) as shown:
        async with signed_in(session) as services:
            return list(await asyncio.gather(*(services.own_log(one).verification(shown) for one in sources)))
