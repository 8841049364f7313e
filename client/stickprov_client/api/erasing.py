"""The calls of erasure (gallring): the sampler's, and what findings tells of free text that went."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote
from uuid import UUID, uuid4

from pydantic import BaseModel

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.erasure import (
    CarriedOut,
    DueErasure,
    EraseCase,
    ErasedText,
    ErasePerson,
    EraseStaff,
    Erasure,
    FoundPerson,
    Hold,
    LiftHold,
    PlacedHold,
    PlaceHold,
    Retention,
    SetRetention,
)


class ErasureClient:
    """Retentions, holds and erasures. Every command takes an id; one is made when it is left out."""

    def __init__(self, sampler: Transport, findings: Transport) -> None:
        self.sampler = sampler
        self.findings = findings

    async def retentions(self) -> list[Retention]:
        return await self.sampler.fetch(list[Retention], Call(path="/v1/retentions"))

    async def set_retention(
        self, control_point: str, asked: SetRetention, *, version: int | None = None, command: UUID | None = None
    ) -> Retention:
        path = f"/v1/retentions/{quote(control_point, safe='')}"
        call = Call(method="PUT", path=path, body=asked, version=version, command=command or uuid4())
        return await self.sampler.fetch(Retention, call)

    async def holds(self) -> list[Hold]:
        return await self.sampler.fetch(list[Hold], Call(path="/v1/holds"))

    async def place_hold(self, asked: PlaceHold, *, command: UUID | None = None) -> PlacedHold:
        call = Call(method="POST", path="/v1/holds", body=asked, command=command or uuid4())
        return await self.sampler.fetch(PlacedHold, call)

    async def lift_hold(self, hold: UUID, asked: LiftHold, *, command: UUID | None = None) -> PlacedHold:
        call = Call(method="POST", path=f"/v1/holds/{hold}/lifting", body=asked, command=command or uuid4())
        return await self.sampler.fetch(PlacedHold, call)

    async def due(self, on: date | None = None) -> DueErasure:
        """Read how everything stands on a day; the service's own when left out."""
        parameters = {"on": on.isoformat() if on else None}
        return await self.sampler.fetch(DueErasure, Call(path="/v1/erasures/due", parameters=parameters))

    async def would_be_due(self, control_point: str, asked: SetRetention) -> DueErasure:
        """Read how everything would stand today if a retention were decided."""
        parameters = {
            "control_point": control_point,
            "months": None if asked.months is None else str(asked.months),
            "keep_for_research": "true" if asked.keep_for_research else None,
        }
        return await self.sampler.fetch(DueErasure, Call(path="/v1/erasures/due", parameters=parameters))

    async def erasures(self) -> list[Erasure]:
        return await self.sampler.fetch(list[Erasure], Call(path="/v1/erasures"))

    async def erasure(self, erasure: UUID) -> Erasure:
        return await self.sampler.fetch(Erasure, Call(path=f"/v1/erasures/{erasure}"))

    async def erased_texts(self, erasure: UUID) -> list[ErasedText]:
        """Ask findings which free text went with an erasure."""
        call = Call(path="/v1/erased-texts", parameters={"erasure": str(erasure)})
        return await self.findings.fetch(list[ErasedText], call)

    async def erase_due(self, *, command: UUID | None = None) -> CarriedOut:
        return await self._erase("due", None, command)

    async def erase_draw(self, draw: UUID, *, command: UUID | None = None) -> CarriedOut:
        return await self._erase(f"draws/{draw}", None, command)

    async def erase_case(self, draw: UUID, case: str, *, command: UUID | None = None) -> CarriedOut:
        return await self._erase("cases", EraseCase(draw=draw, case=case), command)

    async def erase_person(self, number: str, *, command: UUID | None = None) -> CarriedOut:
        return await self._erase("persons", ErasePerson(number=number), command)

    async def preview_person(self, number: str) -> FoundPerson:
        """Look for a person as an erasure would; nothing is stored."""
        call = Call(
            method="POST", path="/v1/erasures/persons/preview", body=ErasePerson(number=number), command=uuid4()
        )
        return await self.sampler.fetch(FoundPerson, call)

    async def erase_staff(self, staff: Sequence[str] | None, *, command: UUID | None = None) -> CarriedOut:
        wanted = EraseStaff(staff=None if staff is None else list(staff))
        return await self._erase("staff", wanted, command)

    async def _erase(self, what: str, body: BaseModel | None, command: UUID | None) -> CarriedOut:
        call = Call(method="POST", path=f"/v1/erasures/{what}", body=body, command=command or uuid4())
        return await self.sampler.fetch(CarriedOut, call)
