"""`stickprov doctor quarantine`: which events were set aside, why, and what to do about it."""

import asyncio
import json
from typing import Annotated

import typer
from pydantic import BaseModel, RootModel
from rich.markup import escape

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.heard import HEARERS, Hearer, hearer
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.heard_logs import what_is_wrong, what_to_do
from stickprov_client.language.moments import instant, moment
from stickprov_client.language.numbers import whole
from stickprov_contracts.http.logs import QuarantinedEvent

Service = Annotated[Hearer | None, typer.Argument(help="Only what this service set aside.")]
Position = Annotated[
    int | None, typer.Option("--position", min=1, help="Only the event there, with everything that is known of it.")
]


class SetAside(BaseModel):
    """An event, and which service could not apply it."""

    service: Hearer
    event: QuarantinedEvent


def quarantine(
    context: typer.Context, service: Service = None, position: Position = None, as_json: AsJson = False
) -> None:
    """List the events that were set aside, with why and what to do; --position explains one."""
    session = session_of(context)
    found = asyncio.run(_read(session, (service,) if service else HEARERS))
    if position is not None:
        found = [one for one in found if one.event.position == position]
        if not found:
            raise BadInput(f"No event at position {position} is set aside.", "--position")
    if as_json:
        print_json(RootModel(found))
    elif position is not None:
        for one in found:
            _explain(session, one)
    else:
        _list(session, found)


async def _read(session: Session, services: tuple[Hearer, ...]) -> list[SetAside]:
    async with signed_in(session) as connected:
        answers = await asyncio.gather(*(hearer(connected, name).quarantine() for name in services))
    return [
        SetAside(service=name, event=event) for name, events in zip(services, answers, strict=True) for event in events
    ]


def _list(session: Session, found: list[SetAside]) -> None:
    if not found:
        stdout().print(escape(session.say("No event is set aside: everything that was heard has been applied.")))
        return
    for one in found:
        _head(session, one)
        stdout().print(f"  {escape(what_is_wrong(one.event, session.language))}")
        stdout().print(f"  → {escape(what_to_do(one.event, session.language))}")
    closing = session.say("Everything about one: {command}").format(
        command="stickprov doctor quarantine --position " + str(found[0].event.position)
    )
    stdout().print(f"\n{escape(closing)}")


def _explain(session: Session, one: SetAside) -> None:
    say, event = session.say, one.event
    _head(session, one)
    facts = {
        say("What is wrong"): what_is_wrong(event, session.language),
        say("What to do"): what_to_do(event, session.language),
        say("Reason"): event.reason,
        say("Set aside"): moment(event.since, session.language) if event.since else "",
        say("Happened"): instant(event.time, session.language) if event.time else "",
        say("By"): event.actor,
        say("Stream"): event.stream,
        say("Try again"): f"stickprov doctor requeue {one.service} {event.source} --position {event.position}",
        say("Content"): json.dumps(event.data, ensure_ascii=False, indent=2) if event.data is not None else "",
    }
    stdout().print(facts_table((name, value) for name, value in facts.items() if value))


def _head(session: Session, one: SetAside) -> None:
    told = session.say("{service}: position {position} of the log of {source}, {type}").format(
        service=one.service,
        position=whole(one.event.position, session.language),
        source=one.event.source,
        type=one.event.type,
    )
    stdout().print(f"[bold]{escape(told)}[/]")
