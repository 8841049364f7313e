"""Kept checkpoints and proofs are checked by command where no server is, across a change of keys too."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stickprov_client.bundle.verifying.tree import leaf_hash
from stickprov_client.documents.proof_file import ConsistencyFile, InclusionFile
from stickprov_contracts.http.checkpoints import CheckpointKey, Checkpoints
from stickprov_kernel.log.checkpoint_note import Handover, TreeHead
from stickprov_kernel.log.envelope import encode, envelope_of
from stickprov_kernel.log.nodes import TreeNodes
from stickprov_kernel.log.notes import SigningKey, sign
from stickprov_kernel.log.proofs import consistency_parts, inclusion_parts
from stickprov_kernel.log.records import PendingEvent
from stickprov_kernel.log.tree import root_of
from support.commands import run_command
from support.log import A_DRAW, command, finding
from support.notes import signing_key

FIRST, SECOND = signing_key(number=1), signing_key(number=2)
EVENTS = [
    encode(envelope_of("findings", PendingEvent(A_DRAW, finding(number)), command(), "s", number)) + b'{"n":1}'
    for number in range(1, 8)
]
LEAVES = [leaf_hash(b"", event) for event in EVENTS]


async def read(start: int, end: int) -> bytes:
    return b"".join(LEAVES[start:end])


def note(size: int, key: SigningKey) -> bytes:
    return sign(TreeHead(key.name, size, root_of(LEAVES[:size])).text, [key])


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """What an auditor keeps: a checkpoint by each of two keys, proofs, and what was told of the keys."""
    nodes = TreeNodes(read)
    (tmp_path / "old.note").write_bytes(note(3, FIRST))
    (tmp_path / "new.note").write_bytes(note(7, SECOND))
    growth = ConsistencyFile(3, tuple(await nodes.roots(consistency_parts(3, 7))), note(7, SECOND))
    (tmp_path / "growth.proof").write_text(growth.text)
    event = InclusionFile(EVENTS[4], 5, tuple(await nodes.roots(inclusion_parts(4, 7))), note(7, SECOND))
    (tmp_path / "five.tlog-proof").write_text(event.text)
    handover = sign(Handover(FIRST.name, SECOND.verifier, 3, "2026-03-01T12:00:00.000000Z").text, [FIRST, SECOND])
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    keys = [
        CheckpointKey(verifier_key=FIRST.verifier.text, adopted=now, handover=None),
        CheckpointKey(verifier_key=SECOND.verifier.text, adopted=now, handover=handover.decode()),
    ]
    told = Checkpoints(source="findings", origin=FIRST.name, keys=keys, checkpoints=[])
    (tmp_path / "keys.json").write_text(f"[{told.model_dump_json()}]")
    return tmp_path


def audit(folder: Path, *words: str):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    places = [str(folder / word) if (folder / word).exists() else word for word in words]
    return run_command(["--url", "http://127.0.0.1:9", "--lang", "en", "audit", *places], clean)


GROWTH = ("consistency", "old.note", "new.note", "--proof", "growth.proof")
EVENT = ("proof", "--verify", "five.tlog-proof")


@pytest.mark.parametrize("check", [GROWTH, EVENT])
def test_the_first_key_is_enough_when_its_handover_was_kept(folder: Path, check: tuple[str, ...]):
    believed = audit(folder, *check, "--key", FIRST.verifier.text, "--handovers", "keys.json", "--json")
    alone = audit(folder, *check, "--key", FIRST.verifier.text)

    assert believed.returncode == 0, believed.stderr
    assert json.loads(believed.stdout)["keys"] == "given"
    assert alone.returncode == 1
    assert "No trusted key signed this" in alone.stdout


def test_what_was_told_of_the_keys_is_not_believed_for_itself(folder: Path):
    stranger = signing_key(number=9).verifier.text

    refused = audit(folder, *EVENT, "--key", stranger, "--handovers", "keys.json")

    assert refused.returncode == 1
    assert "No trusted key signed this" in refused.stdout


@pytest.mark.parametrize("check", [GROWTH, EVENT])
def test_without_a_server_and_without_a_key_nobody_can_be_believed(folder: Path, check: tuple[str, ...]):
    refused = audit(folder, *check)

    assert refused.returncode == 2
    assert "Without a server, say whom to believe" in refused.stderr


def test_a_file_that_tells_nothing_of_keys_is_refused(folder: Path):
    refused = audit(folder, *EVENT, "--key", FIRST.verifier.text, "--handovers", "old.note")

    assert refused.returncode == 2
    assert "is not what “stickprov audit checkpoint --json” prints" in refused.stderr
