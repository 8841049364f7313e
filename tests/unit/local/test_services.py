"""The settings that the stack gives its services."""

from dataclasses import replace
from pathlib import Path

from stickprov_local.checkpoint_keys import CheckpointKeys
from stickprov_local.databases import ServiceDatabase
from stickprov_local.folders import DataFolder
from stickprov_local.keys import Keys
from stickprov_local.services import Surroundings

SURROUNDINGS = Surroundings(
    folder=DataFolder(Path("/data")),
    keys=Keys(
        public_keys=Path("/data/keys/jwks.json"), staff_key="00ff", master={"findings": Path("/data/keys/m.keys")}
    ),
    kafka_bootstrap="127.0.0.1:9092",
    databases={
        name: ServiceDatabase(url=f"{name} db", migration_url=f"{name} owner's db")
        for name in ("sampler", "findings", "reporting")
    },
    ports={"web": 8800, "sampler": 8801, "findings": 8802, "reporting": 8803},
)


def test_the_web_client_starts_last():
    assert [program.name for program in SURROUNDINGS.programs()] == ["sampler", "findings", "reporting", "web"]


def test_findings_is_told_its_own_database_the_broker_whom_to_believe_and_where_the_sampler_is():
    findings = SURROUNDINGS.programs()[1]

    assert findings.arguments[1:] == ["-m", "stickprov_findings"]
    assert findings.environment == {
        "STICKPROV_FINDINGS_MODE": "local",
        "STICKPROV_FINDINGS_DATABASE_URL": "findings db",
        "STICKPROV_FINDINGS_MIGRATION_DATABASE_URL": "findings owner's db",
        "STICKPROV_FINDINGS_SERVICE_ROLE": "stickprov_findings",
        "STICKPROV_FINDINGS_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
        "STICKPROV_FINDINGS_HTTP_HOST": "127.0.0.1",
        "STICKPROV_FINDINGS_HTTP_PORT": "8802",
        "STICKPROV_FINDINGS_TOKEN_ISSUER": "urn:stickprov:local",
        "STICKPROV_FINDINGS_TOKEN_KEYS": "/data/keys/jwks.json",
        "STICKPROV_FINDINGS_STAFF_KEY": "00ff",
        "STICKPROV_FINDINGS_MASTER_KEYS": "/data/keys/m.keys",
        "STICKPROV_FINDINGS_SERVICE_TOKEN": "/data/tokens/service.jwt",
        "STICKPROV_FINDINGS_SAMPLER_URL": "http://127.0.0.1:8801",
    }


def test_no_service_is_told_anothers_secrets():
    secrets = {
        program.name: [value for value in program.environment.values() if " db" in value or "owner" in value]
        for program in SURROUNDINGS.programs()
    }

    assert secrets == {
        "sampler": ["sampler db", "sampler owner's db"],
        "findings": ["findings db", "findings owner's db"],
        "reporting": ["reporting db", "reporting owner's db"],
        "web": [],
    }


def test_each_log_is_signed_with_its_own_key_and_reporting_knows_whom_to_trust():
    checkpoints = CheckpointKeys(
        signing={"sampler": Path("/data/keys/s.pem"), "findings": Path("/data/keys/f.pem")},
        former={"findings": Path("/data/keys/f.former.pem")},
        trusted=Path("/data/keys/checkpoints.keys"),
    )
    signed = replace(SURROUNDINGS, keys=replace(SURROUNDINGS.keys, checkpoints=checkpoints))

    told = {
        program.name: {name: value for name, value in program.environment.items() if "CHECKPOINT" in name}
        for program in signed.programs()
    }

    assert told == {
        "sampler": {"STICKPROV_SAMPLER_CHECKPOINT_KEY": "/data/keys/s.pem"},
        "findings": {
            "STICKPROV_FINDINGS_CHECKPOINT_KEY": "/data/keys/f.pem",
            "STICKPROV_FINDINGS_CHECKPOINT_FORMER_KEY": "/data/keys/f.former.pem",
        },
        "reporting": {"STICKPROV_REPORTING_TRUSTED_CHECKPOINT_KEYS": "/data/keys/checkpoints.keys"},
        "web": {},
    }
