"""Local keys and tokens."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet

from stickprov_local import keys
from stickprov_local.folders import DataFolder

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data")
    made.make()
    return made


def test_a_token_says_who_its_bearer_is_and_for_how_long(folder):
    known = keys.prepare(folder, NOW)

    claims = _read(folder, known, "reviewer-07").claims

    assert claims == {
        "iss": "urn:stickprov:local",
        "aud": "stickprov",
        "sub": "reviewer-07",
        "roles": ["reviewer"],
        "iat": 1772366400,
        "exp": 1774958400,
    }


def test_every_role_of_the_stack_has_a_token_and_reviewers_twelve(folder):
    keys.prepare(folder, NOW)

    names = sorted(path.stem for path in folder.tokens.glob("*.jwt"))

    assert names == [
        "auditor",
        "board",
        "coordinator",
        "ops",
        "protected-reviewer",
        *[f"reviewer-{number:02}" for number in range(1, 13)],
        "service",
    ]


def test_a_later_start_keeps_the_keys_and_renews_the_tokens(folder):
    first = keys.prepare(folder, NOW)
    old_token = (folder.tokens / "board.jwt").read_text()

    second = keys.prepare(folder, NOW + timedelta(days=29))

    assert second == first
    assert (folder.tokens / "board.jwt").read_text() != old_token
    assert _verify(old_token, second).claims["sub"] == "board"


def test_another_stacks_token_is_not_believed(folder, tmp_path):
    known = keys.prepare(folder, NOW)
    strange = DataFolder(tmp_path / "strange")
    strange.make()
    keys.prepare(strange, NOW)

    with pytest.raises(InvalidKeyIdError):
        _read(strange, known, "coordinator")


def test_only_the_owner_may_read_keys_and_tokens_and_the_published_keys_hold_no_secret(folder):
    known = keys.prepare(folder, NOW)

    modes = {path.stat().st_mode & 0o777 for path in [*folder.keys.iterdir(), *folder.tokens.iterdir()]}
    published = json.loads(known.public_keys.read_bytes())["keys"]

    assert modes == {0o600}
    assert [sorted(key) for key in published] == [["crv", "kid", "kty", "use", "x"]]
    assert len(bytes.fromhex(known.staff_key)) == 32


def test_each_service_that_knows_people_has_a_master_key_that_a_later_start_keeps(folder):
    first = keys.prepare(folder, NOW).master

    lines = [first[service].read_text() for service in ("sampler", "findings")]
    second = keys.prepare(folder, NOW + timedelta(days=400)).master

    assert [line.split()[0] for line in lines] == ["2026-03-01", "2026-03-01"]
    assert [len(bytes.fromhex(line.split()[1])) for line in lines] == [32, 32]
    assert lines[0] != lines[1]
    assert [second[service].read_text() for service in ("sampler", "findings")] == lines


def test_each_log_has_a_signing_key_of_its_own_whose_public_half_is_listed(folder):
    known = keys.prepare(folder, NOW).checkpoints

    listed = [line.split("+")[0] for line in known.trusted.read_text().splitlines()]

    assert listed == ["stickprov.local/sampler", "stickprov.local/findings"]
    assert sorted(known.signing) == ["findings", "sampler"]
    assert known.signing["sampler"].read_bytes() != known.signing["findings"].read_bytes()
    assert known.former == {}


def test_a_key_that_is_moved_aside_has_a_successor_and_stays_trusted(folder):
    first = keys.prepare(folder, NOW).checkpoints
    before = first.trusted.read_text().splitlines()
    first.signing["findings"].rename(folder.keys / "checkpoint-findings.former.pem")

    second = keys.prepare(folder, NOW).checkpoints

    assert second.settings("findings") == {
        "CHECKPOINT_KEY": str(folder.keys / "checkpoint-findings.pem"),
        "CHECKPOINT_FORMER_KEY": str(folder.keys / "checkpoint-findings.former.pem"),
    }
    assert list(second.settings("sampler")) == ["CHECKPOINT_KEY"]
    assert second.trusted.read_text().splitlines()[:2] == before
    assert len(second.trusted.read_text().splitlines()) == 3


def _read(folder, known, name):
    return _verify((folder.tokens / f"{name}.jwt").read_text(), known)


def _verify(token, known):
    return jwt.decode(token, KeySet.import_key_set(json.loads(known.public_keys.read_bytes())), algorithms=["Ed25519"])
