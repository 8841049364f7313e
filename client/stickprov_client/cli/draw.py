"""`stickprov draw`: make a draw, show it, verify it."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.failure import BadInput, CheckFailed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.progress import working
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_contracts.http.sampler import Draw, DrawnCase, DrawVerification, MakeDraw

draw = typer.Typer(no_args_is_help=True, help="Draws that anybody can repeat.")

DrawId = Annotated[UUID, typer.Argument(metavar="DRAW", help="The draw's id.")]


@draw.command("make", epilog='Example: stickprov draw make "AMF-2021-3 2021-03" --n 194')
def make_draw(
    context: typer.Context,
    frame: Annotated[str, typer.Argument(help="Name or id of a frozen frame.")],
    n: Annotated[int | None, typer.Option("--n", help="How many cases in all, for a simple draw.")] = None,
    stratify_by: Annotated[
        Literal["month", "stratum"] | None, typer.Option("--stratify-by", help="Draw within each month or stratum.")
    ] = None,
    per_stratum: Annotated[int | None, typer.Option("--per-stratum", help="The same n from every stratum.")] = None,
    allocate: Annotated[
        list[str] | None, typer.Option("--allocate", help="STRATUM=N, one for each stratum or month; repeatable.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", help="From a public ceremony; else the system makes one.")
    ] = None,
    point: Annotated[
        list[str] | None, typer.Option("--point", help="Control point the cases serve; else the frame's. Repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw cases from a frozen frame."""
    session = session_of(context)
    request = _request(
        frame=frame,
        design="stratified" if stratify_by else "simple",
        n=n,
        stratify_by=stratify_by,
        per_stratum=per_stratum,
        allocation=[_allocation(text) for text in allocate or []],
        seed=seed,
        control_points=point or [],
    )
    made = asyncio.run(_make(session, request))
    if as_json:
        print_json(made)
    else:
        stdout().print(_card(session, made))


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
            stdout().print(_draws_table(session, draws))
        return
    if cases:
        drawn = asyncio.run(_cases(session, draw_id))
        if as_json:
            print_json(drawn)
        else:
            _print_cases(session, drawn)
        return
    shown = asyncio.run(_read(session, draw_id))
    if as_json:
        print_json(shown)
    else:
        stdout().print(_card(session, shown))


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
    if verification.verdict != "verified":
        raise CheckFailed


def print_verification(session: Session, verification: DrawVerification) -> None:
    """Print each check of a draw, and the verdict."""
    for what, held in verification.checks:
        stdout().print(f"  {'[green]✓[/]' if held else '[bold red]✗[/]'} {escape(what)}")
    if verification.verdict == "verified":
        stdout().print(f"[bold green]{escape(session.say('Verified: the same cases come out again.'))}[/]")
    else:
        difference = verification.first_difference or NOTHING
        stdout().print(f"[bold red]{escape(session.say('Different'))}:[/] {escape(difference)}")


def _request(**fields: object) -> MakeDraw:
    try:
        return MakeDraw.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]).replace("_", "-")
        raise BadInput(f"--{option}: {first['msg']}.") from None


def _allocation(text: str) -> dict[str, object]:
    stratum, separator, number = text.rpartition("=")
    if not separator or not number.isdigit():
        raise BadInput(f"--allocate: {text!r} is not STRATUM=N, such as 2021-03=6.")
    return {"stratum": stratum, "n": int(number)}


async def _make(session: Session, request: MakeDraw) -> Draw:
    async with signed_in(session) as services:
        return await services.sampler.make_draw(request)


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


def _card(session: Session, made: Draw) -> Table:
    say, language = session.say, session.language
    facts = [
        (say("Draw"), str(made.draw)),
        (say("Frame"), made.frame_name),
        (say("Control points"), ", ".join(made.control_points)),
        (say("Period"), made.period.label),
        (say("Design"), made.design),
        (say("Size N"), whole(made.size, language)),
        (say("Drawn n"), whole(made.drawn, language)),
        (say("Seed"), made.seed or say("still secret")),
        (say("Hash of the frame"), made.frame_hash),
        (say("Algorithm"), made.algorithm),
        (say("Position of the frame"), whole(made.frame_position, language)),
        (say("Position of the seed"), whole(made.seed_position, language)),
        (say("Position of the sample"), whole(made.sample_position, language)),
    ]
    for part in made.allocation:
        sizes = f"n = {whole(part.drawn, language)} / N = {whole(part.size, language)}"
        facts.append((say("Stratum"), f"{part.stratum or NOTHING} · {part.month} · {sizes}"))
    return facts_table(facts)


def _draws_table(session: Session, draws: list[Draw]) -> Table:
    say, language = session.say, session.language
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Draw"), say("Frame"), say("Period"), say("Design")):
        table.add_column(heading, overflow="fold")
    table.add_column(say("Drawn n"), justify="right")
    table.add_column(say("Size N"), justify="right")
    for one in draws:
        sizes = (whole(one.drawn, language), whole(one.size, language))
        table.add_row(str(one.draw), escape(one.frame_name), one.period.label, one.design, *sizes)
    return table


def _print_cases(session: Session, cases: list[DrawnCase]) -> None:
    say = session.say
    headings = (say("Order"), say("Month"), say("Stratum"), say("Case"), say("Ticket"), say("Handler"))
    rows = [
        (
            str(case.order),
            case.month,
            case.stratum or NOTHING,
            case.case,
            case.ticket or NOTHING,
            case.handler or NOTHING,
        )
        for case in cases
    ]
    print_columns(headings, rows)
