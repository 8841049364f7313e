"""What the launcher tells whoever starts it, in Swedish or English by the same rule as the command.

``STICKPROV_LANG`` decides, else ``LANG``, else it is Swedish. Faults are for whoever runs machines, and in English.
"""

import os
from typing import Final

_SWEDISH: Final = {
    "Stickprov is ready:  {url}": "Stickprov är igång: {url}",
    "data and logs:       {folder}  ({logs})": "data och loggar:    {folder}  ({logs})",
    "Ctrl-C stops it; the next start finds its data again.": (
        "Ctrl-C stoppar det; nästa start hittar samma data igen."
    ),
    "stopping": "stoppar",
    "stopped; nothing is left running": "stoppat; inget är kvar igång",
}


def told(english: str, **values: object) -> str:
    """Return a sentence in the language of the environment, with its fields filled in."""
    swedish = not _language().startswith("en")
    return (_SWEDISH[english] if swedish else english).format(**values)


def _language() -> str:
    return (os.environ.get("STICKPROV_LANG") or os.environ.get("LANG") or "").lower()
