"""Grafana's dashboards as code: ``make reference`` writes their JSON into ``deploy/grafana/dashboards``.

One for operations, and one in Swedish for those who answer for the controls.
"""

import json
from typing import Final

from support.dashboards.controls import CONTROLS
from support.dashboards.operations import OPERATIONS
from support.dashboards.panels import rendered

DASHBOARDS: Final = {"operations": OPERATIONS, "controls": CONTROLS}


def documents() -> dict[str, str]:
    """Return each dashboard's file by its path."""
    return {
        f"deploy/grafana/dashboards/{name}.json": json.dumps(rendered(one), indent=2, ensure_ascii=False) + "\n"
        for name, one in DASHBOARDS.items()
    }


def expressions() -> list[tuple[str, str]]:
    """Return every expression with the title of its panel."""
    return [
        (f"{name}: {panel.title}", expression)
        for name, dashboard in DASHBOARDS.items()
        for row in dashboard.rows
        for panel in row.panels
        for expression in panel.queries.values()
    ]
