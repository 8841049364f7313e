"""What an inbox and its consumer tell Prometheus, by source log.

FastStream's own figures are left out (docs/decisions/0048).
"""

from prometheus_client import CollectorRegistry, Counter, Gauge

from stickprov_kernel.metrics import Metrics


class InboxMetrics:
    """The instruments of all inboxes of one service.

    Attributes:
        position: last position applied.
        lag: events the source has and this service has not applied yet, as far as is known.
        halted: 1 while a source's log is not applied because its history disagrees.
        waiting: events in quarantine that were not requeued.
        quarantined: events put into quarantine since the start.
        duplicates: deliveries of what was applied before.
        damaged: deliveries that did not fit the chain or were no log entries.
        gaps: times something was missing in between.
        healed: events read from the feed because Kafka did not bring them.
        faults: batches put back because the infrastructure failed.
        restarts: times the watchdog started the consumer anew.
        batch: how long a batch takes from Kafka until it is committed.
    """

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        make = Metrics(service, registry)

        def gauge(name: str, text: str) -> Gauge:
            return make.gauge(f"inbox_{name}", text, ["source"])

        def counter(name: str, text: str) -> Counter:
            return make.counter(f"inbox_{name}", text, ["source"])

        self.position = gauge("position", "Last position of the source's log that was applied")
        self.lag = gauge("lag_events", "Events the source has and this service has not applied yet")
        self.halted = gauge("halted", "1 while the source's log is not applied because its history disagrees")
        self.waiting = gauge("quarantine_events", "Events that wait in quarantine")
        self.quarantined = counter("quarantined_events", "Events put into quarantine since the start")
        self.duplicates = counter("duplicate_events", "Deliveries of events that were applied before")
        self.damaged = counter("damaged_events", "Deliveries that did not fit the chain or were no log entries")
        self.gaps = counter("gaps", "Times events were missing in between")
        self.healed = counter("healed_events", "Events read from the feed because Kafka did not bring them")
        self.faults = counter("faults", "Batches put back because the infrastructure failed")
        self.restarts = counter("restarts", "Times the watchdog started the consumer anew")
        self.batch = make.histogram(
            "inbox_batch_seconds", "How long a batch of events takes from Kafka until it is committed", ["source"]
        )

    def begin(self, source: str) -> None:
        """Have a source's counters at 0: Prometheus sees no step to a number that was not there before."""
        counters = (self.quarantined, self.duplicates, self.damaged, self.gaps, self.healed, self.faults, self.restarts)
        for counter in counters:
            counter.labels(source)
        self.batch.labels(source)
