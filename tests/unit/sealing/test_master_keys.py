"""Master keys are read from a file that nobody else may read, and again when it changes."""

import os
from pathlib import Path

import pytest

from stickprov_kernel.sealing.errors import MasterKeyMissingError, MasterKeysUnreadableError, SealBrokenError
from stickprov_kernel.sealing.master_keys import MasterKeys, new_line
from stickprov_kernel.sealing.wrapping import WrappedKey
from support.master_keys import master_key, master_keys_file

KEY = bytes(range(32))


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "master.keys"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def refused(path: Path) -> str:
    with pytest.raises(MasterKeysUnreadableError) as error:
        MasterKeys.read(path)
    return str(error.value)


def test_the_first_key_wraps_and_all_of_them_unwrap(tmp_path: Path):
    of_the_second = MasterKeys.read(master_keys_file(tmp_path, 2)).wrap(KEY, "x")

    keys = MasterKeys.read(master_keys_file(tmp_path, 1, 2))

    assert keys.current == "master-1"
    assert keys.ids == {"master-1", "master-2"}
    assert keys.wrap(KEY, "x").master == "master-1"
    assert keys.unwrap(of_the_second, "x") == KEY


def test_comments_and_empty_lines_are_no_keys(tmp_path: Path):
    path = written(tmp_path, f"# made in March\n\n{master_key(3).strip()}  # current\n")

    assert MasterKeys.read(path).current == "master-3"


def test_a_line_that_was_made_can_be_read(tmp_path: Path):
    assert MasterKeys.read(written(tmp_path, new_line("2026-03"))).ids == {"2026-03"}


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666])
def test_a_file_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int):
    path = written(tmp_path, master_key(), mode)

    assert refused(path) == "Others may read or change this file; take that from them (chmod 600)."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This file holds no master key; write a line <id> <64 hex digits>."),
        ("# nothing\n", "This file holds no master key; write a line <id> <64 hex digits>."),
        (f"a {'0' * 63}\n", "Line 1 of this file is no master key; write <id> <64 hex digits>."),
        (f"{master_key()}{'0' * 64}\n", "Line 2 of this file is no master key; write <id> <64 hex digits>."),
        (f"{'a' * 41} {'0' * 64}\n", "Line 1 of this file is no master key; write <id> <64 hex digits>."),
        (master_key() * 2, "Line 2 of this file has an id that an earlier line has."),
    ],
)
def test_what_is_no_key_is_named_by_its_line_and_not_repeated(tmp_path: Path, text: str, said: str):
    assert refused(written(tmp_path, text)) == said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    assert refused(tmp_path / "none") == "This file cannot be read: No such file or directory."


def test_a_key_of_another_master_key_is_named_and_cannot_be_unwrapped(tmp_path: Path):
    wrapped = MasterKeys.read(master_keys_file(tmp_path, 2)).wrap(KEY, "x")
    keys = MasterKeys.read(master_keys_file(tmp_path, 1))

    with pytest.raises(MasterKeyMissingError, match="“master-2”") as error:
        keys.unwrap(wrapped, "x")

    assert (error.value.code, error.value.status) == ("vault-locked", 503)


def test_another_key_of_the_same_name_unwraps_nothing(tmp_path: Path):
    wrapped = MasterKeys.read(written(tmp_path, f"one {'01' * 32}\n")).wrap(KEY, "x")
    other = MasterKeys.read(written(tmp_path, f"one {'02' * 32}\n"))

    with pytest.raises(SealBrokenError):
        other.unwrap(wrapped, "x")


def test_a_wrapped_key_under_another_name_unwraps_nothing(tmp_path: Path):
    keys = MasterKeys.read(written(tmp_path, f"one {'01' * 32}\ntwo {'01' * 32}\n"))
    wrapped = keys.wrap(KEY, "x")

    with pytest.raises(SealBrokenError):
        keys.unwrap(WrappedKey("two", wrapped.wrapped_key), "x")


def test_a_file_that_changes_is_read_again(tmp_path: Path):
    keys = MasterKeys.read(master_keys_file(tmp_path, 1))

    master_keys_file(tmp_path, 2, 1)

    assert keys.current == "master-2"


@pytest.mark.parametrize("broken", ["nothing\n", ""])
def test_a_file_that_becomes_unreadable_takes_no_key_away(tmp_path: Path, broken: str):
    path = master_keys_file(tmp_path, 1)
    keys = MasterKeys.read(path)

    path.write_text(broken)
    while_broken = keys.current
    path.unlink()
    while_gone = keys.current
    master_keys_file(tmp_path, 2)
    os.utime(path, ns=(1, 1))

    assert (while_broken, while_gone, keys.current) == ("master-1", "master-1", "master-2")


def test_nothing_that_is_printed_holds_a_key(tmp_path: Path):
    keys = MasterKeys.read(master_keys_file(tmp_path, 1))

    assert "0101" not in repr(keys) + repr(vars(keys)) + str(keys)
