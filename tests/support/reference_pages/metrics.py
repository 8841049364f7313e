"""``docs/reference/metrics.md``: every metric of services and pages, and which panel and alert uses it."""

from collections.abc import Mapping, Sequence
from typing import Final

from support.metrics import SERVICES, KnownMetric, Users, registered, users
from support.reference_pages.markdown import table
from support.rules import rules

PAGE: Final = "docs/reference/metrics.md"

_HEAD: Final = """# Metrics

What `/metrics` of each service and of the pages tells Prometheus, and who looks at it: panels of the two dashboards
(`deploy/grafana/dashboards/`) and [alerts](../runbook/alerting.md). Beside these, each tells its process
(`process_…`), its garbage collection (`python_gc_…`) and its platform (`python_info`). A counter is stored with
`_total` at its end, a histogram with `_bucket`, `_count` and `_sum`. Labels have a bound and never hold anybody's
identity: routes are templates, a status is its class (of pages the code), a caller is a kind of caller. Figures are
looked up when somebody asks, at most every two seconds ([why](../decisions/0047-alerts-by-symptom.md)). This page is
generated; `make reference` makes it again.
"""


def page() -> str:
    """Return the page, from services that are opened for it."""
    return document(registered())


def document(metrics: Sequence[KnownMetric]) -> str:
    """Return the page of some metrics."""
    used = users()
    parts = [_HEAD]
    for service in SERVICES:
        own = sorted((one for one in metrics if one.service == service), key=lambda one: one.name)
        rows = [_row(one, used) for one in own]
        parts.append(
            f"\n## {service.capitalize()}\n\n{table(('Metric', 'Type', 'Labels', 'Means', 'Panel', 'Alert'), rows)}"
        )
    recorded = dict.fromkeys(rule.name for rule in rules("record"))
    parts.append(
        "\n## Recorded by rules\n\nOne name for what several services tell (`deploy/prometheus/rules/recording.yml`): "
    )
    parts.append(", ".join(f"`{name}`" for name in recorded) + ".\n")
    return "".join(parts)


def _row(metric: KnownMetric, used: Mapping[str, Users]) -> tuple[str, ...]:
    found = [used[name] for name in metric.series if name in used]
    panels = dict.fromkeys(title for one in found for title in one.panels)
    alerts = dict.fromkeys(name for one in found for name in one.alerts)
    return (
        f"`{metric.name}`",
        metric.kind,
        ", ".join(f"`{label}`" for label in metric.labels),
        metric.help.rstrip("."),
        "; ".join(panels),
        ", ".join(alerts),
    )
