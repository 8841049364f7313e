"""Options that ask for figures as they were known at another time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from stickprov_client.api.reporting import Known
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import day

_HERE: Final = ZoneInfo("Europe/Stockholm")

At = Annotated[
    str | None, typer.Option("--at", help="As known at this time, such as 2021-04-15T12:00; Swedish time unless told.")
]
On = Annotated[str | None, typer.Option("--on", help="As known at the end of this day, YYYY-MM-DD.")]


def known_at(at: str | None, on: str | None, positions: Known | None = None) -> Known | None:
    """Return as of when figures are asked for; None for now.

    Raises:
        BadInput: more than one was given, or one is no time, or has not come yet.
    """
    if sum(one is not None for one in (at, on, positions)) > 1:
        raise BadInput("Give one of --at, --on and positions.")
    now = datetime.now(UTC)
    if at is not None:
        return _come(_moment(at), now, "--at")
    ended = day("--on", on)
    if ended is None:
        return positions
    _come(datetime.combine(ended, time.min, _HERE), now, "--on")
    return end_of_day(ended)


def _come(moment: datetime, now: datetime, option: str) -> datetime:
    if moment > now:
        raise BadInput("This time has not come yet.", option)
    return moment


def end_of_day(day_: date) -> datetime:
    """Return the last moment of a day in Sweden."""
    return datetime.combine(day_ + timedelta(days=1), time.min, _HERE) - timedelta(microseconds=1)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is no time; write it as 2021-04-15T12:00.", "--at") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=_HERE)
