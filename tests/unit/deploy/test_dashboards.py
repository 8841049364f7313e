"""The dashboards are what the code makes, fit together, link to pages that there are, and one of them is in Swedish."""

import json

import pytest
import yaml

from support import dashboards
from support.dashboards.panels import WIDTH
from support.rules import PAGES, ROOT

each_dashboard = pytest.mark.parametrize("path", dashboards.documents())


@each_dashboard
def test_a_dashboards_file_is_what_the_code_makes(path: str):
    assert (ROOT / path).read_text(encoding="utf-8") == dashboards.documents()[path], "run make reference"


@each_dashboard
def test_no_two_panels_have_a_place_or_a_number_in_common(path: str):
    panels = json.loads(dashboards.documents()[path])["panels"]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < WIDTH
    assert len({panel["id"] for panel in panels}) == len(panels)


@each_dashboard
def test_each_panel_asks_the_provisioned_prometheus_something(path: str):
    source = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    uids = {one["uid"] for one in source["datasources"] if one["type"] == "prometheus"}
    for panel in json.loads(dashboards.documents()[path])["panels"]:
        if panel["type"] != "row":
            assert panel["targets"]
            assert {target["datasource"]["uid"] for target in panel["targets"]} <= uids


def test_a_runbook_that_a_panel_links_to_is_there():
    linked = {panel.runbook for one in dashboards.DASHBOARDS.values() for row in one.rows for panel in row.panels}
    assert {name for name in linked if name and not (PAGES / f"{name}.md").exists()} == set()
    assert len(linked) > 15


def test_where_the_documentation_is_stands_the_same_in_prometheus_and_grafana():
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    for text in dashboards.documents().values():
        [docs] = json.loads(text)["templating"]["list"]
        assert docs["query"] == config["global"]["external_labels"]["docs"]


def test_the_business_dashboard_speaks_swedish():
    controls = dashboards.DASHBOARDS["controls"]
    titles = [panel.title for row in controls.rows for panel in row.panels]
    assert "Klart av det dragna" in titles
    english = {"of", "the", "and", "cases", "reviewed", "events", "drawn", "actions"}
    assert english.isdisjoint(word.lower() for title in titles for word in title.split())
