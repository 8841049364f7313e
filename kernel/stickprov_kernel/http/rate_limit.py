"""No caller asks more than their share: a bucket for each actor, and one for each address nobody is signed in at.

What must not break: whoever is limited limits nobody else, and a valid token is never refused for what strangers at
the same address do. Other services of ours read logs as fast as they can, so their reading is not counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from stickprov_contracts.serving.allowance import Allowance, Buckets, address_of
from stickprov_kernel.errors import StickprovError
from stickprov_kernel.http.identity import Caller
from stickprov_kernel.metrics import Metrics
from stickprov_kernel.settings import ServiceSettings

_GENEROUS: Final = Allowance(200, 2000)
_ENOUGH: Final = Allowance(50, 500)
_READING: Final = frozenset({"GET", "HEAD"})
_ALIVE: Final = "/health/live"
"""A supervisor that gets no answer here kills the service, which is what whoever floods it would want."""


class TooManyRequestsError(StickprovError):
    """The caller asks more often than one caller may."""

    code: ClassVar[str] = "too-many-requests"
    title: ClassVar[str] = "Too many requests"
    status: ClassVar[int] = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"You ask more often than one caller may. Try again in {seconds} s.")
        self.retry_after = seconds


@dataclass(frozen=True, slots=True)
class Allowances:
    """What anybody may ask.

    Attributes:
        actor: of somebody signed in. stranger: of an address, for requests without a valid token.
    """

    actor: Allowance = _GENEROUS
    stranger: Allowance = _ENOUGH

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Allowances":
        """Return what a service's settings say."""
        return cls(
            Allowance(settings.requests_per_second, settings.requests_at_once),
            Allowance(settings.stranger_requests_per_second, settings.stranger_requests_at_once),
        )


class RateLimits:
    """Counts requests of one process."""

    def __init__(self, allowances: Allowances, metrics: Metrics) -> None:
        self._actors = Buckets(allowances.actor)
        self._strangers = Buckets(allowances.stranger)
        self._refused = metrics.counter("requests_limited", "Requests refused with 429", ("caller",))
        for caller in ("actor", "stranger"):
            # At 0, so that the first refusal is seen as a step.
            self._refused.labels(caller)

    def count_actor(self, scope: Mapping[str, Any], caller: Caller) -> None:
        """Count a request of somebody signed in. Raises TooManyRequestsError when it is one too many."""
        if "service" not in caller.roles or scope["method"] not in _READING:
            self._refuse("actor", self._actors.take(caller.actor))

    def count_stranger(self, scope: Mapping[str, Any]) -> None:
        """Count a request of nobody in particular. Raises TooManyRequestsError when it is one too many."""
        if scope["path"] != _ALIVE:
            self._refuse("stranger", self._strangers.take(address_of(scope)))

    def _refuse(self, caller: str, seconds: int) -> None:
        if seconds:
            self._refused.labels(caller).inc()
            raise TooManyRequestsError(seconds)
