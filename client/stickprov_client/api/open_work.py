"""What is still to be done in a span of days; once a period is closed, it never will be."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from stickprov_client.api.services import Services
from stickprov_contracts.http.findings import Progress


@dataclass(frozen=True)
class OpenWork:
    """Reviews that are not done, by what they are for.

    Attributes:
        reviews, second_reviews, file_reviews: neither recorded nor marked. begun: how many of the three are begun.
        disagreements: first and second review differ, and nobody has settled it.
    """

    reviews: int
    second_reviews: int
    file_reviews: int
    begun: int
    disagreements: int

    @property
    def is_nothing(self) -> bool:
        """Whether all is done."""
        return not (self.reviews or self.second_reviews or self.file_reviews or self.disagreements)


async def open_work_in(services: Services, control_points: Collection[str], days: tuple[date, date]) -> OpenWork:
    """Ask what is open in the periods that lie within some days.

    Args:
        services: of a coordinator.
        control_points: their ids.
        days: the first, and the first that is no longer part of the span.
    """
    findings = services.findings
    reviews, second_reviews, file_reviews, disagreements = await asyncio.gather(
        findings.progress(purpose="review", within=days),
        findings.progress(purpose="second-review", within=days),
        findings.progress(purpose="file-review", within=days),
        findings.disagreements(within=days),
    )
    open_ones = [item for item in disagreements if item.control_point in control_points and not item.closed]
    return OpenWork(
        reviews=_waiting(reviews, control_points),
        second_reviews=_waiting(second_reviews, control_points),
        file_reviews=_waiting(file_reviews, control_points),
        begun=sum(
            row.started
            for found in (reviews, second_reviews, file_reviews)
            for row in found.control_points
            if row.name in control_points
        ),
        disagreements=len(open_ones),
    )


def _waiting(found: Progress, control_points: Collection[str]) -> int:
    return sum(row.waiting for row in found.control_points if row.name in control_points)
