"""What is sealed opens with its key about the same thing, and not otherwise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_kernel.sealing.errors import MasterKeyMissingError, SealBrokenError
from stickprov_kernel.sealing.master_keys import MasterKeys
from stickprov_kernel.sealing.sealing import Sealed, Sealing
from support.master_keys import master_keys_file, sealing
from support.notes import each_bit_changed


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Sealing:
    return sealing(tmp_path_factory.mktemp("keys"), 1)


@given(plaintext=st.binary(max_size=300), about=st.text(max_size=60))
def test_what_is_sealed_opens_as_it_was(keys: Sealing, plaintext: bytes, about: str):
    assert keys.open(keys.seal(plaintext, about), about) == plaintext


@given(plaintext=st.binary(min_size=8, max_size=300), about=st.text(max_size=60))
def test_nothing_sealed_shows_what_it_is_nor_that_it_is_the_same(keys: Sealing, plaintext: bytes, about: str):
    one, other = keys.seal(plaintext, about), keys.seal(plaintext, about)

    assert plaintext not in one.sealed
    assert one.sealed != other.sealed
    assert one.wrapped_key != other.wrapped_key
    assert len(one.sealed) == len(plaintext) + 28


@given(plaintext=st.binary(max_size=100), about=st.text(max_size=30), elsewhere=st.text(max_size=30))
def test_what_was_sealed_about_one_thing_opens_about_no_other(
    keys: Sealing, plaintext: bytes, about: str, elsewhere: str
):
    if about != elsewhere:
        with pytest.raises(SealBrokenError):
            keys.open(keys.seal(plaintext, about), elsewhere)


def test_each_bit_that_is_changed_is_noticed(keys: Sealing):
    sealed = keys.seal(b"850312-2388", "identity/a")
    changed = [Sealed(sealed.master, sealed.wrapped_key, bits) for bits in each_bit_changed(sealed.sealed)]
    changed += [Sealed(sealed.master, bits, sealed.sealed) for bits in each_bit_changed(sealed.wrapped_key)]

    for one in changed:
        with pytest.raises(SealBrokenError):
            keys.open(one, "identity/a")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27, 28, 38])
def test_what_is_cut_off_is_noticed(keys: Sealing, length: int):
    sealed = keys.seal(b"850312-2388", "identity/a")

    for one in (
        Sealed(sealed.master, sealed.wrapped_key, sealed.sealed[:length]),
        Sealed(sealed.master, sealed.wrapped_key[:length], sealed.sealed),
    ):
        with pytest.raises(SealBrokenError):
            keys.open(one, "identity/a")


def test_a_key_of_another_value_opens_nothing(keys: Sealing):
    one, other = keys.seal(b"one", "x"), keys.seal(b"other", "x")

    with pytest.raises(SealBrokenError):
        keys.open(Sealed(one.master, other.wrapped_key, one.sealed), "x")


def test_an_error_names_what_was_asked_for_and_not_what_was_sealed(keys: Sealing):
    sealed = keys.seal(b"850312-2388", "identity/a")

    with pytest.raises(SealBrokenError, match="“identity/b”") as error:
        keys.open(sealed, "identity/b")

    assert "850312" not in str(error.value)


def test_a_row_is_opened_by_its_columns(keys: Sealing):
    sealed = keys.seal(b"text", "note/1")

    row = {"master": sealed.master, "wrapped_key": sealed.wrapped_key, "sealed": sealed.sealed}

    assert keys.open_row(row, "note/1") == b"text"


def test_a_key_that_is_wrapped_again_opens_the_same_value_without_the_old_master_key(tmp_path: Path):
    old = sealing(tmp_path, 1).seal(b"text", "note/1")
    again = sealing(tmp_path, 2, 1).rewrap(old, "note/1")

    new_alone = sealing(tmp_path, 2)

    assert new_alone.open(Sealed(again.master, again.wrapped_key, old.sealed), "note/1") == b"text"
    with pytest.raises(MasterKeyMissingError):
        new_alone.open(old, "note/1")


def test_a_key_that_is_wrapped_again_is_of_the_same_thing(keys: Sealing):
    with pytest.raises(SealBrokenError):
        keys.rewrap(keys.seal(b"text", "note/1"), "note/2")


def test_a_wrapper_of_another_kind_takes_the_place_of_the_file(tmp_path: Path):
    class Counting(MasterKeys):
        wrapped = 0

        def wrap(self, key: bytes, about: str):
            Counting.wrapped += 1
            return super().wrap(key, about)

    keys = Sealing(Counting.read(master_keys_file(tmp_path)))

    assert keys.open(keys.seal(b"text", "x"), "x") == b"text"
    assert Counting.wrapped == 1
