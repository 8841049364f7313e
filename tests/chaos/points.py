"""Where a service can be killed: names of points before and after a step, and which service has which.

Production code knows nothing of them: the steps are kernel functions that ``crashing`` wraps in the service's process.
"""

from typing import Final, Literal, get_args

Service = Literal["sampler", "findings", "reporting"]
SERVICES: Final[tuple[Service, ...]] = get_args(Service)
SOURCES: Final = ("sampler", "findings")

LOG_STEPS: Final = ("commit", "sequence", "publish", "advance", "checkpoint")
"""Of who has a log: storing a command, giving positions, sending to Kafka, remembering how far, signing."""

INBOX_STEPS: Final = ("apply", "offset")
"""Of who hears a log: the inbox's transaction, and the consumer's offset behind it."""

ANY_MOMENT: Final = "any moment"
"""Killed from outside, wherever it is: also when a point was not reached in time."""

AT_ONCE: Final = "all at once"
"""Killed from outside together with the other two."""

_STEPS: Final[dict[Service, tuple[str, ...]]] = {
    "sampler": LOG_STEPS,
    "findings": LOG_STEPS + INBOX_STEPS,
    "reporting": INBOX_STEPS,
}


def points_of(service: Service) -> list[str]:
    """Return the points at which a service is killed."""
    return [*(f"{when} {step}" for step in _STEPS[service] for when in ("before", "after")), ANY_MOMENT, AT_ONCE]
