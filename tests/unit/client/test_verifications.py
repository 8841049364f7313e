"""A draw's verification is kept for a while, made anew when it must be, and says when it was made."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from stickprov_client.web.verifications import KEPT, Verifications
from stickprov_contracts.events.base import Period
from stickprov_contracts.http.sampler import Draw

BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def draw(replaced: int = 0) -> Draw:
    return Draw.model_construct(
        draw=UUID(int=1), replaced=replaced, period=Period(start=BEGAN.date(), end=BEGAN.date(), label="2026-03")
    )


class Sampler:
    """Counts how often it is asked to draw again."""

    def __init__(self) -> None:
        self.asked = 0

    async def verify(self, _draw: UUID) -> str:
        self.asked += 1
        return f"verification {self.asked}"


@pytest.fixture
def sampler():
    return Sampler()


async def test_a_verification_is_kept_with_the_time_when_it_was_made(sampler):
    times = iter([BEGAN, BEGAN + timedelta(minutes=5)])
    kept = Verifications(now=lambda: next(times))
    services = SimpleNamespace(sampler=sampler)

    first = await kept.of(services, draw())
    second = await kept.of(services, draw())

    assert (first.found, first.time) == ("verification 1", BEGAN)
    assert second is first


async def test_a_draw_that_changed_an_hour_that_passed_and_who_asks_for_it_have_it_made_anew(sampler):
    now = BEGAN
    kept = Verifications(now=lambda: now)
    services = SimpleNamespace(sampler=sampler)
    await kept.of(services, draw())

    assert (await kept.of(services, draw(replaced=1))).found == "verification 2"
    assert (await kept.of(services, draw(replaced=1), anew=True)).found == "verification 3"
    now = BEGAN + KEPT
    assert (await kept.of(services, draw(replaced=1))).time == now
    assert sampler.asked == 4
