"""What holds for every container of ``docker-compose.yml``, whoever adds one."""

import re
from pathlib import Path
from typing import Any

import pytest

from support.composed import OURS, ROOT, SETTINGS, Composed, compose_config

# A registry's name for one version: two numbers at least, never a moving name alone.
_PINNED = re.compile(r":v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$")
_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN$|STAFF_KEY|CREDENTIAL")
_JOBS = {"migrate-sampler", "migrate-findings", "migrate-reporting"}

Service = dict[str, Any]


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    return compose_config(tmp_path_factory.mktemp("compose"))


def breaking(composed: Composed, holds) -> list[str]:
    return sorted(name for name, service in composed.services.items() if not holds(service))


def test_compose_takes_the_file_and_warns_of_nothing(composed):
    assert (composed.code, composed.told) == (0, "")


@pytest.mark.parametrize(
    "missing", ["STICKPROV_HOST", "STICKPROV_ISSUER", "STICKPROV_PAGES_CLIENT", "STICKPROV_SERVICES_CLIENT"]
)
def test_what_an_operator_must_say_is_asked_for_by_name(tmp_path, missing):
    without = compose_config(tmp_path, {name: value for name, value in SETTINGS.items() if name != missing})

    assert without.code != 0
    assert f"required variable {missing} is missing a value" in without.told
    assert ".env" in without.told


def test_the_example_for_operators_names_every_variable_of_the_file_and_no_other():
    asked = set(re.findall(r"\$\{(STICKPROV_[A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "deploy/compose/example.env").read_text()
    named = set(re.findall(r"(?m)^#?(STICKPROV_[A-Z_]+)=", example))

    assert named == asked


def test_nobody_is_root(composed):
    assert breaking(composed, lambda service: service.get("user", "0").split(":")[0] not in {"0", "root"}) == []


def test_our_containers_are_the_user_that_the_image_has(composed):
    assert {composed.services[name]["user"] for name in OURS} == {"10001:10001"}


def test_every_file_system_is_read_only(composed):
    assert breaking(composed, lambda service: service.get("read_only") is True) == []


def test_nobody_keeps_a_capability_or_gains_one(composed):
    def holds(service: Service) -> bool:
        return (
            service.get("cap_drop") == ["ALL"]
            and not service.get("cap_add")
            and service.get("security_opt") == ["no-new-privileges:true"]
            and not service.get("privileged")
        )

    assert breaking(composed, holds) == []


def test_memory_processes_and_logs_have_limits(composed):
    def holds(service: Service) -> bool:
        options = service.get("logging", {}).get("options", {})
        return {"max-size", "max-file"} <= set(options) and bool(service.get("mem_limit") and service.get("pids_limit"))

    assert breaking(composed, holds) == []


def test_memory_for_files_is_limited_too(composed):
    assert breaking(composed, lambda service: all(":size=" in one for one in service["tmpfs"])) == []


def test_who_runs_is_started_again_and_says_how_it_is(composed):
    def holds(service: Service) -> bool:
        return service["restart"] == "unless-stopped" and bool(service.get("healthcheck", {}).get("test"))

    assert set(breaking(composed, holds)) == _JOBS
    assert {composed.services[name]["restart"] for name in _JOBS} == {"no"}


def test_every_image_is_of_one_version(composed):
    assert breaking(composed, lambda service: _PINNED.search(service["image"]) is not None) == []


def test_nobody_waits_for_one_who_was_only_started(composed):
    conditions = {
        f"{name} for {other}": waits["condition"]
        for name, service in composed.services.items()
        for other, waits in service.get("depends_on", {}).items()
    }

    assert len(conditions) >= 15
    assert {wait for wait, condition in conditions.items() if condition == "service_started"} == set()
    assert {wait for wait, condition in conditions.items() if condition == "service_completed_successfully"} == {
        f"{name} for migrate-{name}" for name in ("sampler", "findings", "reporting")
    }


def test_no_secret_stands_in_an_environment(composed):
    found = [
        f"{name}: {variable}"
        for name, service in composed.services.items()
        for variable, value in (service.get("environment") or {}).items()
        if (_SECRET.search(variable) and not variable.endswith("_FILE")) or re.search(r"://[^/@]*:[^/@]*@", value or "")
    ]

    assert found == []


def test_only_the_proxy_is_reached_from_outside_and_grafana_from_the_machine_itself(composed):
    published = {
        (name, port.get("host_ip"), port["published"])
        for name, service in composed.services.items()
        for port in service.get("ports", [])
    }

    assert published == {("proxy", None, "80"), ("proxy", None, "443"), ("grafana", "127.0.0.1", "3000")}


def test_databases_and_kafka_stand_where_nothing_leads_out_and_nobody_but_services_comes(composed):
    inside = {name for name, service in composed.services.items() if "inside" in service["networks"]}

    assert composed.project["networks"]["inside"]["internal"] is True
    assert inside == {"postgres", "kafka", "sampler", "findings", "reporting", *_JOBS}
    assert {tuple(composed.services[name]["networks"]) for name in ("postgres", "kafka", *_JOBS)} == {("inside",)}


def test_what_is_believed_about_callers_is_what_the_proxys_own_address_says(composed):
    address = composed.services["proxy"]["networks"]["edge"]["ipv4_address"]

    told = {composed.services[name]["environment"][f"STICKPROV_{name.upper()}_TRUSTED_PROXIES"] for name in OURS}

    assert told == {address}
    # No other container can be given it.
    assert not composed.project["networks"]["edge"]["ipam"]["config"][0]["ip_range"].startswith(address)
    assert address == "172.30.9.10"
    assert composed.project["networks"]["edge"]["ipam"]["config"][0]["ip_range"] == "172.30.9.128/25"


def test_every_file_that_is_mounted_is_there_and_cannot_be_written(composed):
    mounted = [
        (name, Path(volume["source"]), volume.get("read_only", False))
        for name, service in composed.services.items()
        for volume in service.get("volumes", [])
        if volume["type"] == "bind"
    ]

    assert len(mounted) >= 10
    assert [name for name, _, read_only in mounted if not read_only] == []
    assert [str(path) for _, path, _ in mounted if not path.exists()] == []


def test_a_service_is_given_its_own_secrets_and_nobody_elses(composed):
    others = {
        name: [
            secret["source"]
            for secret in composed.services[name]["secrets"]
            for other in ("sampler", "findings", "reporting")
            if other != name and secret["source"].startswith(other)
        ]
        for name in ("sampler", "findings", "reporting", "web")
    }

    assert others == {"sampler": [], "findings": [], "reporting": [], "web": []}


def test_only_the_jobs_that_migrate_are_given_the_owners_password(composed):
    given = {
        name
        for name, service in composed.services.items()
        for secret in service.get("secrets", [])
        if "owner" in secret["source"]
    }

    assert given == _JOBS
