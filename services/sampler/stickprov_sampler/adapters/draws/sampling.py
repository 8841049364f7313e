"""Draws from a frame file by ticket. Everything here blocks: run it in a thread."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import duckdb

from stickprov_contracts.events.sampler import StratumSize
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_sampler.adapters.draws.statements import (
    NO_SUBUNIT_IDS,
    SQL,
    amount_of,
    column,
    part_expression,
    statement_of,
    stratum_of,
)
from stickprov_sampler.adapters.duck import engine, fill
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.draw.options import columns_of
from stickprov_sampler.domain.draw.pareto import shares
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.selection import Selected
from stickprov_sampler.domain.draw.survey import MONTH, STRATUM, Amounts, Cell, Survey, beside_month
from stickprov_sampler.domain.identity.research import is_research_day

_SUBUNIT_IDS: Final = "subunit_ids"


@dataclass(frozen=True, slots=True)
class Identity:
    """What one pseudonym stands for.

    Attributes:
        fields: a JSON object of the identity columns.
        protected: whether the person's data are protected.
        research_day: whether the person was born on day 5, 15 or 25.
    """

    case: str
    unit_id: str
    fields: str
    protected: bool = False
    research_day: bool = False


@dataclass(frozen=True, slots=True)
class Sampling:
    """Draws from frame files.

    Attributes:
        frame_folder: where the frame files lie, and where what does not fit into memory goes.
        memory: DuckDB's limit, such as ``512MB``.
    """

    frame_folder: Path
    memory: str

    def select(self, frame_file: Path, plan: Plan, seed: str) -> list[Selected]:
        """Return the selected units: part by part in the order of their names, in each in the order of the draw."""
        frame = str(frame_file)
        with workspace(self.frame_folder) as work, engine(work, [frame_file.parent], memory=self.memory) as connection:
            columns = [name for (name,) in connection.execute(SQL["columns"], {"frame": frame}).fetchall()]
            ids = _SUBUNIT_IDS if _SUBUNIT_IDS in columns else NO_SUBUNIT_IDS
            statement = statement_of(plan, frame, seed, subunit_ids=ids)
            rows = connection.execute(statement.sql, dict(statement.arguments)).fetchall()
            if plan.stratified_by and len(rows) < sum(plan.taken(part) for part in plan.sizes):
                statement = statement_of(plan, frame, seed, subunit_ids=ids, bounded=False)
                rows = connection.execute(statement.sql, dict(statement.arguments)).fetchall()
        parted = groupby(rows, key=lambda row: row[8])
        return [_selected(row, order) for _, part_rows in parted for order, row in enumerate(part_rows, start=1)]

    def survey(self, frame_file: Path, request: MakeDraw) -> Survey:
        """Count what a plan for this request is made from."""
        with workspace(self.frame_folder) as work, engine(work, [frame_file.parent], memory=self.memory) as connection:
            return _survey(connection, str(frame_file), request, columns_of(request))

    def sizes(self, frame_file: Path) -> list[StratumSize]:
        """Return how many units a frame file holds by stratum and month."""
        rows = self._rows(SQL["sizes"], frame_file, {"frame": str(frame_file)})
        return [StratumSize(stratum=stratum, month=month, size=size) for stratum, month, size in rows]

    def present(self, frame_file: Path, cases: Sequence[str]) -> int:
        """Return how many of some cases a frame file holds."""
        rows = self._rows(SQL["present"], frame_file, {"frame": str(frame_file), "cases": list(cases)})
        return int(rows[0][0])

    def identities(self, identity_file: Path, cases: Sequence[str]) -> list[Identity]:
        """Return what the given pseudonyms stand for, from an identity file in clear, which lies in a workspace."""
        arguments: dict[str, object] = {"identities": str(identity_file), "cases": list(cases)}
        # What does not fit into memory goes where the file lies, never into the folder of the frames.
        with engine(identity_file.parent / "spill", [identity_file.parent], memory=self.memory) as connection:
            columns = connection.execute(SQL["columns"], {"frame": str(identity_file)}).fetchall()
            if ("protected",) not in columns:
                rows = connection.execute(SQL["identities_of_old"], arguments).fetchall()
                return [of_old(case, unit_id, fields) for case, unit_id, fields in rows]
            rows = connection.execute(SQL["identities"], arguments).fetchall()
        return [
            Identity(case, unit_id, _json(fields), protected=protected, research_day=research_day)
            for case, unit_id, fields, protected, research_day in rows
        ]

    def _rows(self, statement: str, file: Path, arguments: dict[str, object]) -> list[tuple[Any, ...]]:
        with workspace(self.frame_folder) as work, engine(work, [file.parent], memory=self.memory) as connection:
            return connection.execute(statement, arguments).fetchall()


def of_old(case: str, unit_id: str, fields: Mapping[str, str]) -> Identity:
    """Return an identity of a release that told neither protection nor birthdays: it follows from the numbers in it."""
    research_day = any(is_research_day(text) for text in (unit_id, *fields.values()))
    return Identity(case, unit_id, _json(fields), research_day=research_day)


def by_size(plan: Plan, survey: Survey) -> Plan:
    """Return the plan of a logged draw with the sizes that its chances are shared out by, if they are."""
    amounts = survey.amounts
    if plan.size_column is None or amounts is None:
        return plan
    n = sum(plan.wanted.values())
    return replace(plan, shared=shares(n, amounts.largest[:n], amounts.total))


def needs_counting(request: MakeDraw) -> bool:
    """Return whether a plan needs more than what the frame's event tells."""
    by_column = not set(columns_of(request)) <= {MONTH, STRATUM}
    return by_column or request.design in {"systematic", "pps"} or request.allocate == "per_reviewer"


def _survey(connection: duckdb.DuckDBPyConnection, frame: str, request: MakeDraw, by: Sequence[str]) -> Survey:
    def rows(name: str, **parts: str) -> list[tuple[Any, ...]]:
        arguments: dict[str, object] = {"frame": frame}
        if name == "largest":
            arguments["n"] = request.n or 0
        return connection.execute(fill(SQL[name], **parts), arguments).fetchall()

    columns = [name for (name,) in rows("columns")]
    if not set(by) <= set(columns):
        return Survey(columns, [])
    stratum, others = stratum_of(by), beside_month(by)
    cells = [Cell(month, name, count) for month, name, count in rows("cells", stratum=stratum)]
    handlers: dict[str, int] = {}
    if request.allocate == "per_reviewer":
        handlers = dict(rows("handlers", part=part_expression(by)))
    without = rows("without_handler")[0][0] if request.design == "per_group" else 0
    clashes: list[str] = []
    if len(others) > 1:
        values = "row(" + ", ".join(column(name) for name in others) + ")"
        clashes = [name for (name,) in rows("clashes", stratum=stratum, values=values)]
    amounts = None
    if request.size_column in columns and request.size_column is not None:
        amount = amount_of(request.size_column)
        ((total, unusable),) = rows("amounts", amount=amount)
        largest = [size for (size,) in rows("largest", amount=amount)]
        amounts = Amounts(total or Decimal(0), unusable, largest)
    return Survey(columns, cells, handlers, without, clashes=clashes, amounts=amounts)


def _selected(row: tuple[Any, ...], order: int) -> Selected:
    case, month, stratum, unit, handler, subunits, ids, ticket, part, chance = row
    named = None if ids is None else tuple(ids)
    return Selected(case, month, stratum, unit, handler, subunits, ticket, order, part, chance, named)


def _json(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False)
