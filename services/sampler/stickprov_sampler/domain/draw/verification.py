"""Verifying a draw: what the log says of it against what the frame file and the rule give, computed anew.

What must not break: a check is added, never weakened; the first difference is told in words that name the case.
"""

from collections.abc import Callable
from itertools import chain
from typing import Literal
from uuid import UUID

from stickprov_contracts.http.sampler import DrawDifference, DrawVerification
from stickprov_sampler.domain.draw.consistency import checked_by_hash, checked_in_itself
from stickprov_sampler.domain.draw.differences import Check, Difference
from stickprov_sampler.domain.draw.logged import Logged
from stickprov_sampler.domain.draw.recomputation import Recomputed, checked_by_drawing_again


def verify(logged: Logged, file_hash: str | None, recompute: Callable[[], Recomputed]) -> DrawVerification:
    """Check a draw, from the frame's hash to the last case.

    Args:
        logged: what the log says.
        file_hash: SHA-256 of the frame file as it lies there now, hex; None when it is gone.
        recompute: repeats the draw from the frame file; called only when the file is the logged one, because
            another file's units prove nothing.
    """
    found = list(
        chain(
            checked_in_itself(logged),
            checked_by_drawing_again(logged, file_hash, recompute),
            checked_by_hash(logged),
        )
    )
    first = next((difference for _, difference in found if difference is not None), None)
    checks = [(check, difference is None) for check, difference in found]
    return _verdict(logged.sample.draw, checks, first, pending=logged.known_seed is None)


def unreadable(draw: UUID, why: Difference) -> DrawVerification:
    """Return the verdict on a draw whose events do not even make a draw."""
    return _verdict(draw, [(Check.READABLE, False)], why)


def _verdict(
    draw: UUID, checks: list[tuple[Check, bool]], first: Difference | None, *, pending: bool = False
) -> DrawVerification:
    held: Literal["verified", "pending"] = "pending" if pending else "verified"
    return DrawVerification(
        draw=draw,
        verdict="different" if first else held,
        first_difference=str(first) if first else None,
        difference=DrawDifference(text=first.text, values=dict(first.values)) if first else None,
        checks=[(check.value, holds) for check, holds in checks],
    )
