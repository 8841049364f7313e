"""`stickprov draw`: preview and make a draw, show it, verify it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from pydantic import BaseModel

from stickprov_client.api.sampler import SamplerClient
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json
from stickprov_client.cli.draw_options import DrawOptions, draw_request, with_draw_options
from stickprov_client.cli.draw_tables import (
    print_cases,
    print_draw,
    print_draws,
    print_preview,
    print_replacements,
    print_verification,
)
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.progress import working
from stickprov_client.cli.session import Session, session_of
from stickprov_contracts.http.draws import PreviewDraw
from stickprov_contracts.http.sampler import MakeDraw

draw = typer.Typer(no_args_is_help=True, help="Draws that anybody can repeat.")

Found = TypeVar("Found", bound=BaseModel | list[Any])
DrawId = Annotated[UUID, typer.Argument(metavar="DRAW", help="The draw's id.")]


@draw.command("make", epilog='Example: stickprov draw make "AMF-2021-3 2021-03" --n 194')
@with_draw_options
def make_draw(context: typer.Context, wanted: DrawOptions, as_json: AsJson = False) -> None:
    """Draw cases from a frozen frame: simple with --n or --rate, stratified, or by another design."""
    session = session_of(context)
    request = draw_request(MakeDraw, wanted)
    made = call(session, lambda services: services.sampler.make_draw(request))
    if as_json:
        print_json(made)
    else:
        print_draw(session, made)


@draw.command("preview", epilog='Example: stickprov draw preview "AMF-2021-3 2021-03" --n 194 --expected 0.2')
@with_draw_options
def preview_draw(
    context: typer.Context,
    wanted: DrawOptions,
    expected: Annotated[
        str, typer.Option("--expected", help="The share of remarks that the precision is computed for.")
    ] = "0.5",
    as_json: AsJson = False,
) -> None:
    """Show what a draw would be: allocation, expected precision, what to think of. Nothing is stored."""
    session = session_of(context)
    request = draw_request(PreviewDraw, {**wanted, "expected_rate": expected})
    found = call(session, lambda services: services.sampler.preview_draw(request))
    if as_json:
        print_json(found)
    else:
        print_preview(session, found)


@draw.command("show", epilog="Example: stickprov draw show 0198c0de-0000-7000-8000-000000000001 --cases")
def show_draw(
    context: typer.Context,
    draw_id: Annotated[UUID | None, typer.Argument(metavar="DRAW", help="The draw's id; else all are listed.")] = None,
    cases: Annotated[bool, typer.Option("--cases", help="List the drawn cases with their tickets.")] = False,
    replacements: Annotated[bool, typer.Option("--replacements", help="List the replaced cases, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a draw, or list them all."""
    session = session_of(context)
    if draw_id is None:
        _show(session, lambda sampler: sampler.draws(), print_draws, as_json=as_json)
    elif cases:
        _show(session, lambda sampler: sampler.cases(draw_id), print_cases, as_json=as_json)
    elif replacements:
        _show(session, lambda sampler: sampler.replacements(draw_id), print_replacements, as_json=as_json)
    else:
        _show(session, lambda sampler: sampler.draw(draw_id), print_draw, as_json=as_json)


@draw.command("verify", epilog="Example: stickprov draw verify 0198c0de-0000-7000-8000-000000000001")
def verify_draw(context: typer.Context, draw_id: DrawId, as_json: AsJson = False) -> None:
    """Compute everything about a draw again and say the first difference, or that there is none."""
    session = session_of(context)
    with working(session.say("Drawing again …")):
        verification = call(session, lambda services: services.sampler.verify(draw_id))
    if as_json:
        print_json(verification)
    else:
        print_verification(session, verification)
    if verification.verdict == "different":
        raise CheckFailed


def _show(
    session: Session,
    read: Callable[[SamplerClient], Awaitable[Found]],
    print_found: Callable[[Session, Found], None],
    *,
    as_json: bool,
) -> None:
    found = call(session, lambda services: read(services.sampler))
    if as_json:
        print_json(found)
    else:
        print_found(session, found)
