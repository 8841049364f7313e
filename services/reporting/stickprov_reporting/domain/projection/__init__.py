"""What reporting keeps of both logs: a row per drawn case, cells that count the rows, and a chronicle of whole events.

What must not break: the order in which the two logs are heard, relative to each other and cut into batches, leaves
no trace in any of it.
"""

from typing import Final

PROJECTION: Final = 2
"""Version of what is kept. Whoever changes what a row or a cell means raises it, and the logs are folded anew."""

READABLE: Final = frozenset({1, 2})
"""Versions that are read while the next one is being built: they have less, and what they have means the same."""
