"""`stickprov stats`: the statistics of a control point, as the board uses them."""

import asyncio
from typing import Annotated

import typer

from stickprov_client.cli.console import print_json
from stickprov_client.cli.measure_tables import print_register
from stickprov_client.cli.options import AsJson, From, PeriodLabel, To, chosen_range
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.cli.statistics_tables import print_statistics
from stickprov_client.language.periods import DateRange
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.statistics import Statistics


class _Printed(Statistics):
    """The statistics with what rules have counted in the same frames."""

    register_measures: list[RegisterMeasure]


def stats(
    context: typer.Context,
    control_point: Annotated[str, typer.Argument(metavar="CONTROL_POINT", help="Its id, such as AMF-2021-3.")],
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    as_json: AsJson = False,
) -> None:
    """Show the statistics of a control point: by month, together, by category; and what rules counted in its frames."""
    session = session_of(context)
    days = chosen_range(start, end, period)
    statistics, register = asyncio.run(_read(session, control_point, days))
    if as_json:
        print_json(_Printed(**dict(statistics), register_measures=register))
    else:
        if statistics.total.drawn or not register:
            print_statistics(statistics, session.language)
        print_register(register, session.language)


async def _read(session: Session, control_point: str, days: DateRange) -> tuple[Statistics, list[RegisterMeasure]]:
    async with signed_in(session) as services:
        statistics = await services.reporting.statistics(control_point, days.start, days.end)
        return statistics, await services.reporting.register_measures(control_point, days.start, days.end)
