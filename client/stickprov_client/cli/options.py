"""Options that several commands share."""

from typing import Annotated

import typer

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import day
from stickprov_client.language.periods import DateRange, range_of

AsJson = Annotated[bool, typer.Option("--json", help="Print the API's JSON instead of a table.")]
From = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", help="The day after the last, YYYY-MM-DD.")]
PeriodLabel = Annotated[
    str | None, typer.Option("--period", help="2021, 2021-Q1, 2021-T1 or 2021-03, instead of --from and --to.")
]


def chosen_range(start: str | None, end: str | None, period: str | None) -> DateRange:
    """Read a date range from --from and --to, or from --period.

    Raises:
        BadInput: none or both are given, or one is no date.
    """
    if period is not None:
        if start or end:
            raise BadInput("Give either --period, or --from and --to.")
        try:
            return range_of(period)
        except ValueError as error:
            raise BadInput(str(error), "--period") from None
    first, after = day("--from", start), day("--to", end)
    if first is None or after is None:
        raise BadInput("Say which days: --from 2021-01-01 --to 2021-04-01, or --period 2021-Q1.")
    found = DateRange(first, after)
    if found.start >= found.end:
        raise BadInput("--to is the day after the last, so it must be later than --from.")
    return found
