"""Names of event streams. A stream is one thing's history; its name is the CloudEvents subject and the Kafka key."""

from datetime import date
from typing import Final
from uuid import UUID


def control_point_stream(control_point: str) -> str:
    """Return the stream of a control point."""
    return f"control-point/{control_point}"


def plan_stream(plan: str) -> str:
    """Return the stream of a control plan: its adoptions and its closed periods."""
    return f"plan/{plan}"


def questionnaire_stream(questionnaire: str) -> str:
    """Return the stream of a questionnaire's versions."""
    return f"questionnaire/{questionnaire}"


STAFF_STREAM: Final = "staff"
"""The stream of the staff lists; the newest holds."""


def frame_stream(frame: UUID) -> str:
    """Return the stream of a frozen frame."""
    return f"frame/{frame}"


def series_stream(series: UUID) -> str:
    """Return the stream of a series: the seeds that its draws share."""
    return f"series/{series}"


def draw_stream(draw: UUID) -> str:
    """Return the stream of a draw: its seed, its sample and its cases."""
    return f"draw/{draw}"


def identity_stream(draw: UUID, case: str) -> str:
    """Return the stream of who was shown who a drawn case is."""
    return f"identity/{draw}/{case}"


def retention_stream(control_point: str) -> str:
    """Return the stream of how long a control point's identities are kept."""
    return f"retention/{control_point}"


HOLDS_STREAM: Final = "legal-holds"
"""The stream of all legal holds: whoever erases can tell by its version that none was placed meanwhile."""


def erasure_stream(erasure: UUID) -> str:
    """Return the stream of an erasure as a whole; what it took stands in the streams of draws, frames and series."""
    return f"erasure/{erasure}"


def forgotten_stream(series: UUID) -> str:
    """Return the stream of the cases of a series that are known to nobody any more, on request."""
    return f"forgotten/{series}"


def free_text_stream(draw: UUID) -> str:
    """Return the stream of the free texts that findings erased of a draw's cases."""
    return f"free-text/{draw}"


PROTECTIONS_STREAM: Final = "protections"
"""The stream that says when protected identities changed."""


def measure_stream(measure: UUID) -> str:
    """Return the stream of a register measure."""
    return f"measure/{measure}"


def schedule_stream(control_point: str) -> str:
    """Return the stream of a control point's schedule."""
    return f"schedule/{control_point}"


def review_stream(draw: UUID, control_point: str, case: str) -> str:
    """Return the stream of one case's review under one control point of one draw."""
    return f"review/{draw}/{control_point}/{case}"


def second_review_stream(draw: UUID, control_point: str, case: str) -> str:
    """Return the stream of one case's second, blind review."""
    return f"second-review/{draw}/{control_point}/{case}"


def file_review_stream(draw: UUID, control_point: str, case: str) -> str:
    """Return the stream of one case's file review."""
    return f"file-review/{draw}/{control_point}/{case}"


def assignment_stream(draw: UUID, control_point: str, case: str) -> str:
    """Return the stream of who is to review one case, for every purpose."""
    return f"assignment/{draw}/{control_point}/{case}"


def conclusion_stream(control_point: str, start: date, end: date) -> str:
    """Return the stream of a control point's conclusion for a period; ``end`` is the day after its last."""
    return f"conclusion/{control_point}/{start}/{end}"


def action_stream(action: UUID) -> str:
    """Return the stream of an action."""
    return f"action/{action}"


def plan_status_stream(plan: str, control_point: str) -> str:
    """Return the stream of the statuses of one row of a plan, a tertial after another."""
    return f"plan-status/{plan}/{control_point}"
