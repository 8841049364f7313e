"""More than one replica only where several are safe and help; what may be away, and whose files are shared."""

import pytest

from support.cluster.building import OVERLAYS, built, everything_of, name_of, of_kind, pod_of, selects, workloads

ROOTS = [f"overlays/{overlay}" for overlay in OVERLAYS]


def most_replicas(documents):
    """Return how many pods of each Deployment there can be, those that begin beside others not counted."""
    stated = {one["metadata"]["name"]: one["spec"].get("replicas", 1) for one in of_kind(documents, "Deployment")}
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["maxReplicas"]
        for one in of_kind(documents, "HorizontalPodAutoscaler")
    }
    return stated | scaled


def test_the_figures_are_those_that_the_how_to_page_tells():
    assert most_replicas(built("overlays/production")) == {
        "stickprov-sampler": 2,
        "stickprov-findings": 4,
        "stickprov-reporting": 4,
        "stickprov-web": 1,
    }
    assert set(most_replicas(built("overlays/trial")).values()) == {1}


@pytest.mark.parametrize("root", ROOTS)
def test_an_autoscaler_scales_a_deployment_that_leaves_the_number_to_it(root):
    deployments = {one["metadata"]["name"]: one for one in of_kind(built(root), "Deployment")}

    for scaler in of_kind(built(root), "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]

        assert (target["apiVersion"], target["kind"]) == ("apps/v1", "Deployment"), name_of(scaler)
        assert "replicas" not in deployments[target["name"]]["spec"], name_of(scaler)
        assert scaler["spec"]["minReplicas"] >= 2, name_of(scaler)


@pytest.mark.parametrize("root", ROOTS)
def test_the_pages_have_one_process(root):
    assert most_replicas(built(root))["stickprov-web"] == 1


@pytest.mark.parametrize("root", ROOTS)
def test_what_has_several_replicas_has_a_budget_and_nothing_else_has(root):
    documents = built(root)
    several = {name for name, replicas in most_replicas(documents).items() if replicas > 1}
    budgeted = {
        deployment["metadata"]["name"]
        for budget in of_kind(documents, "PodDisruptionBudget")
        for deployment in of_kind(documents, "Deployment")
        if selects(budget["spec"]["selector"], pod_of(deployment)["metadata"]["labels"])
    }

    assert budgeted == several
    assert len(of_kind(documents, "PodDisruptionBudget")) == len(several)


@pytest.mark.parametrize("root", ROOTS)
def test_no_budget_forbids_that_a_node_is_emptied(root):
    for budget in of_kind(built(root), "PodDisruptionBudget"):
        assert budget["spec"]["maxUnavailable"] >= 1, name_of(budget)
        assert "minAvailable" not in budget["spec"], name_of(budget)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_volume_of_one_node_is_mounted_by_one_pod_at_a_time(overlay):
    documents = everything_of(overlay)
    of_one_node = {
        claim["metadata"]["name"]
        for claim in of_kind(documents, "PersistentVolumeClaim")
        if claim["spec"]["accessModes"] != ["ReadWriteMany"]
    }

    for deployment in of_kind(documents, "Deployment"):
        claims = {
            volume["persistentVolumeClaim"]["claimName"]
            for volume in pod_of(deployment)["spec"]["volumes"]
            if "persistentVolumeClaim" in volume
        }
        if claims & of_one_node:
            assert most_replicas(documents)[deployment["metadata"]["name"]] == 1, name_of(deployment)
            # One that begins beside the old one would wait for its volume for ever.
            assert deployment["spec"]["strategy"]["type"] == "Recreate", name_of(deployment)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_claim_that_is_mounted_exists(overlay):
    documents = everything_of(overlay)
    claimed = {claim["metadata"]["name"] for claim in of_kind(documents, "PersistentVolumeClaim")}
    mounted = {
        volume["persistentVolumeClaim"]["claimName"]
        for workload in workloads(documents)
        for volume in pod_of(workload)["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    }

    assert mounted == claimed


@pytest.mark.parametrize("root", ROOTS)
def test_a_replica_that_serves_is_there_before_another_goes(root):
    for deployment in of_kind(built(root), "Deployment"):
        if deployment["spec"]["strategy"]["type"] == "RollingUpdate":
            assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


@pytest.mark.parametrize("root", ROOTS)
def test_replicas_are_spread_over_nodes_and_zones_by_their_own_labels(root):
    for deployment in of_kind(built(root), "Deployment"):
        template = pod_of(deployment)
        spread = template["spec"]["topologySpreadConstraints"]

        assert [one["topologyKey"] for one in spread] == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
        assert all(one["labelSelector"] == deployment["spec"]["selector"] for one in spread), name_of(deployment)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_leads_to_one_workload_and_to_a_port_that_it_has(overlay):
    documents = everything_of(overlay)
    led = {}
    for service in of_kind(documents, "Service"):
        if "selector" not in service["spec"]:
            continue
        found = [
            one
            for one in workloads(documents)
            if selects({"matchLabels": service["spec"]["selector"]}, pod_of(one)["metadata"]["labels"])
        ]
        led[service["metadata"]["name"]] = [one["metadata"]["name"] for one in found]
        ports = {port["name"] for one in found for port in pod_of(one)["spec"]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} == ports, name_of(service)

    assert led == {name: [name] for name in led}


@pytest.mark.parametrize("root", ROOTS)
def test_outside_reaches_the_pages_over_tls_and_no_metrics(root):
    (entrance,) = of_kind(built(root), "Ingress")
    (rule,) = entrance["spec"]["rules"]
    paths = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    nobody = [one for one in of_kind(built(root), "Service") if "selector" not in one["spec"]]

    assert paths == {"/": "stickprov-web", "/metrics": nobody[0]["metadata"]["name"]}
    assert [one["hosts"] for one in entrance["spec"]["tls"]] == [[rule["host"]]]
