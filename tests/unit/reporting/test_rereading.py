"""A log copy read again: its hashes, its roots against signed checkpoints, and what its source says of itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.http.audit import LogVerdict
from stickprov_contracts.http.checkpoints import Checkpoint, CheckpointKey, LogVerification
from stickprov_kernel.log.checkpoint_note import Handover, TreeHead
from stickprov_kernel.log.hashing import GENESIS, chain_hashes, leaf_hash
from stickprov_kernel.log.notes import SigningKey, sign
from stickprov_kernel.log.tree import root_of
from stickprov_reporting.domain.audit.heads import trusted_heads
from stickprov_reporting.domain.audit.rereading import Rereading

ORIGIN = "kontroll.example.se/sampler"
NOW = datetime(2021, 1, 31, tzinfo=UTC)
EVENTS = [(b"envelope %d" % number, b"data %d" % number) for number in range(10)]
LEAVES = [leaf_hash(*event) for event in EVENTS]
CHAIN = chain_hashes(GENESIS, LEAVES)


def key(name: str = ORIGIN) -> SigningKey:
    return SigningKey(name, Ed25519PrivateKey.generate())


def checkpoint(size: int, by: SigningKey, *, root: bytes | None = None, origin: str = ORIGIN) -> Checkpoint:
    root = root or root_of(LEAVES[:size])
    note = sign(TreeHead(origin, size, root).text, [by]).decode()
    return Checkpoint(
        source="sampler", origin=origin, size=size, root=root.hex(), time=NOW, reason="interval", note=note
    )


def told(*keys: SigningKey, handovers: bool = False) -> list[CheckpointKey]:
    before = [None, *keys]
    return [
        CheckpointKey(
            verifier_key=one.verifier.text,
            adopted=NOW,
            handover=sign(Handover(ORIGIN, one.verifier, 0, "2021-01-31T00:00:00.000000Z").text, [former, one]).decode()
            if handovers and former is not None
            else None,
        )
        for former, one in zip(before, keys, strict=False)
    ]


def pages(cuts: list[int]) -> Iterator[range]:
    places = [0, *sorted(set(cuts)), len(EVENTS)]
    return (range(start, end) for start, end in pairwise(places))


def reread(trusted=None, cuts=(), *, events=EVENTS, chain=CHAIN) -> Rereading:
    rereading = Rereading("sampler", trusted)
    for page in pages(list(cuts)):
        rereading.read(
            [place + 1 for place in page], [chain[place] for place in page], [events[place] for place in page]
        )
    return rereading


def verdict(rereading: Rereading) -> LogVerdict:
    return rereading.verdict(answered=True)


@given(st.lists(st.integers(0, 10)), st.sets(st.integers(1, 10)))
def test_every_signed_checkpoint_is_met_however_the_copy_is_cut(cuts, sizes):
    signer = key()
    trusted = trusted_heads(told(signer), [checkpoint(size, signer) for size in sizes], None)

    found = verdict(reread(trusted, cuts))

    assert (found.verdict, found.first_difference, found.checkpoints) == ("verified", None, len(sizes))
    assert (found.root, found.chain_hash) == (root_of(LEAVES).hex(), CHAIN[-1].hex())
    assert found.keys == ("source" if sizes else None)


def test_a_checkpoint_with_another_root_is_a_difference_even_where_the_chain_was_made_to_fit():
    signer = key()
    events = [*EVENTS[:3], (b"envelope 3", b"forged"), *EVENTS[4:]]
    chain = chain_hashes(GENESIS, [leaf_hash(*event) for event in events])
    trusted = trusted_heads(told(signer), [checkpoint(3, signer), checkpoint(5, signer)], None)

    found = verdict(reread(trusted, events=events, chain=chain))

    assert (found.verdict, found.checkpoints) == ("different", 1)
    assert found.first_difference == "the copy's first 5 events have another root than the signed checkpoint of them"


def test_a_checkpoint_beyond_the_copy_is_no_difference_and_counts_for_nothing():
    signer = key()
    trusted = trusted_heads(told(signer), [checkpoint(4, signer), checkpoint(11, signer, root=bytes(32))], None)

    found = verdict(reread(trusted))

    assert (found.verdict, found.checkpoints) == ("verified", 1)


def test_keys_from_outside_outweigh_what_the_source_says():
    stranger, trusted_key = key(), key()

    ours = trusted_heads(told(trusted_key), [checkpoint(4, trusted_key)], [trusted_key.verifier])
    theirs = trusted_heads(told(stranger), [checkpoint(4, stranger)], [trusted_key.verifier])

    assert (verdict(reread(ours)).verdict, verdict(reread(ours)).keys) == ("verified", "configured")
    found = verdict(reread(theirs))
    assert (found.verdict, found.keys, found.checkpoints) == ("different", "configured", 0)
    assert found.first_difference is not None
    assert found.first_difference.startswith("the checkpoint of 4 events: no trusted key signed this")


def test_a_key_that_a_trusted_one_handed_over_to_is_trusted():
    first, second = key(), key()
    signed = [checkpoint(3, first), checkpoint(6, second)]

    handed = trusted_heads(told(first, second, handovers=True), signed, [first.verifier])
    silent = trusted_heads(told(first, second), signed, [first.verifier])

    assert verdict(reread(handed)).checkpoints == 2
    assert verdict(reread(silent)).verdict == "different"


def test_what_a_note_says_counts_and_not_what_stands_beside_it():
    signer = key()
    lying = checkpoint(4, signer).model_copy(update={"size": 9, "root": "0" * 64})

    assert verdict(reread(trusted_heads(told(signer), [lying], None))).verdict == "verified"


@pytest.mark.parametrize("place", range(10))
def test_the_first_entry_that_does_not_give_its_chain_hash_is_named(place):
    events = [
        (envelope, data + b"!") if number >= place else (envelope, data)
        for number, (envelope, data) in enumerate(EVENTS)
    ]

    found = verdict(reread(cuts=[4], events=events))

    assert (
        found.first_difference == f"the bytes at position {place + 1} do not give the chain hash that is stored there"
    )


def test_what_a_source_finds_in_its_own_tables_is_told_as_its_own():
    rereading = reread()
    own = LogVerification(
        source="sampler",
        verdict="different",
        events=10,
        checkpoints=0,
        chain_hash="0" * 64,
        root="0" * 64,
        first_difference="table event, position 3, column actor",
    )
    rereading.compare_own(own)

    found = rereading.verdict(answered=True, own=own.verdict)

    assert (found.verdict, found.own) == ("different", "different")
    assert found.first_difference == "the source's own tables: table event, position 3, column actor"


def test_a_source_that_does_not_answer_for_its_own_tables_is_not_verified():
    assert reread().verdict(answered=True, own="unreachable").verdict == "unreachable"
    assert reread().verdict(answered=True, own=None).verdict == "verified"
