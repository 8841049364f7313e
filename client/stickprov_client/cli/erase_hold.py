"""`stickprov erase hold`: what must not be erased, whatever its time says."""

from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from stickprov_client.cli.calling import call
from stickprov_client.cli.case_prefix import case_of
from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import NOTHING
from stickprov_client.language.translations import Language
from stickprov_contracts.http.erasure import Hold, LiftHold, PlaceHold

hold = typer.Typer(no_args_is_help=True, help="Holds: what must not be erased.")

Why = Annotated[str, typer.Option("--why", help="The reason; it is kept where it can be erased.")]


@hold.command("place", epilog='Example: stickprov erase hold place --point AMF-2021-3 --why "Revision pågår"')
def place(
    context: typer.Context,
    why: Why,
    point: Annotated[str | None, typer.Option("--point", help="A control point, with all its draws.")] = None,
    draw: Annotated[UUID | None, typer.Option("--draw", help="Or a draw.")] = None,
    case: Annotated[
        str | None, typer.Option("--case", help="Or one case of that draw: its pseudonym, or the first digits of it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep something from being erased, until the hold is lifted."""
    session = session_of(context)
    if case is not None:
        if draw is None:
            raise BadInput("Name the draw that the case is of.", "--draw")
        of, begins = draw, case
        case = call(session, lambda services: case_of(services, of, begins))
    asked = checked(PlaceHold, {"control_point": point, "draw": draw, "case": case, "why": why})
    placed = call(session, lambda services: services.erasing.place_hold(asked))
    if as_json:
        print_json(placed)
    else:
        stdout().print(escape(session.say("Hold {hold} is in place.").format(hold=placed.hold)))


@hold.command("lift", epilog='Example: stickprov erase hold lift 0190a000-0000-7000-8000-0000000000a8 --why "Klart"')
def lift(
    context: typer.Context,
    hold_id: Annotated[UUID, typer.Argument(metavar="HOLD", help="Id of the hold.")],
    why: Why,
    as_json: AsJson = False,
) -> None:
    """End a hold; what it held is erased once it is due."""
    session = session_of(context)
    asked = checked(LiftHold, {"why": why})
    lifted = call(session, lambda services: services.erasing.lift_hold(hold_id, asked))
    if as_json:
        print_json(lifted)
    else:
        stdout().print(escape(session.say("Hold {hold} is lifted.").format(hold=lifted.hold)))


@hold.command("list", epilog="Example: stickprov erase hold list")
def list_holds(context: typer.Context, as_json: AsJson = False) -> None:
    """List every hold there ever was."""
    session = session_of(context)
    holds = call(session, lambda services: services.erasing.holds())
    if as_json:
        print_json(holds)
        return
    say = session.say
    headings = (say("Hold"), say("What is held"), say("Placed"), say("Lifted"), say("Reason"))
    print_columns(
        headings, [(str(one.hold), held(one), *_times(one, session.language), one.why or NOTHING) for one in holds]
    )


def held(one: Hold) -> str:
    """Return what a hold keeps: a control point, a draw, or a case of a draw."""
    if one.case is not None:
        return f"{one.draw}/{one.case[:8]}"
    return one.control_point or str(one.draw)


def _times(one: Hold, language: Language) -> tuple[str, str]:
    return moment(one.placed, language), NOTHING if one.lifted is None else moment(one.lifted, language)
