"""A register file becomes units and a report of what was seen. Nothing outlives the workspace it is read in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import duckdb

from stickprov_contracts.events import Period
from stickprov_contracts.events.sampler import StratumSize
from stickprov_contracts.http.sampler import ColumnSeen, FrameOptions, FrameReport
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import engine, fill, text_literal
from stickprov_sampler.adapters.frames.layout import SPACE, Delimiter, detect_delimiter, empty_rows, read_header
from stickprov_sampler.adapters.frames.problems import unreadable_row, unusable_value
from stickprov_sampler.adapters.frames.text import Text, transcode
from stickprov_sampler.domain.frame.columns import ColumnPlan, plan_columns
from stickprov_sampler.domain.frame.freezing import EmptyFrameError
from stickprov_sampler.domain.period import months_of

SQL = load_queries(__package__, "reading.sql")

SHOWN_PROBLEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Extract:
    """A register file that was read: its units lie in the connection's tables until it closes."""

    connection: duckdb.DuckDBPyConnection
    plan: ColumnPlan
    report: FrameReport
    source_hash: str


@contextmanager
def reading(
    source: BinaryIO, options: FrameOptions, period: Period, work: Path, *, writable: Path, memory: str
) -> Iterator[Extract]:
    """Read a register file. Blocks for as long as it takes: run it in a thread.

    Args:
        source: the file's bytes; seekable.
        options: how to read them.
        period: that of ``options``, parsed.
        work: a private folder, for the text and what does not fit into memory.
        writable: another folder that statements on the extract may write to.
        memory: DuckDB's limit, such as ``512MB``.

    Raises:
        UndecodableError, HeaderUnreadableError, ColumnsError, EmptyFrameError: say where and what to do.
    """
    text = transcode(source, work / "register.csv", options.encoding)
    delimiter: Delimiter = options.delimiter or detect_delimiter(text.path)
    plan = plan_columns(read_header(text.path, delimiter), options)
    with engine(work / "spill", [work, writable], memory=memory) as connection:
        unreadable = _load(connection, text, delimiter, plan)
        _judge(connection, plan, period)
        yield Extract(connection, plan, _report(connection, text, delimiter, plan, unreadable), text.source_hash)


def _load(
    connection: duckdb.DuckDBPyConnection, text: Text, delimiter: Delimiter, plan: ColumnPlan
) -> list[FieldProblem]:
    """Fill the view or table ``numbered``; return the rows that do not fit the header."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(plan.header)))
    connection.execute(
        fill(SQL["read_text"], columns=f"{{{columns}}}"), {"path": str(text.path), "delimiter": delimiter}
    )
    unreadable = connection.execute(SQL["unreadable_rows"]).fetchall()
    # DuckDB leaves empty lines out, except where one column makes them a row without a value.
    empty = empty_rows(text.path) if text.empty_lines and len(plan.header) > 1 else []
    gaps = sorted({row for row, _ in unreadable} | set(empty))
    read = _one(connection, SQL["count_raw"])[0]
    if read + len(unreadable) == 0:
        raise EmptyFrameError("The file has a header but no rows under it. Export the register again.")
    if gaps:
        connection.execute(SQL["number_rows_around_gaps"], {"gaps": gaps, "last": read + len(gaps) + 1})
    else:
        connection.execute(SQL["number_rows"])
    return [unreadable_row(row, reason, len(plan.header)) for row, reason in unreadable]


def _judge(connection: duckdb.DuckDBPyConnection, plan: ColumnPlan, period: Period) -> None:
    roles = {
        role: "NULL::VARCHAR" if place is None else f"trim(coalesce(c{place}, ''), {text_literal(SPACE)})"
        for role in ("month", "stratum", "unit", "handler", "subunits")
        for place in [getattr(plan, role)]
    }
    months = months_of(period)
    connection.execute(
        fill(SQL["judge_units"], unit_id=f"c{plan.unit_id}", **roles),
        {"space": SPACE, "first_month": months[0], "months": months, "start": period.start, "end": period.end},
    )
    connection.execute(SQL["find_repeated"])
    connection.execute(SQL["accept_units"])


def _report(
    connection: duckdb.DuckDBPyConnection,
    text: Text,
    delimiter: Delimiter,
    plan: ColumnPlan,
    unreadable: list[FieldProblem],
) -> FrameReport:
    accepted, subunits = _one(connection, SQL["count_units"])
    rows = _one(connection, SQL["count_raw"])[0] + len(unreadable)
    found = connection.execute(SQL["problems"], {"limit": SHOWN_PROBLEMS}).fetchall()
    problems = unreadable + [unusable_value(plan, *problem) for problem in found]
    problems.sort(key=lambda problem: problem.row or 0)
    return FrameReport(
        encoding=text.encoding,
        delimiter=delimiter,
        columns=[
            ColumnSeen(name=name, type=_one(connection, fill(SQL["column_type"], column=f"c{i}"), {"space": SPACE})[0])
            for i, name in enumerate(plan.header)
        ],
        rows=rows,
        accepted=accepted,
        rejected_rows=rows - accepted,
        rejected=problems[:SHOWN_PROBLEMS],
        duplicates=_one(connection, SQL["count_repeats"])[0],
        strata=[
            StratumSize(stratum=stratum, month=month, size=size)
            for stratum, month, size in connection.execute(SQL["strata"]).fetchall()
        ],
        subunits=subunits,
    )


def _one(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: dict[str, object] | None = None
) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(statement, parameters or {}).fetchone()
    if row is None:
        raise RuntimeError(f"no row from: {statement}")
    return row
