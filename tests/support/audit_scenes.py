"""A control whose first figure was corrected, on a running stack, and the pages of the audit that tell of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from stickprov_client.api import Services
from stickprov_client.api.reporting import TrailFilter
from stickprov_contracts.http.findings import CorrectFinding
from support.counted_control import WITH_REMARK, WITHOUT
from support.review_cases import CaseMaker, Cases
from support.waiting import eventually

REVIEWER: Final = "reviewer-09"
_HERE: Final = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Corrected:
    """Four reviewed cases, one of them with a remark that was corrected away.

    Attributes:
        before: the moment of the last event before the correction.
    """

    cases: Cases
    before: datetime

    @property
    def moment(self) -> str:
        """What an address says to show what was known before the correction."""
        there = self.before.astimezone(_HERE)
        return f"known={there:%Y-%m-%d}&clock={there:%H:%M:%S.%f}"

    @property
    def case(self) -> str:
        """The corrected case's pseudonym."""
        return self.cases.items[0].case


def corrected_control(maker: CaseMaker) -> Corrected:
    """Review four cases, two with a remark; then take the first remark back."""
    cases = maker.make(count=4, reviewer=REVIEWER, measure="Ett svar som rättades", number="8")
    maker.do(REVIEWER, lambda api: _reviewed(api, cases))
    before = maker.do("auditor", lambda api: _newest_time(api, cases, 4))
    maker.do(REVIEWER, lambda api: _corrected(api, cases))
    maker.do("auditor", lambda api: _newest_time(api, cases, 5))
    return Corrected(cases, before)


async def _reviewed(api: Services, cases: Cases) -> None:
    for place in range(4):
        await api.findings.record(cases.key(place), WITH_REMARK if place < 2 else WITHOUT)


async def _corrected(api: Services, cases: Cases) -> None:
    review = await api.findings.review(cases.key())
    correction = CorrectFinding.model_validate(WITHOUT.model_dump() | {"reason": "Fel rad lästes."})
    await api.findings.correct(cases.key(), correction, version=review.version)


async def _newest_time(api: Services, cases: Cases, count: int) -> datetime:
    """Wait until reporting tells of so many outcomes, and return when the newest of them happened."""
    wanted = TrailFilter(control_point=cases.control_point, types=("finding-recorded", "finding-corrected"))

    async def heard() -> bool:
        return (await api.reporting.trail(wanted)).total == count

    await eventually(heard, what="the outcomes in the trail")
    return (await api.reporting.trail(wanted, newest=True)).entries[0].time
