"""The audit of reporting: logs read again from their first event, and figures folded anew."""

from typing import Literal

from pydantic import Field

from stickprov_contracts.http.base import Answer


class LogVerdict(Answer):
    """A log re-read from its first event.

    Attributes:
        events: how many were read. root: of the tree over all their leaves.
        verdict: ``verified``, ``different`` (with ``first_difference``) or ``unreachable`` (the source did not answer).
    """

    source: str
    events: int
    chain_hash: str
    root: str
    verdict: Literal["verified", "different", "unreachable"]
    first_difference: str | None


class StatisticDifference(Answer):
    """A figure that came out otherwise when the logs were folded again."""

    figure: str
    stored: str
    replayed: str


class Replay(Answer):
    """``GET /v1/audit/replay``: logs verified and the statistic folded again from the first event."""

    verdict: Literal["verified", "different", "unreachable"]
    logs: list[LogVerdict]
    figures_compared: int = Field(ge=0)
    differences: list[StatisticDifference]
    digest_stored: str
    digest_replayed: str
