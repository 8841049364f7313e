"""What the manifests give each process is what it takes: it would start with these settings and these files."""

import os

import pytest

from stickprov_client.web.settings import WebSettings
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.settings import load
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler.settings import SamplerSettings
from support.cluster.env_files import LAYERS, settings_of
from support.cluster.secret_files import laid_out, made_secrets, secrets_made_of_files

SETTINGS = {
    "sampler": SamplerSettings,
    "findings": FindingsSettings,
    "reporting": ReportingSettings,
    "web": WebSettings,
}
MOUNTED = "/run/secrets/stickprov"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secrets")
    done = laid_out(made_secrets(folder / "made"), folder / "laid-out")
    assert done.returncode == 0, done.stderr
    return folder / "laid-out/files"


@pytest.fixture
def given(files, monkeypatch):
    def give(overlay: str, process: str, **more: str) -> None:
        for name in [name for name in os.environ if name.startswith("STICKPROV_")]:
            monkeypatch.delenv(name)
        for name, value in (settings_of(overlay, process) | more).items():
            monkeypatch.setenv(name, value.replace(MOUNTED, str(files / process)))

    return give


@pytest.mark.parametrize("overlay", LAYERS)
@pytest.mark.parametrize("process", SETTINGS)
def test_a_process_takes_the_settings_that_the_manifests_give_it(given, overlay, process):
    given(overlay, process)

    settings = load(SETTINGS[process])

    assert settings.mode == "production"
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 8000)  # noqa: S104


@pytest.mark.parametrize("overlay", LAYERS)
@pytest.mark.parametrize("service", ["sampler", "findings", "reporting"])
def test_a_migration_takes_the_owners_address_beside_them(given, files, overlay, service):
    name = f"STICKPROV_{service.upper()}_MIGRATION_DATABASE_URL_FILE"
    given(overlay, service, **{name: str(files / f"{service}-owner/migration-database-url")})

    settings = load(SETTINGS[service])

    assert settings.migration_database_url == (
        f"postgresql://stickprov_{service}_owner:{service}-owner-word@postgres/stickprov_{service}"
        "?sslmode=verify-full&sslrootcert=/run/secrets/stickprov/database-ca"
    )


@pytest.mark.parametrize("process", SETTINGS)
def test_no_secret_stands_in_a_setting(process):
    secret = ("STAFF_KEY", "DATABASE_URL", "PASSWORD", "SECRET", "TOKEN")
    named = {
        name: value
        for overlay in LAYERS
        for name, value in settings_of(overlay, process).items()
        if name.endswith(secret)
    }

    assert named == {}


@pytest.mark.parametrize("process", SETTINGS)
def test_every_file_that_a_setting_names_is_a_key_of_the_processs_secret(process):
    keys = secrets_made_of_files()[f"stickprov-{process}"]
    named = {
        value.removeprefix(f"{MOUNTED}/")
        for overlay in LAYERS
        for value in settings_of(overlay, process).values()
        if value.startswith("/run/secrets")
    }

    # The address of the database names its authority.
    assert named | {"database-ca"} == set(keys) | {"database-ca"}


def test_a_second_organisation_shares_no_name_that_two_must_not_share():
    first, second = settings_of("production", "sampler"), settings_of("second-organisation", "sampler")
    own = ("CHECKPOINT_ORIGIN", "SERVICE_ROLE", "KAFKA_BOOTSTRAP", "TOKEN_ISSUER", "NOTICE_QUEUE")

    shared = [name for name in own if first.get(f"STICKPROV_SAMPLER_{name}") == second[f"STICKPROV_SAMPLER_{name}"]]

    assert shared == []


def test_every_setting_of_another_organisation_is_one_that_the_first_has_or_a_role():
    more = {
        name
        for process in SETTINGS
        for name in settings_of("second-organisation", process).keys() - settings_of("production", process).keys()
    }

    assert more == {f"STICKPROV_{service}_SERVICE_ROLE" for service in ("SAMPLER", "FINDINGS", "REPORTING")}
