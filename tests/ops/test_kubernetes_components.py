"""What an overlay may take in: another entrance, traces, and the Prometheus Operator's way to find the pods."""

import pytest

from stickprov_client.web.settings import WebSettings
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.settings import env_name
from stickprov_kernel.settings_from_files import file_variables
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler.settings import SamplerSettings
from support.cluster.building import built, built_with, of_kind, pod_of, selects
from support.cluster.reaching import Place, arrows, pods_of

PRODUCTION = "overlays/production"
SETTINGS = (SamplerSettings, FindingsSettings, ReportingSettings, WebSettings)
ENTRANCE = Place("entrance", "ingress")
COLLECTOR = Place("collector", "monitoring", ports=("TCP/4318", "TCP/22"))


def more_arrows(component, folder, *places):
    """Return the arrows that get through with a component and not without."""
    without, with_it = built(PRODUCTION), built_with(PRODUCTION, [component], folder)
    return arrows(with_it, [*pods_of(with_it), *places]) - arrows(without, [*pods_of(without), *places])


def test_a_gateway_takes_the_place_of_the_ingress(tmp_path):
    documents = built_with(PRODUCTION, ["gateway"], tmp_path)

    assert of_kind(documents, "Ingress") == []
    assert len(of_kind(documents, "HTTPRoute")) == 1


def test_a_gateway_leads_pages_and_services_to_their_own_and_metrics_to_nobody(tmp_path):
    (route,) = of_kind(built_with(PRODUCTION, ["gateway"], tmp_path), "HTTPRoute")
    led = {
        (match["path"]["type"], match["path"]["value"]): rule["backendRefs"][0]["name"]
        for rule in route["spec"]["rules"]
        for match in rule["matches"]
    }

    services = ("sampler", "findings", "reporting")
    assert led == {
        ("PathPrefix", "/"): "stickprov-web",
        **{("PathPrefix", f"/services/{service}"): f"stickprov-{service}" for service in services},
        ("Exact", "/metrics"): "stickprov-nobody",
        **{("Exact", f"/services/{service}/metrics"): "stickprov-nobody" for service in services},
    }


def test_a_service_behind_a_gateway_is_asked_without_the_prefix(tmp_path):
    (route,) = of_kind(built_with(PRODUCTION, ["gateway"], tmp_path), "HTTPRoute")
    rewritten = {
        rule["backendRefs"][0]["name"]: rule["filters"][0]["urlRewrite"]["path"]
        for rule in route["spec"]["rules"]
        if "filters" in rule
    }

    away = {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}
    assert rewritten == {f"stickprov-{service}": away for service in ("sampler", "findings", "reporting")}


def test_the_entrance_reaches_the_services_with_a_gateway_and_not_without(tmp_path):
    assert more_arrows("gateway", tmp_path, ENTRANCE) == {
        f"entrance -> stickprov-{service} TCP/8000" for service in ("sampler", "findings", "reporting")
    }


def test_with_traces_every_process_reaches_the_collector_and_nothing_else_more(tmp_path):
    assert more_arrows("traces", tmp_path, COLLECTOR) == {
        f"stickprov-{process} -> collector TCP/4318" for process in ("sampler", "findings", "reporting", "web")
    }


def test_the_operators_prometheus_finds_every_process_under_its_name(tmp_path):
    documents = built_with(PRODUCTION, ["pod-monitor"], tmp_path)
    (monitor,) = of_kind(documents, "PodMonitor")
    label = monitor["spec"]["jobLabel"]
    found = {
        pod_of(one)["metadata"]["labels"][label]: [
            port["name"] for port in pod_of(one)["spec"]["containers"][0]["ports"]
        ]
        for one in of_kind(documents, "Deployment")
        if selects(monitor["spec"]["selector"], pod_of(one)["metadata"]["labels"])
    }

    assert found == {process: ["http"] for process in ("sampler", "findings", "reporting", "web")}
    assert [end["port"] for end in monitor["spec"]["podMetricsEndpoints"]] == ["http"]


@pytest.mark.parametrize("components", [["gateway"], ["traces"], ["gateway", "traces", "pod-monitor"]])
def test_every_setting_that_a_component_gives_exists(components, tmp_path):
    known = {env_name(model, name) for model in SETTINGS for name in model.model_fields}
    known |= {variable for model in SETTINGS for variable in file_variables(model).values()}
    given = {name for one in of_kind(built_with(PRODUCTION, components, tmp_path), "ConfigMap") for name in one["data"]}

    assert given - known == set()
