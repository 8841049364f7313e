"""A service with a missing, wrong or misspelt setting does not start, and says all of them at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.settings import ServiceSettings, load, placeholder
from stickprov_kernel.settings_table import SettingRow, render, table
from support.tokens import issuer

STAFF_KEY = "ab" * 32


class TrialSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="STICKPROV_TRIAL_")

    frame_folder: Path = Field(description="Folder of the frames.")
    limits: list[int] = Field(default=[1], description="Some limits | in order.")


@pytest.fixture
def environment(monkeypatch, tmp_path):
    def put(**settings: str | None) -> None:
        usual = {
            "DATABASE_URL": "postgresql://trial:hunter2@localhost/trial",
            "KAFKA_BOOTSTRAP": "kafka:9092",
            "TOKEN_ISSUER": "https://sign-in.example",
            "TOKEN_KEYS": str(issuer().keys_file(tmp_path)),
            "STAFF_KEY": STAFF_KEY,
            "FRAME_FOLDER": str(tmp_path),
        }
        for name, value in (usual | settings).items():
            if value is not None:
                monkeypatch.setenv(f"STICKPROV_TRIAL_{name}", value)

    return put


def refused(capsys) -> str:
    with pytest.raises(SystemExit) as ended:
        load(TrialSettings)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_settings_come_from_the_environment(environment, tmp_path):
    environment(HTTP_PORT="8123", LIMITS="[2, 3]", MIGRATION_DATABASE_URL="")
    settings = load(TrialSettings)
    assert settings.http_port == 8123
    assert settings.http_host == "127.0.0.1"
    assert settings.service_role == "stickprov_trial"
    assert settings.migration_database_url is None
    assert settings.frame_folder == tmp_path
    assert settings.limits == [2, 3]
    assert settings.staff_key_bytes == bytes.fromhex(STAFF_KEY)
    assert settings.mode == "production"


def test_the_role_may_be_another(environment):
    environment(SERVICE_ROLE="trial_service")
    assert load(TrialSettings).service_role == "trial_service"


def test_settings_do_not_change(environment):
    environment()
    with pytest.raises(ValidationError, match="frozen"):
        load(TrialSettings).http_port = 1


def test_secrets_are_not_shown(environment):
    environment(MIGRATION_DATABASE_URL="postgresql://owner:hunter3@localhost/trial")
    shown = repr(load(TrialSettings))
    for secret in ("hunter2", "hunter3", STAFF_KEY):
        assert secret not in shown


def test_everything_that_is_missing_or_wrong_is_said_at_once(environment, capsys):
    environment(DATABASE_URL=None, HTTP_PORT="many", STAFF_KEY="hunter2", LOG_LEVEL="loud", HTP_HOST="127.0.0.1")
    message = refused(capsys)
    assert message.splitlines() == [
        "Cannot start: 5 settings are missing or wrong.",
        "  STICKPROV_TRIAL_DATABASE_URL: This is required; give a value.",
        "      URL of the service's own PostgreSQL database, as its role.",
        "  STICKPROV_TRIAL_HTTP_PORT: Write a whole number.",
        "      Port to listen on.",
        "  STICKPROV_TRIAL_STAFF_KEY: This should be hex digits.",
        "      Key of the actors' pseudonyms: 64 hex digits or more, the same for all services, never changed.",
        "  STICKPROV_TRIAL_LOG_LEVEL: Write one of debug, info, warning, error.",
        "      Least level that is logged.",
        "  STICKPROV_TRIAL_HTP_HOST: There is no such setting. Did you mean STICKPROV_TRIAL_HTTP_HOST?",
    ]


def test_a_list_that_cannot_be_read_is_said_too(environment, capsys):
    environment(LIMITS="many")
    assert "limits" in refused(capsys)


def test_a_short_staff_key_is_refused(environment, capsys):
    environment(STAFF_KEY="ab" * 31)
    assert "STICKPROV_TRIAL_STAFF_KEY: This should be at least 64 hex digits." in refused(capsys)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "This file cannot be read: No such file or directory."),
        ("", "This file holds no JWK set."),
        ("[]", "This file holds no JWK set."),
        ('{"keys": []}', "This file holds no JWK set with a key."),
        ('{"keys": [7]}', "This file holds no JWK set with a key."),
        (json.dumps({"keys": [issuer().key.as_dict(private=True)]}), "This file holds a private key"),
    ],
)
def test_a_file_without_public_keys_is_refused(environment, capsys, tmp_path, content, what):
    path = tmp_path / "keys"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    environment(TOKEN_KEYS=str(path))
    assert f"STICKPROV_TRIAL_TOKEN_KEYS: {what}" in refused(capsys)


def test_the_local_issuer_is_believed_in_local_mode_alone(environment, capsys):
    environment(TOKEN_ISSUER="urn:stickprov:local")
    assert "STICKPROV_TRIAL_TOKEN_ISSUER: urn:stickprov:local is for local mode alone" in refused(capsys)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_local_mode_listens_on_this_machine(environment, host):
    environment(MODE="local", TOKEN_ISSUER="urn:stickprov:local", HTTP_HOST=host)
    assert load(TrialSettings).http_host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "trial.example"])  # noqa: S104  # it is refused
def test_local_mode_is_not_for_other_machines(environment, capsys, host):
    environment(MODE="local", TOKEN_ISSUER="urn:stickprov:local", HTTP_HOST=host)
    assert "STICKPROV_TRIAL_HTTP_HOST: In local mode this should be a loopback address" in refused(capsys)


def test_the_service_token_is_read_anew_each_time(environment, tmp_path):
    token = tmp_path / "service.jwt"
    environment(SERVICE_TOKEN=str(token))
    settings = load(TrialSettings)
    for content in ("first", "second"):
        token.write_text(content + "\n", encoding="utf-8")
        assert settings.read_service_token() == content


def test_without_a_service_token_its_variable_is_named(environment):
    environment()
    with pytest.raises(FileNotFoundError, match="STICKPROV_TRIAL_SERVICE_TOKEN is not set"):
        load(TrialSettings).read_service_token()


def test_a_placeholder_needs_no_environment():
    settings = placeholder(TrialSettings)
    assert settings.http_port == 8000
    assert settings.staff_key_bytes == bytes(32)
    assert settings.frame_folder == Path("nowhere")


def test_the_table_names_every_setting_in_order_with_its_default():
    rows = {row.env: row for row in table(TrialSettings)}
    assert list(rows) == [f"STICKPROV_TRIAL_{name.upper()}" for name in TrialSettings.model_fields]
    assert rows["STICKPROV_TRIAL_HTTP_PORT"] == SettingRow(
        "STICKPROV_TRIAL_HTTP_PORT", "whole number", "`8000`", "Port to listen on."
    )
    assert rows["STICKPROV_TRIAL_MODE"].type == "`production` or `local`"
    assert rows["STICKPROV_TRIAL_SERVICE_ROLE"].default == "`stickprov_trial`"
    assert rows["STICKPROV_TRIAL_STAFF_KEY"].type == "secret"
    assert rows["STICKPROV_TRIAL_STAFF_KEY"].default == "required"
    assert rows["STICKPROV_TRIAL_SERVICE_TOKEN"].type == "path"
    assert rows["STICKPROV_TRIAL_SERVICE_TOKEN"].default == "none"


def test_the_table_is_markdown_with_a_heading_for_each_service():
    rendered = render([TrialSettings]).splitlines()
    assert rendered[:4] == ["## trial", "", "| Variable | Type | Default | What it is |", "| --- | --- | --- | --- |"]
    assert rendered[-1] == "| `STICKPROV_TRIAL_LIMITS` | list | `[1]` | Some limits \\| in order. |"


def test_the_default_of_a_secret_is_not_in_the_table():
    class Leaky(TrialSettings):
        pepper: SecretStr = Field(default=SecretStr("hunter2"), description="A secret with a default.")

    assert "hunter2" not in render([Leaky])


def test_a_setting_without_a_description_has_no_place_in_the_table():
    class Undescribed(TrialSettings):
        mystery: int = 1

    with pytest.raises(ValueError, match="STICKPROV_TRIAL_MYSTERY has no description"):
        table(Undescribed)


def test_kafkas_sign_in_is_made_of_the_settings(environment, tmp_path):
    password = tmp_path / "kafka-password"
    password.write_text("secret")
    environment(
        KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        KAFKA_SASL_MECHANISM="SCRAM-SHA-512",
        KAFKA_USER="stickprov",
        KAFKA_PASSWORD_FILE=str(password),
    )

    assert replace(load(TrialSettings).kafka, vouching=None) == KafkaAccess(
        "kafka:9092", "SASL_SSL", "SCRAM-SHA-512", "stickprov", password_file=password, ca_file=None
    )


def test_a_sign_in_to_kafka_must_be_whole(environment, capsys):
    environment(KAFKA_SECURITY_PROTOCOL="SASL_SSL", KAFKA_USER="stickprov")

    said = refused(capsys)

    assert "STICKPROV_TRIAL_KAFKA_SASL_MECHANISM: SASL_SSL needs this." in said
    assert "STICKPROV_TRIAL_KAFKA_PASSWORD_FILE: SASL_SSL needs this." in said
    assert "KAFKA_USER" not in said


def test_what_has_no_effect_on_the_way_to_kafka_is_refused(environment, capsys, tmp_path):
    environment(KAFKA_USER="stickprov", KAFKA_CA_FILE=str(tmp_path / "ca.pem"))

    said = refused(capsys)

    assert "STICKPROV_TRIAL_KAFKA_USER: This has no effect with PLAINTEXT; choose SASL_SSL or leave it out." in said
    assert "STICKPROV_TRIAL_KAFKA_CA_FILE: This has no effect without TLS; choose SSL or SASL_SSL." in said


def test_kafkas_files_are_read_at_the_start(environment, capsys, tmp_path):
    environment(KAFKA_SECURITY_PROTOCOL="SSL", KAFKA_CA_FILE=str(tmp_path / "not-there.pem"))

    assert "STICKPROV_TRIAL_KAFKA_CA_FILE: This file cannot be read: No such file or directory." in refused(capsys)


@pytest.mark.parametrize("name", ["DATABASE_URL", "MIGRATION_DATABASE_URL"])
def test_a_database_on_another_machine_is_reached_over_verified_tls_or_not_at_all(environment, capsys, name):
    environment(**{name: "postgresql://trial:hunter2@db.example/trial?sslmode=require"})

    message = refused(capsys)

    assert f"STICKPROV_TRIAL_{name}: This leads to another machine without TLS." in message
    assert "hunter2" not in message


def test_whoever_protects_the_network_by_other_means_says_so(environment):
    environment(DATABASE_URL="postgresql://trial@db.example/trial", DATABASE_WITHOUT_TLS="true")
    assert load(TrialSettings).database_without_tls


def test_proxies_are_believed_by_address_alone(environment, capsys):
    environment(TRUSTED_PROXIES="*")
    assert "STICKPROV_TRIAL_TRUSTED_PROXIES: This should be addresses or networks" in refused(capsys)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TOKEN_ISSUER": "http://sign-in.example"}, "TOKEN_KEYS: Without a file of keys the issuer must be an https"),
        ({"TOKEN_ISSUER": "http://127.0.0.1:9"}, "TOKEN_KEYS: Without a file of keys the issuer must be an https"),
        ({"TOKEN_ROLES": '{"Boss": "boss"}'}, "TOKEN_ROLES: "),
        ({"SERVICE_CLIENT_ID": "findings"}, "SERVICE_CLIENT_SECRET_FILE: A client's id and the file with its secret"),
        ({"SERVICE_CLIENT_SECRET_FILE": "x"}, "SERVICE_CLIENT_SECRET_FILE: A client's id and the file with its secret"),
        (
            {"SERVICE_CLIENT_ID": "findings", "SERVICE_CLIENT_SECRET_FILE": "/none"},
            "SERVICE_CLIENT_SECRET_FILE: This file cannot be read",
        ),
    ],
)
def test_a_provider_that_cannot_be_asked_safely_is_refused(environment, capsys, settings, said):
    environment(TOKEN_KEYS=None, **settings)
    assert f"STICKPROV_TRIAL_{said}" in refused(capsys)


def test_without_a_file_of_keys_the_issuer_is_asked(environment):
    environment(TOKEN_KEYS=None, TOKEN_ROLES='{"IK-Granskare": "reviewer"}')
    settings = load(TrialSettings)
    assert settings.token_keys is None
    assert settings.token_roles == {"IK-Granskare": "reviewer"}


def test_on_this_machine_in_local_mode_the_issuer_needs_no_tls(environment):
    environment(TOKEN_KEYS=None, TOKEN_ISSUER="http://127.0.0.1:9", MODE="local")
    assert load(TrialSettings).token_issuer == "http://127.0.0.1:9"
