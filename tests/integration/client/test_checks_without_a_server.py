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


def audit(folder: Path, *words: str, language: str = "en"):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    places = [str(folder / word) if (folder / word).exists() else word for word in words]
    return run_command(["--url", "http://127.0.0.1:9", "--lang", language, "audit", *places], clean)


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


def test_checkpoints_of_two_logs_are_a_mistake_and_no_rewritten_history(folder: Path):
    other = signing_key("example.org/other")
    (folder / "other.note").write_bytes(sign(TreeHead(other.name, 7, root_of(LEAVES)).text, [other]))

    refused = audit(folder, "consistency", "old.note", "other.note", language="sv")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Filerna är kontrollpunkter för två olika loggar: " in refused.stderr
    assert f"”{FIRST.name}”" in refused.stderr
    assert "”example.org/other”" in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("proof", "--verify", "old.note", "--key", FIRST.verifier.text), "old.note är inget bevis för en händelse."),
        (
            ("consistency", "old.note", "new.note", "--proof", "old.note", "--key", FIRST.verifier.text),
            "old.note är inget bevis för att en logg bara har växt.",
        ),
        (("verify", "old.note"), "Filen är inget revisionspaket: den är inget zip-arkiv."),
        (("verify", "none.zip"), "none.zip kan inte läsas (filen finns inte)."),
        (("checkpoint", "--verify", "keys.json"), "keys.json är ingen kontrollpunkt. En kontrollpunktsfil är text"),
    ],
)
def test_a_file_of_another_kind_is_a_mistake_and_no_deviation(folder: Path, words: tuple[str, ...], said: str):
    refused = audit(folder, *words, language="sv")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    "words",
    [
        ("checkpoint", "findings", "--save", "old.note"),
        ("proof", "findings", "5", "--save", "old.note"),
        ("consistency", "old.note", "new.note", "--save", "old.note"),
        ("trail", "--format", "csv", "--out", "old.note"),
    ],
)
def test_what_was_kept_is_not_written_over_unless_it_is_asked_for(folder: Path, words: tuple[str, ...]):
    kept = (folder / "old.note").read_bytes()

    refused = audit(folder, *words)

    assert refused.returncode == 2
    assert "There is a file of that name. Choose another name, or replace it with --force." in refused.stderr
    assert (folder / "old.note").read_bytes() == kept


def test_what_was_kept_is_replaced_when_it_is_asked_for(folder: Path):
    proof, key = (folder / "five.tlog-proof").read_text(), ("--key", SECOND.verifier.text)

    kept = audit(folder, *EVENT, *key, "--save", "old.note", "--force")

    assert kept.returncode == 0, kept.stderr
    assert (folder / "old.note").read_text() == proof
