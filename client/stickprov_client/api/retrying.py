"""How patient a client is with a service that is away or says "try again"."""

import random
from dataclasses import dataclass
from typing import Final

import httpx

_CHANCE: Final = random.SystemRandom()


@dataclass(frozen=True)
class Retry:
    """How often a call is made again, and how long to wait before that.

    Attributes:
        attempts: calls in all, the first included.
        first_wait: seconds before the second call; doubles each time.
        longest_wait: seconds; no wait is longer, whatever ``Retry-After`` asks for.
    """

    attempts: int = 5
    first_wait: float = 0.1
    longest_wait: float = 2.0

    def wait(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after a call: half to all of the planned time at random, so that clients spread out."""
        planned = min(self.longest_wait, self.first_wait * 2.0**attempt)
        spread = planned * (0.5 + _CHANCE.random() / 2)
        return spread if asked is None else min(self.longest_wait, max(asked, spread))


NO_RETRY: Final = Retry(attempts=1)
"""For asking whether something is there at all."""


def seconds_asked_for(response: httpx.Response) -> float | None:
    """Read ``Retry-After`` in seconds; a date, which we never send, counts as none."""
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
