"""The sampler API for protected identities: which cases have one is in its vault alone, and told to services only."""

from uuid import UUID

from pydantic import StrictBool

from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http.base import Answer, Request


class ProtectedCases(Answer):
    """``GET /v1/protections`` (role service): every drawn case whose identity is protected.

    Whoever asks keeps the answer in memory only, and asks again once it has heard of a later position.

    Attributes:
        position: of the sampler's log; the answer holds everything that was known there.
    """

    position: int
    cases: list[Hex256]


class SetProtection(Request):
    """``POST /v1/protections`` (role protected-reviewer): a drawn case's identity is protected, or no longer.

    It is of the case in all of its draws. The log says that protections changed, and nothing else.
    """

    draw: UUID
    case: Hex256
    protected: StrictBool
