"""What reporting keeps of both logs: a row per drawn case, and cells that count the rows.

What must not break: the order in which the two logs are heard, relative to each other and cut into batches, leaves
no trace in rows or cells.
"""

from typing import Final

PROJECTION: Final = 1
"""Version of what is kept. Whoever changes what a row or a cell means raises it, and the logs are folded anew."""
