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
