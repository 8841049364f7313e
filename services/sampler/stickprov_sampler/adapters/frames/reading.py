"""A register file becomes units and a report of what was seen. Nothing outlives the workspace it is read in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import duckdb

from stickprov_contracts.events import Period
from stickprov_contracts.events.sampler import StratumSize
from stickprov_contracts.http.progress import FrameStage
from stickprov_contracts.http.sampler import ClauseSeen, ColumnSeen, FrameOptions, FrameReport
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.period import months_of
from stickprov_sampler.adapters.duck import engine, fill, identifier
from stickprov_sampler.adapters.frames.cells import filled
from stickprov_sampler.adapters.frames.clear_columns import refuse_personal_numbers
from stickprov_sampler.adapters.frames.filtering import Compiled, cell, compiled
from stickprov_sampler.adapters.frames.problems import unusable_value
from stickprov_sampler.adapters.frames.rules import NOT_PROTECTED, PROTECTED, ROUNDED, RULE, SHOWN_PROBLEMS
from stickprov_sampler.adapters.frames.sources import REGISTER, Loaded, load
from stickprov_sampler.adapters.frames.subunits import count_rejected, judge_lists, judge_subunits, listed_subunits
from stickprov_sampler.adapters.frames.types import types_of
from stickprov_sampler.domain.filter.checking import Columns, ColumnType, Type
from stickprov_sampler.domain.filter.grammar import clauses_of
from stickprov_sampler.domain.filter.tree import Clause
from stickprov_sampler.domain.frame.columns import ColumnPlan, plan_columns, protection_guess

SQL = load_queries(__package__, "reading.sql")

_KINDS: Final[dict[ColumnType, tuple[Type, str]]] = {
    "integer": ("number", "BIGINT"),
    "decimal": ("number", "DECIMAL(38, 9)"),
    "date": ("date", "DATE"),
    "boolean": ("truth", "BOOLEAN"),
    "text": ("text", "VARCHAR"),
    "empty": ("text", "VARCHAR"),
}

Stage: TypeAlias = Callable[[FrameStage], None]
"""Is told what the work has come to, from any thread."""


@dataclass(frozen=True, slots=True)
class Files:
    """What was sent: the register and, in a file of their own, its subunits. Both seekable."""

    register: BinaryIO
    subunits: BinaryIO | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """A register file that was read: its units lie in the connection's tables until it closes.

    Attributes:
        columns: the frame columns that the register fills.
    """

    connection: duckdb.DuckDBPyConnection
    plan: ColumnPlan
    report: FrameReport
    source_hash: str
    columns: list[str]


@contextmanager
def reading(
    files: Files, options: FrameOptions, period: Period, work: Path, *, writable: Path, memory: str, stage: Stage
) -> Iterator[Extract]:
    """Read a register. Blocks for as long as it takes: run it in a thread.

    Args:
        files: their bytes.
        options: how to read them.
        period: that of ``options``, parsed.
        work: a private folder, for the text and what does not fit into memory.
        writable: another folder that statements on the extract may write to.
        memory: DuckDB's limit, such as ``512MB``.
        stage: is told what is being done.

    Raises:
        UndecodableError, HeaderUnreadableError, SpreadsheetError, FormatError, ColumnsError, FilterError,
        EmptyFrameError: say where and what to do.
    """
    clauses = clauses_of(options.filter) if options.filter is not None else []
    with engine(work / "spill", [work, writable], memory=memory) as connection:
        stage(FrameStage(stage="reading"))
        loaded = load(
            connection,
            files.register,
            options,
            work,
            REGISTER,
            lambda rows: stage(FrameStage(stage="reading", rows=rows)),
        )
        plan = plan_columns(loaded.header, options)
        types = types_of(connection, SQL["column_types"], len(plan.header))
        stage(FrameStage(stage="checking", rows=loaded.rows))
        refuse_personal_numbers(connection, plan, options, period.end)
        judge_lists(connection, options, plan)
        _judge(connection, plan, period, options, compiled(clauses, _columns(plan, types)), types)
        subunits = judge_subunits(connection, files.subunits, options, plan, work)
        connection.execute(SQL["drop_raw"])
        _accept(connection, listed=subunits is not None)
        report = _report(connection, loaded, plan, types, clauses, subunits)
        yield Extract(connection, plan, report, loaded.source_hash, plan.kept(subunits_file=subunits is not None))


def _accept(connection: duckdb.DuckDBPyConnection, *, listed: bool) -> None:
    repeated = not _one(connection, SQL["all_different"])[0]
    connection.execute(SQL["find_repeated" if repeated else "none_repeated"])
    joins = ("LEFT JOIN repeated USING (unit_id) " if repeated else "") + (
        "LEFT JOIN listed USING (unit_id)" if listed else ""
    )
    statement = fill(
        SQL["accept_units"],
        joins=joins,
        first="(first_row IS NULL OR row = first_row)" if repeated else "true",
        subunit_ids="coalesce(listed.ids, [])" if listed else "subunit_ids",
        subunits="coalesce(len(listed.ids), 0)" if listed else "subunits",
    )
    connection.execute(statement)


def _columns(plan: ColumnPlan, types: list[ColumnType]) -> Columns:
    number = None if plan.personal_number is None else plan.header[plan.personal_number]
    secret = frozenset(plan.header[place] for place in plan.secret)
    return Columns(dict(zip(plan.header, types, strict=True)), secret, number)


def _judge(
    connection: duckdb.DuckDBPyConnection,
    plan: ColumnPlan,
    period: Period,
    options: FrameOptions,
    chosen: Compiled,
    types: list[ColumnType],
) -> None:
    roles = {
        role: filled(getattr(plan, role)) for role in ("month", "stratum", "unit", "handler", "subunits", "protection")
    }
    months = months_of(period)
    unit_is_number = plan.unit_id == plan.personal_number
    statement = fill(
        SQL["judge_units"],
        rule=RULE,
        unit_id=filled(plan.unit_id),
        personal_number=filled(plan.personal_number),
        **listed_subunits(options, plan),
        unit_value="coalesce(digits, unit_text)" if unit_is_number else "unit_text",
        unit_is_number=str(unit_is_number).lower(),
        carried=_carried(plan, types),
        removed_by=chosen.removed_by,
        **roles,
    )
    values: dict[str, object] = {
        "rounded": ROUNDED,
        "protection_words": [*PROTECTED, *NOT_PROTECTED],
        "extract_date": options.extract_date,
        "first_month": months[0],
        "months": months,
        "start": period.start,
        "end": period.end,
    }
    connection.execute(statement, values | chosen.values)


def _typed(place: int, kind: ColumnType) -> str:
    value, stored = _KINDS[kind]
    return f"{cell(place, value)}::{stored}"


def _carried(plan: ColumnPlan, types: list[ColumnType]) -> str:
    """Return the expressions for what the two files need of a row, beside what every unit has."""
    further = [f"{_typed(place, types[place])} AS k{place}" for place in plan.further]
    identity = [f"{'digits' if place == plan.personal_number else f'c{place}'} AS i{place}" for place in plan.identity]
    protected = [] if plan.protection is None else [f"coalesce(protection_text IN {PROTECTED!r}, false) AS protected"]
    return "".join(f", {expression}" for expression in further + identity + protected)


def kept_columns(plan: ColumnPlan) -> str:
    """Return the expressions for the frame's further columns, from those of the judged rows."""
    return "".join(f", k{place} AS {identifier(plan.header[place])}" for place in plan.further)


def _report(
    connection: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    plan: ColumnPlan,
    types: list[ColumnType],
    clauses: list[Clause],
    subunits: list[FieldProblem] | None,
) -> FrameReport:
    accepted, counted = _one(connection, SQL["count_units"])
    removed = dict(connection.execute(SQL["count_removed"]).fetchall())
    excluded = sum(removed.values())
    found = connection.execute(SQL["problems"], {"limit": SHOWN_PROBLEMS}).fetchall()
    problems = loaded.unreadable + [unusable_value(plan, *problem) for problem in found]
    problems.sort(key=lambda problem: problem.row or 0)
    return FrameReport(
        format=loaded.format,
        encoding=loaded.encoding,
        delimiter=loaded.delimiter,
        sheet=loaded.sheet,
        sheets=loaded.sheets,
        columns=[ColumnSeen(name=name, type=kind) for name, kind in zip(plan.header, types, strict=True)],
        rows=loaded.rows,
        accepted=accepted,
        excluded=excluded,
        clauses=[
            ClauseSeen(text=clause.text, removed=removed.get(number, 0))
            for number, clause in enumerate(clauses, start=1)
        ],
        rejected_rows=loaded.rows - accepted - excluded,
        rejected_subunit_rows=count_rejected(connection, subunits),
        rejected=[*problems, *(subunits or [])][:SHOWN_PROBLEMS],
        duplicates=_one(connection, SQL["count_repeats"])[0],
        strata=[
            StratumSize(stratum=stratum, month=month, size=size)
            for stratum, month, size in connection.execute(SQL["strata"]).fetchall()
        ],
        subunits=counted,
        protected=None if plan.protection is None else _one(connection, SQL["count_protected"])[0],
        protection_guess=protection_guess(plan),
    )


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(statement).fetchone()
    if row is None:
        raise RuntimeError(f"no row from: {statement}")
    return row
