"""The trial's PostgreSQL and Kafka are those of the compose file: the same images, programs, settings and files."""

from pathlib import Path

import pytest
import yaml

from support.cluster.building import built, containers, of_kind, pod_of
from support.cluster.env_files import KUBERNETES, settings_of

SERVERS = "overlays/trial/servers"
COMPOSE = yaml.safe_load((KUBERNETES.parents[1] / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def workload(name):
    """Return what runs one of the servers, and its container."""
    (found,) = [one for one in of_kind(built(SERVERS), "StatefulSet") if one["metadata"]["name"] == name]
    (container,) = containers(found)
    return found, container


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_it_runs_the_same_program_of_the_same_image_as_the_same_user(name):
    of_compose = COMPOSE[name]
    found, container = workload(name)
    context = pod_of(found)["spec"]["securityContext"]

    assert container["image"] == of_compose["image"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == of_compose["user"]
    assert container.get("command") == of_compose.get("entrypoint")
    assert container.get("args") == of_compose.get("command")
    assert {one["name"]: one["value"] for one in container["env"]} == of_compose["environment"]


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_it_is_asked_how_it_is_as_there(name):
    _, container = workload(name)
    asked = ["CMD", *container["livenessProbe"]["exec"]["command"]]

    assert asked == COMPOSE[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_it_finds_the_same_files_in_the_same_places(name):
    found, container = workload(name)
    maps = {one["metadata"]["name"]: one["data"] for one in of_kind(built(SERVERS), "ConfigMap")}
    held = {
        volume["name"]: maps[volume["configMap"]["name"]]
        for volume in pod_of(found)["spec"]["volumes"]
        if "configMap" in volume
    }
    mounted = {
        f"{mount['mountPath']}/{file}": text
        for mount in container["volumeMounts"]
        for file, text in held.get(mount["name"], {}).items()
    }
    there = [volume.removesuffix(":ro").split(":") for volume in COMPOSE[name]["volumes"] if volume.startswith("./")]

    assert mounted == {
        target: Path(KUBERNETES.parents[1] / source).read_text(encoding="utf-8") for source, target in there
    }


def test_their_addresses_are_the_names_that_certificates_and_settings_have():
    ports = {one["metadata"]["name"]: one["spec"]["ports"][0]["port"] for one in of_kind(built(SERVERS), "Service")}
    (properties,) = [
        one["data"]["server.properties"]
        for one in of_kind(built(SERVERS), "ConfigMap")
        if "server.properties" in one["data"]
    ]

    assert ports == {"postgres": 5432, "kafka": 9092}
    assert "advertised.listeners=SERVICES://kafka:9092," in properties
    for service in ("sampler", "findings", "reporting"):
        assert settings_of("trial", service)[f"STICKPROV_{service.upper()}_KAFKA_BOOTSTRAP"] == "kafka:9092"
