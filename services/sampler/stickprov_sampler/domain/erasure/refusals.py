"""Why something of an erasure is refused, in words for whoever asked."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from stickprov_kernel.errors import ConflictError, NotFoundError


class LegalHoldError(ConflictError):
    """A hold keeps all of what was to be erased."""

    code: ClassVar[str] = "legal-hold"
    title: ClassVar[str] = "A hold stops this erasure"

    @classmethod
    def of(cls, holds: Iterable[UUID]) -> "LegalHoldError":
        """Return the error, which names the holds."""
        named = ", ".join(sorted(str(hold) for hold in holds))
        return cls(f"Nothing was erased: it is kept by hold {named}. Lift the hold first, if it may be lifted.")


class HoldUnknownError(NotFoundError):
    """There is no such hold."""

    code: ClassVar[str] = "hold-unknown"
    title: ClassVar[str] = "There is no such hold"


class HoldLiftedError(ConflictError):
    """The hold was lifted before."""

    code: ClassVar[str] = "hold-lifted"
    title: ClassVar[str] = "The hold has been lifted already"


class IdentitiesErasedError(ConflictError):
    """Something needs to know who units are, and that was erased."""

    code: ClassVar[str] = "identities-erased"
    title: ClassVar[str] = "What would be needed to do this has been erased"


class StillListedError(ConflictError):
    """Somebody whose name was to be erased is on the staff list."""

    code: ClassVar[str] = "still-listed"
    title: ClassVar[str] = "This person is still on the staff list"
