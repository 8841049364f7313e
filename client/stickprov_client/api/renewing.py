"""Bearer tokens that do not last: renewed before they expire, and once more when a service refuses one."""

from abc import ABC, abstractmethod


class RenewableToken(ABC):
    """Gives the bearer token at each call, as other tokens do, and can get another."""

    @abstractmethod
    def __call__(self) -> str | None:
        """Return the token as it is now; None where it counts no more."""

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether there will never be another: its owner has to sign in again."""

    @abstractmethod
    async def renew_in_time(self) -> None:
        """Get another if this one expires soon."""

    @abstractmethod
    async def renew_after(self, refused: str | None) -> bool:
        """Get another after a service refused one; False where that does not help."""
