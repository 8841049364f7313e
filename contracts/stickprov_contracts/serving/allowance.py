"""How often one caller may ask: a token bucket for each, in a memory of fixed size.

What must not break: one caller's requests never cost another's tokens, and however many callers there are, no more than
``MOST`` of them are remembered.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 10_000
"""Callers that are remembered; who has been quiet longest is forgotten first and begins with a full bucket."""
_IPV6_NETWORK: Final = 64
"""Bits of an IPv6 address that tell one customer from another; the rest are theirs to choose."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one caller may ask.

    Attributes:
        per_second: requests in the long run; 0 for as many as they like.
        at_once: requests after a pause, before that rate counts.
    """

    per_second: float
    at_once: int


class Buckets:
    """A bucket of tokens for each caller: full at first, a request takes one, time fills it up again.

    Args:
        allowance: of each.
        clock: seconds that never go backwards.
    """

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowance = allowance
        self._clock = clock
        self._by_caller: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_caller)

    def take(self, caller: str) -> int:
        """Take a token; return 0, or the whole seconds until there is one."""
        rate = self._allowance.per_second
        if not rate:
            return 0
        now = self._clock()
        tokens, since = self._by_caller.pop(caller, (float(self._allowance.at_once), now))
        tokens = min(float(self._allowance.at_once), tokens + (now - since) * rate)
        missing = max(0.0, 1.0 - tokens)
        if len(self._by_caller) >= MOST:
            self._by_caller.popitem(last=False)
        self._by_caller[caller] = (tokens if missing else tokens - 1.0, now)
        return math.ceil(missing / rate)


def address_of(scope: Mapping[str, Any]) -> str:
    """Return the address that an ASGI request came from, as one caller is told from another by it."""
    client = scope.get("client")
    if not client:
        return "local"
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


def proxies_in(text: str) -> list[str]:
    """Read addresses and networks, separated by commas.

    Raises:
        ValueError: one is neither.
    """
    return [str(ipaddress.ip_network(part.strip())) for part in text.split(",") if part.strip()]
