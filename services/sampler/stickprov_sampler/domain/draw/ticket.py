"""The drawing rule ``ticket-sha256-v1``: a ticket is a hash of seed and pseudonym; the smallest are drawn.

What must not break: the golden values in the tests. They are what makes a draw of today repeatable in ten years, by
anybody, with any tool that has SHA-256.
"""

from hashlib import sha256
from typing import Final

ALGORITHM: Final = "ticket-sha256-v1"


def ticket(seed: str, case: str) -> str:
    """Return ``SHA-256(seed || "|" || case)`` over UTF-8 bytes, as 64 hex digits.

    Tickets are compared as text, which orders them like the numbers they stand for. A seed is 20 to 64 characters of
    ``[0-9a-f]``, so the ``|`` is unambiguous.
    """
    return sha256(f"{seed}|{case}".encode()).hexdigest()


def start_of(seed: str, interval: int) -> int:
    """Return the first place of a systematic draw, from 1 to ``interval``: 60 bits of ``SHA-256(seed || "|start")``.

    No pseudonym is ``start``, and the bias of the remainder is below ``interval / 2^60``.
    """
    return int(sha256(f"{seed}|start".encode()).hexdigest()[:15], 16) % interval + 1
