"""How long to wait before trying again: longer each time, bounded, and never in step with others."""

import random
from typing import Final

FIRST_SECONDS: Final = 0.1
LONGEST_SECONDS: Final = 15.0


class Backoff:
    """Doubles the wait up to a bound and takes a random half of it off (equal jitter)."""

    def __init__(self, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> None:
        self._first = first
        self._longest = longest
        self._tries = 0

    def next(self) -> float:
        """Return the seconds to wait now."""
        full = min(self._first * 2.0 ** min(self._tries, 30), self._longest)
        self._tries += 1
        return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, hides nothing

    def reset(self) -> None:
        """It worked: the next wait is short again."""
        self._tries = 0
