"""HTTP headers with a meaning of ours."""

from typing import Final

COMMAND_ID: Final = "Idempotency-Key"
"""UUID of the command. The same id with the same request gets the first answer; with another request, a 409."""

IF_MATCH: Final = "If-Match"
"""The stream version that the caller saw, in quotes; another one is a 412."""

CORRELATION_ID: Final = "X-Correlation-ID"
"""UUID that ties together everything one request led to; made when absent, always answered."""
