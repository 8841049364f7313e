"""Whoever asks for the metrics is told how things are now, and nobody is kept waiting or busy by it."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from stickprov_kernel.http.health import Condition, Health
from stickprov_kernel.http.observing import Observations
from stickprov_kernel.metrics import Metrics
from support.api import Api


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Well:
    """Something that is looked up; ``level`` None when it cannot be."""

    def __init__(self, metrics: Metrics) -> None:
        self.gauge = metrics.gauge("water_level", "How high the water stands")
        self.level: int | None = 3
        self.looks = 0

    async def look(self) -> None:
        self.looks += 1
        if self.level is None:
            raise ConnectionError("nobody answers")
        self.gauge.set(self.level)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def observations(registry: CollectorRegistry, clock: Clock) -> Observations:
    return Observations(Metrics("trial", registry), Health(), look_seconds=0.05, clock=clock)


@pytest.fixture
def well(registry: CollectorRegistry, observations: Observations) -> Well:
    made = Well(Metrics("trial", registry))
    observations.add("well", made.look)
    return made


async def test_metrics_tell_whether_each_condition_of_readiness_is_met():
    api = Api()

    async def dry() -> Condition:
        return Condition(ok=False, detail="the well is dry")

    async def fine() -> Condition:
        return Condition(ok=True, detail="answers")

    api.health.add("well", dry)
    api.health.add("database", fine)
    text = (await api.call("GET", "/metrics")).text
    assert 'stickprov_trial_condition_met{condition="well"} 0.0' in text
    assert 'stickprov_trial_condition_met{condition="database"} 1.0' in text
    assert "dry" not in text


async def test_each_look_sets_its_figures(registry, observations, well):
    await observations.make()
    assert registry.get_sample_value("stickprov_trial_water_level") == 3
    assert registry.get_sample_value("stickprov_trial_figures_stale", {"figures": "well"}) == 0


async def test_figures_that_cannot_be_looked_up_stay_and_are_called_stale_until_they_can(
    registry, observations, well, clock
):
    await observations.make()
    well.level, clock.seconds = None, 10
    await observations.make()
    assert registry.get_sample_value("stickprov_trial_water_level") == 3
    assert registry.get_sample_value("stickprov_trial_figures_stale", {"figures": "well"}) == 1
    well.level, clock.seconds = 4, 20
    await observations.make()
    assert registry.get_sample_value("stickprov_trial_water_level") == 4
    assert registry.get_sample_value("stickprov_trial_figures_stale", {"figures": "well"}) == 0


async def test_a_look_that_hangs_is_given_up_and_the_others_are_told(registry, observations, well):
    async def hang() -> None:
        await asyncio.Event().wait()

    observations.add("sea", hang)
    await observations.make()
    assert registry.get_sample_value("stickprov_trial_water_level") == 3
    assert registry.get_sample_value("stickprov_trial_figures_stale", {"figures": "sea"}) == 1


async def test_whoever_asks_again_at_once_is_told_what_was_seen_before(observations, well, clock):
    await asyncio.gather(observations.make(), observations.make())
    clock.seconds = 1.9
    await observations.make()
    assert well.looks == 1
    clock.seconds = 2.0
    await observations.make()
    assert well.looks == 2


def test_two_looks_do_not_share_a_name(observations, well):
    with pytest.raises(ValueError, match="There is a look named well already"):
        observations.add("well", well.look)
