"""Sealing values and opening them again.

What must not break: each value has a key of its own, so that it is gone for good where its row is; what was sealed
about one thing opens about nothing else; whatever was changed is noticed and never returned.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stickprov_kernel.sealing.errors import SealBrokenError
from stickprov_kernel.sealing.master_keys import NONCE_BYTES, MasterKeys
from stickprov_kernel.sealing.wrapping import KeyWrapper, WrappedKey

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Sealed(WrappedKey):
    """A sealed value as it lies in a row, with its wrapped key.

    Attributes:
        sealed: nonce, ciphertext and tag.
    """

    sealed: bytes


class Row(Protocol):
    """A row of a table, by its columns."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return what a column holds."""
        ...


class Sealing:
    """Seals and opens; blocks for microseconds a value.

    ``about`` says what a value is and whose, such as ``identity/<case>``. It is not stored with it: whoever opens a row
    makes it from the row's own columns, so a value in another row does not open.
    """

    def __init__(self, wrapper: KeyWrapper) -> None:
        self.wrapper = wrapper

    @classmethod
    def of_file(cls, master_keys: Path) -> "Sealing":
        """Return what seals with the master keys of a file.

        Raises:
            MasterKeysUnreadableError: it holds none.
        """
        return cls(MasterKeys.read(master_keys))

    @property
    def current(self) -> str:
        """Id of the master key that new values are under."""
        return self.wrapper.current

    def new_key(self, about: str) -> tuple[bytes, WrappedKey]:
        """Return a new data key, and the same wrapped."""
        key = secrets.token_bytes(KEY_BYTES)
        return key, self.wrapper.wrap(key, about)

    def seal(self, plaintext: bytes, about: str) -> Sealed:
        """Return a value, sealed under a new key of its own."""
        key, wrapped = self.new_key(about)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, plaintext, _aad(about))
        return Sealed(wrapped.master, wrapped.wrapped_key, sealed)

    def open(self, sealed: Sealed, about: str) -> bytes:
        """Return what was sealed.

        Raises:
            MasterKeyMissingError: its master key is not here.
            SealBrokenError: it was changed, or sealed about something else.
        """
        key = self.wrapper.unwrap(sealed, about)
        try:
            return AESGCM(key).decrypt(sealed.sealed[:NONCE_BYTES], sealed.sealed[NONCE_BYTES:], _aad(about))
        except (InvalidTag, ValueError):
            raise SealBrokenError(about) from None

    def open_row(self, row: Row, about: str) -> bytes:
        """Return what was sealed in a row with the columns ``master``, ``wrapped_key`` and ``sealed``.

        Raises:
            MasterKeyMissingError, SealBrokenError: as for ``open``.
        """
        return self.open(Sealed(row["master"], row["wrapped_key"], row["sealed"]), about)

    def rewrap(self, wrapped: WrappedKey, about: str) -> WrappedKey:
        """Return the same data key under the current master key; what it seals stays as it is.

        Raises:
            MasterKeyMissingError, SealBrokenError: as for ``open``.
        """
        return self.wrapper.wrap(self.wrapper.unwrap(wrapped, about), about)


def _aad(about: str) -> bytes:
    return b"stickprov value\0" + about.encode()
