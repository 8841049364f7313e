"""`stickprov stats`: the statistics of a control point, as the board uses them, their trend and their differences."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from rich.markup import escape

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.reporting import EVERY_YEAR, Known, Positions
from stickprov_client.cli.as_of import At, On, known_at
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.measure_tables import print_register
from stickprov_client.cli.options import AsJson, From, PeriodLabel, To, chosen_range
from stickprov_client.cli.session import Session, session_of
from stickprov_client.cli.statistics_tables import print_statistics
from stickprov_client.cli.trend_tables import print_difference, print_trend
from stickprov_client.documents.statistics_table import Row, statistics_table, trend_table
from stickprov_client.documents.table_writing import as_csv, as_xlsx
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import whole
from stickprov_client.language.periods import DateRange, range_of, whole_months, whole_years
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.http.trends import PeriodDifference, Trend, TrendStep

Answer = TypeVar("Answer")

_NAMED: Final = 5
"""How many control points are named to one that misspelt another."""

_ByStep = Annotated[
    TrendStep | None, typer.Option("--by", help="The trend: each month, quarter, tertial, half-year or year instead.")
]
_Against = Annotated[
    str | None, typer.Option("--against", help="The difference from another period, such as 2020-Q1, instead.")
]
_Csv = Annotated[Path | None, typer.Option("--csv", help="Write the figures into this CSV file.")]
_Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Write the figures into this XLSX file.")]
_SamplerPosition = Annotated[
    int | None, typer.Option("--sampler-position", min=0, help="As known up to there in the sampler's log.")
]
_FindingsPosition = Annotated[
    int | None, typer.Option("--findings-position", min=0, help="As known up to there in the log of findings.")
]


class _Printed(Statistics):
    """The statistics with what rules have counted in the same frames."""

    register_measures: list[RegisterMeasure]


def stats(
    context: typer.Context,
    control_point: Annotated[str, typer.Argument(metavar="CONTROL_POINT", help="Its id, such as AMF-2021-3.")],
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    by: _ByStep = None,
    against: _Against = None,
    csv: _Csv = None,
    xlsx: _Xlsx = None,
    sampler_position: _SamplerPosition = None,
    findings_position: _FindingsPosition = None,
    at: At = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Show the statistics of a control point: shares with their intervals, what was left out, answers, agreement.

    Without any dates: of every draw there is. With --by their trend, with --against the difference between two
    periods. --csv and --xlsx write every figure as a row of its own. --on and --at give the figures as they were known
    then, before what was corrected since.
    """
    session = session_of(context)
    days = chosen_range(start, end, period) if start or end or period else None
    if by is not None and against is not None:
        raise BadInput("Give either --by or --against.")
    positions = known_at(at, on, _positions(sampler_position, findings_position))
    if against is not None:
        if csv or xlsx:
            raise BadInput("--against goes with --json, but with no file.")
        periods = (chosen_range(start, end, period), _range("--against", against))
        _show_difference(session, control_point, periods, positions, as_json=as_json)
    elif by is not None:
        trend = call(session, lambda services: _trend(services, control_point, by, days, positions))
        if not _written(session, trend_table(trend), csv, xlsx):
            _tell_known(session, positions, as_json=as_json)
            print_json(trend) if as_json else print_trend(trend, session.language)
    else:
        found, register = call(session, lambda services: _read(services, control_point, days, positions))
        if not _written(session, statistics_table(found), csv, xlsx):
            _tell_known(session, positions, as_json=as_json)
            _show(session, found, register, as_json=as_json)


def _tell_known(session: Session, known: Known | None, *, as_json: bool) -> None:
    """Say first that these are the figures of another time."""
    if isinstance(known, datetime) and not as_json:
        line = session.say("As it was known {moment}:").format(moment=moment(known, session.language))
        stdout().print(f"[bold]{escape(line)}[/]")


def _show(session: Session, found: Statistics, register: list[RegisterMeasure], *, as_json: bool) -> None:
    if as_json:
        print_json(_Printed(**dict(found), register_measures=register))
        return
    if found.total.drawn or not register:
        print_statistics(found, session.language)
    print_register(register, session.language)


def _show_difference(
    session: Session,
    control_point: str,
    periods: tuple[DateRange, DateRange],
    positions: Known | None,
    *,
    as_json: bool,
) -> None:
    wanted, against = ((one.start, one.end) for one in periods)

    async def ask(services: Services) -> PeriodDifference:
        asked = services.reporting.difference(control_point, wanted, against, positions=positions)
        return await _as_known(services, control_point, positions, asked)

    found = call(session, ask)
    _tell_known(session, positions, as_json=as_json)
    print_json(found) if as_json else print_difference(found, session.language)


def _written(session: Session, table: tuple[Sequence[str], Sequence[Row]], csv: Path | None, xlsx: Path | None) -> bool:
    """Write the files that are wanted, and tell; whether there were any."""
    for option, file, writing in (("--csv", csv, as_csv), ("--xlsx", xlsx, as_xlsx)):
        if file is None:
            continue
        try:
            file.write_bytes(writing(*table))
        except OSError as error:
            raise BadInput(f"{file} cannot be written: {error.strerror}.", option) from None
        line = session.say("{count} rows are in {file}.")
        stdout().print(escape(line.format(count=whole(len(table[1]), session.language), file=file)))
    return csv is not None or xlsx is not None


def _positions(sampler: int | None, findings: int | None) -> Positions | None:
    if sampler is None and findings is None:
        return None
    if sampler is None or findings is None:
        raise BadInput("Give both --sampler-position and --findings-position, or none of them.")
    return Positions(sampler=sampler, findings=findings)


def _range(option: str, label: str) -> DateRange:
    try:
        return range_of(label)
    except ValueError as error:
        raise BadInput(str(error), option) from None


async def _read(
    services: Services, control_point: str, days: DateRange | None, positions: Known | None
) -> tuple[Statistics, list[RegisterMeasure]]:
    if days is None:
        days = await _everything(services, control_point)
    asked = services.reporting.statistics(control_point, days.start, days.end, positions=positions)
    found = await _as_known(services, control_point, positions, asked)
    return found, await services.reporting.register_measures(control_point, days.start, days.end)


async def _trend(
    services: Services, control_point: str, by: TrendStep, days: DateRange | None, positions: Known | None
) -> Trend:
    if days is None:
        days = whole_years(await _everything(services, control_point))
    asked = services.reporting.trend(control_point, by, days.start, days.end, positions=positions)
    return await _as_known(services, control_point, positions, asked)


async def _everything(services: Services, control_point: str) -> DateRange:
    known = await services.reporting.control_points(EVERY_YEAR)
    point = _among(known, control_point)
    if point.start is None or point.end is None:
        raise BadInput(f"Nothing has been drawn for {control_point}; for register measures give --period.")
    return whole_months(point.start, point.end)


async def _as_known(
    services: Services, control_point: str, positions: Known | None, asked: Awaitable[Answer]
) -> Answer:
    """Wait for what was known at a moment; say that nothing was, of a control point that came later.

    Raises:
        BadInput: nothing was known of it then, or it is none today either.
    """
    try:
        return await asked
    except ApiProblem as error:
        if positions is None or error.problem.status != HTTPStatus.NOT_FOUND:
            raise
    _among(await services.reporting.control_points(EVERY_YEAR), control_point)
    raise BadInput(f"Nothing was known of {control_point} then: it was not yet in the logs.")


def _among(known: Sequence[ControlPointSummary], control_point: str) -> ControlPointSummary:
    """Return the control point that was meant.

    Raises:
        BadInput: there is none of that name.
    """
    found = next((one for one in known if one.control_point == control_point), None)
    if found is not None:
        return found
    if not known:
        raise BadInput(f"There is no control point {control_point}; none was defined yet.")
    names = ", ".join(one.control_point for one in known[:_NAMED])
    more = " and others" if len(known) > _NAMED else ""
    raise BadInput(f"There is no control point {control_point}. There are: {names}{more}.")
