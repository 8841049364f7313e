"""What commands about checkpoints show and refuse, told by a service that is only as much as they ask of it."""

import asyncio
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from stickprov_client.checking.fingerprints import fingerprint_of
from stickprov_client.cli import checkpoint, proof
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.main import app
from stickprov_contracts.http.checkpoints import CheckpointKey, Checkpoints
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.notes import sign
from support.notes import signing_key

KEYS = {"sampler": signing_key("example.org/sampler"), "findings": signing_key("example.org/findings", 2)}


class Log:
    """A service's log of which only the keys are asked."""

    def __init__(self, source):
        self.source = source

    async def checkpoints(self, **_):
        key = KEYS[self.source].verifier
        adopted = CheckpointKey(verifier_key=key.text, adopted=datetime(2026, 3, 1, tzinfo=UTC), handover=None)
        return Checkpoints(source=self.source, origin=key.name, keys=[adopted], checkpoints=[])


class Services:
    """Both services."""

    def own_log(self, source):
        return Log(source)


@pytest.fixture(autouse=True)
def services(monkeypatch):
    for module in (checkpoint, proof):
        monkeypatch.setattr(module, "call", lambda _session, ask: asyncio.run(ask(Services())))


def said(*words):
    return CliRunner().invoke(app, ["--lang", "sv", "audit", *words])


def test_every_key_is_listed_with_the_fingerprint_that_the_page_shows():
    told = said("checkpoint").output

    for key in KEYS.values():
        assert f"Fingeravtryck (SHA-256): {fingerprint_of(key.verifier.text)}" in told


def test_a_checkpoint_of_another_log_is_a_mistake_and_no_rewritten_history(tmp_path):
    file = tmp_path / "sampler.note"
    file.write_bytes(sign(TreeHead("example.org/sampler", 7, bytes(32)).text, [KEYS["sampler"]]))

    failed = said("proof", "findings", "5", "--checkpoint", str(file)).exception

    assert isinstance(failed, BadInput)
    assert failed.text("sv") == (
        f"--checkpoint: {file} är en kontrollpunkt för loggen ”example.org/sampler”, men loggen för findings heter "
        "”example.org/findings”. Ange en kontrollpunkt för samma logg."
    )
