"""Proofs as files: what is kept is read back, and no bit of it can be changed unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_client.bundle.verifying.notes import NoteError, VerifierKey, read_note
from stickprov_client.bundle.verifying.tree import leaf_hash
from stickprov_client.checking.proving import check_consistency, check_inclusion, event_in
from stickprov_client.checking.trust import NotProvedError, Trust
from stickprov_client.documents.proof_file import (
    ConsistencyFile,
    InclusionFile,
    read_consistency,
    read_inclusion,
)
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.envelope import encode, envelope_of
from stickprov_kernel.log.nodes import TreeNodes
from stickprov_kernel.log.notes import sign
from stickprov_kernel.log.proofs import consistency_parts, inclusion_parts
from stickprov_kernel.log.records import PendingEvent
from stickprov_kernel.log.tree import root_of
from support.log import A_DRAW, command, finding
from support.notes import each_bit_changed, signing_key

KEY = signing_key()
TRUST = Trust([VerifierKey(KEY.name, KEY.verifier.public)], "given")
EVENTS = [
    encode(envelope_of("findings", PendingEvent(A_DRAW, finding(number)), command(), "s", number)) + b'{"n":1}'
    for number in range(1, 8)
]
LEAVES = [leaf_hash(b"", event) for event in EVENTS]


async def read(start: int, end: int) -> bytes:
    return b"".join(LEAVES[start:end])


NODES = TreeNodes(read)


def note(size: int) -> bytes:
    return sign(TreeHead(KEY.name, size, root_of(LEAVES[:size])).text, [KEY])


async def inclusion(position: int, size: int) -> InclusionFile:
    hashes = await NODES.roots(inclusion_parts(position - 1, size))
    return InclusionFile(EVENTS[position - 1], position, tuple(hashes), note(size))


async def consistency(first: int, second: int) -> ConsistencyFile:
    return ConsistencyFile(first, tuple(await NODES.roots(consistency_parts(first, second))), note(second))


async def test_an_inclusion_proof_is_kept_in_the_form_that_others_read():
    proof = await inclusion(3, 7)

    lines = proof.text.split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 2"
    assert lines[6:8] == ["", "example.org/log"]
    assert read_inclusion(proof.text.encode()) == proof


async def test_a_kept_inclusion_proof_is_believed_and_shows_its_event():
    proof = read_inclusion((await inclusion(3, 7)).text.encode())

    assert check_inclusion(proof, TRUST).size == 7
    envelope, data = event_in(proof)
    assert envelope["type"] == "stickprov.findings.finding-recorded.v1"
    assert (envelope["streamversion"], data) == ("3", b'{"n":1}')


async def test_no_bit_of_a_kept_inclusion_proof_can_be_changed():
    for changed in each_bit_changed((await inclusion(3, 7)).text.encode()):
        with pytest.raises((NoteError, NotProvedError)):
            check_inclusion(read_inclusion(changed), TRUST)


async def test_a_consistency_proof_is_kept_in_the_form_that_witnesses_read():
    proof = await consistency(3, 7)

    assert proof.text.split("\n")[0] == "old 3"
    assert read_consistency(proof.text.encode()) == proof


async def test_no_bit_of_a_kept_consistency_proof_can_be_changed():
    older, newer = read_note(note(3)), read_note(note(7))
    raw = (await consistency(3, 7)).text.encode()

    assert check_consistency(older, newer, read_consistency(raw), TRUST).later.size == 7
    for changed in each_bit_changed(raw):
        with pytest.raises((NoteError, NotProvedError)):
            check_consistency(older, newer, read_consistency(changed), TRUST)


async def test_a_proof_of_other_checkpoints_proves_nothing():
    with pytest.raises(NotProvedError, match="other checkpoints"):
        check_consistency(read_note(note(2)), read_note(note(7)), await consistency(3, 7), TRUST)


async def test_checkpoints_of_two_logs_are_never_consistent():
    other = signing_key("example.org/other")
    trust = Trust([*TRUST.keys, VerifierKey(other.name, other.verifier.public)], "given")
    strange = read_note(sign(TreeHead(other.name, 7, root_of(LEAVES)).text, [other]))

    with pytest.raises(NotProvedError, match=r"two logs, “example\.org/log” and “example\.org/other”"):
        check_consistency(read_note(note(3)), strange, await consistency(3, 7), trust)


@given(st.binary(max_size=300))
def test_bytes_that_are_no_proof_are_refused_and_nothing_else_happens(raw: bytes):
    for reader in (read_inclusion, read_consistency):
        with pytest.raises(NoteError):
            reader(raw)
