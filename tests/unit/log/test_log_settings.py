"""Settings of a signed log: a key that cannot sign, or that others may read, is refused at the start."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from stickprov_kernel.log.settings import LogSettings
from stickprov_kernel.settings import load
from support.master_keys import master_keys_file
from support.notes import key_file, signing_key
from support.tokens import issuer


class TrialSettings(LogSettings):
    model_config = SettingsConfigDict(env_prefix="STICKPROV_TRIAL_")


def settings(folder: Path, **more: object) -> TrialSettings:
    return TrialSettings(
        database_url="postgresql://localhost/trial",
        kafka_bootstrap="kafka:9092",
        token_issuer="https://sign-in.example",
        token_keys=issuer().keys_file(folder),
        staff_key="ab" * 32,
        **{"master_keys": master_keys_file(folder, name="usual.keys")} | more,
    )


def refused(folder: Path, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as error:
        settings(folder, **more)
    return [(str(one["loc"][0]), one["msg"].removeprefix("Value error, ")) for one in error.value.errors()]


def test_a_log_is_named_after_its_service_unless_it_has_an_address(tmp_path: Path):
    assert settings(tmp_path).checkpoint_origin == "stickprov.local/trial"
    assert settings(tmp_path, checkpoint_origin="kontroll.example/s").checkpoint_origin == "kontroll.example/s"


def test_without_a_key_nothing_is_signed(tmp_path: Path):
    assert settings(tmp_path).signing_key is None
    assert timedelta(minutes=settings(tmp_path).checkpoint_minutes) == timedelta(minutes=5)


def test_the_key_signs_under_the_logs_name(tmp_path: Path):
    chosen = settings(tmp_path, checkpoint_key=key_file(tmp_path, 2), checkpoint_former_key=key_file(tmp_path, 1))

    assert chosen.signing_key is not None
    assert chosen.former_signing_key is not None
    assert chosen.signing_key.verifier == signing_key("stickprov.local/trial", 2).verifier
    assert chosen.former_signing_key.verifier == signing_key("stickprov.local/trial", 1).verifier


@pytest.mark.parametrize("origin", ["", "with space", "with+plus", "line\nbreak", "x" * 201])
def test_a_name_that_no_note_can_carry_is_refused(tmp_path: Path, origin: str):
    assert [field for field, _ in refused(tmp_path, checkpoint_origin=origin)] == ["checkpoint_origin"]


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int):
    path = key_file(tmp_path)
    path.chmod(mode)

    assert refused(tmp_path, checkpoint_key=path) == [
        ("checkpoint_key", "Others may read or change this file; take that from them (chmod 600).")
    ]


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440])
def test_a_key_that_a_volume_lends_to_the_services_group_is_taken(tmp_path: Path, mode: int):
    path = key_file(tmp_path)
    path.chmod(mode)

    assert settings(tmp_path, checkpoint_key=path).signing_key is not None


def test_a_file_without_a_key_is_refused(tmp_path: Path):
    nothing, text, elliptic = tmp_path / "nothing.pem", tmp_path / "text.pem", tmp_path / "elliptic.pem"
    text.write_text("no key")
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    elliptic.write_bytes(pem)
    for path in (text, elliptic):
        path.chmod(0o600)

    assert [refused(tmp_path, checkpoint_key=path) for path in (nothing, text, elliptic)] == [
        [("checkpoint_key", "This file cannot be read: No such file or directory.")],
        [("checkpoint_key", "This file holds no private key in PEM without a password.")],
        [
            (
                "checkpoint_key",
                "This file holds a key of another kind; make one with openssl genpkey -algorithm ed25519.",
            )
        ],
    ]


def test_a_former_key_alone_is_refused(tmp_path: Path):
    assert refused(tmp_path, checkpoint_former_key=key_file(tmp_path)) == [
        ("checkpoint_former_key", "This has no effect without the key that signs now.")
    ]


def test_master_keys_that_others_may_read_are_refused(tmp_path: Path):
    path = master_keys_file(tmp_path)
    path.chmod(0o644)

    assert refused(tmp_path, master_keys=path) == [
        ("master_keys", "Others may read or change this file; take that from them (chmod 600).")
    ]


def test_a_file_without_master_keys_is_refused(tmp_path: Path):
    nothing, text = tmp_path / "nothing.keys", tmp_path / "text.keys"
    text.write_text("hunter2\n")
    text.chmod(0o600)

    assert [refused(tmp_path, master_keys=path) for path in (nothing, text)] == [
        [("master_keys", "This file cannot be read: No such file or directory.")],
        [("master_keys", "Line 1 of this file is no master key; write <id> <64 hex digits>.")],
    ]


def test_what_seals_is_made_of_the_file(tmp_path: Path):
    assert settings(tmp_path, master_keys=master_keys_file(tmp_path, 2, 1)).sealing.current == "master-2"


def test_a_service_without_usable_master_keys_says_so_and_ends_with_2(tmp_path: Path, monkeypatch, capsys):
    path = master_keys_file(tmp_path)
    for name, value in settings(tmp_path, master_keys=path).model_dump(mode="json").items():
        if name in {"database_url", "kafka_bootstrap", "token_issuer", "token_keys"}:
            monkeypatch.setenv(f"STICKPROV_TRIAL_{name.upper()}", str(value))
    monkeypatch.setenv("STICKPROV_TRIAL_STAFF_KEY", "ab" * 32)
    monkeypatch.setenv("STICKPROV_TRIAL_MASTER_KEYS", str(path))
    assert load(TrialSettings).sealing.current == "master-1"

    said = []
    for wrong in ("readable", "broken", "gone"):
        path.chmod(0o644 if wrong == "readable" else 0o600)
        if wrong == "broken":
            path.write_text("hunter2")
        if wrong == "gone":
            path.unlink()
        with pytest.raises(SystemExit) as ended:
            load(TrialSettings)
        assert ended.value.code == 2
        said.append(capsys.readouterr().err)
    monkeypatch.delenv("STICKPROV_TRIAL_MASTER_KEYS")
    with pytest.raises(SystemExit):
        load(TrialSettings)
    said.append(capsys.readouterr().err)

    assert [text.splitlines()[1] for text in said] == [
        "  STICKPROV_TRIAL_MASTER_KEYS: Others may read or change this file; take that from them (chmod 600).",
        "  STICKPROV_TRIAL_MASTER_KEYS: Line 1 of this file is no master key; write <id> <64 hex digits>.",
        "  STICKPROV_TRIAL_MASTER_KEYS: This file cannot be read: No such file or directory.",
        "  STICKPROV_TRIAL_MASTER_KEYS: This is required; give a value.",
    ]
    assert "hunter2" not in "".join(said)
