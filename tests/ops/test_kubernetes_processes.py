"""Every container is restricted, limited and, if it serves, asked how it is; none has a key to the cluster."""

import pytest

from support.cluster.building import (
    ROOTS,
    built,
    containers,
    everything_of,
    name_of,
    of_kind,
    pod_of,
    workloads,
)
from support.cluster.secret_files import secrets_made_of_files

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
IMAGES = {f"stickprov-{process}" for process in ("sampler", "findings", "reporting", "web")}


@pytest.mark.parametrize("root", ROOTS)
def test_every_pod_is_restricted(root):
    for workload in workloads(built(root)):
        spec = pod_of(workload)["spec"]
        context = spec["securityContext"]

        assert context["runAsNonRoot"] is True, name_of(workload)
        assert context["runAsUser"] > 0, name_of(workload)
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, name_of(workload)
        assert spec["automountServiceAccountToken"] is False, name_of(workload)
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name_of(workload)
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume], name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_every_container_is_restricted(root):
    for workload in workloads(built(root)):
        for container in containers(workload):
            context = container["securityContext"]

            assert context["readOnlyRootFilesystem"] is True, name_of(workload)
            assert context["allowPrivilegeEscalation"] is False, name_of(workload)
            assert context["privileged"] is False, name_of(workload)
            assert context["capabilities"] == {"drop": ["ALL"]}, name_of(workload)
            assert not {"runAsUser", "runAsNonRoot", "seccompProfile"} & context.keys(), name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_what_is_ours_runs_as_the_images_user(root):
    for workload in workloads(built(root)):
        if any(container["image"].split("/")[-1].split(":")[0] in IMAGES for container in containers(workload)):
            context = pod_of(workload)["spec"]["securityContext"]

            assert {context[what] for what in ("runAsUser", "runAsGroup", "fsGroup")} == {10001}, name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_every_container_has_requests_and_limits(root):
    for workload in workloads(built(root)):
        for container in containers(workload):
            for what in ("requests", "limits"):
                assert container["resources"][what].keys() == {"cpu", "memory"}, name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_every_folder_of_a_container_that_is_no_volume_has_a_size(root):
    for workload in workloads(built(root)):
        unbounded = [
            volume["name"]
            for volume in pod_of(workload)["spec"]["volumes"]
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]
        ]

        assert unbounded == [], name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_whatever_serves_is_asked_how_it_is(root):
    for workload in workloads(built(root)):
        if workload["kind"] == "Job":
            continue
        for container in containers(workload):
            assert container.keys() >= set(PROBES), name_of(workload)


def test_only_what_a_replica_alone_can_be_blamed_for_takes_it_out():
    for deployment in of_kind(built("overlays/production"), "Deployment"):
        (container,) = containers(deployment)

        assert {container[probe]["httpGet"]["path"] for probe in PROBES} == {"/health/live"}, name_of(deployment)


def test_a_replica_has_the_time_that_a_stop_in_good_order_takes():
    # Requests in flight 5 s, a batch that is being applied 10 s, the relay's last events 2 s.
    takes = 5 + 10 + 2
    for deployment in of_kind(built("overlays/production"), "Deployment"):
        (container,) = containers(deployment)
        until_nobody_is_sent_here = container["lifecycle"]["preStop"]["sleep"]["seconds"]

        grace = pod_of(deployment)["spec"]["terminationGracePeriodSeconds"]
        assert grace > until_nobody_is_sent_here + takes, name_of(deployment)


@pytest.mark.parametrize("root", ROOTS)
def test_kubernetes_sets_no_variables_of_its_own(root):
    # STICKPROV_SAMPLER_PORT=tcp://…, made for the Service of that name, is a setting that does not exist.
    for workload in workloads(built(root)):
        assert pod_of(workload)["spec"]["enableServiceLinks"] is False, name_of(workload)


@pytest.mark.parametrize("root", ROOTS)
def test_files_of_secrets_are_closed_to_others_and_open_to_the_process(root):
    for workload in workloads(built(root)):
        spec = pod_of(workload)["spec"]
        modes = {volume["secret"]["defaultMode"] for volume in spec["volumes"] if "secret" in volume}

        assert modes == {0o440}, name_of(workload)
        assert spec["securityContext"]["fsGroup"] == spec["securityContext"]["runAsGroup"], name_of(workload)


@pytest.mark.parametrize("overlay", ["trial", "production", "second-organisation"])
def test_every_secret_that_a_pod_mounts_is_in_the_documented_list(overlay):
    mounted = {
        volume["secret"]["secretName"]
        for workload in workloads(everything_of(overlay))
        for volume in pod_of(workload)["spec"]["volumes"]
        if "secret" in volume
    }
    entrance = {"stickprov-tls"}
    servers = secrets_made_of_files("servers").keys() if overlay == "trial" else set()

    assert mounted | entrance == secrets_made_of_files().keys() | servers


@pytest.mark.parametrize("overlay", ["trial", "production", "second-organisation"])
def test_the_owners_password_is_in_no_pod_that_serves(overlay):
    with_it = {
        name_of(workload)
        for workload in workloads(everything_of(overlay))
        for volume in pod_of(workload)["spec"]["volumes"]
        if volume.get("secret", {}).get("secretName", "").endswith("-owner")
    }

    assert with_it == {f"Job/stickprov-{service}-migrate" for service in ("sampler", "findings", "reporting")}


@pytest.mark.parametrize("root", ROOTS)
def test_no_document_holds_a_secret(root):
    assert of_kind(built(root), "Secret") == []


def test_prometheus_finds_every_process_and_its_job_is_the_processs_name():
    for deployment in of_kind(built("overlays/production"), "Deployment"):
        about = pod_of(deployment)["metadata"]

        assert about["annotations"] == {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": "8000",
            "prometheus.io/path": "/metrics",
        }
        assert f"stickprov-{about['labels']['app.kubernetes.io/component']}" == deployment["metadata"]["name"]
