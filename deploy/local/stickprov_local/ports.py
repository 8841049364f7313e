"""Free TCP ports on the loopback address.

They are taken from below the range that systems hand out for outgoing connections, so that a port found free is not
gone again a moment later to some client's end of a connection.
"""

import random
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_LOWEST: Final = 20_000
_HIGHEST: Final = 31_999
_TRIES: Final = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A server's own restart finds connections of the past in TIME_WAIT; those must not count as "in use".
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """Return a loopback port that is free now: the preferred one if it is, otherwise any.

    Raises:
        OSError: none of 200 ports tried was free.
    """
    if preferred is not None and is_free(preferred):
        return preferred
    chance = random.SystemRandom()
    for _ in range(_TRIES):
        port = chance.randint(_LOWEST, _HIGHEST)
        if is_free(port):
            return port
    raise OSError(f"none of {_TRIES} ports tried between {_LOWEST} and {_HIGHEST} is free")
