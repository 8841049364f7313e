"""From the projection's tables to the domain's words and back."""

import json
from collections.abc import Mapping

import asyncpg

from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.fold import Definition
from stickprov_reporting.domain.projection.row import CaseRow, Drawn, Review, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey

Columns = tuple[list[object], ...]
"""Lists of the same length, one a column, as ``unnest`` takes them."""

_NONE = "[]"


def row_of(record: asyncpg.Record) -> tuple[RowKey, CaseRow]:
    """Read ``draw, control_point, case_id, month, unit, stratum, version, reviewed, remark, categories``."""
    draw, point, case, month, unit, stratum, version, reviewed, remark, categories = record
    drawn = None if month is None else Drawn(month, unit, stratum)
    named = () if categories == _NONE else tuple(json.loads(categories))
    return RowKey(draw, point, case.hex()), CaseRow(drawn, Review(version, reviewed, remark, named))


def row_columns(rows: Mapping[RowKey, CaseRow]) -> Columns:
    """Return the columns that ``row_of`` reads."""
    columns: Columns = ([], [], [], [], [], [], [], [], [], [])
    adders = tuple(column.append for column in columns)
    for (draw, point, case), (drawn, (version, reviewed, remark, categories)) in rows.items():
        month, unit, stratum = drawn or (None, None, None)
        named = json.dumps(categories) if categories else _NONE
        values = (draw, point, bytes.fromhex(case), month, unit, stratum, version, reviewed, remark, named)
        for add, value in zip(adders, values, strict=True):
            add(value)
    return columns


def key_columns(rows: Mapping[RowKey, object]) -> Columns:
    """Return draw, control point and case of rows."""
    return (
        [key.draw for key in rows],
        [key.control_point for key in rows],
        [bytes.fromhex(key.case) for key in rows],
    )


def cell_of(record: asyncpg.Record) -> tuple[CellKey, int]:
    """Read ``control_point, draw, month, unit, stratum, indicator, value``."""
    *key, value = record
    return CellKey(*key), value


def cell_columns(cells: Mapping[CellKey, int]) -> Columns:
    """Return the columns that ``cell_of`` reads."""
    return _columns(7, [(*key, value) for key, value in cells.items()])


def stratum_of(record: asyncpg.Record) -> tuple[StratumKey, Stratum]:
    """Read ``control_point, draw, stratum, month, size, period_start, period_end, stratified_by``."""
    point, draw, stratum, month, size, start, end, stratified_by = record
    return StratumKey(point, draw, stratum, month), Stratum(size, start, end, tuple(json.loads(stratified_by)))


def stratum_columns(strata: Mapping[StratumKey, Stratum]) -> Columns:
    """Return the columns that ``stratum_of`` reads."""
    return _columns(8, [(*key, *stratum[:3], json.dumps(stratum.stratified_by)) for key, stratum in strata.items()])


def definition_of(record: asyncpg.Record) -> tuple[str, Definition]:
    """Read ``control_point, version, definition``."""
    point, version, definition = record
    return point, Definition(version, ControlPointDefined.model_validate_json(definition))


def definition_columns(definitions: Mapping[str, Definition]) -> Columns:
    """Return the columns that ``definition_of`` reads."""
    return _columns(3, [(point, found.version, found.point.model_dump_json()) for point, found in definitions.items()])


def _columns(width: int, rows: list[tuple[object, ...]]) -> Columns:
    return tuple(list(column) for column in zip(*rows, strict=True)) if rows else tuple([] for _ in range(width))
