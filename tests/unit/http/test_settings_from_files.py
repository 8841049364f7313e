"""A secret may stand in a file instead of the environment, and what is wrong with it is told with everything else."""

import pytest
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.settings import ServiceSettings, load
from stickprov_kernel.settings_from_files import file_variables
from support.tokens import issuer

STAFF_KEY = "ab" * 32
IN_ANOTHER_FOLDER = "postgresql://trial@localhost/other"


class TrialSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="STICKPROV_TRIAL_")

    motto: str = Field(default="", max_length=20, description="A text that may be empty.")


@pytest.fixture
def environment(monkeypatch, tmp_path):
    def put(**settings: str | None) -> None:
        usual = {
            "DATABASE_URL": "postgresql://trial:hunter2@localhost/trial",
            "KAFKA_BOOTSTRAP": "kafka:9092",
            "TOKEN_ISSUER": "https://sign-in.example",
            "TOKEN_KEYS": str(issuer().keys_file(tmp_path)),
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


def file_of(folder, text: str | bytes) -> str:
    path = folder / "secret"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_secret_may_stand_in_a_file(environment, tmp_path):
    environment(STAFF_KEY_FILE=file_of(tmp_path, f"{STAFF_KEY}\n"))
    assert load(TrialSettings).staff_key_bytes == bytes.fromhex(STAFF_KEY)


def test_so_may_a_text_that_would_otherwise_be_in_the_environment(environment, tmp_path):
    environment(DATABASE_URL=None, DATABASE_URL_FILE=file_of(tmp_path, IN_ANOTHER_FOLDER), STAFF_KEY=STAFF_KEY)
    assert load(TrialSettings).database_url == IN_ANOTHER_FOLDER


def test_a_value_from_a_file_is_checked_like_any_other(environment, tmp_path, capsys):
    environment(STAFF_KEY_FILE=file_of(tmp_path, "abcd"))
    assert "STICKPROV_TRIAL_STAFF_KEY: This should be at least 64 hex digits." in refused(capsys)


def test_a_secret_that_is_refused_is_not_shown(environment, tmp_path, capsys):
    environment(STAFF_KEY_FILE=file_of(tmp_path, "no-hex-digits"))
    assert "no-hex-digits" not in refused(capsys)


@pytest.mark.parametrize(
    ("content", "told"),
    [(" \n", "is empty"), (b"\xff\xfe", "is no text")],
)
def test_a_file_without_a_value_is_told_by_its_variable(environment, tmp_path, capsys, content, told):
    environment(STAFF_KEY_FILE=file_of(tmp_path, content))
    assert f"The file that STICKPROV_TRIAL_STAFF_KEY_FILE names {told}." in refused(capsys)


def test_a_missing_file_is_told_with_the_other_faults(environment, tmp_path, capsys):
    environment(STAFF_KEY_FILE=str(tmp_path / "nowhere"), HTTP_PORT="0")
    told = refused(capsys)
    assert "STICKPROV_TRIAL_STAFF_KEY_FILE names cannot be read: No such file or directory." in told
    assert "STICKPROV_TRIAL_HTTP_PORT" in told


def test_a_value_and_a_file_for_it_are_not_given_together(environment, tmp_path, capsys):
    environment(STAFF_KEY=STAFF_KEY, STAFF_KEY_FILE=file_of(tmp_path, STAFF_KEY))
    assert "This or STICKPROV_TRIAL_STAFF_KEY_FILE, not both." in refused(capsys)


def test_an_empty_name_of_a_file_is_none(environment):
    environment(STAFF_KEY=STAFF_KEY, STAFF_KEY_FILE="")
    assert load(TrialSettings).staff_key_bytes == bytes.fromhex(STAFF_KEY)


def test_a_misspelt_name_of_a_file_is_told(environment, capsys):
    environment(STAFF_KEY=STAFF_KEY, STAF_KEY_FILE="/run/secrets/staff-key")
    assert "STICKPROV_TRIAL_STAF_KEY_FILE: There is no such setting. Did you mean" in refused(capsys)


def test_numbers_paths_and_what_has_a_file_already_are_given_in_no_other_file():
    variables = file_variables(TrialSettings)
    assert variables["staff_key"] == "STICKPROV_TRIAL_STAFF_KEY_FILE"
    assert {"http_port", "kafka_password_file", "token_keys", "service_client_secret_file", "token_roles"}.isdisjoint(
        variables
    )
    assert not set(variables.values()) & {f"STICKPROV_TRIAL_{name.upper()}" for name in TrialSettings.model_fields}
