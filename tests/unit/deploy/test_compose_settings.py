"""The services take what Compose gives them: every variable is one of theirs, and every required one is there."""

import pytest

from stickprov_client.web.settings import WebSettings
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.log.keys import read_signing_key
from stickprov_kernel.settings import load
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler.settings import SamplerSettings
from support.composed import HOST, Composed, Made, compose_config, environment_of, make_secrets

_SETTINGS = {
    "sampler": SamplerSettings,
    "migrate-sampler": SamplerSettings,
    "findings": FindingsSettings,
    "migrate-findings": FindingsSettings,
    "reporting": ReportingSettings,
    "migrate-reporting": ReportingSettings,
    "web": WebSettings,
}


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    return compose_config(tmp_path_factory.mktemp("compose"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = make_secrets(tmp_path_factory.mktemp("secrets"))
    for given in ("services-client-secret", "pages-client-secret"):
        (made.folder / given).write_text("as-the-provider-gave-it\n")
    return made


@pytest.fixture
def given(composed, made, tmp_path, monkeypatch):
    def give(name: str) -> dict[str, str]:
        service = composed.services[name]
        environment = environment_of(service, composed.project["secrets"], made.folder, tmp_path / "run-secrets")
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        return environment

    return give


@pytest.mark.parametrize("name", _SETTINGS)
def test_a_service_starts_with_what_compose_gives_it(given, name):
    given(name)

    assert load(_SETTINGS[name]).mode == "production"


@pytest.mark.parametrize("name", ["sampler", "findings", "reporting", "web"])
def test_a_service_is_told_nothing_that_it_does_not_know(given, name):
    # `load` refuses an unknown variable with its own prefix; here is that no other prefix is used either.
    assert {variable for variable in given(name) if not variable.startswith(f"STICKPROV_{name.upper()}_")} == set()


def test_the_services_go_by_one_staff_key_and_one_issuer(given):
    given("sampler")
    sampler = load(SamplerSettings)

    assert sampler.kafka.protocol == "SASL_SSL"
    assert sampler.kafka.user == "stickprov-sampler"
    assert "sslmode=verify-full" in sampler.database_url
    assert sampler.token_roles == {"IK-Samordnare": "coordinator", "stickprov-service": "service"}


def test_only_who_migrates_knows_the_owners_address(composed):
    knowing = {
        name
        for name, service in composed.services.items()
        for variable in service.get("environment") or {}
        if variable.endswith("MIGRATION_DATABASE_URL")
    }

    assert knowing == {"migrate-sampler", "migrate-findings", "migrate-reporting"}


def test_reporting_trusts_the_very_keys_that_the_logs_are_signed_with(given, made):
    given("reporting")
    trusted = load(ReportingSettings).read_trusted_keys()

    signing = [
        read_signing_key(made.folder / f"{name}-checkpoint.pem", f"{HOST}/{name}").verifier
        for name in ("sampler", "findings")
    ]
    assert trusted == signing


def test_the_command_is_sent_to_the_services_through_the_proxy(given):
    given("web")
    settings = load(WebSettings)

    assert settings.base_url == f"https://{HOST}"
    assert settings.services_url == f"https://{HOST}/services"
