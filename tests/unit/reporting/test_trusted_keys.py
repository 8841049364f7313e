"""The keys that reporting trusts, given from outside: read anew each time, refused at the start when they are none."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from stickprov_reporting.settings import ReportingSettings
from support.notes import signing_key
from support.tokens import issuer


def settings(folder: Path, trusted: Path | None) -> ReportingSettings:
    return ReportingSettings(
        database_url="postgresql://localhost/reporting",
        kafka_bootstrap="kafka:9092",
        token_issuer="https://sign-in.example",
        token_keys=issuer().keys_file(folder),
        staff_key="ab" * 32,
        sampler_url="http://sampler",
        findings_url="http://findings",
        trusted_checkpoint_keys=trusted,
    )


def test_a_file_may_have_several_keys_and_is_read_as_it_is_now(tmp_path: Path):
    file = tmp_path / "trusted.keys"
    file.write_text(f"# the sampler's\n{signing_key(number=1).verifier.text}\n")
    chosen = settings(tmp_path, file)
    first = chosen.read_trusted_keys()
    file.write_text(f"{signing_key(number=1).verifier.text}\n{signing_key(number=2).verifier.text}\n")

    assert first == [signing_key(number=1).verifier]
    assert chosen.read_trusted_keys() == [signing_key(number=1).verifier, signing_key(number=2).verifier]


def test_without_a_file_nobody_is_trusted_from_outside(tmp_path: Path):
    assert settings(tmp_path, None).read_trusted_keys() is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "This file cannot be read: No such file or directory."),
        (b"", "This file holds no key."),
        (b"# only a comment\n", "This file holds no key."),
        (b"no key\n", "This file is no list of keys: a verifier key is <name>+<id>+<key>."),
    ],
)
def test_a_file_without_keys_is_refused(tmp_path: Path, content: bytes | None, why: str):
    file = tmp_path / "trusted.keys"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ValidationError) as error:
        settings(tmp_path, file)

    assert [one["msg"] for one in error.value.errors()] == [f"Value error, {why}"]
