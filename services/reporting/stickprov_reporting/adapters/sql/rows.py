"""From the projection's tables to the domain's words and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg

from stickprov_contracts.events import EVENT_TYPES, type_name
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.cases_behind import CaseStatus
from stickprov_reporting.adapters.sql import details
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.chronicle import ChronicleKey, Entry
from stickprov_reporting.domain.projection.fold import Definition
from stickprov_reporting.domain.projection.review import UNHEARD, Review
from stickprov_reporting.domain.projection.row import CaseRow, Drawn, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.reading import Serving

Columns = tuple[list[object], ...]
"""Lists of the same length, one a column, as ``unnest`` takes them."""

_NONE = "[]"
_UNKNOWN = (None, None, None, None, None)
_WIDTH = 16
"""Columns of a kind of row: draw, control point, and what ``case_row_of`` reads."""


def row_of(record: asyncpg.Record) -> tuple[RowKey, CaseRow]:
    """Read ``draw, control_point, case_id`` and the columns that ``case_row_of`` reads."""
    draw, point, case, *columns = record
    return RowKey(draw, point, case.hex()), case_row_of(*columns)


def case_row_of(
    month: str | None,
    unit: str,
    stratum: str,
    subunits: int,
    probability: float,
    replaced: bool,
    version: int,
    status: CaseStatus,
    reason: str,
    remark: bool,
    categories: str,
    detail: str | None,
    second: str | None,
    file_review: str | None,
) -> CaseRow:
    """Read what is known of a case."""
    drawn = None if month is None else Drawn(month, unit, stratum, subunits, probability)
    named = () if categories == _NONE else tuple(json.loads(categories))
    review = Review(version, status, reason, remark, named) if version else UNHEARD
    if detail is None and second is None and file_review is None:
        return CaseRow(drawn, review, replaced)
    review, first = details.with_detail(review, detail)
    return CaseRow(
        drawn, review, replaced, first, details.second_from_json(second), details.file_review_from_json(file_review)
    )


def key_columns(keys: Iterable[RowKey]) -> Columns:
    """Return draws and control points, each pair once, then of each key the number of its pair and its case."""
    pairs: dict[tuple[UUID, str], int] = {}
    numbers: list[object] = []
    cases: list[object] = []
    for draw, point, case in keys:
        numbers.append(pairs.setdefault((draw, point), len(pairs) + 1))
        cases.append(bytes.fromhex(case))
    return (*_columns(2, list(pairs)), numbers, cases)


def serving_columns(servings: Iterable[Serving]) -> Columns:
    """Return control points and draws."""
    return _columns(2, list(servings))


def row_columns(rows: Mapping[RowKey, CaseRow]) -> Columns:
    """Return what rows have beside their case, each kind once, then of each row its case and the number of its kind."""
    kinds: dict[tuple[UUID, str, CaseRow], int] = {}
    cases: list[object] = []
    numbers: list[object] = []
    for (draw, point, case), row in rows.items():
        cases.append(bytes.fromhex(case))
        numbers.append(kinds.setdefault((draw, point, row), len(kinds) + 1))
    return (*_columns(_WIDTH, [_kind(*kind) for kind in kinds]), cases, numbers)


def _kind(draw: UUID, point: str, row: CaseRow) -> tuple[object, ...]:
    review = row.review
    return (
        draw,
        point,
        *(row.drawn or _UNKNOWN),
        row.replaced,
        *review[:4],
        json.dumps(review.categories),
        details.detail_as_json(review, row.first),
        details.second_as_json(row.second),
        details.file_review_as_json(row.file_review),
    )


def cell_of(record: asyncpg.Record) -> tuple[CellKey, int]:
    """Read ``control_point, draw, month, unit, stratum, indicator, value``."""
    *key, value = record
    return CellKey(*key), int(value)


def cell_columns(cells: Mapping[CellKey, int]) -> Columns:
    """Return the columns that ``cell_of`` reads."""
    return _columns(7, [(*key, value) for key, value in cells.items()])


def stratum_of(record: asyncpg.Record) -> tuple[StratumKey, Stratum]:
    """Read the key ``control_point, draw, stratum, month``, then the fields of ``Stratum`` in their order."""
    point, draw, stratum, month, size, start, end, design, by, *rest = record
    return StratumKey(point, draw, stratum, month), Stratum(size, start, end, design, tuple(json.loads(by)), *rest)


def stratum_columns(strata: Mapping[StratumKey, Stratum]) -> Columns:
    """Return the columns that ``stratum_of`` reads."""
    return _columns(
        13, [(*key, *found[:4], json.dumps(found.stratified_by), *found[5:]) for key, found in strata.items()]
    )


def definition_of(record: asyncpg.Record) -> tuple[str, Definition]:
    """Read ``control_point, version, definition``."""
    point, version, definition = record[:3]
    return point, Definition(version, ControlPointDefined.model_validate_json(definition))


def definition_columns(definitions: Mapping[str, Definition]) -> Columns:
    """Return the columns that ``definition_of`` reads, and the year."""
    rows = [(point, it.version, it.point.model_dump_json(), it.point.year) for point, it in definitions.items()]
    return _columns(4, rows)


def entry_of(record: asyncpg.Record) -> tuple[ChronicleKey, Entry]:
    """Read ``source, position, stream, version, time, actor, type, data``."""
    source, position, stream, version, time, actor, type_, data = record[:8]
    event = EVENT_TYPES[type_].model_validate_json(data)
    return ChronicleKey(source, position), Entry(stream, version, time, actor, event)


def entry_columns(entries: Mapping[ChronicleKey, Entry]) -> Columns:
    """Return the columns that ``entry_of`` reads, and kind, control point and plan."""
    rows = [
        (
            *key,
            *entry[:4],
            type_name(entry.event),
            entry.event.model_dump_json(),
            entry.event.name,
            entry.control_point,
            entry.plan,
        )
        for key, entry in entries.items()
    ]
    return _columns(11, rows)


def _columns(width: int, rows: Sequence[tuple[object, ...]]) -> Columns:
    return tuple(list(column) for column in zip(*rows, strict=True)) if rows else tuple([] for _ in range(width))
