"""What findings keeps of the sampler's log: drawn cases and control points.

What must not break: whatever is applied twice, or again from the start, leaves the same rows.
"""

import json
from collections.abc import Mapping, Sequence

import asyncpg

from stickprov_contracts.events.draws import CaseReplaced
from stickprov_contracts.events.sampler import CaseDrawn, ControlPointDefined
from stickprov_contracts.streams import review_stream
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.log.records import Incoming


class DrawnCases:
    """Projection of the sampler's log. Runs in the inbox's transaction, on its connection."""

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Take in what matters here of a contiguous run of events; frames, seeds and samples do not."""
        cases: dict[str, tuple[object, ...]] = {}
        points: dict[str, tuple[object, ...]] = {}
        replaced: dict[str, tuple[object, ...]] = {}
        for incoming in events:
            match incoming.event:
                case CaseDrawn() as drawn:
                    cases.update(_case_rows(drawn))
                case CaseReplaced() as out:
                    replaced[f"{out.draw}/{out.case}"] = (out.draw, out.case, out.replacement)
                case ControlPointDefined() as point:
                    points[point.control_point] = _point_row(point, int(incoming.envelope.streamversion))
                case _:
                    continue
        await _write(connection, SQL["write_control_points"], points)
        await _write(connection, SQL["write_cases"], cases)
        await _write(connection, SQL["write_replaced_cases"], replaced)


async def _write(connection: asyncpg.Connection, statement: str, rows: Mapping[str, tuple[object, ...]]) -> None:
    if rows:
        await connection.execute(statement, *zip(*rows.values(), strict=True))


def _case_rows(drawn: CaseDrawn) -> dict[str, tuple[object, ...]]:
    streams = {review_stream(drawn.draw, point, drawn.case): point for point in drawn.control_points}
    return {
        stream: (
            point,
            drawn.draw,
            drawn.case,
            stream,
            drawn.period.start,
            drawn.period.end,
            drawn.month,
            drawn.stratum,
            drawn.order,
            drawn.unit,
            drawn.handler,
        )
        for stream, point in streams.items()
    }


def _point_row(point: ControlPointDefined, version: int) -> tuple[object, ...]:
    categories = json.dumps([category.model_dump() for category in point.categories])
    return (point.control_point, version, categories)
