"""Metrics on a registry of their own: nothing is global, so that a process or a test can have many services.

Names are ``stickprov_<service>_<noun>_<unit>``; labels never hold identities or anything else without a bound.
"""

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets for how long something takes that a person waits for."""


def new_registry() -> CollectorRegistry:
    """Return a registry with what is known of the process, the platform and the garbage collector."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


class Metrics:
    """Makes a service's metrics. Each name can be made once per registry."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._prefix = f"stickprov_{service}_"
        self.registry = registry

    def counter(self, name: str, description: str, labels: Sequence[str] = ()) -> Counter:
        """Return a counter ``stickprov_<service>_<name>_total``."""
        return Counter(self._prefix + name, description, labels, registry=self.registry)

    def gauge(self, name: str, description: str, labels: Sequence[str] = ()) -> Gauge:
        """Return a gauge ``stickprov_<service>_<name>``."""
        return Gauge(self._prefix + name, description, labels, registry=self.registry)

    def histogram(
        self, name: str, description: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
    ) -> Histogram:
        """Return a histogram ``stickprov_<service>_<name>``, in seconds unless the buckets say otherwise."""
        return Histogram(self._prefix + name, description, labels, registry=self.registry, buckets=buckets)
