"""What a dashboard is put together from, as Grafana reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

WIDTH: Final = 24
"""Columns of Grafana's grid."""
_HEIGHT: Final = 8
_SOURCE: Final = {"type": "prometheus", "uid": "prometheus"}
_DOCS: Final = "https://docs.example.se/stickprov"
"""As in ``deploy/prometheus/prometheus.yml``: where people read the documentation."""
_GREEN, _ORANGE, _RED = "green", "orange", "red"


@dataclass(frozen=True)
class Panel:
    """A panel.

    Attributes:
        title: what it shows. help: more about it, shown on request.
        queries: expression by its legend.
        unit: Grafana's name of the unit.
        kind: ``timeseries``, ``stat``, ``bargauge`` or ``table``.
        width: columns.
        warn, alarm: from where it is orange and red; the other way round when the alarm is the lower.
        runbook: alert whose page it links to.
    """

    title: str
    queries: Mapping[str, str]
    help: str = ""
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    warn: float | None = None
    alarm: float | None = None
    runbook: str = ""


@dataclass(frozen=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard, and how far back it looks at first."""

    uid: str
    title: str
    description: str
    rows: Sequence[Row]
    since: str = "now-6h"
    refresh: str = "30s"
    tags: Sequence[str] = field(default=("stickprov",))


def rendered(dashboard: Dashboard) -> dict[str, Any]:
    """Return a dashboard as Grafana's file of it."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in dashboard.rows:
        panels.append(
            {
                "id": len(panels) + 1,
                "type": "row",
                "title": row.title,
                "collapsed": False,
                "gridPos": {"h": 1, "w": WIDTH, "x": 0, "y": top},
                "panels": [],
            }
        )
        top, left = top + 1, 0
        for panel in row.panels:
            if left + panel.width > WIDTH:
                top, left = top + _HEIGHT, 0
            place = {"h": _HEIGHT, "w": panel.width, "x": left, "y": top}
            panels.append(_panel(panel, len(panels) + 1, place))
            left += panel.width
        top += _HEIGHT
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": list(dashboard.tags),
        "timezone": "browser",
        "editable": False,
        "schemaVersion": 39,
        "refresh": dashboard.refresh,
        "time": {"from": dashboard.since, "to": "now"},
        "templating": {
            "list": [
                {
                    "name": "docs",
                    "label": "Documentation",
                    "type": "textbox",
                    "query": _DOCS,
                    "current": {"text": _DOCS, "value": _DOCS},
                    "hide": 2,
                }
            ]
        },
        "panels": panels,
    }


def _panel(panel: Panel, number: int, place: Mapping[str, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.help,
        "datasource": _SOURCE,
        "gridPos": dict(place),
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "thresholds": _thresholds(panel)}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": _SOURCE,
                "expr": expression,
                "legendFormat": legend,
                "instant": panel.kind != "timeseries",
                "range": panel.kind == "timeseries",
            }
            for place, (legend, expression) in enumerate(panel.queries.items())
        ],
    }
    if panel.kind == "timeseries":
        # Thresholds as lines, so that the colour of a curve goes on saying which one it is.
        marked = "dashed" if panel.alarm is not None else "off"
        shown["fieldConfig"]["defaults"]["custom"] = {"thresholdsStyle": {"mode": marked}}
    else:
        shown["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "auto"}
    if panel.runbook:
        shown["links"] = [{"title": "Runbook", "url": f"${{docs}}/docs/runbook/alerts/{panel.runbook}.md"}]
    return shown


def _thresholds(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": _GREEN, "value": None}]
    if panel.alarm is not None and panel.warn is not None and panel.alarm < panel.warn:
        steps = [{"color": _RED, "value": None}, {"color": _ORANGE, "value": panel.alarm}]
        steps.append({"color": _GREEN, "value": panel.warn})
    else:
        steps += [{"color": _ORANGE, "value": panel.warn}] if panel.warn is not None else []
        steps += [{"color": _RED, "value": panel.alarm}] if panel.alarm is not None else []
    return {"mode": "absolute", "steps": steps}
