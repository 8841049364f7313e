"""Sealing whole files, a piece at a time.

What must not break: no piece can be changed, left out, repeated, put elsewhere or cut off at the end unnoticed. Each
piece is sealed about the file, its number and whether it is the last. A file has a key of its own, so the number of a
piece is a nonce that is used once. Nothing of a file that does not open as a whole stays behind.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stickprov_kernel.sealing.errors import SealBrokenError
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey

PIECE: Final = 1 << 20
_TAG: Final = 16
_NONCE: Final = 12
_OURS_ALONE: Final = 0o600


def seal_file(sealing: Sealing, clear: Path, target: Path, about: str) -> WrappedKey:
    """Write a file sealed, and return the key that opens it. Blocks.

    Args:
        sealing: wraps the key.
        clear: the file; it stays.
        target: where to; readable by us alone.
        about: what the file is and whose.
    """
    key, wrapped = sealing.new_key(about)
    cipher = AESGCM(key)
    with clear.open("rb") as source, _new_file(target) as sealed:
        for number, piece, last in _pieces(source, PIECE):
            sealed.write(cipher.encrypt(number.to_bytes(_NONCE), piece, _aad(about, number, last=last)))
    return wrapped


def open_file(sealing: Sealing, sealed: Path, key: WrappedKey, target: Path, about: str) -> None:
    """Write a sealed file in clear. Blocks.

    Args:
        sealing: unwraps the key.
        sealed: the file.
        key: that ``seal_file`` returned.
        target: where to; readable by us alone. It is not there when opening failed.
        about: what the file is and whose.

    Raises:
        MasterKeyMissingError: the key's master key is not here.
        SealBrokenError: the file was changed, or is another.
        FileNotFoundError: there is no such file.
    """
    cipher = AESGCM(sealing.wrapper.unwrap(key, about))
    try:
        with sealed.open("rb") as source, _new_file(target) as clear:
            for number, piece, last in _pieces(source, PIECE + _TAG):
                clear.write(cipher.decrypt(number.to_bytes(_NONCE), piece, _aad(about, number, last=last)))
    except (InvalidTag, ValueError):
        target.unlink(missing_ok=True)
        raise SealBrokenError(about) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield each piece with its number and whether it is the last; an empty file has one, which is empty."""
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size) if len(piece) == size else b""
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _new_file(path: Path) -> BinaryIO:
    path.touch(mode=_OURS_ALONE, exist_ok=True)
    path.chmod(_OURS_ALONE)
    return path.open("wb")


def _aad(about: str, number: int, *, last: bool) -> bytes:
    return b"stickprov piece\0" + number.to_bytes(8) + (b"\1" if last else b"\0") + about.encode()
