"""The tree against RFC 9162's definition and published roots."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.tree import EMPTY_ROOT, Frontier, root_of

# The leaf inputs, and the root after each of them, that Certificate Transparency implementations share as vectors.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(b"", bytes.fromhex(text)) for text in INPUTS]


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, to the letter: split at the largest power of two smaller than the size."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_published_root():
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_frontier_has_the_root_that_the_rfc_defines(leaves: list[bytes]):
    assert root_of(leaves) == defined_root(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.integers(0, 40))
def test_a_frontier_goes_on_after_being_stored(leaves: list[bytes], cut: int):
    frontier = Frontier()
    for leaf in leaves[:cut]:
        frontier.add(leaf)

    restored = Frontier.from_bytes(frontier.size, frontier.to_bytes())
    for leaf in leaves[cut:]:
        restored.add(leaf)

    assert restored.root() == root_of(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70), st.lists(st.integers(0, 70), max_size=4))
def test_leaves_in_batches_give_the_tree_that_they_give_one_by_one(leaves: list[bytes], cuts: list[int]):
    singly, in_batches = Frontier(), Frontier()
    for leaf in leaves:
        singly.add(leaf)
    bounds = [0, *sorted(min(cut, len(leaves)) for cut in cuts), len(leaves)]
    for start, end in pairwise(bounds):
        in_batches.extend(leaves[start:end])

    assert in_batches == singly
    assert in_batches.root() == defined_root(leaves)


def test_a_frontier_that_does_not_fit_its_size_is_refused():
    with pytest.raises(ValueError, match="3 leaves has 2 perfect subtrees, not 1"):
        Frontier.from_bytes(3, bytes(32))
