"""The reporting service's calls."""

from datetime import date

from stickprov_client.api.heard import HeardLogsClient
from stickprov_client.api.transport import Call
from stickprov_contracts.http.audit import Replay
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.statistics import Statistics


class ReportingClient(HeardLogsClient):
    """Statistics and their audit."""

    async def control_points(self) -> list[ControlPointSummary]:
        return await self.transport.fetch(list[ControlPointSummary], Call(path="/v1/control-points"))

    async def statistics(self, control_point: str, start: date, end: date) -> Statistics:
        """Read the statistics of every draw whose period lies in ``[start, end)``."""
        call = Call(path=f"/v1/statistics/{control_point}", parameters=_range(start, end))
        return await self.transport.fetch(Statistics, call)

    async def register_measures(
        self, control_point: str, start: date | None = None, end: date | None = None
    ) -> list[RegisterMeasure]:
        """Read what rules have counted over a control point's frames whose period lies in ``[start, end)``."""
        parameters = {"from": start.isoformat() if start else None, "to": end.isoformat() if end else None}
        call = Call(path=f"/v1/register-measures/{control_point}", parameters=parameters)
        return await self.transport.fetch(list[RegisterMeasure], call)

    async def replay(self, control_point: str, start: date, end: date) -> Replay:
        """Have both logs read again from their first event, and the statistics of a control point folded again."""
        parameters = {**_range(start, end), "control_point": control_point}
        return await self.transport.fetch(Replay, Call(path="/v1/audit/replay", parameters=parameters))


def _range(start: date, end: date) -> dict[str, str]:
    return {"from": start.isoformat(), "to": end.isoformat()}
