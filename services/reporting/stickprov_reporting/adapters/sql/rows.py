"""From the projection's tables to the domain's words and back."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

import asyncpg

from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.fold import Definition
from stickprov_reporting.domain.projection.row import CaseRow, Drawn, Review, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey

Columns = tuple[list[object], ...]
"""Lists of the same length, one a column, as ``unnest`` takes them."""

_NONE = "[]"
_UNKNOWN = (None, None, None)


def row_of(record: asyncpg.Record) -> tuple[RowKey, CaseRow]:
    """Read ``draw, control_point, case_id`` and the columns that ``case_row_of`` reads."""
    draw, point, case, *columns = record
    return RowKey(draw, point, case.hex()), case_row_of(*columns)


def case_row_of(
    month: str | None,
    unit: str,
    stratum: str,
    version: int,
    reviewed: bool,
    remark: bool,
    categories: str,
    replaced: bool,
) -> CaseRow:
    """Read what is known of a case."""
    drawn = None if month is None else Drawn(month, unit, stratum)
    named = () if categories == _NONE else tuple(json.loads(categories))
    return CaseRow(drawn, Review(version, reviewed, remark, named), replaced)


def key_columns(keys: Iterable[RowKey]) -> Columns:
    """Return draws and control points, each pair once, then of each key the number of its pair and its case."""
    pairs: dict[tuple[UUID, str], int] = {}
    numbers: list[object] = []
    cases: list[object] = []
    for draw, point, case in keys:
        numbers.append(pairs.setdefault((draw, point), len(pairs) + 1))
        cases.append(bytes.fromhex(case))
    return (*_columns(2, list(pairs)), numbers, cases)


def row_columns(rows: Mapping[RowKey, CaseRow]) -> Columns:
    """Return what rows have beside their case, each kind once, then of each row its case and the number of its kind."""
    kinds: dict[tuple[UUID, str, CaseRow], int] = {}
    cases: list[object] = []
    numbers: list[object] = []
    for (draw, point, case), row in rows.items():
        cases.append(bytes.fromhex(case))
        numbers.append(kinds.setdefault((draw, point, row), len(kinds) + 1))
    return (*_columns(10, [_kind(*kind) for kind in kinds]), cases, numbers)


def _kind(draw: UUID, point: str, row: CaseRow) -> tuple[object, ...]:
    version, reviewed, remark, categories = row.review
    return (draw, point, *(row.drawn or _UNKNOWN), version, reviewed, remark, json.dumps(categories), row.replaced)


def cell_of(record: asyncpg.Record) -> tuple[CellKey, int]:
    """Read ``control_point, draw, month, unit, stratum, indicator, value``."""
    *key, value = record
    return CellKey(*key), value


def cell_columns(cells: Mapping[CellKey, int]) -> Columns:
    """Return the columns that ``cell_of`` reads."""
    return _columns(7, [(*key, value) for key, value in cells.items()])


def stratum_of(record: asyncpg.Record) -> tuple[StratumKey, Stratum]:
    """Read the key ``control_point, draw, stratum, month``, then the fields of ``Stratum`` in their order."""
    *key, size, start, end, design, stratified_by = record
    return StratumKey(*key), Stratum(size, start, end, design, tuple(json.loads(stratified_by)))


def stratum_columns(strata: Mapping[StratumKey, Stratum]) -> Columns:
    """Return the columns that ``stratum_of`` reads."""
    return _columns(10, [(*key, *stratum[:-1], json.dumps(stratum.stratified_by)) for key, stratum in strata.items()])


def definition_of(record: asyncpg.Record) -> tuple[str, Definition]:
    """Read ``control_point, version, definition``."""
    point, version, definition = record
    return point, Definition(version, ControlPointDefined.model_validate_json(definition))


def definition_columns(definitions: Mapping[str, Definition]) -> Columns:
    """Return the columns that ``definition_of`` reads."""
    return _columns(3, [(point, found.version, found.point.model_dump_json()) for point, found in definitions.items()])


def _columns(width: int, rows: list[tuple[object, ...]]) -> Columns:
    return tuple(list(column) for column in zip(*rows, strict=True)) if rows else tuple([] for _ in range(width))
