# ruff: noqa: INP001  # a program of the image's, in no package
"""Asks the service of this container whether it is alive; exit code 0 if so. The image has no curl to ask with."""

import sys
from http.client import HTTPConnection, HTTPException

_SECONDS = 4.0


def is_alive(port: int) -> bool:
    """Tell whether something answers on the port that it is alive."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200  # noqa: PLR2004  # what HTTP calls it
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(sys.argv[1]) if len(sys.argv) > 1 else 8000) else 1)
