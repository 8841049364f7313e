"""A place in a trace, as it travels between processes: W3C Trace Context's ``traceparent``, and nothing beside it.

``tracestate`` and ``baggage`` are neither read nor passed on: they are free text of whoever sends them.
"""

import re
from dataclasses import dataclass, field
from typing import Final

HEADER: Final = "traceparent"
TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
"""W3C Trace Context, level 1, section 3.2: version, trace id, parent id, flags; zeros and version ff are invalid."""

_SAMPLED: Final = 1


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A span's place: its trace, itself, whether the trace is recorded, and whether another process made it."""

    trace_id: int
    span_id: int
    sampled: bool
    is_remote: bool = field(default=True, compare=False)

    @property
    def traceparent(self) -> str:
        """The same as a header's value."""
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{int(self.sampled):02x}"


def read_context(traceparent: str | None) -> TraceContext | None:
    """Read a header's value; None when there is none or it is malformed."""
    if traceparent is None or not TRACEPARENT.fullmatch(traceparent):
        return None
    _, trace_id, span_id, flags = traceparent.split("-")
    return TraceContext(int(trace_id, 16), int(span_id, 16), bool(int(flags, 16) & _SAMPLED))
