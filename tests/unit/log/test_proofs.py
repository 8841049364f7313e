"""Proofs over the tree: the kernel makes those that RFC 9162 defines, the client believes them and no others."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stickprov_client.bundle.verifying.tree import (
    EMPTY_ROOT,
    GrowingTree,
    ProofError,
    roots_at,
    verify_consistency,
    verify_inclusion,
)
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.nodes import LogDamagedError, TreeNodes
from stickprov_kernel.log.proofs import consistency_parts, inclusion_parts
from stickprov_kernel.log.tree import root_of
from support.notes import each_bit_changed

# The leaf inputs that Certificate Transparency implementations share, and the proofs over them that they publish.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(b"", bytes.fromhex(text)) for text in INPUTS]
A = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
B = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
AB = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
CD = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
ABCD = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
E = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
EF = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
G = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
GH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
EFGH = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def nodes_over(leaves: list[bytes]) -> TreeNodes:
    async def read(start: int, end: int) -> bytes:
        return b"".join(leaves[start:end])

    return TreeNodes(read)


def many(count: int) -> list[bytes]:
    return [sha256(number.to_bytes(4, "big")).digest() for number in range(count)]


@pytest.mark.parametrize(
    ("position", "size", "published"),
    [(1, 1, []), (1, 8, [B, CD, EFGH]), (6, 8, [E, GH, ABCD]), (3, 3, [AB]), (2, 5, [A, CD, E])],
)
async def test_an_inclusion_proof_is_the_published_one(position: int, size: int, published: list[str]):
    made = await nodes_over(LEAVES).roots(inclusion_parts(position - 1, size))

    assert [one.hex() for one in made] == published
    verify_inclusion(LEAVES[position - 1], position, size, made, root_of(LEAVES[:size]))


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [(1, 1, []), (1, 8, [B, CD, EFGH]), (6, 8, [EF, GH, ABCD]), (2, 5, [CD, E]), (6, 7, [EF, G, ABCD])],
)
async def test_a_consistency_proof_is_the_published_one(first: int, second: int, published: list[str]):
    made = await nodes_over(LEAVES).roots(consistency_parts(first, second))

    assert [one.hex() for one in made] == published
    verify_consistency(first, second, made, root_of(LEAVES[:first]), root_of(LEAVES[:second]))


@given(st.data(), st.integers(1, 700))
async def test_every_event_of_every_log_has_a_proof_that_is_believed(data: st.DataObject, size: int):
    leaves = many(size)
    position = data.draw(st.integers(1, size))

    hashes = await nodes_over(leaves).roots(inclusion_parts(position - 1, size))

    verify_inclusion(leaves[position - 1], position, size, hashes, root_of(leaves))


@given(st.data(), st.integers(1, 700))
async def test_every_log_is_proved_to_begin_as_it_was(data: st.DataObject, second: int):
    leaves = many(second)
    first = data.draw(st.integers(1, second))

    hashes = await nodes_over(leaves).roots(consistency_parts(first, second))

    verify_consistency(first, second, hashes, root_of(leaves[:first]), root_of(leaves))


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 66_000])
async def test_proofs_of_a_log_with_tiles_of_tiles_are_believed(size: int):
    leaves = many(66_000)
    nodes, root = nodes_over(leaves), root_of(leaves[:size])

    for position in (1, 256, 257, 32_768, 65_000, size):
        hashes = await nodes.roots(inclusion_parts(position - 1, size))
        verify_inclusion(leaves[position - 1], position, size, hashes, root)
    for first in (1, 256, 300, 65_535):
        hashes = await nodes.roots(consistency_parts(first, size))
        verify_consistency(first, size, hashes, root_of(leaves[:first]), root)


async def test_after_the_first_proof_of_a_log_another_reads_a_few_tiles():
    leaves, read = many(50_000), []

    async def reading(start: int, end: int) -> bytes:
        read.append(end - start)
        return b"".join(leaves[start:end])

    nodes = TreeNodes(reading)
    await nodes.roots(inclusion_parts(7, 50_000))
    read.clear()
    await nodes.roots(inclusion_parts(31_000, 50_000))
    await nodes.roots(consistency_parts(20_001, 50_000))

    assert sum(read) <= 5 * 256


async def test_a_log_that_lacks_leaves_has_no_proof():
    nodes = nodes_over(many(300))

    with pytest.raises(LogDamagedError, match="Between the positions 257 and 400, 44 are in the ledger"):
        await nodes.roots(inclusion_parts(3, 400))


@given(st.data(), st.integers(2, 40))
async def test_no_bit_of_an_inclusion_proof_can_be_changed(data: st.DataObject, size: int):
    leaves = many(size)
    position = data.draw(st.integers(1, size))
    hashes = await nodes_over(leaves).roots(inclusion_parts(position - 1, size))
    parts = [leaves[position - 1], *hashes, root_of(leaves)]

    place = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[place] = _flipped(parts[place], bit)

    with pytest.raises(ProofError):
        verify_inclusion(parts[0], position, size, parts[1:-1], parts[-1])


@given(st.data(), st.integers(2, 40))
async def test_an_inclusion_proof_holds_for_no_other_place_and_no_other_length(data: st.DataObject, size: int):
    leaves = many(size)
    position, claimed = data.draw(st.integers(1, size)), data.draw(st.integers(-1, size + 2))
    hashes, root = await nodes_over(leaves).roots(inclusion_parts(position - 1, size)), root_of(leaves)
    assume(claimed != position)

    with pytest.raises(ProofError):
        verify_inclusion(leaves[position - 1], claimed, size, hashes, root)
    with pytest.raises(ProofError):
        verify_inclusion(leaves[position - 1], position, size, [*hashes, root], root)
    with pytest.raises(ProofError):
        verify_inclusion(leaves[position - 1], position, size, hashes[:-1], root)


@given(st.data(), st.integers(2, 40))
async def test_no_bit_of_a_consistency_proof_can_be_changed(data: st.DataObject, second: int):
    leaves = many(second)
    first = data.draw(st.integers(1, second - 1))
    hashes = await nodes_over(leaves).roots(consistency_parts(first, second))
    parts = [root_of(leaves[:first]), *hashes, root_of(leaves)]

    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = _flipped(parts[place], data.draw(st.integers(0, 255)))

    with pytest.raises(ProofError):
        verify_consistency(first, second, parts[1:-1], parts[0], parts[-1])


@given(st.data(), st.integers(2, 40))
async def test_a_log_whose_history_was_rewritten_has_no_proof_of_consistency(data: st.DataObject, second: int):
    before, after = many(second), many(second)
    first = data.draw(st.integers(1, second))
    rewritten = data.draw(st.integers(0, first - 1))
    after[rewritten] = sha256(b"another").digest()

    hashes = await nodes_over(after).roots(consistency_parts(first, second))

    with pytest.raises(ProofError):
        verify_consistency(first, second, hashes, root_of(before[:first]), root_of(after))


@pytest.mark.parametrize(
    ("first", "second", "hashes", "why"),
    [
        (0, 3, [], "not the beginning"),
        (3, 2, [], "not the beginning"),
        (2, 2, [bytes(32)], "too long"),
        (3, 5, [], "too short"),
        (2, 3, [bytes(31)], "32 bytes"),
    ],
)
def test_a_proof_of_nothing_is_refused(first: int, second: int, hashes: list[bytes], why: str):
    with pytest.raises(ProofError, match=why):
        verify_consistency(first, second, hashes, EMPTY_ROOT, EMPTY_ROOT)


@given(st.integers(0, 70))
def test_a_growing_tree_has_the_roots_of_the_kernels(size: int):
    leaves = many(size)

    found = roots_at(leaves, range(size + 2))

    assert found == {before: root_of(leaves[:before]) for before in range(size + 1)}
    assert GrowingTree().root() == EMPTY_ROOT


def _flipped(raw: bytes, bit: int) -> bytes:
    return list(each_bit_changed(raw))[bit]
