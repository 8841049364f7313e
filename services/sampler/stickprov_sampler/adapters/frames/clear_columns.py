"""Personal numbers in columns that would reach the frame, and with it the log, in clear.

What must not break: nobody's number gets into the log because a coordinator named the wrong column. What stands in the
log cannot be erased.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import duckdb

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import fill
from stickprov_sampler.adapters.frames.cells import value
from stickprov_sampler.adapters.frames.rules import ROUNDED, RULE
from stickprov_sampler.domain.frame.columns import ColumnPlan, ColumnsError

SQL = load_queries(__package__, "clear_columns.sql")

_ONE_IN: Final = 20
"""Ten or twelve digits in a row may be an invoice's; one in 250 of any such is a personal number by chance."""


def refuse_personal_numbers(
    connection: duckdb.DuckDBPyConnection, plan: ColumnPlan, options: FrameOptions, end: date
) -> None:
    """Refuse a register of which a column in clear holds personal numbers. The view ``numbered`` is looked through.

    Args:
        connection: where the register was loaded.
        plan: which column means what.
        options: as they were given.
        end: of the period; stands in for the day of the extract where that is not told.

    Raises:
        ColumnsError: names the columns and the first row.
    """
    problems = [
        problem
        for option, place in _in_clear(plan, options)
        if (problem := _problem_with(connection, option, plan.header[place], place, options.extract_date or end))
    ]
    if problems:
        raise ColumnsError(problems)


def _in_clear(plan: ColumnPlan, options: FrameOptions) -> Iterator[tuple[str, int]]:
    """Yield the options that name a column that is kept as it is, and its place."""
    for role in ("stratum", "unit"):
        place = getattr(plan, role)
        if place is not None:
            yield f"{role}_column", place
    for place in plan.further:
        yield f"kept_columns.{options.kept_columns.index(plan.header[place])}", place


def _problem_with(
    connection: duckdb.DuckDBPyConnection, option: str, name: str, place: int, extract_date: date
) -> FieldProblem | None:
    statement = fill(SQL["personal_numbers"], value=value(place), rule=RULE)
    counts = connection.execute(statement, {"extract_date": extract_date, "rounded": ROUNDED}).fetchone()
    if counts is None:
        raise RuntimeError("no row from personal_numbers")
    found, first, first_signed, values = counts
    if first_signed is None and found * _ONE_IN <= values:
        return None
    row = first if first_signed is None else first_signed
    message = (
        f"Column “{name}” holds personal numbers, the first in row {row}, and the frame keeps it in clear. "
        "Name it as a column that identifies a person, or leave it out."
    )
    return FieldProblem(field=option, code=ColumnsError.code, message=message, row=row)
