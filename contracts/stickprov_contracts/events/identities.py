"""Facts of the vault: who was shown what. The events know pseudonyms only."""

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


EVENTS: tuple[type[Event], ...] = (IdentityShown,)
