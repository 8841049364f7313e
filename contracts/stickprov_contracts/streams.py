"""Names of event streams. A stream is one thing's history; its name is the CloudEvents subject and the Kafka key."""

from uuid import UUID


def control_point_stream(control_point: str) -> str:
    """Return the stream of a control point."""
    return f"control-point/{control_point}"


def frame_stream(frame: UUID) -> str:
    """Return the stream of a frozen frame."""
    return f"frame/{frame}"


def draw_stream(draw: UUID) -> str:
    """Return the stream of a draw: its seed, its sample and its cases."""
    return f"draw/{draw}"


def review_stream(draw: UUID, control_point: str, case: str) -> str:
    """Return the stream of one case's review under one control point of one draw."""
    return f"review/{draw}/{control_point}/{case}"
