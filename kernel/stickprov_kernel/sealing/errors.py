"""Why something sealed cannot be opened. No message holds what was sealed."""

from typing import ClassVar

from stickprov_kernel.errors import StickprovError


class MasterKeysUnreadableError(ValueError):
    """A file holds no master keys; the message says why and what to do."""


class MasterKeyMissingError(StickprovError):
    """What is asked for was sealed under a master key that this process does not have."""

    code: ClassVar[str] = "vault-locked"
    title: ClassVar[str] = "A master key is missing"
    status: ClassVar[int] = 503

    def __init__(self, master: str) -> None:
        super().__init__(
            f"What is asked for is sealed under master key “{master}”, which the file of the setting master_keys does "
            "not hold. Operations must put that key back into the file."
        )
        self.master = master


class SealBrokenError(StickprovError):
    """What is sealed was changed, cut off, moved to another place, or sealed under another key of the same name."""

    code: ClassVar[str] = "seal-broken"
    title: ClassVar[str] = "Something sealed was changed"
    status: ClassVar[int] = 500

    def __init__(self, about: str) -> None:
        super().__init__(
            f"“{about}” is not as it was sealed: it was changed, moved, or sealed under another key of that name. "
            "Restore it from a backup."
        )
        self.about = about
