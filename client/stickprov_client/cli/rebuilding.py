"""`stickprov doctor rebuild`: having reporting fold both logs anew while it is read."""

import asyncio
from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of, signed_in
from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.projection import ProjectionState

Look = Annotated[bool, typer.Option("--look", help="Only tell how far a rebuild is; begin none.")]


def rebuild(context: typer.Context, look: Look = False, as_json: AsJson = False) -> None:
    """Have reporting fold both logs anew, beside the figures that are read; it switches when it has caught up."""
    session = session_of(context)

    async def ask() -> ProjectionState:
        async with signed_in(session) as services:
            return await (services.reporting.projection() if look else services.reporting.rebuild())

    state = asyncio.run(ask())
    if as_json:
        print_json(state)
    else:
        stdout().print(escape(rebuilding_in_words(state, session.language)))


def rebuilding_in_words(state: ProjectionState, language: Language) -> str:
    """Return one line on which generation is read, and how far the next one is."""
    say = texts(language).gettext
    reading = say("Generation {number} is read").format(number=state.generation)
    if not state.following:
        reading = say("Generation {number} is read, as an older release left it").format(number=state.generation)
    if state.rebuilding is None:
        return f"{reading}; {say('none is being built')}"
    building = say("generation {number} is being built, {left} events are left").format(
        number=state.rebuilding.generation, left=whole(state.rebuilding.left, language)
    )
    return f"{reading}; {building}"
