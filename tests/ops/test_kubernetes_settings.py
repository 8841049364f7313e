"""The settings that reach a pod are those that the unit tests try on each process."""

import pytest

from support.cluster.building import OVERLAYS, containers, everything_of, name_of, of_kind, workloads
from support.cluster.env_files import settings_of


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pods_settings_are_those_that_were_tried(overlay):
    documents = everything_of(overlay)
    maps = {one["metadata"]["name"]: one["data"] for one in of_kind(documents, "ConfigMap")}
    images = {
        name_of(workload): (container["image"], maps[source["configMapRef"]["name"]])
        for workload in workloads(documents)
        for container in containers(workload)
        for source in container.get("envFrom", ())
    }

    for workload, (image, settings) in images.items():
        process = image.split("/")[-1].split(":")[0].removeprefix("stickprov-")
        assert settings == settings_of(overlay, process), workload
    assert len(images) == 9


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_a_container_is_given_beside_them_is_the_owners_address_for_migrations(overlay):
    ours = [one for one in workloads(everything_of(overlay)) if one["kind"] != "StatefulSet"]
    given = {
        (name_of(workload), variable["name"])
        for workload in ours
        for container in containers(workload)
        for variable in container.get("env", ())
    }

    assert given == {
        (f"Job/stickprov-{service}-migrate", f"STICKPROV_{service.upper()}_MIGRATION_DATABASE_URL_FILE")
        for service in ("sampler", "findings", "reporting")
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_services_ask_each_other_at_services_that_exist(overlay):
    names = {one["metadata"]["name"] for one in of_kind(everything_of(overlay), "Service")}
    asked = {
        value
        for process in ("sampler", "findings", "reporting", "web")
        for name, value in settings_of(overlay, process).items()
        if name.endswith(("SAMPLER_URL", "FINDINGS_URL", "REPORTING_URL"))
    }

    assert asked == {f"http://stickprov-{service}:8000" for service in ("sampler", "findings", "reporting")}
    assert {address.removeprefix("http://").removesuffix(":8000") for address in asked} <= names
