"""A counter is there before it counts: from nothing to one is no step for Prometheus, and no alert."""

import pytest
from prometheus_client import CollectorRegistry

from stickprov_kernel.http.rate_limit import Allowances, RateLimits
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.metrics import Metrics


@pytest.mark.parametrize(
    "name",
    ["quarantined_events", "duplicate_events", "damaged_events", "gaps", "healed_events", "faults", "restarts"],
)
def test_an_inbox_begins_with_its_counters_at_zero(name: str):
    registry = CollectorRegistry()
    InboxMetrics("reporting", registry).begin("findings")
    assert registry.get_sample_value(f"stickprov_reporting_inbox_{name}_total", {"source": "findings"}) == 0


@pytest.mark.parametrize("caller", ["actor", "stranger"])
def test_nobody_was_limited_when_a_service_begins(caller: str):
    registry = CollectorRegistry()
    RateLimits(Allowances(), Metrics("trial", registry))
    assert registry.get_sample_value("stickprov_trial_requests_limited_total", {"caller": caller}) == 0
