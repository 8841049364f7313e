"""Calls about the logs that a service hears, the same at every service that hears any."""

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.logs import LogState, QuarantinedEvent


class HeardLogsClient:
    """How the logs stand that one service hears, and setting them going again."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def logs(self) -> list[LogState]:
        return await self.transport.fetch(list[LogState], Call(path="/v1/logs"))

    async def resume(self, source: str) -> LogState:
        """Go on with a halted log; a problem 409 when its source still disagrees."""
        return await self.transport.fetch(LogState, Call(method="POST", path=f"/v1/logs/{source}/resume"))

    async def quarantine(self) -> list[QuarantinedEvent]:
        return await self.transport.fetch(list[QuarantinedEvent], Call(path="/v1/quarantine"))

    async def requeue(self, source: str, position: int | None = None) -> LogState:
        """Try events again that could not be applied: one, or all of a log."""
        at = f"/{position}" if position is not None else ""
        return await self.transport.fetch(LogState, Call(method="POST", path=f"/v1/quarantine/{source}{at}/requeue"))
