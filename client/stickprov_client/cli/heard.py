"""`stickprov doctor resume` and `requeue`: setting a log going again that a service has stopped to apply."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Literal, TypeAlias

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.api.heard import HeardLogsClient
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.logs import LogState

Hearer: TypeAlias = Literal["findings", "reporting"]
HEARERS: Final[tuple[Hearer, ...]] = ("findings", "reporting")
"""The services that hear logs."""

Service = Annotated[Hearer, typer.Argument(help="The service that stopped to apply the log.")]
Source = Annotated[str, typer.Argument(help="Whose log: sampler or findings.")]


def hearer(services: Services, name: Hearer) -> HeardLogsClient:
    """Return the calls of a service that hears logs."""
    return services.findings if name == "findings" else services.reporting


def resume(context: typer.Context, service: Service, source: Source, as_json: AsJson = False) -> None:
    """Go on with a halted log, once its source agrees again with what was applied."""
    _print(session_of(context), service, lambda logs: logs.resume(source), as_json=as_json)


def requeue(
    context: typer.Context,
    service: Service,
    source: Source,
    position: Annotated[int | None, typer.Option("--position", min=1, help="Only this event; else all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Try events again that could not be applied, as after an upgrade."""
    state = _print(session_of(context), service, lambda logs: logs.requeue(source, position), as_json=as_json)
    if state.quarantined and position is None:
        raise CheckFailed


def _print(
    session: Session, service: Hearer, call: Callable[[HeardLogsClient], Awaitable[LogState]], *, as_json: bool
) -> LogState:
    async def ask() -> LogState:
        async with signed_in(session) as services:
            return await call(hearer(services, service))

    state = asyncio.run(ask())
    if as_json:
        print_json(state)
    else:
        stdout().print(escape(state_in_words(state, session.language)))
    return state


def state_in_words(log: LogState, language: Language) -> str:
    """Return one line on a log: how far, whether it is halted and why, and what waits."""
    say = texts(language).gettext
    parts = [
        say("The log of {source}").format(source=log.source),
        say("{count} events applied").format(count=whole(log.applied, language)),
        f"{say('halted')}: {log.reason or ''}" if log.state == "halted" else say("going on"),
        say("{healed} healed, {quarantined} set aside").format(
            healed=whole(log.healed, language), quarantined=whole(log.quarantined, language)
        ),
    ]
    return "; ".join(parts)
