"""`stickprov audit`: are the logs whole, and do they give the same numbers?"""

import asyncio
from typing import Annotated

import typer

from stickprov_client.cli.audit_progress import reading_again
from stickprov_client.cli.console import print_json
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.options import AsJson, From, PeriodLabel, To, chosen_range
from stickprov_client.cli.replay_tables import print_replays
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.cli.trail import trail
from stickprov_client.language.periods import DateRange
from stickprov_contracts.http.audit import PeriodReplay

audit = typer.Typer(no_args_is_help=True, help="Who did what, and the history of a period read again.")
audit.command("trail", epilog="Example: stickprov audit trail --case AMF-2021-3/2021-01/17")(trail)


@audit.command("replay", epilog="Example: stickprov audit replay --period 2021-Q1 --point AMF-2021-3")
def replay(
    context: typer.Context,
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    point: Annotated[
        list[str] | None,
        typer.Option("--point", help="Only this control point; repeatable. Else every one with a draw in the range."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read both logs again from their first event, verify them, and compare every figure with the stored one."""
    session = session_of(context)
    days = chosen_range(start, end, period)
    outcome = asyncio.run(_replays(session, days, point or []))
    print_json(outcome) if as_json else print_replays(outcome, session.language)
    if outcome.verdict != "verified":
        raise CheckFailed


async def _replays(session: Session, days: DateRange, points: list[str]) -> PeriodReplay:
    with reading_again(session) as shown:
        async with signed_in(session) as services:
            return await services.reporting.replays(days.start, days.end, points, told=shown)
