"""`stickprov draw`: preview and make a draw, show it, verify it."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer

from stickprov_client.cli import draw_options as options
from stickprov_client.cli.console import print_json
from stickprov_client.cli.draw_tables import print_cases, print_draw, print_draws, print_preview, print_verification
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.progress import working
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_contracts.http.draws import DrawPreview, PreviewDraw
from stickprov_contracts.http.sampler import Draw, DrawnCase, DrawVerification, MakeDraw

draw = typer.Typer(no_args_is_help=True, help="Draws that anybody can repeat.")

DrawId = Annotated[UUID, typer.Argument(metavar="DRAW", help="The draw's id.")]


@draw.command("make", epilog='Example: stickprov draw make "AMF-2021-3 2021-03" --n 194')
def make_draw(
    context: typer.Context,
    frame: options.Frame,
    design: options.DesignOption = None,
    n: options.N = None,
    rate: options.Rate = None,
    stratify_by: options.StratifyBy = None,
    per_stratum: options.PerStratum = None,
    allocate: options.Allocate = None,
    deviation: options.Deviation = None,
    per_group: options.PerGroup = None,
    sort_key: options.SortKey = None,
    interval: options.Interval = None,
    size_column: options.SizeColumn = None,
    shift: options.Shift = None,
    panel: options.Panel = False,
    secret: options.Secret = False,
    seed: options.SeedOption = None,
    point: options.Point = None,
    as_json: AsJson = False,
) -> None:
    """Draw cases from a frozen frame: simple with --n or --rate, stratified, or by another design."""
    session = session_of(context)
    given: dict[str, object] = {
        "frame": frame,
        "design": design,
        "n": n,
        "rate": rate,
        "stratify_by": stratify_by,
        "per_stratum": per_stratum,
        "allocate": allocate,
        "deviation": deviation,
        "per_group": per_group,
        "sort_key": sort_key,
        "interval": interval,
        "size_column": size_column,
        "shift": shift,
        "panel": panel,
        "secret": secret,
        "seed": seed,
        "control_points": point,
    }
    made = asyncio.run(_make(session, options.draw_request(MakeDraw, given)))
    if as_json:
        print_json(made)
    else:
        print_draw(session, made)


@draw.command("preview", epilog='Example: stickprov draw preview "AMF-2021-3 2021-03" --n 194 --expected 0.2')
def preview_draw(
    context: typer.Context,
    frame: options.Frame,
    design: options.DesignOption = None,
    n: options.N = None,
    rate: options.Rate = None,
    stratify_by: options.StratifyBy = None,
    per_stratum: options.PerStratum = None,
    allocate: options.Allocate = None,
    deviation: options.Deviation = None,
    per_group: options.PerGroup = None,
    sort_key: options.SortKey = None,
    interval: options.Interval = None,
    size_column: options.SizeColumn = None,
    shift: options.Shift = None,
    panel: options.Panel = False,
    secret: options.Secret = False,
    seed: options.SeedOption = None,
    point: options.Point = None,
    expected: Annotated[
        str, typer.Option("--expected", help="The share of remarks that the precision is computed for.")
    ] = "0.5",
    as_json: AsJson = False,
) -> None:
    """Show what a draw would be: allocation, expected precision, what to think of. Nothing is stored."""
    session = session_of(context)
    given: dict[str, object] = {
        "frame": frame,
        "design": design,
        "n": n,
        "rate": rate,
        "stratify_by": stratify_by,
        "per_stratum": per_stratum,
        "allocate": allocate,
        "deviation": deviation,
        "per_group": per_group,
        "sort_key": sort_key,
        "interval": interval,
        "size_column": size_column,
        "shift": shift,
        "panel": panel,
        "secret": secret,
        "seed": seed,
        "control_points": point,
        "expected_rate": expected,
    }
    found = asyncio.run(_preview(session, options.draw_request(PreviewDraw, given)))
    if as_json:
        print_json(found)
    else:
        print_preview(session, found)


@draw.command("show", epilog="Example: stickprov draw show 0198c0de-0000-7000-8000-000000000001 --cases")
def show_draw(
    context: typer.Context,
    draw_id: Annotated[UUID | None, typer.Argument(metavar="DRAW", help="The draw's id; else all are listed.")] = None,
    cases: Annotated[bool, typer.Option("--cases", help="List the drawn cases with their tickets.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a draw, or list them all."""
    session = session_of(context)
    if draw_id is None:
        draws = asyncio.run(_list(session))
        if as_json:
            print_json(draws)
        else:
            print_draws(session, draws)
        return
    if cases:
        drawn = asyncio.run(_cases(session, draw_id))
        if as_json:
            print_json(drawn)
        else:
            print_cases(session, drawn)
        return
    shown = asyncio.run(_read(session, draw_id))
    if as_json:
        print_json(shown)
    else:
        print_draw(session, shown)


@draw.command("verify", epilog="Example: stickprov draw verify 0198c0de-0000-7000-8000-000000000001")
def verify_draw(context: typer.Context, draw_id: DrawId, as_json: AsJson = False) -> None:
    """Compute everything about a draw again and say the first difference, or that there is none."""
    session = session_of(context)
    with working(session.say("Drawing again …")):
        verification = asyncio.run(_verify(session, draw_id))
    if as_json:
        print_json(verification)
    else:
        print_verification(session, verification)
    if verification.verdict == "different":
        raise CheckFailed


async def _make(session: Session, request: MakeDraw) -> Draw:
    async with signed_in(session) as services:
        return await services.sampler.make_draw(request)


async def _preview(session: Session, request: PreviewDraw) -> DrawPreview:
    async with signed_in(session) as services:
        return await services.sampler.preview_draw(request)


async def _list(session: Session) -> list[Draw]:
    async with signed_in(session) as services:
        return await services.sampler.draws()


async def _read(session: Session, draw_id: UUID) -> Draw:
    async with signed_in(session) as services:
        return await services.sampler.draw(draw_id)


async def _cases(session: Session, draw_id: UUID) -> list[DrawnCase]:
    async with signed_in(session) as services:
        return await services.sampler.cases(draw_id)


async def _verify(session: Session, draw_id: UUID) -> DrawVerification:
    async with signed_in(session) as services:
        return await services.sampler.verify(draw_id)
