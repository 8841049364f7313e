"""What findings keeps of the sampler's log: cases, control points, questionnaires, the staff list, closed periods.

What must not break: whatever is applied twice, or again from the start, leaves the same rows. Who changes what is
written here raises ``VERSION``; the copy of the sampler's log is then folded anew at the next start.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import asyncpg

from stickprov_contracts.events.draws import CaseReplaced
from stickprov_contracts.events.identities import ProtectionsChanged
from stickprov_contracts.events.plans import PeriodClosed, QuestionnairePublished, StaffListed
from stickprov_contracts.events.sampler import CaseDrawn, ControlPointDefined, FrameFrozen
from stickprov_contracts.streams import review_stream
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.log.records import Incoming

VERSION: Final = 2

# A register that is frozen may say of cases that were drawn before that they are protected now.
_CHANGES_PROTECTIONS: Final = (CaseDrawn, FrameFrozen, ProtectionsChanged)

_Row: TypeAlias = tuple[object, ...]
_Keyed: TypeAlias = tuple[str, tuple[object, ...], _Row]
"""Which statement writes it, what tells it from other rows, and the row."""


class DrawnCases:
    """Projection of the sampler's log. Runs in the inbox's transaction, on its connection."""

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Take in what matters here of a contiguous run of events; seeds and samples do not."""
        written: dict[str, dict[tuple[object, ...], _Row]] = {}
        for incoming in events:
            # A statement cannot write a row twice: of two with one key, the later stays.
            for statement, key, row in _rows(incoming):
                written.setdefault(statement, {})[key] = row
            if isinstance(incoming.event, StaffListed):
                staff = json.dumps([member.model_dump() for member in incoming.event.staff])
                await connection.execute(SQL["write_staff"], int(incoming.envelope.streamversion), staff)
        for statement, rows in written.items():
            await connection.execute(SQL[statement], *zip(*rows.values(), strict=True))
        changing = [incoming.position for incoming in events if isinstance(incoming.event, _CHANGES_PROTECTIONS)]
        if changing:
            await connection.execute(SQL["write_protections_heard"], max(changing))


def _rows(incoming: Incoming) -> Iterator[_Keyed]:
    match incoming.event:
        case CaseDrawn() as event:
            for point in event.control_points:
                yield "write_cases", (event.draw, point, event.case), _case_row(event, point)
        case CaseReplaced() as event:
            yield "write_replaced_cases", (event.draw, event.case), (event.draw, event.case, event.replacement)
        case ControlPointDefined() as event:
            row = _point_row(event, int(incoming.envelope.streamversion))
            yield "write_control_points", row[:1], row
        case QuestionnairePublished() as event:
            row = (event.questionnaire, event.number, json.dumps(event.content))
            yield "write_questionnaires", row[:2], row
        case PeriodClosed() as event:
            for point in event.control_points:
                closed = (point, event.plan, event.period.start, event.period.end)
                yield "write_closed_periods", closed, (*closed, event.period.label)
        case _:
            return


def _case_row(drawn: CaseDrawn, point: str) -> _Row:
    return (
        point,
        drawn.draw,
        drawn.case,
        review_stream(drawn.draw, point, drawn.case),
        drawn.period.start,
        drawn.period.end,
        drawn.period.label,
        drawn.month,
        drawn.stratum,
        drawn.order,
        drawn.unit,
        drawn.handler,
        json.dumps(drawn.subunits),
    )


def _point_row(point: ControlPointDefined, version: int) -> _Row:
    return (
        point.control_point,
        version,
        json.dumps([category.model_dump() for category in point.categories]),
        point.plan,
        point.measure,
        point.unit_name,
        point.subunit_name,
        point.questionnaire,
        point.file_review_questionnaire,
        point.reviewer_rule,
        point.reviewer_group,
        point.second_review_share,
    )
