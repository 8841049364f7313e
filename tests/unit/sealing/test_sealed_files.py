"""A sealed file opens as a whole or not at all."""

from pathlib import Path

import pytest

from stickprov_kernel.sealing import sealed_files
from stickprov_kernel.sealing.errors import SealBrokenError
from stickprov_kernel.sealing.sealed_files import open_file, seal_file
from stickprov_kernel.sealing.wrapping import WrappedKey
from support.master_keys import sealing

PIECE, TAG = 64, 16


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "PIECE", PIECE)


def sealed(folder: Path, content: bytes, about: str = "identities/f") -> tuple[Path, WrappedKey]:
    clear, target = folder / "clear", folder / "sealed"
    clear.write_bytes(content)
    return target, seal_file(sealing(folder), clear, target, about)


def opened(folder: Path, file: Path, key: WrappedKey, about: str = "identities/f") -> bytes:
    target = folder / "opened"
    open_file(sealing(folder), file, key, target, about)
    return target.read_bytes()


def refused(folder: Path, file: Path, key: WrappedKey, about: str = "identities/f") -> bool:
    with pytest.raises(SealBrokenError):
        opened(folder, file, key, about)
    return not (folder / "opened").exists()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_a_file_of_any_size_opens_as_it_was(tmp_path: Path, size: int):
    content = bytes(place % 251 for place in range(size))

    file, key = sealed(tmp_path, content)

    assert opened(tmp_path, file, key) == content
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "opened").stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_file_can_be_read_in_the_sealed_one(tmp_path: Path):
    file, _ = sealed(tmp_path, b"850312-2388;Planterad\n" * 20)

    assert b"850312" not in file.read_bytes()
    assert b"Planterad" not in file.read_bytes()


def test_each_byte_that_is_changed_is_noticed_and_nothing_stays(tmp_path: Path):
    file, key = sealed(tmp_path, b"x" * (PIECE + 9))
    whole = file.read_bytes()

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.write_bytes(bytes(changed))
        assert refused(tmp_path, file, key), place


def test_pieces_that_are_missing_repeated_or_in_another_order_are_noticed(tmp_path: Path):
    file, key = sealed(tmp_path, b"".join(bytes([number]) * PIECE for number in range(3)))
    whole, step = file.read_bytes(), PIECE + TAG
    a, b, c = (whole[place : place + step] for place in (0, step, 2 * step))

    for other in (b"", a, a + b, b + c, a + c, b + a + c, a + b + c + c, a + b + c + b"x", a + b + c[:-1]):
        file.write_bytes(other)
        assert refused(tmp_path, file, key)


def test_a_file_opens_with_its_own_key_about_itself_alone(tmp_path: Path):
    _, other = sealed(tmp_path, b"other", "identities/g")
    file, key = sealed(tmp_path, b"text")

    assert refused(tmp_path, file, other)
    assert refused(tmp_path, file, other, "identities/g")
    assert refused(tmp_path, file, key, "identities/g")
    assert opened(tmp_path, file, key) == b"text"


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path):
    file, key = sealed(tmp_path, b"text")
    file.unlink()

    with pytest.raises(FileNotFoundError):
        opened(tmp_path, file, key)
    assert not (tmp_path / "opened").exists()
