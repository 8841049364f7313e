"""Every metric is documented and looked at, and nobody looks for one that is not there."""

import re
from collections.abc import Mapping, Sequence

import pytest

from support import dashboards
from support.metrics import NAME, KnownMetric, names_in, recorded, registered, users
from support.reference import ROOT
from support.reference_pages import metrics
from support.rules import rules

EXPRESSIONS = [
    *dashboards.expressions(),
    *((rule.name, rule.expression) for kind in ("alert", "record") for rule in rules(kind)),
]
# What Prometheus adds to every series, and what rules make of status codes.
_ADDED = frozenset({"job", "instance", "class"})


@pytest.fixture(scope="module")
def known() -> Sequence[KnownMetric]:
    return registered()


@pytest.fixture(scope="module")
def labels(known: Sequence[KnownMetric]) -> Mapping[str, frozenset[str]]:
    """Return the labels of each series."""
    return {
        name: frozenset(metric.labels) | ({"le"} if name.endswith("_bucket") else set())
        for metric in known
        for name in metric.series
    }


def test_the_page_of_metrics_is_what_the_services_have(known):
    assert (ROOT / metrics.PAGE).read_text(encoding="utf-8") == metrics.document(known), "run make reference"


def test_each_metric_says_what_it_is_under_its_services_name(known):
    assert len(known) > 90
    for metric in known:
        assert metric.name.startswith(f"stickprov_{metric.service}_")
        assert len(metric.help) > 10


def test_no_label_can_hold_somebodys_identity_or_anything_else_without_a_bound(known):
    bounded = {
        *(
            "method",
            "route",
            "status",
            "caller",
            "condition",
            "figures",
            "source",
            "type",
            "event",
            "standing",
            "folder",
        ),
        *("control_point", "progress", "reason", "certificate"),
    }
    assert {label for metric in known for label in metric.labels} <= bounded


def test_each_metric_is_used_by_a_panel_or_an_alert(known):
    used = users()
    assert [metric.name for metric in known if used.keys().isdisjoint(metric.series)] == []


@pytest.mark.parametrize(("who", "expression"), EXPRESSIONS, ids=[who for who, _ in EXPRESSIONS])
def test_an_expression_names_metrics_and_labels_that_there_are(who, expression, labels):
    of_rules = recorded()
    for name, selected in NAME.findall(expression):
        assert name in labels or name in of_rules, f"{who}: nobody has {name}"
        behind = {one for one in names_in(name) if one in labels}
        allowed = _ADDED.union(*(labels[one] for one in behind))
        asked = set(re.findall(r"(\w+)(?:=~|!=|!~|=)", selected))
        assert asked <= allowed, f"{who}: {name} has no {asked - allowed}"
    everywhere = _ADDED.union(*(labels[name] for name in names_in(expression) if name in labels))
    for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
        assert {label.strip() for label in grouped.split(",")} <= everywhere, who


def test_a_panels_legend_and_an_alerts_text_name_labels_that_there_are(labels):
    everything = _ADDED.union(*labels.values(), {"alertname"})
    said = [
        *(
            legend
            for one in dashboards.DASHBOARDS.values()
            for row in one.rows
            for p in row.panels
            for legend in p.queries
        ),
        *(text.replace("$labels.", "") for rule in rules("alert") for text in rule.given["annotations"].values()),
    ]
    named = {label for text in said for label in re.findall(r"\{\{ ?([a-z]\w*) ?\}\}", text)}
    assert named - {"value"} <= everything
    assert {"job", "source", "control_point"} <= named
