"""Facts of the vault: who was shown what, and that protections changed. The events know pseudonyms only."""

from typing import ClassVar
from uuid import UUID

from stickprov_contracts.events.base import Event
from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.topics import Source


class IdentityShown(Event):
    """Somebody was shown who a drawn case is; the envelope's actor says who.

    Attributes:
        why: what for: ``review``, ``second-review``, ``file-review`` or ``coordination``.
    """

    source: ClassVar[Source] = "sampler"
    name: ClassVar[str] = "identity-shown"

    draw: UUID
    control_point: str
    case: Hex256
    why: str


class ProtectionsChanged(Event):
    """The vault knows of other protected identities than before; whose, it tells nobody here.

    Whoever keeps the sampler's ``GET /v1/protections`` asks again.
    """

    source: ClassVar[Source] = "sampler"
    name: ClassVar[str] = "protections-changed"


EVENTS: tuple[type[Event], ...] = (IdentityShown, ProtectionsChanged)
